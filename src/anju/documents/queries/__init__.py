"""What one may ask of letters."""
