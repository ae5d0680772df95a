"""Working-time law and house rules as data, and the rules that they become."""

from scheduling.solver.laws.clauses import Clause, LawError
from scheduling.solver.laws.compiled import (
    LawRules,
    days_of_reference,
    is_law,
    law_in,
    law_rules,
    rules_for,
    under_law,
    without_law,
)
from scheduling.solver.laws.hours import PastWork
from scheduling.solver.laws.profile import LawProfile, Source
from scheduling.solver.laws.reading import (
    profile_document,
    profile_of,
    read_profile,
)
from scheduling.solver.laws.shipped import law_profile, shipped_profiles

__all__ = [
    "Clause",
    "LawError",
    "LawProfile",
    "LawRules",
    "PastWork",
    "Source",
    "days_of_reference",
    "is_law",
    "law_in",
    "law_profile",
    "law_rules",
    "profile_document",
    "profile_of",
    "read_profile",
    "rules_for",
    "shipped_profiles",
    "under_law",
    "without_law",
]
