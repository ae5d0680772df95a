"""The consultation in a browser: danger first, cited answers, a person within reach."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import (
    SETTLE,
    OpenPage,
    quiet_console,
    violations,
    violations_in_the_dark,
)

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 180_000  # a busy machine, whose workers read the library first
CHEST_PAIN = "我胸口压着痛，出冷汗，喘不上气"
ROUTINE = "高血压平时要注意什么？<b>谢谢</b>"
# Notes in which order the card and the first answer come to stand on the page.
WATCH = """() => {
  window.seen = [];
  const note = () => {
    for (const [name, selector] of [["card", ".danger"], ["answer", "[data-author=bot]"]]) {
      if (!seen.includes(name) && document.querySelector(selector)) seen.push(name);
    }
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}"""


# Where something lies: left, top, right, bottom, in CSS pixels.
BOX = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return [left, top, right, bottom];
}"""
SCROLL_DOWN = "(element) => element.scrollTo(0, element.scrollHeight)"


def write(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.keyboard.press("Enter")


def test_chest_pain_told_in_chinese_shows_what_to_do_before_anything_else(
    open_page: OpenPage,
) -> None:
    page = open_page("/chat/", person="", language="zh-hans", **PHONE)

    with quiet_console(page):
        page.evaluate(WATCH)
        write(page, CHEST_PAIN)
        card = page.locator(".danger")
        expect(card).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator("[data-author=bot]").first).to_be_visible(
            timeout=PATIENCE_MS
        )
        write(page, "谢谢")
        expect(page.locator("[data-author=patient]")).to_have_count(
            2, timeout=PATIENCE_MS
        )

    assert page.evaluate("() => seen") == ["card", "answer"]
    expect(card.locator(".danger-why")).to_contain_text("您提到现在喘不上气")
    expect(card.locator("a").first).to_have_attribute("href", "tel:120")
    expect(card).to_be_in_viewport()  # later messages do not scroll it away
    assert "120" in page.locator("[data-announce]").inner_text()
    assert violations(page) == []


def lies_within(
    part: Locator, left: float, top: float, right: float, bottom: float
) -> bool:
    """Whether nothing of it, half a pixel apart, is outside."""
    box = part.evaluate(BOX)
    return (
        box[0] >= left - 0.5
        and box[1] >= top - 0.5
        and box[2] <= right + 0.5
        and box[3] <= bottom + 0.5
    )


@pytest.mark.parametrize("is_large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-hans", CHEST_PAIN),
        ("en", "I have crushing chest pain and can't breathe"),
        ("en", "my toddler swallowed bleach"),  # the longest card
    ],
    ids=["zh", "en", "en-long"],
)
def test_a_danger_keeps_its_reason_numbers_and_answers_in_sight_on_a_phone(
    open_page: OpenPage, *, language: str, text: str, is_large: bool
) -> None:
    page = open_page("/chat/", person="", language=language, **PHONE)
    if is_large:
        page.locator("[data-chat-do=large]").click()

    write(page, text)
    card = page.locator(".danger")
    expect(card.locator(".danger-why")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-author=bot]").first).to_be_visible(timeout=PATIENCE_MS)
    page.evaluate(SETTLE)

    scroller = page.locator(".chat-cards")
    left, top, right, bottom = scroller.evaluate(BOX)
    assert left >= 0
    assert right <= PHONE["width"]
    assert bottom <= page.locator(".chat-foot").evaluate(BOX)[1]
    calls, why = card.locator(".danger-calls"), card.locator(".danger-why")
    acts = card.locator("[data-acknowledge]")
    for part in (calls, why, acts.first, acts.last):
        assert lies_within(part, left, top, right, bottom)
    scroller.evaluate(SCROLL_DOWN)
    foot = card.locator(".danger-acts").evaluate(BOX)[1]
    head = calls.evaluate(BOX)[3]
    assert lies_within(card.locator(".danger-steps li").last, left, head, right, foot)
    for part in (calls, acts.first, acts.last):
        assert lies_within(part, left, top, right, bottom)
    assert violations(page) == []


def test_a_routine_question_is_answered_with_a_source_that_opens(
    open_page: OpenPage,
) -> None:
    page = open_page("/chat/", person="", language="zh-hans", **PHONE)

    write(page, ROUTINE)
    cite = page.locator(".cite").first
    expect(cite).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-author=patient] [data-body]").first).to_have_text(
        ROUTINE
    )
    said = page.locator(".turn-answer").inner_text()
    cite.click()

    quoted = page.locator("#source mark").first
    expect(quoted).to_be_visible()
    assert quoted.inner_text() in said
    assert page.locator("[data-announce]").inner_text().count(quoted.inner_text()) == 1
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert violations_in_the_dark(page) == []


