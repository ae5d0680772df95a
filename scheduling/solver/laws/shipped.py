"""The law profiles that come with the product."""

from functools import cache
from pathlib import Path

from scheduling.solver.laws.clauses import LawError
from scheduling.solver.laws.profile import LawProfile
from scheduling.solver.laws.reading import read_profile
from scheduling.solver.message import phrase

FOLDER = Path(__file__).parent / "profiles"


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
    return _shipped(profile)


@cache
def _shipped(profile: str) -> LawProfile:
    return read_profile((FOLDER / f"{profile}.toml").read_text(encoding="utf-8"))
