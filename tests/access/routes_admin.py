"""The administration: one rule for each of Django's many pages of it."""

from tests.access.route import ADMINISTRATOR, EVERYBODY, Route

# What an administrator gets depends on the model: read-only ones refuse to add.
ANY = tuple(range(200, 500))
METHODS = ("GET", "POST")  # Django's administration takes every other for one of these


def route(pattern: str) -> Route:
    """Return the line of one page of the administration."""
    may = EVERYBODY if pattern == "admin/logout/" else ADMINISTRATOR
    answers = dict.fromkeys(METHODS, ANY)
    return Route(pattern, "page", may, answers, methods=METHODS)
