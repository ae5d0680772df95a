"""The main journey, without a mouse: sign in, read, judge, report, sign."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import quiet_console, tab_to
from tests.running import RunningPlatform

PATIENCE_MS = 60_000  # a busy machine
IMPRESSION = "No consolidation. 未见实变。"


def sign_in(page: Page, platform: RunningPlatform) -> str:
    """Sign the demo's clinician in and return the password."""
    account = platform.demo["users"]["clinician"]
    page.goto(f"{platform.url}/accounts/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(account["username"])
    page.keyboard.press("Tab")
    tab_to(page, "input[name=password]")
    page.keyboard.type(account["password"])
    page.keyboard.press("Enter")
    expect(page.locator("#worklist")).to_be_visible(timeout=PATIENCE_MS)
    return str(account["password"])


def open_first_study(page: Page) -> None:
    page.wait_for_load_state("load")  # keys work once the page's modules have run
    page.keyboard.press("j")
    expect(page.locator("[data-row-link]").first).to_be_focused()
    page.keyboard.press("o")
    expect(page.locator("#report textarea").first).to_be_visible(timeout=PATIENCE_MS)


def judge(page: Page) -> None:
    """Accept what the model found, or reject that it found nothing."""
    if page.locator("#findings .finding").count() == 0:
        return  # no model has read it: the report stands on the reader alone
    accepts = page.locator("#findings [value=accepted]").count() > 0
    page.keyboard.press("a" if accepts else "x")
    chosen = page.locator("#findings [name=verdict][aria-pressed=true]").first
    expect(chosen).to_be_visible(timeout=PATIENCE_MS)


def report(page: Page) -> None:
    page.keyboard.press("d")
    tab_to(page, "#report textarea[name=impression]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(IMPRESSION)
    state = page.locator("[data-report-state]")
    expect(state).to_have_attribute("data-state", "saved", timeout=PATIENCE_MS)
    page.keyboard.press("Escape")


def sign(page: Page, password: str) -> None:
    page.keyboard.press("t")
    tab_to(page, "#report input[name=password]")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_study_is_read_and_signed_by_keyboard_alone(
    browser: Browser, platform: RunningPlatform
) -> None:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        password = sign_in(page, platform)

        with quiet_console(page):
            open_first_study(page)
            judge(page)
            report(page)
            sign(page, password)

            signed = page.locator("#report")
            expect(signed).to_contain_text("Signed by", timeout=PATIENCE_MS)
        expect(signed).to_contain_text(IMPRESSION)
        assert page.locator("#report textarea[name=impression]").count() == 0
