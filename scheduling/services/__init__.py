"""Writes of the rostering room, each one verb in one transaction."""
