"""Claims: draft, check, rank, review, report, chat; the command line and the pages."""
