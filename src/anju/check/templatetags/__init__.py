"""Template tags of the pages on a checked ledger."""
