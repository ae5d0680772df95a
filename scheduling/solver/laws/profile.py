"""Law profiles: clauses with their sources, read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any  # Any: what a TOML document holds

from scheduling.solver.laws.clauses import KINDS, MAX_HOURS, Clause, LawError
from scheduling.solver.message import phrase

FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a profile's clauses are written."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawProfile:
    """What one body of law, or one hospital, asks of every roster.

    Attributes:
        effective_from, effective_until: When it is in force; None without end.
    """

    id: str
    title: str
    clauses: tuple[Clause, ...]
    sources: tuple[Source, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None

    def in_force(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on <= self.effective_until
        )


def shipped_profiles() -> tuple[str, ...]:
    """Return the ids of the profiles that come with the product."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def law_profile(profile: str) -> LawProfile:
    """Return a profile that comes with the product.

    Raises:
        LawError: There is none of that id.
    """
    if profile not in shipped_profiles():
        message = phrase(
            "There is no law profile %(profile)s: %(known)s.",
            profile=profile,
            known=", ".join(shipped_profiles()),
        )
        raise LawError(message)
    return read_profile((FOLDER / f"{profile}.toml").read_text(encoding="utf-8"))


def read_profile(text: str) -> LawProfile:
    """Return the profile that a TOML document describes.

    Raises:
        LawError: It is no TOML, or a clause lacks or has something it should not.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = phrase("The profile is not TOML: %(why)s.", why=str(error))
        raise LawError(message) from error
    try:
        return LawProfile(
            id=document["id"],
            title=document["title"],
            clauses=tuple(_clause(row) for row in document.get("clauses", ())),
            sources=tuple(Source(**row) for row in document.get("sources", ())),
            effective_from=document.get("effective_from"),
            effective_until=document.get("effective_until"),
        )
    except KeyError as missing:
        message = phrase("The profile lacks %(missing)s.", missing=str(missing))
        raise LawError(message) from missing


def _clause(row: Mapping[str, Any]) -> Clause:
    """Return the clause of one table."""
    values = dict(row)
    kind = values.pop("kind", "")
    if kind not in KINDS:
        message = phrase(
            "A clause of the kind %(kind)s is not known: %(known)s.",
            kind=repr(kind),
            known=", ".join(KINDS),
        )
        raise LawError(message)
    unknown = set(values) - {field.name for field in fields(KINDS[kind])}
    if unknown:
        message = phrase(
            "A clause of the kind %(kind)s has no %(unknown)s.",
            kind=kind,
            unknown=min(unknown),
        )
        raise LawError(message)
    for name, value in values.items():
        if isinstance(value, int) and not 0 <= value <= MAX_HOURS:
            message = phrase(
                "Clause %(kind)s: %(name)s of %(value)s lies outside 0 to %(max_hours)s.",
                kind=kind,
                name=name,
                value=value,
                max_hours=MAX_HOURS,
            )
            raise LawError(message)
    try:
        return KINDS[kind](**values)
    except TypeError as error:
        message = phrase(
            "A clause of the kind %(kind)s lacks something: %(why)s.",
            kind=kind,
            why=str(error),
        )
        raise LawError(message) from error
