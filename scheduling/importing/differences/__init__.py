"""What tables that were sent say otherwise than a roster's own."""

from scheduling.importing.differences.found import Differences

__all__ = ["Differences"]
