"""Expert review: allowed decisions, an append-only store of them, and the order of work."""
