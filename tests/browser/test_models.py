"""A version goes into service in spite of its gate, and back, without a mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    OpenPage,
    quiet_console,
    tab_to,
    violations,
    violations_in_the_dark,
)

TABS = 80  # past the rail, and past every model of the store
REASON = "The board asked for it. 委员会要求。"
WORDS = {
    "en": ("In service", "In spite of its gate", "Rolled back."),
    "zh-hans": ("使用中", "未满足准入条件仍启用", "已回退。"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_version_is_put_into_service_and_taken_back_by_keyboard_alone(
    open_page: OpenPage, language: str
) -> None:
    in_service, in_spite, rolled_back = WORDS[language]
    page = open_page("/models/", person="administrator", language=language)
    chips = [page.locator(f"#ct-covid-{n}").get_by_text(in_service) for n in "23"]
    newest = page.locator("[aria-labelledby=history-title] li").first

    with quiet_console(page):
        tab_to(page, "#ct-covid-2 a[href$='#gate-title']", at_most=TABS)
        page.keyboard.press("Enter")
        page.wait_for_url("**/models/ct-covid/2/#gate-title")
        tab_to(page, "form[action$='/activation/'] button", at_most=TABS)
        page.keyboard.press("Enter")
        expect(page.locator("#note:invalid")).to_be_focused()  # a reason is owed
    assert violations(page) == violations_in_the_dark(page) == []

    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/")
    expect(chips[0]).to_be_visible()
    expect(chips[1]).to_have_count(0)
    expect(newest).to_contain_text(in_spite)
    expect(newest).to_contain_text(REASON)
    assert violations(page) == violations_in_the_dark(page) == []

    tab_to(page, "form[action$='/rollback/'] button", at_most=TABS)
    page.keyboard.press("Enter")
    expect(chips[1]).to_be_visible()
    expect(chips[0]).to_have_count(0)
    expect(newest).to_contain_text(rolled_back)
    assert violations(page) == violations_in_the_dark(page) == []
