"""Who is published twice for one day, in words."""

from django.utils import formats
from django.utils.translation import gettext as _

from scheduling.selectors.elsewhere import Elsewhere


def twice(one: Elsewhere) -> str:
    """Return who works where else on which day, as far as the reader may know."""
    values = {
        "person": str(one.person),
        "date": formats.date_format(one.on, "SHORT_DATE_FORMAT"),
        "roster": one.roster,
    }
    if one.roster:
        return _("%(person)s works on %(date)s in %(roster)s too.") % values
    return _("%(person)s works on %(date)s in another ward's roster too.") % values
