"""A swap over REST, from the shifts it may be for to the roster that is published."""

from datetime import timedelta

import pytest

from hospital.accounts.models import Department, Role, User
from scheduling.exports.export import published_cells
from scheduling.models import Publication, Roster, Swap, SwapState
from scheduling.problems import cells_of
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask, undescribed
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster, publish, today

pytestmark = pytest.mark.django_db
SWAP = "swaps/{swap_id}/"
TOLD = {("P0", 2): DAY, ("P1", 4): NIGHT, ("P2", 3): NIGHT}
SWAPPED = {("P1", 2): DAY, ("P0", 4): NIGHT, ("P2", 3): NIGHT}


@pytest.fixture
def colleague(department: Department) -> User:
    return make_person(Role.NURSE, department)


@pytest.fixture
def roster(
    department: Department, manager: User, nurse: User, colleague: User
) -> Roster:
    """Published for the week after next; P0 is the nurse, P1 the colleague."""
    start = today() + timedelta(days=14)
    roster = make_roster(department, author=manager, start=start)
    roster.people.filter(key="P0").update(user=nurse)
    roster.people.filter(key="P1").update(user=colleague)
    publish(assign(roster, TOLD))
    return roster


@pytest.fixture
def offer(rest: Ask, roster: Roster, nurse: User) -> dict[str, object]:
    """What offers the nurse's day for the colleague's night, as REST names them."""
    mine = rest("GET", f"rosters/{roster.id}/assignments/?mine=true", user=nurse)
    [shift] = mine.json()["results"]
    found = rest("GET", f"swaps/partners/?shift={shift['id']}", user=nurse)
    [way] = [one for one in found.json()["results"] if one["shift"] == NIGHT]
    return {
        "shift": shift["id"],
        "colleague": way["colleague"],
        "in_return": way["in_return"],
        "note": "My daughter's birthday.",
    }


def told_now(roster: Roster) -> dict[tuple[str, int], str]:
    """Return what the newest publication tells."""
    return dict(published_cells(Roster.objects.get(pk=roster.pk)))


def test_partners_are_found_for_ones_own_shift(
    rest: Ask, roster: Roster, nurse: User
) -> None:
    mine = rest("GET", f"rosters/{roster.id}/assignments/?mine=true", user=nurse)
    [shift] = mine.json()["results"]

    found = rest("GET", f"swaps/partners/?shift={shift['id']}", user=nurse)

    assert (shift["person"], shift["day"], shift["shift"]) == ("P0", 2, DAY)
    assert found.status_code == 200
    partners = found.json()["results"]
    ways = [(one["name"], one["date"], one["shift"]) for one in partners]
    night = str(roster.start + timedelta(days=4))
    assert ("Person 1", night, NIGHT) in ways
    assert ("Person 1", None, "") in ways  # given away for nothing
    costs = [one["cost_change"] for one in partners]
    assert costs == sorted(costs)
    assert undescribed(found, "get swaps/partners/") == []


def test_partners_come_page_by_page_and_are_told_apart(
    rest: Ask, roster: Roster, nurse: User
) -> None:
    mine = rest("GET", f"rosters/{roster.id}/assignments/?mine=true", user=nurse)
    [shift] = mine.json()["results"]
    address = f"swaps/partners/?shift={shift['id']}"

    whole, again = (rest("GET", address, user=nurse).json() for _ in range(2))
    first = rest("GET", f"{address}&page_size=1", user=nurse).json()
    second = rest("GET", f"{address}&page_size=1&page=2", user=nurse).json()

    rows = whole["results"]
    colleague = roster.people.get(key="P1")
    night = colleague.published_shifts.get(day=4)
    assert {row["id"] for row in rows} == {
        str(colleague.id),  # given away
        f"{colleague.id}:{night.id}",
    }
    assert (whole["count"], whole["next"], whole["previous"]) == (2, None, None)
    assert again == whole
    assert (first["count"], first["results"]) == (2, rows[:1])
    assert (second["count"], second["results"]) == (2, rows[1:])
    assert first["next"].endswith(f"?page=2&page_size=1&shift={shift['id']}")
    assert second["next"] is None


