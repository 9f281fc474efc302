"""What must not be read by whoever holds the database: sealed fields, their keys, the blind index, and masks for the rest."""
