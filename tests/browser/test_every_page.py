"""Every page of every role: no barrier axe knows, no foreign request, no overflow."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    SETTLE,
    OpenPage,
    Rest,
    violations,
    violations_in_the_dark,
)
from tests.running import RunningPlatform

STRANGER = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/no-such-page/",
    "/chat/",
    "/chat/talks/",
    "/chat/offline/",
    "/knowledge/passages/cough/en%23causes/",
]
STAFF = [
    "/worklist/?status=",
    "/worklist/?search=nobody-has-this-name",
    "/studies/upload/",
    "/patients/",
    "/jobs/",
    "/notices/",
    "/models/",
    "/models/monitoring/",
    "/models/ct-covid/1/",
    "/models/ct-covid/2/evaluation/",
    "/models/ct-covid/3/evaluation/",
    "/models/ct-covid/2/data/",
    "/labelling/",
    "/help/",
    "/accounts/",
    "/conversations/",
    "/knowledge/?library=anji&search=cough",
    "/knowledge/search/",
    "{talk}",
    "{study}",
    "{patient}",
    "{job}",
]
ROSTERS = [
    "/rosters/",
    "/rosters/on-duty/",
    "/my-shifts/",
    "/notices/",
    "{roster}",
    "{roster}shifts/",
]
SELF_SERVICE = ["/my-shifts/requests/", "/my-shifts/leave/", "/my-shifts/swaps/"]
PATIENT = ["/my/", "/notices/", "/help/", "/chat/?new"]
ADMINISTRATOR = [
    "{labelling}",
    "{labelling}agreement/",
    "/models/monitoring/?model=&days=91",  # the weeks' charts
    "/models/ct-covid/1/",
    "/admin/",
    "/admin/accounts/user/",
    "/admin/diagnosis/study/",
    "/admin/webhooks/webhookendpoint/add/",
]
PAGES = {
    "": STRANGER,
    "clinician": STAFF,
    "nurse": STAFF[:1] + STAFF[-3:-1] + ROSTERS + SELF_SERVICE,
    "manager": [
        *ROSTERS,
        "/rosters/new/",
        "/rosters/requests/",
        "{roster}requests/",
        "{roster}?published",
        "{roster}?week=2",
        "{roster}compare/",
        "{roster}why/",
        "{roster}explanation/",
        "{roster}score/",
        "{roster}fairness/",
        "{roster}laws/",
        "/rosters/history/",
        "/conversations/quality/",
        "/rosters/holidays/",
        "/rosters/law-profiles/",
        "/labelling/new/",
        "{roster}next/",
        "{roster}ward/",
    ],
    "patient": PATIENT,
    "administrator": ADMINISTRATOR,
}
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="package")
def places(rest: Rest) -> dict[str, str]:
    """Where one study, patient, job and published roster of the demo are."""
    nouns = {
        "study": "studies",
        "patient": "patients",
        "job": "jobs",
        "roster": "rosters",
        "talk": "conversations",
    }
    project = rest("/api/v1/labelling-projects/")["results"][0]["id"]
    return {
        "labelling": f"/labelling/{project}/",
        **{
            name: f"/{noun}/{rest(f'/api/v1/{noun}/')['results'][0]['id']}/"
            for name, noun in nouns.items()
        },
    }


@pytest.mark.parametrize("person", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    open_page: OpenPage,
    places: dict[str, str],
    platform: RunningPlatform,
    person: str,
    language: str,
) -> None:
    paths = [path.format(**places) for path in PAGES[person]]
    page = open_page("/help/", person=person, language=language)

    found = {}
    for path in paths:
        page.set_viewport_size(LAPTOP)
        page.goto(f"{platform.url}{path}")
        page.evaluate(SETTLE)
        found[path, "light"] = violations(page)
        found[path, "dark"] = violations_in_the_dark(page)
        if not path.startswith("/admin/"):
            page.set_viewport_size(PHONE)
            width = page.evaluate("() => document.documentElement.scrollWidth")
            found[path, "phone"] = [f"{width} px"] * (width > PHONE["width"])

    assert {where: rules for where, rules in found.items() if rules} == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_entry_of_the_library_has_no_barrier(
    open_page: OpenPage, language: str
) -> None:
    page = open_page("/knowledge/?library=anji&search=cough", language=language)

    page.click("tbody th a")
    page.wait_for_selector("#review-words")

    assert violations(page) == violations_in_the_dark(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_a_field_that_is_wrong_is_framed_and_has_no_barrier(
    open_page: OpenPage,
) -> None:
    page = open_page("/rosters/holidays/", person="manager")
    page.eval_on_selector_all(
        "form", "forms => forms.forEach(f => f.noValidate = true)"
    )

    page.get_by_label("Name").press("Enter")

    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_count(2)
    edge = "field => getComputedStyle(field).borderTopWidth"
    assert wrong.first.evaluate(edge) == "2px"
    assert violations(page) == violations_in_the_dark(page) == []


def test_first_load_of_scripts_keeps_its_budget(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_page("/worklist/?status=")
    page.wait_for_timeout(400)  # never idle: the event stream stays open

    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter((entry) => entry.name.endsWith(".js"))
            .map((entry) => entry.encodedBodySize)"""
    )

    assert 0 < sum(sizes) <= 40_000  # compressed (UX, figures to keep)
