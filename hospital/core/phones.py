"""The hospital's own numbers, from the app that keeps them."""

from collections.abc import Mapping

from django.utils.module_loading import import_string

from hospital.core.registry import registry


def phone_numbers() -> Mapping[str, str]:
    """Return the number of each service; a service without one is left out."""
    if not registry.phone_numbers:
        return {}
    numbers: Mapping[str, str] = import_string(registry.phone_numbers)()
    return numbers
