"""What one may ask of the register, always within the officer's scope."""
