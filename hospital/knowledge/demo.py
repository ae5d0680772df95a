"""The demo's library: the one that is shipped."""

from hospital.core.demo import Demo
from hospital.knowledge.services.shipping import (
    keep_shipped_library,
    shipped_library_is_current,
)


def load(demo: Demo) -> None:
    """Keep the shipped library where it is not kept yet."""
    if not shipped_library_is_current():
        keep_shipped_library()
