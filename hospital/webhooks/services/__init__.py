"""Endpoints are made and closed; messages to them are written and judged."""
