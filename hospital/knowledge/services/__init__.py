"""What changes a library: imports, reviews, edits by hand."""
