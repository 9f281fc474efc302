"""What officers see of letters."""
