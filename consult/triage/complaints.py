"""What people come with, what it is worth alone, and which red flags make it urgent."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consult.safety.levels import Level

_TABLE = Path(__file__).with_name("data") / "complaints.toml"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint of the table."""

    concept: str
    level: Level
    departments: dict[str, int]
    urgent_with: frozenset[str]


@cache
def complaints() -> tuple[Complaint, ...]:
    """Return every complaint."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(
        Complaint(
            concept,
            entry["level"],
            entry["departments"],
            frozenset(entry.get("urgent_with", ())),
        )
        for concept, entry in table.items()
    )
