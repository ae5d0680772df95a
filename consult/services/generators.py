"""Which generator words answers: none by default, or one that the operator set up.

Addresses, folders and keys come from the settings alone: nobody can type one into a page.
An administrator chooses among those that are set up.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from consult.models import GeneratorChoice, GeneratorName
from hospital.accounts.models import User
from hospital.core.errors import InvalidInput
from hospital.core.outside import Allowed

FOUR_BIT = "bitsandbytes"  # the package; it is none of the platform's own


@dataclass(frozen=True, slots=True)
class Chosen:
    """The generator in service, with what is missing for it; empty where nothing is."""

    name: GeneratorName
    lacks: str = ""


def chosen_generator() -> Chosen:
    """Return the newest choice, else what the settings begin with."""
    newest = GeneratorChoice.objects.order_by("-created").values_list("name", flat=True)
    name = GeneratorName(next(iter(newest[:1]), settings.GENERATOR))
    return Chosen(name, lacks_of(name))


def choose_generator(
    *, name: GeneratorName, reason: str, person: User
) -> GeneratorChoice:
    """Put a generator into service, from the next answer on.

    Raises:
        InvalidInput: It is not set up.
    """
    check_choice(name)
    return GeneratorChoice.objects.create(name=name, reason=reason, chosen_by=person)


def check_choice(name: GeneratorName) -> None:
    """Refuse a generator that is not set up.

    Raises:
        InvalidInput: With the setting that is missing.
    """
    lacks = lacks_of(name)
    if lacks:
        words = _words_of(lacks)
        raise InvalidInput(words, code="not_set_up", fields={"name": [words]})


def lacks_of(name: GeneratorName) -> str:
    """Return the setting or package that a generator lacks; empty where nothing is."""
    if name == GeneratorName.ENDPOINT:
        lacking = (
            setting
            for setting in ("GENERATOR_URL", "GENERATOR_MODEL")
            if not getattr(settings, setting)
        )
        return next(lacking, "")
    if name == GeneratorName.LOCAL:
        if not Path(settings.GENERATOR_FOLDER or "/-").is_dir():
            return "GENERATOR_FOLDER"
        if settings.GENERATOR_FOUR_BIT and find_spec(FOUR_BIT) is None:
            return FOUR_BIT
    return ""


def _words_of(lacks: str) -> str:
    """Return what is to be done about what a generator lacks."""
    if lacks == FOUR_BIT:
        return _(
            "Weights of four bits need the Python package bitsandbytes: the operator "
            "installs it for the language workers, or sets GENERATOR_FOUR_BIT to false."
        )
    return _(
        "This generator is not set up: the operator sets %(setting)s in the "
        "environment first."
    ) % {"setting": lacks}


def language_hosts() -> Allowed:
    """Return the hosts of the hospital's own that generators and speech may be at."""
    return Allowed.of(settings.LANGUAGE_ALLOWED_HOSTS)
