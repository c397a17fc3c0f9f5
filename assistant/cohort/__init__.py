"""Cohorts for a person: read the files, run the analysis, write tables, drawings and a page."""
