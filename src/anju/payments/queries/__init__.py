"""What one may ask of assistance months, always within the officer's scope."""
