"""The consultation in the administration; each module registers its own rows."""

from consult.admin import adapters, desk, generator

__all__ = ["adapters", "desk", "generator"]
