"""What the portal asks: always of the resident's own rows alone."""
