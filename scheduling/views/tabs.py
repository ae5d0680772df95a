"""What the pages of "My shifts" have in common: their tabs, and what waits behind each."""

from django.http import HttpRequest

from hospital.accounts.principal import principal_of
from scheduling.models import SwapState
from scheduling.selectors.self_service import own_periods, own_swaps
from scheduling.views.rosters import topics_of

SHIFTS, REQUESTS, LEAVE, SWAPS = "shifts", "requests", "leave", "swaps"


def own_context(request: HttpRequest, section: str) -> dict[str, object]:
    """Return what every page of one's own shows beside its section."""
    principal = principal_of(request)
    asked = own_swaps(principal).filter(
        taker__user=principal.user, state=SwapState.OFFERED
    )
    return {
        "section": section,
        "topics": f"{topics_of(principal)},notices:{principal.user.pk}".strip(","),
        "open_periods": len([one for one in own_periods(principal) if one.is_open]),
        "swaps_asked": asked.count(),
    }
