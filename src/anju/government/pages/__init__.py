"""What officers see of the government itself: their own account, and the pages of the separate duties."""
