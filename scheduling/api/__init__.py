"""Rosters in REST."""
