"""The pages of assistance months."""
