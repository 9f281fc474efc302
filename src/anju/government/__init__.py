"""Regions, and later lines, posts, officers and what each may see."""
