"""Law profiles: those of the product, and those that the hospital brought in."""

from dataclasses import replace

from django.db.models import QuerySet

from hospital.accounts.principal import Principal
from scheduling.models import HouseLaw
from scheduling.selectors.rosters import EDITORS
from scheduling.solver.laws import (
    LawProfile,
    law_profile,
    profile_of,
    shipped_profiles,
)


def law_profiles_visible_to(principal: Principal) -> QuerySet[HouseLaw]:
    """Return the hospital's own profiles, every version, for those who make rosters."""
    if principal.role not in EDITORS:
        return HouseLaw.objects.none()
    return HouseLaw.objects.select_related("entered_by")


def offered_laws() -> list[LawProfile]:
    """Return what may be chosen: the product's profiles, and the newest of each own."""
    shipped = [law_profile(one) for one in shipped_profiles()]
    newest = HouseLaw.objects.order_by("code", "-version").distinct("code")
    return shipped + [profile_from(row) for row in newest if not row.is_withdrawn]


def law_known(key: str) -> LawProfile | None:
    """Return the profile of an id, also one that is withdrawn; None for none."""
    if key in shipped_profiles():
        return law_profile(key)
    code, _dot, version = key.rpartition(".")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return None
    row = HouseLaw.objects.filter(code=code, version=int(version)).first()
    return None if row is None else profile_from(row)


def profile_from(row: HouseLaw) -> LawProfile:
    """Return a row as the profile that it is; its id names the version."""
    read = profile_of(
        {
            "id": row.code,
            "title": row.title,
            "title_zh": row.title_zh,
            "effective_from": row.effective_from,
            "effective_until": row.effective_until,
            "sources": row.sources,
            "clauses": row.clauses,
        }
    )
    return replace(read, id=row.key)
