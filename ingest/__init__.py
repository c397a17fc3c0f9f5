"""Facts: read sequence, metagenomic and literature files into records and store them."""
