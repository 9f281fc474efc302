"""What changes between two guidelines, or between two days of one: in the pages, and for whom."""
