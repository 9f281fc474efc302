"""What is owed now: evaluated by the guideline, compared with what was owed, and only the difference kept."""
