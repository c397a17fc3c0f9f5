"""Streamlit entry: all pages live in ``assistant.ui``."""

from assistant.ui.navigation import show

# Streamlit runs this file as the main one; worker processes that the pages start import it.
if __name__ == "__main__":
    show()
