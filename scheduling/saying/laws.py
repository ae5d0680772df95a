"""Law profiles as they are called in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling.solver.laws import LawProfile


def law_title(profile: LawProfile) -> str:
    """Return what a profile is called; translators know those of the product."""
    if profile.title_zh and (get_language() or "").startswith("zh"):
        return profile.title_zh
    return _(profile.title)


def law_choices(profiles: Sequence[LawProfile]) -> list[tuple[str, str]]:
    """Return profiles as a form offers them; an own one is told with its version."""
    return [(one.id, _with_version(one)) for one in profiles]


def _with_version(profile: LawProfile) -> str:
    _code, dot, version = profile.id.rpartition(".")
    if not dot:
        return law_title(profile)
    return _("%(title)s (version %(version)s)") % {
        "title": law_title(profile),
        "version": version,
    }
