"""Commands of the government, one module each."""
