"""What one may ask of imports, always within the officer's scope."""
