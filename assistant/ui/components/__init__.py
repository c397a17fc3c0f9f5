"""Parts of pages: functions from data to widgets."""
