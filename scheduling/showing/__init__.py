"""What the rostering pages show, as templates take it."""
