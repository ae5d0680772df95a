"""Which generator and speech service are set up, and whether they answer."""

from http.client import HTTPException
from pathlib import Path

from django.conf import settings
from django.db import Error

from consult.models import GeneratorName
from consult.services.generators import (
    FOUR_BIT,
    Chosen,
    chosen_generator,
    language_hosts,
)
from hospital.core.outside import AddressRefused, connected
from hospital.core.registry import Need

TIMEOUT_S = 3.0
SERVER_ERROR = 500


def language_needs() -> list[Need]:
    """Return how answers are worded here, and whether speech is written down."""
    return [generator_need(), speech_need()]


def generator_need() -> Need:
    name = "Generator"
    try:
        chosen = chosen_generator()
    except (Error, ValueError) as error:
        detail = "the choice cannot be read" if isinstance(error, Error) else str(error)
        remedy = "Set GENERATOR to extractive, endpoint or local."
        return Need(name, "missing", detail, remedy)
    if chosen.name == GeneratorName.EXTRACTIVE:
        return Need(name, "optional", "none in service; the library is quoted verbatim")
    if chosen.lacks:
        return _lacking(name, chosen)
    if chosen.name == GeneratorName.ENDPOINT:
        return _answering(name, settings.GENERATOR_URL, settings.GENERATOR_API_KEY)
    folder = Path(settings.GENERATOR_FOLDER)
    if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
        return Need(name, "found", f"model in {folder}")
    remedy = "Put config.json, the tokenizer and *.safetensors there."
    return Need(name, "missing", f"{folder} holds no model", remedy)


def _lacking(name: str, chosen: Chosen) -> Need:
    if chosen.lacks == FOUR_BIT:
        detail = f"GENERATOR_FOUR_BIT is set, and {FOUR_BIT} is not installed"
        remedy = f"Install {FOUR_BIT} for the language workers, or unset it."
        return Need(name, "missing", detail, remedy)
    detail = f"{chosen.name} was chosen, and {chosen.lacks} is not set"
    return Need(name, "missing", detail, f"Set {chosen.lacks}, or choose another.")


def speech_need() -> Need:
    if not settings.SPEECH_URL:
        return Need("Speech", "optional", "not set up; messages are typed")
    return _answering("Speech", settings.SPEECH_URL, settings.SPEECH_API_KEY)


def _answering(name: str, url: str, key: str) -> Need:
    """Return whether a service answers at its base address."""
    headers = {"Connection": "close"} | (
        {"Authorization": f"Bearer {key}"} if key else {}
    )
    try:
        with connected(
            f"{url.rstrip('/')}/models", allowed=language_hosts(), timeout_s=TIMEOUT_S
        ) as (connection, target):
            connection.request("GET", target.path, headers=headers)
            with connection.getresponse() as answer:
                status = answer.status
    except AddressRefused as error:
        remedy = "Name its host in LANGUAGE_ALLOWED_HOSTS, or use https."
        return Need(name, "missing", f"{url}: {error}", remedy)
    except (OSError, HTTPException, UnicodeError) as error:
        detail = f"{url} does not answer ({type(error).__name__})"
        return Need(name, "missing", detail, "Start it, or correct the address.")
    if status in {401, 403} or status >= SERVER_ERROR:
        return Need(
            name, "missing", f"{url} answers {status}", "Check key and service."
        )
    return Need(name, "found", f"{url} answers")
