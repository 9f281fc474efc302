"""What one may ask about cases: those that wait for me, those that I had a hand in, all in my reach, and one with everything."""
