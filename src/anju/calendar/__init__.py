"""Days: which ones are worked, how days, working days and months are counted, and when a duty is due. No Django."""
