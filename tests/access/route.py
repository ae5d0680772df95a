"""A line of the access table, and what it expects of each role and each row."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READS = frozenset({"GET"})
EVERYBODY = frozenset(
    {
        "patient",
        "other patient",
        "nurse",
        "clinician",
        "manager",
        "administrator",
        "integrator",
    }
)
PATIENTS = frozenset({"patient", "other patient"})
STAFF = frozenset({"nurse", "clinician", "manager", "administrator"})
STRANGERS = EVERYBODY | {"stranger"}
CLINICIAN = frozenset({"clinician"})
ADMINISTRATOR = frozenset({"administrator"})
# Whose rows are "own" and "other": those of one's departments, or one's own.
DEPARTMENT = {
    "patient": {"own"},
    "other patient": {"other"},
    "nurse": {"own"},
    "clinician": {"own"},
    "manager": {"own"},
    "integrator": {"own"},
    "administrator": {"own", "other"},
}
STAFF_ONLY = {role: rows for role, rows in DEPARTMENT.items() if role not in PATIENTS}
Statuses = int | tuple[int, ...]
Kind = Literal["page", "rest", "admin"]


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern: who may, which rows, and what the right person gets.

    Attributes:
        pattern: As Django's resolver spells it.
        kind: `page` sends strangers to the sign-in page, `rest` answers 401.
        may: The roles that may read.
        answers: By method, what who may gets for a row they may see.
        may_write: The roles that may change something; by default those that may read.
        of: The URL parameter that names the row; empty when none does.
        sees: By role, whether the own and the other row is theirs to see.
        query: What follows the address; it may name parameters, too.
        unseen: What those get who may, for a row that is not theirs to see.
        methods: Those that are asked.
    """

    pattern: str
    kind: Kind
    may: Collection[str]
    answers: Mapping[str, Statuses]
    may_write: Collection[str] | None = None
    of: str = ""
    sees: Mapping[str, Collection[str]] = field(default_factory=lambda: DEPARTMENT)
    query: str = ""
    unseen: int | Mapping[str, int] = 404
    methods: Sequence[str] = METHODS

    def path(self, ids: Mapping[str, str]) -> str:
        """Return an address of this pattern."""

        def value(match: re.Match[str]) -> str:
            name = match["django"] or match["regex"]
            return ids[self.of if name == "pk" and self.of else name]

        pattern = re.sub(
            r"<(?:\w+:)?(?P<django>\w+)>|\(\?P<(?P<regex>\w+)>[^)]*\)",
            value,
            self.pattern + self.query,
        )
        return "/" + pattern.replace("^", "").replace("$", "")

    def targets(self, method: str) -> tuple[str, ...]:
        """Return the rows to ask for.

        A method that the page does not have is refused before any row is looked up:
        were it not, the row that most may see would show it.
        """
        if not self.of:
            return ("none",)
        return ("own", "other", "none") if method in self.answers else ("own",)

    def expected(self, *, method: str, role: str, target: str) -> set[int]:
        """Return the statuses that are right; more than one only for refusals."""
        if method not in self.answers:
            return {302, 401, 403, 404, 405}
        may = self.may if method in READS or self.may_write is None else self.may_write
        if role not in may:
            return self._refusal(role, target)
        if self.of and target not in self.sees.get(role, ()):
            return {
                self.unseen if isinstance(self.unseen, int) else self.unseen[method]
            }
        answer = self.answers[method]
        return {answer} if isinstance(answer, int) else set(answer)

    def _refusal(self, role: str, target: str) -> set[int]:
        if role == "stranger":
            return {401} if self.kind == "rest" else {302}
        if self.of and target not in self.sees.get(role, ()):
            return {403, 404}
        return {403}


def page(
    pattern: str,
    may: Collection[str],
    *,
    of: str = "",
    may_write: Collection[str] | None = None,
    sees: Mapping[str, Collection[str]] | None = None,
    unseen: int | Mapping[str, int] = 404,
    **answers: Statuses,
) -> Route:
    """Return a page's line; `get=200, post=302` say what the right person gets."""
    methods = {method.upper(): status for method, status in answers.items()}
    seen = DEPARTMENT if sees is None else sees
    return Route(pattern, "page", may, methods, may_write, of, seen, unseen=unseen)


def rest(
    pattern: str,
    may: Collection[str],
    *,
    of: str = "",
    may_write: Collection[str] | None = None,
    sees: Mapping[str, Collection[str]] | None = None,
    unseen: int | Mapping[str, int] = 404,
    **answers: Statuses,
) -> Route:
    """Return a REST line."""
    methods = {method.upper(): status for method, status in answers.items()}
    seen = DEPARTMENT if sees is None else sees
    return Route(pattern, "rest", may, methods, may_write, of, seen, unseen=unseen)
