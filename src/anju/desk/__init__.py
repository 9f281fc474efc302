"""The pages that put it together for an officer: my desk, people, households, sites, one of each."""
