"""What the pages ask for, put together from the register and the guideline, within what the officer's lines see."""
