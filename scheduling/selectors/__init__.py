"""The only way rows of rostering reach anyone."""
