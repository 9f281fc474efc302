"""What is written when a batch is merged, and how it is taken back."""
