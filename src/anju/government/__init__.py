"""Regions, lines, posts, officers, sign-in, and what each may see."""
