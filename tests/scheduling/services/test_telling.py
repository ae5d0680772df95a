"""Publishing and the end of a search tell exactly those whom it concerns."""

import json

import pytest
from django.utils import timezone

from hospital.accounts.models import Role, User
from hospital.jobs.models import Job
from hospital.notices.models import Notice
from hospital.webhooks.models import WebhookDelivery
from hospital.webhooks.services.endpoints import make_endpoint
from scheduling.models import Roster, Run
from scheduling.problems import as_rows, grid_of, instance_of
from scheduling.services import events
from scheduling.services.events import tell_department
from scheduling.services.runs import Found, end_run
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster, make_run, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> User:
    return make_person(Role.NURSE)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, list[str]]]:
    """Events as they go out: the topic without its key, the event, what it names."""
    sent: list[tuple[str, str, list[str]]] = []

    def hear(topic: str, event: str, data: dict[str, object]) -> None:
        sent.append((topic.partition(":")[0], event, sorted(data)))

    monkeypatch.setattr(events, "publish", hear)
    return sent


@pytest.fixture
def colleague() -> User:
    return make_person(Role.CLINICIAN)


@pytest.fixture
def roster(nurse: User, colleague: User) -> Roster:
    """A draft: P0 is the nurse, P1 the colleague, P2 has no account."""
    roster = make_roster(make_department())
    roster.people.filter(key="P0").update(user=nurse)
    roster.people.filter(key="P1").update(user=colleague)
    cells = {("P0", 0): DAY, ("P0", 1): DAY, ("P1", 0): NIGHT, ("P2", 1): NIGHT}
    return assign(roster, cells)


def told() -> dict[User, str]:
    """What each person was told; everything told so far is then forgotten."""
    words = {notice.user: notice.words for notice in Notice.objects.all()}
    assert len(words) == Notice.objects.count()
    Notice.objects.all().delete()
    return words


def ended(roster: Roster, *, spent_s: float, status: str = "optimal") -> Run:
    """End a search that found the working copy."""
    run = make_run(roster)
    found = Found(
        status=status,
        objective=40 if status == "optimal" else None,
        bound=40.0,
        gap=0.0,
        first_feasible_s=1.0,
        spent_s=spent_s,
        curve=[],
        cells=as_rows(instance_of(roster), grid_of(roster))
        if status == "optimal"
        else None,
        hard_violations=0,
    )
    return end_run(run_id=run.pk, found=found)


def test_the_first_publication_tells_each_account_how_many_shifts_are_theirs(
    roster: Roster, nurse: User, colleague: User
) -> None:
    publish(roster)

    assert {notice.link for notice in Notice.objects.all()} == {"/my-shifts/"}
    assert told() == {
        nurse: "Ward 3, June is published: 2 shifts in it are yours.",
        colleague: "Ward 3, June is published: 1 shift in it is yours.",
    }


def test_publishing_again_tells_only_whose_shifts_changed(
    roster: Roster, nurse: User
) -> None:
    publish(roster)
    told()

    # One shift is another, one is gone; the colleague's stay, P2's have no account.
    publish(assign(roster, {("P0", 0): NIGHT, ("P0", 1): "", ("P2", 3): DAY}))

    assert told() == {
        nurse: "Ward 3, June was published again: 2 of your shifts changed."
    }


def test_a_closed_account_is_told_nothing(roster: Roster, nurse: User) -> None:
    nurse.is_active = False
    nurse.save()

    publish(roster)

    assert nurse not in told()


@pytest.mark.parametrize("spent_s", [30.0, 59.9])  # the page's usual search: 59.9
def test_a_long_search_tells_who_asked_for_it(roster: Roster, spent_s: float) -> None:
    ended(roster, spent_s=spent_s)

    manager = roster.created_by
    assert manager is not None
    assert Notice.objects.get().link == f"/rosters/{roster.pk}/"
    assert told() == {
        manager: "The search for Ward 3, June found a roster that none can better."
    }


def test_a_short_search_and_one_that_was_stopped_tell_nobody(roster: Roster) -> None:
    ended(roster, spent_s=29.9)
    Job.objects.update(state="succeeded", cancel_requested=timezone.now())
    run = make_run(roster)
    Job.objects.filter(pk=run.job_id).update(cancel_requested=timezone.now())
    Run.objects.filter(pk=run.pk).update(spent_s=90.0)
    end_run(run_id=run.pk, found=Found("unknown", None, None, None, None, 90.0, []))

    assert told() == {}


def test_other_systems_hear_ids_and_figures_and_no_names(roster: Roster) -> None:
    make_endpoint(
        owner=make_person(Role.INTEGRATOR, roster.department),
        url="https://engine.example/",
        event_types=["roster.solved", "roster.published"],
    )
    run = ended(roster, spent_s=5.0)
    publish(Roster.objects.get(pk=roster.pk))

    solved, published = WebhookDelivery.objects.order_by("created")
    url = f"http://localhost:8000/api/v1/rosters/{roster.pk}/"
    assert data_of(solved) == {
        "id": str(roster.pk),
        "url": url,
        "run": str(run.pk),
        "status": "optimal",
        "objective": 40,
        "bound": 40.0,
        "gap": 0.0,
    }
    assert data_of(published) == {
        "id": str(roster.pk),
        "url": url,
        "publication": 1,
        "hard_violations": 0,
        "changed_cells": 4,
    }
    assert "Ward" not in solved.body + published.body


def data_of(delivery: WebhookDelivery) -> object:
    message = json.loads(delivery.body)
    assert message["type"] == delivery.event_type
    return message["data"]


def test_a_search_without_a_roster_is_no_event(roster: Roster) -> None:
    make_endpoint(
        owner=make_person(Role.INTEGRATOR, roster.department),
        url="https://engine.example/",
        event_types=["roster.solved"],
    )

    ended(roster, spent_s=90.0, status="infeasible")

    assert not WebhookDelivery.objects.exists()
    (words,) = told().values()
    assert words == "The search for Ward 3, June has ended: no roster keeps the rules."


def test_the_staff_hear_of_what_is_published_and_not_of_drafts(
    roster: Roster,
    heard: list[tuple[str, str, list[str]]],
    django_capture_on_commit_callbacks: object,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell_department(roster, "changed")
        tell_department(roster, "published")

    assert heard == [
        ("rosters", "changed", ["roster", "state", "version"]),
        ("rosters", "published", ["roster", "state", "version"]),
        ("shifts", "published", ["roster"]),
    ]
