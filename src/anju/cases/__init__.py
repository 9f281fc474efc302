"""Procedures under way: who does which step, until when, what is written down, and what changes by it."""
