"""The consultation in the administration; each module registers its own rows."""

from consult.admin import desk, generator

__all__ = ["desk", "generator"]