def test_a_swap_is_offered_agreed_approved_and_published(
    rest: Ask,
    roster: Roster,
    offer: dict[str, object],
    nurse: User,
    colleague: User,
    manager: User,
) -> None:
    asked = rest("POST", "swaps/", offer, user=nurse)
    body = asked.json()
    seen = rest("GET", f"swaps/?roster={roster.id}&state=offered", user=colleague)
    agreed = rest(
        "POST", f"swaps/{body['id']}/answer/", {"accepted": True}, user=colleague
    )
    before = told_now(roster)
    approved = rest("POST", f"swaps/{body['id']}/decision/", {"accepted": True})

    assert asked.status_code == 201
    people = {one.key: one for one in roster.people.all()}
    assert (body["giver"]["id"], body["giver"]["user"]["id"], body["giver"]["key"]) == (
        str(people["P0"].id),
        str(nurse.id),
        "P0",
    )
    assert body["taker"]["user"]["id"] == str(colleague.id)
    assert {
        name: one for name, one in body.items() if name not in ("giver", "taker")
    } == {
        "id": body["id"],
        "roster": str(roster.id),
        "day": 2,
        "shift": DAY,
        "back_day": 4,
        "back_shift": NIGHT,
        "note": "My daughter's birthday.",
        "state": "offered",
        "reason": "",
        "cost_change": 0,
        "publication": None,
        "created": body["created"],
    }
    assert seen.json()["results"] == [body]
    assert agreed.json() == {**body, "state": "accepted"}
    assert before == TOLD
    second = Publication.objects.get(roster=roster, number=2)
    assert approved.json() == {**body, "state": "done", "publication": str(second.id)}
    assert undescribed(asked, "post swaps/") == []
    assert undescribed(seen, "get swaps/") == []
    assert undescribed(agreed, f"post {SWAP}answer/") == []
    assert undescribed(approved, f"post {SWAP}decision/") == []
    assert told_now(roster) == SWAPPED
    assert cells_of(Roster.objects.get(pk=roster.pk)) == SWAPPED
    swap = Swap.objects.get()
    assert (swap.state, swap.decided_by, swap.publication) == (
        SwapState.DONE,
        manager,
        second,
    )

    mine = rest("GET", f"rosters/{roster.id}/assignments/?mine=true", user=nurse)

    told = [(one["day"], one["shift"]) for one in mine.json()["results"]]
    assert told == [(4, NIGHT)]


def test_where_the_ward_lets_swaps_go_a_yes_publishes(
    rest: Ask,
    roster: Roster,
    offer: dict[str, object],
    nurse: User,
    colleague: User,
) -> None:
    Roster.objects.filter(pk=roster.pk).update(swaps_without_manager=True)
    swap = rest("POST", "swaps/", offer, user=nurse).json()

    agreed = rest(
        "POST", f"swaps/{swap['id']}/answer/", {"accepted": True}, user=colleague
    )

    assert (agreed.status_code, agreed.json()["state"]) == (200, "done")
    second = Publication.objects.get(roster=roster, number=2)
    assert agreed.json()["publication"] == str(second.id)
    assert undescribed(agreed, f"post {SWAP}answer/") == []
    assert told_now(roster) == SWAPPED


@pytest.mark.parametrize(
    ("doing", "state", "reason"),
    [
        (("DELETE", "", None, "nurse"), SwapState.WITHDRAWN, ""),
        (
            ("POST", "answer/", "I am away then.", "colleague"),
            SwapState.DECLINED,
            "I am away then.",
        ),
        (
            ("POST", "decision/", "Both are needed.", "manager"),
            SwapState.REFUSED,
            "Both are needed.",
        ),
    ],
)
def test_a_swap_that_is_taken_back_or_refused_changes_nothing(
    doing: tuple[str, str, str | None, str],
    state: SwapState,
    reason: str,
    rest: Ask,
    roster: Roster,
    offer: dict[str, object],
    nurse: User,
    colleague: User,
    manager: User,
) -> None:
    method, noun, why, who = doing
    users = {"nurse": nurse, "colleague": colleague, "manager": manager}
    swap = rest("POST", "swaps/", offer, user=nurse).json()
    address = f"swaps/{swap['id']}/"
    if who == "manager":
        rest("POST", f"{address}answer/", {"accepted": True}, user=colleague)
    sent = {"accepted": False, "reason": why} if why else None

    answer = rest(method, f"{address}{noun}", sent, user=users[who])

    assert answer.status_code == 200
    assert answer.json() == {**swap, "state": state, "reason": reason}
    assert undescribed(answer, f"{method.lower()} {SWAP}{noun}") == []
    assert Swap.objects.get().state == state
    assert told_now(roster) == TOLD
    assert Publication.objects.filter(roster=roster).count() == 1
