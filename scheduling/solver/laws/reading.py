"""Reads law profiles from TOML or JSON; an error begins with the path to what is wrong."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.anji.decode import (
    decoded,
    fields_in,
    mapping,
    refuse,
)
from scheduling.solver.formats.anji.encode import Json, encoded
from scheduling.solver.formats.source import shown
from scheduling.solver.laws.clauses import (
    KINDS,
    MAX_HOURS,
    MAX_WEEKS,
    Clause,
    LawError,
)
from scheduling.solver.laws.profile import LawProfile, Source
from scheduling.solver.message import phrase

MAX_CLAUSES = 50
MAX_SOURCES = 20
MAX_NAME = 200
MAX_WEIGHT = 10_000
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
MAX_ID = 50
RANGES = {
    "weeks": (1, MAX_WEEKS),
    "weight": (0, MAX_WEIGHT),
    "weight_an_hour": (0, MAX_WEIGHT),
}
KIND_OF = {clause: kind for kind, clause in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What a profile says besides its clauses."""

    id: str
    title: str
    title_zh: str = ""
    sources: tuple[Source, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None


def read_profile(text: str) -> LawProfile:
    """Return the profile that a document in TOML or JSON describes.

    Raises:
        LawError: It is neither, or something in it lacks, is too much or cannot be.
    """
    return profile_of(_document(text))


def profile_of(document: object) -> LawProfile:
    """Return the profile in a document that TOML or JSON was read into.

    Raises:
        LawError: Something in it lacks, is too much or cannot be; the message begins
            with the path to it.
    """
    try:
        return _profile(mapping(_plain(document), ""))
    except FormatError as error:
        raise LawError(error.told) from error


def profile_document(profile: LawProfile) -> dict[str, Json]:
    """Return a profile as the document that `profile_of` reads back as it was."""
    head = encoded(replace(profile, clauses=()))
    told = dict(head) if isinstance(head, dict) else {}
    return {**told, "clauses": [_told(one) for one in profile.clauses]}


def _document(text: str) -> object:
    text = text.removeprefix("\ufeff")
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text)
        return tomllib.loads(text.replace("\r\n", "\n"))
    except json.JSONDecodeError as error:
        message = phrase(
            "This is not JSON: line %(line)s, %(msg)s.",
            line=error.lineno,
            msg=error.msg,
        )
        raise LawError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = phrase("The profile is not TOML: %(why)s.", why=str(error))
        raise LawError(message) from error
    except RecursionError as error:
        message = phrase("The document is nested too deeply.")
        raise LawError(message) from error
    except ValueError as error:
        message = phrase("There is a number too long to be read.")
        raise LawError(message) from error


def _plain(value: object) -> object:
    """Return a value of TOML as JSON would hold it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _profile(held: Mapping[str, object]) -> LawProfile:
    head = fields_in(
        _Head, {key: one for key, one in held.items() if key != "clauses"}, ""
    )
    profile = LawProfile(**head, clauses=_clauses(held.get("clauses")))  # type: ignore[arg-type]  # decoded by their types
    if not ID.fullmatch(profile.id) or len(profile.id) > MAX_ID:
        refuse(
            "id",
            phrase(
                "Use small letters, digits and hyphens, at most %(most)s characters.",
                most=MAX_ID,
            ),
        )
    for field in ("title", "title_zh"):
        _need_name(getattr(profile, field), field, is_needed=field == "title")
    if len(profile.sources) > MAX_SOURCES:
        refuse("sources", phrase("At most %(most)s can be kept.", most=MAX_SOURCES))
    for place, source in enumerate(profile.sources):
        _need_name(source.title, f"sources[{place}].title")
        if source.url and not source.url.startswith(("https://", "http://")):
            refuse(
                f"sources[{place}].url",
                phrase("An address begins with https:// or http://."),
            )
    _need_order(profile.effective_from, profile.effective_until, "effective_until")
    return profile


def _clauses(rows: object) -> tuple[Clause, ...]:
    if rows is None or rows == []:
        refuse("clauses", phrase("This is missing."))
    if not isinstance(rows, list) or len(rows) > MAX_CLAUSES:
        refuse(
            "clauses",
            phrase("A list of at most %(most)s belongs here.", most=MAX_CLAUSES),
        )
    clauses: list[Clause] = []
    for place, row in enumerate(rows):
        clause = _clause(row, f"clauses[{place}]")
        if any(clause.name == other.name for other in clauses):
            refuse(
                f"clauses[{place}].name",
                phrase("Another clause has this name already."),
            )
        clauses.append(clause)
    return tuple(clauses)


def _clause(row: object, path: str) -> Clause:
    """Return the clause of one table."""
    values = dict(mapping(row, path))
    kind = values.pop("kind", "")
    if not isinstance(kind, str) or kind not in KINDS:
        refuse(
            f"{path}.kind",
            phrase(
                "A clause of the kind %(kind)s is not known: %(known)s.",
                kind=shown(str(kind)),
                known=", ".join(KINDS),
            ),
        )
    given = fields_in(KINDS[kind], values, path)
    for name, value in given.items():
        if isinstance(value, int) and not isinstance(value, bool):
            _need_range(value, f"{path}.{name}", *RANGES.get(name, (0, MAX_HOURS)))
    clause = decoded(KINDS[kind], values, path)
    if not isinstance(clause, Clause):  # what the kinds are
        raise TypeError(kind)
    _need_name(clause.name, f"{path}.name")
    _need_order(clause.since, clause.until, f"{path}.until")
    return clause


def _need_range(value: int, path: str, least: int, most: int) -> None:
    if not least <= value <= most:
        refuse(
            path,
            phrase(
                "%(value)s lies outside %(least)s to %(most)s.",
                value=value,
                least=least,
                most=most,
            ),
        )


def _need_name(text: str, path: str, *, is_needed: bool = True) -> None:
    if (is_needed and not text.strip()) or len(text) > MAX_NAME:
        refuse(path, phrase("1 to %(most)s characters belong here.", most=MAX_NAME))


def _need_order(first: date | None, last: date | None, path: str) -> None:
    if first and last and last < first:
        refuse(path, phrase("This day lies before the first."))


def _told(clause: Clause) -> dict[str, Json]:
    told = encoded(clause)
    fields = told if isinstance(told, dict) else {}
    return {"kind": KIND_OF[type(clause)], **fields}
