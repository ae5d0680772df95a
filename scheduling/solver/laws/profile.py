"""Law profiles: clauses with their sources."""

from dataclasses import dataclass
from datetime import date

from scheduling.solver.laws.clauses import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a profile's clauses are written."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawProfile:
    """What one body of law, or one hospital, asks of every roster.

    Attributes:
        title_zh: What it is called in Chinese; empty where translators know the title.
        effective_from, effective_until: When it is in force; None without end.
    """

    id: str
    title: str
    clauses: tuple[Clause, ...]
    title_zh: str = ""
    sources: tuple[Source, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None

    def in_force(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on <= self.effective_until
        )
