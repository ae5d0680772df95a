"""Why, cost, fairness, laws and past rosters, asked for as the manager who uses them."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any  # Any: a document of JSON

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from hospital.accounts.models import Department, User
from scheduling.explaining.running import explain_watched
from scheduling.models import Aims, Explanation, PastRosters, Roster
from scheduling.problems import cells_of, instance_of, judged
from scheduling.services.explanations import ask_explanation, end_explanation
from scheduling.solver.formats import to_json
from scheduling.solver.laws import law_in
from tests.scheduling.services.test_explanations import closed_day
from tests.scheduling.wards import DAY, NIGHT, assign, make_published, make_roster

pytestmark = pytest.mark.django_db
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def browser(manager: User) -> Iterator[Client]:
    client = Client()
    client.force_login(manager)
    with override("en"):
        yield client


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    roster = make_roster(department, author=manager)
    return assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT, ("P1", 1): NIGHT})


def hidden(page: str, name: str) -> str:
    """Return what a form of the page sends under a name."""
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


@pytest.mark.usefixtures("questions_answered")
def test_an_alternative_is_told_taken_and_taken_back(
    browser: Client, roster: Roster
) -> None:
    before = cells_of(roster)

    page = browser.get(f"/rosters/{roster.id}/why/?person=P0&day=0").content.decode()
    cells = hidden(page, "cells")
    sent = {"version": hidden(page, "version"), "cells": cells}
    taken = browser.post(f"/rosters/{roster.id}/why/choice/", sent).content.decode()

    told = html.unescape(page)
    assert "If Person 2 works Day on Jun 1, 2026 instead of Person 0:" in told
    assert "With further changes to these rows it costs" in told
    after = cells_of(roster)
    changes = {(one["person"], one["day"]): one["shift"] for one in json.loads(cells)}
    assert {at: after.get(at, "") for at in changes} == changes
    assert after.get(("P0", 0)) != DAY
    back = {"version": hidden(taken, "version"), "cells": hidden(taken, "cells")}
    browser.post(f"/rosters/{roster.id}/cells/", back)
    assert cells_of(roster) == before


def test_a_free_day_has_no_why(browser: Client, roster: Roster) -> None:
    page = browser.get(f"/rosters/{roster.id}/why/?person=P0&day=3").content.decode()
    unknown = browser.get(f"/rosters/{roster.id}/why/?person=P9&day=3")

    assert "works nothing on" in page
    assert unknown.status_code == 422


def test_costs_are_added_up_by_rule_person_and_day(
    browser: Client, roster: Roster
) -> None:
    address = f"/rosters/{roster.id}/score/"

    by_rule = browser.get(address).content.decode()
    by_day = browser.get(f"{address}?by=day&ordering=cost").content.decode()

    total = judged(roster).verdict.objective
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="number">(\d+)', by_rule)
    assert rows == [("cover", str(total))]
    days = re.findall(r'<th scope="row">(.*?)</th><td class="number">(\d+)', by_day)
    assert [cost for _day, cost in days] == ["10"] + ["20"] * 5


def test_aims_are_kept_and_a_wrong_order_is_not(
    browser: Client, roster: Roster
) -> None:
    sent = {
        "fair_shares": "on",
        "in_order": "on",
        "first": "cover",
        "second": "fairness",
        "third": "contract",
        "fourth": "preference",
        "unpopular": [NIGHT],
    }

    wrong = browser.post(f"/rosters/{roster.id}/aims/", {**sent, "second": "cover"})
    none = Aims.objects.count()
    browser.post(f"/rosters/{roster.id}/aims/", sent)

    assert (wrong.status_code, none) == (422, 0)
    aims = Aims.objects.get(roster=roster)
    assert aims.fair_shares
    assert aims.tier_order == ["cover", "fairness", "contract", "preference"]
    assert aims.unpopular == [NIGHT]


def test_the_ledger_tells_the_difference_in_words(
    browser: Client, roster: Roster
) -> None:
    page = browser.get(f"/rosters/{roster.id}/fairness/").content.decode()

    assert "1.3 more than is fair" in page
    assert page.count("0.7 fewer than is fair") == 2


def test_a_problem_kept_before_its_numbers_were_looked_at_has_a_ledger(
    browser: Client, roster: Roster
) -> None:
    kept: dict[str, Any] = to_json(instance_of(roster))
    kept["people"][0]["fte"] = -1
    kept["holidays"] = [30]
    Roster.objects.filter(pk=roster.pk).update(instance=kept, problem_version=2)

    page = browser.get(f"/rosters/{roster.id}/fairness/")

    assert page.status_code == 200
    assert "Person 0" in page.content.decode()


def test_a_law_is_put_on_and_taken_off(browser: Client, roster: Roster) -> None:
    address = f"/rosters/{roster.id}/laws/"
    plain = roster.instance

    chosen = {"profile": "eu-2003-88-ec", "clauses": ["8 h a strenuous night"]}
    browser.post(address, {**chosen, "version": roster.version})
    under = Roster.objects.get(pk=roster.pk)
    page = browser.get(address, **CHINESE).content.decode()
    browser.post(address, {"profile": "", "version": under.version})

    assert law_in(instance_of(under)) == "eu-2003-88-ec"
    assert under.problem_version == 2
    assert "https://eur-lex.europa.eu/eli/dir/2003/88/oj" in page
    assert "繁重夜班8小时" in page
    after = Roster.objects.get(pk=roster.pk)
    assert (after.problem_version, after.instance) == (3, plain)


def test_an_explanation_is_shown_and_its_repair_changes_the_problem(
    browser: Client, department: Department, manager: User
) -> None:
    roster = closed_day(department, manager)
    asked = ask_explanation(roster=roster, author=manager)
    answer = explain_watched(to_json(instance_of(roster)), look=lambda: None)
    end_explanation(explanation_id=asked.pk, problem_version=1, answer=answer)
    type(asked.job).objects.filter(pk=asked.job_id).update(state="succeeded")

    page = browser.get(f"/rosters/{roster.id}/explanation/").content.decode()
    number = next(
        at
        for at, one in enumerate(answer["repairs"])
        if not one["changes"][0]["person"]
    )
    sent = {"number": number, "version": roster.version}
    browser.post(f"/rosters/{roster.id}/explanation/{asked.pk}/repairs/", sent)

    assert "No roster can keep every hard rule." in page
    assert "Do with 0 instead of 1 on Jun 3, 2026 (cover)." in html.unescape(page)
    mended = Roster.objects.get(pk=roster.pk)
    demand = next(one for one in instance_of(mended).demands if one.day == 2)
    assert (mended.problem_version, demand.at_least) == (2, 0)
    old = browser.post(f"/rosters/{roster.id}/explanation/{asked.pk}/repairs/", sent)
    assert old.status_code == 409


def test_a_bad_line_of_a_past_roster_is_named(
    browser: Client, department: Department
) -> None:
    text = b"date,employee,shift\n2026-01-05,ann,D\nsoon,ann,D\n"

    page = browser.post(
        "/rosters/history/",
        {"department": department.code, "file": SimpleUploadedFile("past.csv", text)},
    )

    assert page.status_code == 422
    assert (
        "line 3: &#x27;soon&#x27; is no date like 2026-01-31." in page.content.decode()
    )
    assert not PastRosters.objects.exists()


def test_usual_cover_is_accepted_into_a_draft(
    browser: Client, department: Department, roster: Roster
) -> None:
    days = "".join(
        f"2026-0{1 + at // 28}-{1 + at % 28:02d},{who},D\n"
        for at in range(56)
        for who in ("Zoë Quist", "bo")
    )
    file = SimpleUploadedFile("past.csv", f"date,employee,shift\n{days}".encode())

    browser.post("/rosters/history/", {"department": department.code, "file": file})
    past = PastRosters.objects.get()
    address = f"/rosters/history/{past.id}/"
    page = browser.get(address).content.decode()
    unchanged = Roster.objects.get(pk=roster.pk).problem_version
    browser.post(f"{address}acceptances/", {"roster": roster.id, "cover": [f"{DAY}:0"]})

    assert "2 usually work D on weekday Monday" in page
    assert "Quist" not in json.dumps(past.proposals)
    assert unchanged == 1
    draft = Roster.objects.get(pk=roster.pk)
    needs = {
        (one.day, *one.shifts): (one.at_least, one.under_weight)
        for one in instance_of(draft).demands
    }
    assert needs[0, DAY] == (2, 10)  # a Monday, with the weight it had
    assert needs[1, DAY] == (1, 10)
    assert past.acceptances.get().proposals[0]["weekday"] == 0


def test_absences_and_swaps_say_what_they_mean_for_a_draft_and_are_taken_back(
    browser: Client, department: Department, manager: User
) -> None:
    june = make_roster(department, author=manager, days=28)
    lines = ["date,employee,shift,planned,absence"]
    for at in range(60):
        on = f"2026-0{6 + at // 30}-{1 + at % 30:02d}"
        lines.append(
            f"{on},bo,{'' if at % 3 == 0 else 'D'},D,{'sick,'[: 4 * (at % 3 == 0)]}"
        )
    file = SimpleUploadedFile("past.csv", "\n".join(lines).encode())
    browser.post("/rosters/history/", {"department": department.code, "file": file})
    past = PastRosters.objects.get()
    address = f"/rosters/history/{past.id}/"

    page = browser.get(f"{address}?roster={june.id}").content.decode()
    browser.post(f"{address}acceptances/", {"roster": june.id, "absences": [":summer"]})
    taken = past.acceptances.get()
    reserved = instance_of(Roster.objects.get(pk=june.pk))
    browser.post(f"{address}acceptances/{taken.id}/undoing/")

    assert "D +1 on 28 days" in page
    assert "Everybody missed 33 % of planned shifts in summer" in page
    assert len(reserved.demands) == 4 * 28
    assert instance_of(Roster.objects.get(pk=june.pk)) == instance_of(june)
    assert "taken back" in browser.get(address).content.decode()


def test_a_department_learns_from_what_it_published(
    browser: Client, department: Department
) -> None:
    make_published(department)

    browser.post("/rosters/history/publications/", {"department": department.code})

    past = PastRosters.objects.get()
    assert (past.cells, past.proposals["cover"]) == (21, [])  # one week is not usual


def test_nobody_asked_yet_is_said(browser: Client, roster: Roster) -> None:
    page = browser.get(f"/rosters/{roster.id}/explanation/").content.decode()
    browser.post(f"/rosters/{roster.id}/explanation/")
    browser.post(f"/rosters/{roster.id}/explanation/")

    assert "Nobody asked yet" in page
    assert Explanation.objects.count() == 1
