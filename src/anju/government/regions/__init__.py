"""Provinces, cities, counties and townships by code and name, with their dates; and how far a household moved."""
