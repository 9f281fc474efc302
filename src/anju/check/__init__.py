"""A ledger file in, answers out: what is owed to whom, by whom, until when, under which clause, and why."""
