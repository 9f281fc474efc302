"""Households, people and sites, the seven relations of a person with their dates, and what people wish."""
