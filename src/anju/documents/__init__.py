"""Letters: their forms, numbers, countersigning, receipts, and how they look on paper. It has never heard of a case."""
