"""Evidence: embed, index, search and compute; turn a gene or a question into evidence."""
