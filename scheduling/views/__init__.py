"""The pages of the rostering room."""
