"""Letters on paper: words by plain texts, PDF by typst, .docx by docxtpl; all three from files that an office can replace by its own."""
