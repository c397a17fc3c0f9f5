"""Streamlit entry: all pages live in ``assistant.ui``."""

from assistant.ui.navigation import show

show()
