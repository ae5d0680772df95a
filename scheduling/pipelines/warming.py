"""What a search needs, ready before the first one asks."""

from django.urls import reverse

from scheduling.pipelines import solving

__all__ = ["solving", "warm_up"]


def warm_up() -> None:
    """Make a starting worker ready to search, and to tell what came of it.

    Whoever first names the address of a page loads all of them, which takes a second:
    without this, the manager who first stops a search would wait for it.
    """
    reverse("api-roster-list")
