"""Nothing that somebody types into a report is replaced behind their back."""

import time

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, Rest, quiet_console

PATIENCE_MS = 60_000  # a busy machine
DRAFT = "**/studies/*/report/"
TYPED = "No pleural effusion. 未见胸腔积液。"


def unread_study(rest: Rest) -> str:
    """Return a study that a model has read and nobody reported, the last in line."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        rows = rest("/api/v1/studies/?status=read&page_size=200")["results"]
        for row in reversed(rows):
            if rest(f"/api/v1/studies/{row['id']}/findings/")["results"]:
                return str(row["id"])
        time.sleep(0.5)
    message = "no study of the demo was read"
    raise AssertionError(message)


def hold(route: Route, held: list[Route]) -> None:
    if route.request.method == "GET":
        held.append(route)
    else:
        route.continue_()


def accept_with_a_slow_answer(page: Page, held: list[Route]) -> None:
    """Accept the finding; the refreshed draft that follows stays on its way."""
    expect(page.locator("#report textarea").first).to_be_visible(timeout=PATIENCE_MS)
    page.route(DRAFT, lambda route: hold(route, held))
    page.locator("#findings [name=verdict]").first.click()
    while not held:
        page.wait_for_timeout(50)


def test_a_late_draft_does_not_replace_what_is_being_typed(
    open_page: OpenPage, rest: Rest
) -> None:
    page = open_page(f"/studies/{unread_study(rest)}/")
    held: list[Route] = []
    accept_with_a_slow_answer(page, held)
    impression = page.locator("#report textarea[name=impression]")
    with quiet_console(page):
        impression.fill("")
        page.keyboard.type(TYPED[:3])

        with page.expect_response(DRAFT):
            held.pop(0).continue_()
        page.wait_for_timeout(300)
        page.keyboard.type(TYPED[3:])

        expect(impression).to_have_value(TYPED)
        state = page.locator("[data-report-state]")
        expect(state).to_have_attribute("data-state", "saved", timeout=PATIENCE_MS)


def test_a_draft_being_looked_at_is_renewed_once_it_is_left(
    open_page: OpenPage, rest: Rest
) -> None:
    page = open_page(f"/studies/{unread_study(rest)}/")
    held: list[Route] = []
    accept_with_a_slow_answer(page, held)
    impression = page.locator("#report textarea[name=impression]")
    impression.evaluate("field => { field.marked = true }")
    impression.focus()

    with page.expect_response(DRAFT):
        held.pop(0).continue_()
    page.wait_for_timeout(300)

    assert impression.evaluate("field => field.marked") is True
    page.unroute(DRAFT)
    with page.expect_response(DRAFT):
        page.keyboard.press("Escape")
    page.wait_for_function(
        "() => !document.querySelector('#report textarea[name=impression]').marked"
    )