def test_a_person_takes_over_answers_and_hands_back(open_page: OpenPage) -> None:
    patient = open_page("/chat/", person="", **PHONE)
    patient.get_by_role("button", name="Talk to a person").click()
    banner = patient.locator("[data-state]")
    expect(banner).to_contain_text("Waiting for a person", timeout=PATIENCE_MS)
    assert violations(patient) == []
    write(patient, "I would like to speak with somebody about my knee")

    desk = open_page("/conversations/", person="clinician")
    assert violations(desk) == []
    desk.get_by_role("link", name="about my knee").first.click()
    desk.get_by_role("button", name="Take", exact=False).first.click()
    expect(banner).to_contain_text("with you now", timeout=PATIENCE_MS)
    desk.fill("#desk-text", "How long has it hurt?")
    desk.keyboard.press("Control+Enter")
    expect(patient.locator("[data-author=staff]").last).to_contain_text(
        "How long has it hurt?", timeout=PATIENCE_MS
    )
    expect(desk.locator("[data-author=staff]").last).to_be_visible(timeout=PATIENCE_MS)
    assert violations(patient) == violations(desk) == []
    hand_back = desk.get_by_role("button", name="Hand back")
    hand_back.click()

    expect(banner).to_be_hidden(timeout=PATIENCE_MS)
    expect(hand_back).to_be_hidden(timeout=PATIENCE_MS)
    expect(patient.get_by_role("button", name="Talk to a person").first).to_be_visible()
    assert violations(patient) == violations(desk) == []


def answer_what_is_asked(page: Page) -> None:
    """Answer every question of the interview: no danger, aged 55, mild, the same as before."""
    answers, asked = (
        page.locator("[data-author=bot]"),
        page.locator(".turns [data-say]"),
    )
    for number in range(1, 14):
        expect(answers).to_have_count(number, timeout=PATIENCE_MS)
        expect(page.locator(".turn-status")).to_have_count(0, timeout=PATIENCE_MS)
        chip = asked.filter(has_text=re.compile("^(no|1-3|the same|female)$"))
        if chip.count():
            chip.first.click()
        elif "How old" in answers.last.inner_text():
            write(page, "55")
        else:
            return


def test_a_patient_reads_the_summary_and_sends_it_and_the_clinician_sees_it(
    open_page: OpenPage,
) -> None:
    told = "I have had a mild cough for a week"
    patient = open_page("/chat/?new", person="patient", **PHONE)
    clinician = open_page("/patients/", person="clinician")
    clinician.get_by_role("link", name="Petra Lindqvist").first.click()
    expect(clinician.locator("h1")).to_contain_text("Petra Lindqvist")

    write(patient, told)
    answer_what_is_asked(patient)
    summary = patient.locator(".visit")
    expect(summary).to_be_visible(timeout=PATIENCE_MS)
    expect(summary).to_contain_text(f"Told: {told}")
    expect(summary).to_contain_text("send it to Respiratory medicine")
    lines = patient.locator("[data-summary-lines] li").all_inner_texts()
    clinician.reload()
    expect(clinician.locator("main")).not_to_contain_text(told)
    summary.get_by_role("button", name="Send to the department").click()

    expect(summary).to_contain_text(
        "Respiratory medicine has this summary", timeout=PATIENCE_MS
    )
    assert violations(patient) == []
    clinician.reload()
    for line in lines:
        expect(clinician.locator("main")).to_contain_text(line)
    assert "Person: 55 years, female" in lines
    assert violations(clinician) == []


def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(
    open_page: OpenPage,
) -> None:
    page = open_page("/chat/", person="", **PHONE)
    page.context.set_offline(True)

    write(page, "What is a cold?")
    expect(page.locator("[data-connection]")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("[data-author=patient]")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator("[data-connection]")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("[data-author=bot]")).to_have_count(1, timeout=PATIENCE_MS)
    page.get_by_label("Language").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("[data-author=patient] [data-body]")).to_have_text(
        "What is a cold?", timeout=PATIENCE_MS
    )

    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto(page.url)
    expect(page.get_by_role("link", name="120")).to_have_attribute("href", "tel:120")
