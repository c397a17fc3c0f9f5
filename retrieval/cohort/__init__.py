"""Statistics of cohorts: what differs, changes or goes together, and how sure that is.

Pure functions over plain data: tables in, records out; nothing here reads a file. Association is
reported as association. Each result states how its values were normalised and which test was made.
"""
