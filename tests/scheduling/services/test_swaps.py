"""Two swap shifts of a published roster: legal at every step, and told at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from hospital.notices.models import Notice
from scheduling.models import (
    Leave,
    LeaveState,
    Publication,
    PublishedShift,
    Roster,
    RosterPerson,
    Stale,
    Swap,
    SwapState,
)
from scheduling.problems import cells_of
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.rosters import close_roster, tie_account
from scheduling.services.stale import close_every_stale_swap
from scheduling.services.swaps import (
    Offer,
    answer_swap,
    ask_swap,
    decide_swap,
    let_swaps_go,
    swaps_for,
    withdraw_swap,
)
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, MONDAY, NIGHT, assign, make_roster, publish

pytestmark = pytest.mark.django_db
CELLS = {("P0", 2): DAY, ("P1", 4): NIGHT, ("P2", 3): NIGHT}


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    set_now(monkeypatch, datetime(2026, 6, 1, 9, tzinfo=UTC))


def set_now(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def people(department: Department) -> list[User]:
    return [make_person(Role.NURSE, department) for _ in range(3)]


@pytest.fixture
def roster(department: Department, manager: User, people: list[User]) -> Roster:
    """Published: P0 has a day on Wednesday, P2 the night after it, P1 a night on Friday."""
    roster = make_roster(department, author=manager)
    for number, user in enumerate(people):
        roster.people.filter(key=f"P{number}").update(user=user)
    publish(assign(roster, CELLS))
    return Roster.objects.get(pk=roster.pk)


def told(roster: Roster, key: str, day: int) -> PublishedShift:
    current = Roster.objects.get(pk=roster.pk).current
    return PublishedShift.objects.get(publication=current, person__key=key, day=day)


def place(roster: Roster, key: str) -> RosterPerson:
    return RosterPerson.objects.get(roster=roster, key=key)


def ask(roster: Roster, *, taker: str = "P1", back: int | None = None) -> Swap:
    shift = told(roster, "P0", 2)
    user = shift.person.user
    assert user is not None
    in_return = None if back is None else told(roster, taker, back)
    offer = Offer(shift, place(roster, taker), in_return)
    return ask_swap(user=user, offer=offer)


def answer(swap: Swap, *, is_accepted: bool = True) -> Swap:
    user = swap.taker.user
    assert user is not None
    return answer_swap(swap=swap, user=user, is_accepted=is_accepted)


def current_cells(roster: Roster) -> dict[tuple[str, int], str]:
    current = Roster.objects.get(pk=roster.pk).current
    assert current is not None
    return {(s.person.key, s.day): s.shift for s in current.shifts.all()}


def test_an_approved_swap_changes_the_working_copy_and_is_published(
    roster: Roster, manager: User
) -> None:
    swap = answer(ask(roster, back=4))
    waits = Notice.objects.get(kind="rosters.waiting", user=manager)

    done = decide_swap(swap=swap, author=manager, is_approved=True)

    assert "want to swap on Jun 3, 2026" in waits.words
    after = {("P1", 2): DAY, ("P0", 4): NIGHT, ("P2", 3): NIGHT}
    newest = Roster.objects.get(pk=roster.pk)
    assert done.state == SwapState.DONE
    assert done.publication == newest.current
    assert (done.publication.number, done.publication.changed_cells) == (2, 4)
    assert done.publication.note == "Swap: Person 0 and Person 1"
    assert done.publication.version == newest.version == roster.version + 1
    assert current_cells(roster) == cells_of(newest) == after


def test_what_would_break_a_rule_is_not_even_asked(roster: Roster) -> None:
    publish(assign(roster, {("P1", 1): NIGHT}))  # a day would follow the night

    with pytest.raises(InvalidInput) as refused:
        ask(roster)

    assert refused.value.code == "swap_breaks_rules"
    assert "Person 1" in refused.value.fields["violations"][0]
    assert not Swap.objects.exists()


@pytest.mark.parametrize("state", ["a lock", "leave", "own day", "begun", "twice"])
def test_who_cannot_swap_is_told_why(
    state: str,
    roster: Roster,
    manager: User,
    people: list[User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taker = "P1"
    if state == "a lock":
        lock(roster, manager, "P1", 2)
    elif state == "leave":
        make_leave(people[1], roster, 2)
    elif state == "own day":
        publish(assign(roster, {("P1", 2): NIGHT}))
    elif state == "begun":
        set_now(monkeypatch, datetime(2026, 6, 3, 5, tzinfo=UTC))  # 7:00 in Berlin
    else:
        ask(roster)

    with pytest.raises(Conflict) as refused:
        ask(roster, taker=taker)

    assert (
        refused.value.code
        == {
            "a lock": "cell_fixed",
            "leave": "cell_fixed",
            "own day": "not_free",
            "begun": "shift_begun",
            "twice": "swap_offered",
        }[state]
    )
    assert Swap.objects.count() == (state == "twice")


def lock(roster: Roster, manager: User, person: str, day: int) -> None:
    change_cells(
        roster=roster,
        author=manager,
        changes=[CellChange(person, day, is_locked=True)],
        expected_version=None,
    )


def make_leave(user: User, roster: Roster, day: int) -> Leave:
    on = MONDAY + timedelta(days=day)
    return Leave.objects.create(
        user=user,
        department=roster.department,
        kind="annual",
        first=on,
        last=on,
        state=LeaveState.APPROVED,
    )


def test_a_shift_during_ones_own_leave_is_given_away(
    roster: Roster, people: list[User]
) -> None:
    make_leave(people[0], roster, 2)

    ways = swaps_for(told(roster, "P0", 2))
    swap = ask(roster)

    assert ways[0].exchange.back_day is None
    assert swap.state == SwapState.OFFERED


def test_suggestions_are_legal_and_the_cheapest_come_first(roster: Roster) -> None:
    found = swaps_for(told(roster, "P0", 2))

    told_ = [(one.exchange.taker, one.exchange.back_day) for one in found]
    # P2's night for a day before it is legal, and costs as much as giving it away.
    assert told_ == [("P1", None), ("P2", None), ("P1", 4), ("P2", 3)]
    assert all(one.is_legal for one in found)
    assert [one.cost_change for one in found] == sorted(o.cost_change for o in found)


def test_the_unpublished_work_of_the_manager_stays_unpublished(
    roster: Roster, manager: User
) -> None:
    swap = answer(ask(roster))
    assign(roster, {("P2", 6): DAY})

    decide_swap(swap=swap, author=manager, is_approved=True)

    assert ("P2", 6) not in current_cells(roster)
    assert cells_of(roster)["P2", 6] == DAY
    assert cells_of(roster)["P1", 2] == DAY


def test_a_working_copy_that_differs_there_waits(roster: Roster, manager: User) -> None:
    swap = answer(ask(roster))
    assign(roster, {("P1", 2): NIGHT})

    with pytest.raises(Conflict, match="working copy"):
        decide_swap(swap=swap, author=manager, is_approved=True)

    swap.refresh_from_db()
    assert swap.state == SwapState.ACCEPTED
    assert Publication.objects.count() == 1


def test_publishing_closes_swaps_whose_shifts_changed(roster: Roster) -> None:
    swap = answer(ask(roster, back=4))

    publish(assign(roster, {("P1", 4): ""}))

    swap.refresh_from_db()
    assert (swap.state, swap.reason) == (SwapState.CLOSED, Stale.CHANGED)
    assert swap.reason_told == "One of the shifts was changed meanwhile."


def test_a_swap_ends_where_its_giver_turns_out_to_be_somebody_else(
    roster: Roster, manager: User, department: Department
) -> None:
    swap = ask(roster)
    other = make_person(Role.NURSE, department)

    tie_account(roster=roster, author=manager, key=swap.giver.key, user=other)

    swap.refresh_from_db()
    assert (swap.state, swap.reason) == (SwapState.CLOSED, Stale.LEFT)


@pytest.mark.parametrize("why", [Stale.BEGUN, Stale.LEFT, Stale.FIXED, Stale.RULES])
def test_what_can_no_longer_be_is_closed_with_its_reason(
    why: Stale,
    roster: Roster,
    manager: User,
    people: list[User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swap = answer(ask(roster))
    if why == Stale.BEGUN:
        set_now(monkeypatch, datetime(2026, 6, 4, tzinfo=UTC))
    elif why == Stale.LEFT:
        User.objects.filter(pk=people[1].pk).update(is_active=False)
    elif why == Stale.FIXED:
        make_leave(people[1], roster, 2)
    else:
        publish(assign(roster, {("P1", 1): NIGHT}))  # a day would follow the night

    closed = decide_swap(swap=swap, author=manager, is_approved=True)

    assert (closed.state, closed.reason) == (SwapState.CLOSED, why)
    assert current_cells(roster)["P0", 2] == DAY


def test_the_clock_closes_what_has_begun_and_both_are_told(
    roster: Roster, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = ask(roster)
    before = close_every_stale_swap()
    set_now(monkeypatch, datetime(2026, 6, 4, tzinfo=UTC))

    closed = close_every_stale_swap()

    swap.refresh_from_db()
    told = Notice.objects.filter(kind="rosters.swap", values__state="closed")
    assert (before, closed) == (0, 1)
    assert (swap.state, swap.reason) == (SwapState.CLOSED, Stale.BEGUN)
    assert {notice.user for notice in told} == set(people[:2])


def test_closing_the_roster_ends_its_swaps(roster: Roster, manager: User) -> None:
    swap = ask(roster)

    close_roster(roster=roster, author=manager)

    swap.refresh_from_db()
    assert (swap.state, swap.reason) == (SwapState.CLOSED, Stale.ENDED)


def test_a_swap_that_costs_nothing_needs_no_manager_where_that_is_set(
    roster: Roster, manager: User, people: list[User]
) -> None:
    let_swaps_go(roster=roster, author=manager, is_let=True)

    done = answer(ask(roster))

    assert (done.state, done.cost_change) == (SwapState.DONE, 0)
    assert done.publication is not None
    assert done.publication.published_by == people[1]


def test_everybody_decides_what_is_theirs_alone(
    roster: Roster, manager: User, people: list[User]
) -> None:
    swap = ask(roster)
    giver, taker, other = people
    stranger = make_person(Role.MANAGER, make_department())

    for user in (giver, other, manager):
        with pytest.raises(NotPermitted):
            answer_swap(swap=swap, user=user, is_accepted=True)
    with pytest.raises(NotPermitted):
        withdraw_swap(swap=swap, user=taker)
    for user in (giver, taker, stranger):
        with pytest.raises(NotPermitted):
            decide_swap(swap=swap, author=user, is_approved=True)
    with pytest.raises(Conflict):  # the colleague has not said yes
        decide_swap(swap=swap, author=manager, is_approved=True)

    swap.refresh_from_db()
    assert swap.state == SwapState.OFFERED
    assert withdraw_swap(swap=swap, user=giver).state == SwapState.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_wins(roster: Roster, manager: User) -> None:
    swap = answer(ask(roster))
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            decided = decide_swap(swap=swap, author=manager, is_approved=True)
            outcomes.append(decided.state)
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "swap_decided"]
    assert Publication.objects.count() == 2
