"""Commands of the government."""
