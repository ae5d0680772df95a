from datetime import timedelta

import pytest
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from hospital.knowledge.models import Decision, EntryState
from hospital.knowledge.selectors import passages_in_force, reviews_visible_to
from hospital.knowledge.services.editing import keep_edit
from hospital.knowledge.services.reviewing import (
    REVIEW_HOLDS,
    decide,
    decisions_open_to,
)
from tests.hospital.knowledge.rows import make_entry, make_passage
from tests.rows import make_person, make_principal

pytestmark = pytest.mark.django_db


def test_a_clinician_approves_what_was_handed_in() -> None:
    passage = make_passage(make_entry(state=EntryState.DRAFT))
    entry, today = passage.entry, timezone.localdate()
    administrator = make_person(Role.ADMINISTRATOR)
    clinician = make_person(Role.CLINICIAN)
    decide(entry, decision=Decision.SUBMITTED, by=administrator, version=1)
    assert list(passages_in_force()) == []

    decide(entry, decision=Decision.APPROVED, by=clinician, version=1)

    entry.refresh_from_db()
    assert (entry.state, entry.reviewer, entry.reviewed) == (
        "published",
        clinician,
        today,
    )
    assert entry.expires == today + REVIEW_HOLDS
    assert list(passages_in_force()) == [passage]
    assert list(passages_in_force(on=today + REVIEW_HOLDS)) == []
    reviews = reviews_visible_to(make_principal(Role.CLINICIAN))
    assert [review.decision for review in reviews] == ["approved", "submitted"]
    assert not reviews_visible_to(make_principal(Role.NURSE)).exists()


def test_what_is_sent_back_is_no_longer_quoted_and_needs_words() -> None:
    passage = make_passage()
    clinician = make_person(Role.CLINICIAN)
    facts = {"decision": Decision.RETURNED, "by": clinician, "version": 1}

    with pytest.raises(InvalidInput) as refused:
        decide(passage.entry, words=" ", **facts)
    assert refused.value.fields == {"words": ["Say what should be changed."]}
    assert list(passages_in_force()) == [passage]

    review = decide(passage.entry, words="The dose is wrong.", **facts)
    assert review.words == "The dose is wrong."
    assert list(passages_in_force()) == []


@pytest.mark.parametrize(
    ("role", "decision", "facts", "error"),
    [
        (Role.ADMINISTRATOR, Decision.APPROVED, {}, NotPermitted),
        (Role.NURSE, Decision.RETIRED, {}, NotPermitted),
        (Role.CLINICIAN, Decision.APPROVED, {"version": 2}, Conflict),
        (Role.CLINICIAN, Decision.SUBMITTED, {}, Conflict),
        (Role.CLINICIAN, Decision.APPROVED, {"expires": 0}, InvalidInput),
    ],
)
def test_what_is_refused_changes_nothing(
    role: Role, decision: Decision, facts: dict[str, int], error: type[DomainError]
) -> None:
    entry = make_entry()
    if "expires" in facts:
        facts = {"expires": timezone.localdate()}  # type: ignore[dict-item]

    with pytest.raises(error):
        decide(
            entry, decision=decision, by=make_person(role), **{"version": 1, **facts}
        )

    entry.refresh_from_db()
    assert (entry.state, entry.reviewer) == ("published", None)
    assert not entry.reviews.exists()


def test_decisions_are_those_of_the_role_and_the_state() -> None:
    entry = make_entry()

    assert decisions_open_to(Role.NURSE, entry) == []
    assert decisions_open_to(Role.ADMINISTRATOR, entry) == ["returned", "retired"]
    assert decisions_open_to(Role.CLINICIAN, entry) == [
        "approved",
        "returned",
        "retired",
    ]


def test_an_edit_is_a_new_version_that_waits_for_a_clinician() -> None:
    entry = make_entry(
        reviewed_by="Dr Li", expires=timezone.localdate() + timedelta(days=9)
    )
    passage = make_passage(entry, embedding=[0.5] * 384)
    entry.title, passage.text = "New title", "New text."

    kept = keep_edit(entry, fields=["title"], passages=[passage])

    assert (kept.title, kept.version, kept.state) == ("New title", 2, "in_review")
    assert not kept.is_reviewed
    assert kept.edited is not None
    passage.refresh_from_db()
    assert (passage.text, passage.embedding) == ("New text.", None)
    assert passage.events.get().text == "Drink enough water."
