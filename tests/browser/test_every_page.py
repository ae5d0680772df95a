"""Every page of every role: no barrier axe knows, no foreign request, no overflow."""

import pytest

from tests.browser.conftest import OpenPage, Rest, violations
from tests.running import RunningPlatform

LOOKS = [(theme, tongue) for theme in ("light", "dark") for tongue in ("en", "zh-hans")]
STRANGER = ["/accounts/login/", "/accounts/password/reset/", "/no-such-page/"]
STAFF = [
    "/worklist/?status=",
    "/worklist/?search=nobody-has-this-name",
    "/studies/upload/",
    "/patients/",
    "/jobs/",
    "/models/",
    "/help/",
    "/accounts/",
    "{study}",
    "{patient}",
    "{job}",
]
ROSTERS = ["/rosters/", "/my-shifts/", "{roster}"]
PATIENT = ["/my/", "/help/"]
ADMINISTRATOR = ["/admin/", "/admin/accounts/user/", "/admin/diagnosis/study/"]
PAGES = {
    "": STRANGER,
    "clinician": STAFF,
    "nurse": STAFF[:1] + STAFF[-3:-1] + ROSTERS,
    "manager": [*ROSTERS, "/rosters/new/", "{roster}?published"],
    "patient": PATIENT,
    "administrator": ADMINISTRATOR,
}
PHONE, LAPTOP = (390, 844), (1440, 900)
SETTLED_MS = 400


@pytest.fixture(scope="session")
def places(rest: Rest) -> dict[str, str]:
    """Where one study, patient, job and published roster of the demo are."""
    nouns = {
        "study": "studies",
        "patient": "patients",
        "job": "jobs",
        "roster": "rosters",
    }
    return {
        name: f"/{noun}/{rest(f'/api/v1/{noun}/')['results'][0]['id']}/"
        for name, noun in nouns.items()
    }


@pytest.mark.parametrize("person", PAGES)
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_axe_finds_nothing(
    open_page: OpenPage,
    places: dict[str, str],
    platform: RunningPlatform,
    person: str,
    theme: str,
    language: str,
) -> None:
    paths = [path.format(**places) for path in PAGES[person]]
    page = open_page(paths[0], person=person, theme=theme, language=language)

    found = {}
    for path in paths:
        page.goto(f"{platform.url}{path}")
        page.wait_for_timeout(SETTLED_MS)
        found[path] = violations(page)

    assert {path: rules for path, rules in found.items() if rules} == {}


@pytest.mark.parametrize("person", ["", "clinician", "manager", "patient"])
def test_nothing_is_wider_than_a_phone(
    open_page: OpenPage,
    places: dict[str, str],
    platform: RunningPlatform,
    person: str,
) -> None:
    width, height = PHONE
    paths = [path.format(**places) for path in PAGES[person]]
    page = open_page(paths[0], person=person, width=width, height=height)

    wide = []
    for path in paths:
        page.goto(f"{platform.url}{path}")
        page.wait_for_timeout(SETTLED_MS)
        if page.evaluate("() => document.documentElement.scrollWidth") > width:
            wide.append(path)

    assert wide == []


def test_first_load_of_scripts_keeps_its_budget(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_page("/worklist/?status=")
    page.wait_for_timeout(SETTLED_MS)  # never idle: the event stream stays open

    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter((entry) => entry.name.endsWith(".js"))
            .map((entry) => entry.encodedBodySize)"""
    )

    assert 0 < sum(sizes) <= 40_000  # compressed (UX, figures to keep)
