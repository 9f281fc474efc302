"""What offices have recorded of people, households, sites and counties. Some of it is missing, as in life: unknown is not no."""
