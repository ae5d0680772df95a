"""Who is told, who hears of it, what is kept and for how long."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from hospital.accounts.models import Role, User
from hospital.accounts.preferences import keep_preference
from hospital.accounts.principal import principal_for
from hospital.jobs.models import Job
from hospital.notices import services
from hospital.notices.authorizers import may_hear_notices_of
from hospital.notices.models import Notice
from hospital.notices.selectors import notices_visible_to, unread_of
from hospital.notices.services import (
    forget_notices,
    mark_all_read,
    mark_read,
    notify,
)
from tests.hospital.notices.conftest import KIND
from tests.jobs import run_here
from tests.rows import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> User:
    return make_person(Role.NURSE)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The events, as they would go out."""
    events: list[tuple[str, str]] = []
    monkeypatch.setattr(
        services, "publish", lambda topic, event, data: events.append((topic, event))
    )
    return events


def tell(*users: User, bed: int = 3) -> list[Notice]:
    return notify(users, kind=KIND, values={"bed": bed}, link="/patients/")


def test_each_open_account_is_told_once_and_hears_of_it_after_the_commit(
    nurse: User,
    told: list[tuple[str, str]],
    django_capture_on_commit_callbacks: object,
) -> None:
    gone = make_person(Role.CLINICIAN)
    gone.is_active = False

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        notices = tell(nurse, gone, nurse)
        assert told == []

    assert [notice.user for notice in notices] == [nurse]
    assert notices[0].words == "Bed 3 is free."
    assert told == [(f"notices:{nurse.pk}", "created")]


def test_a_caller_that_fails_has_told_nobody(nurse: User) -> None:
    with transaction.atomic():
        tell(nurse)
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


def test_an_unknown_kind_and_a_link_elsewhere_are_refused(nurse: User) -> None:
    with pytest.raises(LookupError, match="nothing"):
        notify([nurse], kind="nothing")
    for link in ("https://evil.example/", "//evil.example/"):
        with pytest.raises(IntegrityError, match="leads_nowhere"), transaction.atomic():
            notify([nurse], kind=KIND, link=link)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("kind", ["of an older version", KIND])
def test_a_notice_of_an_older_version_still_says_something(
    kind: str, nurse: User
) -> None:
    notice = Notice.objects.create(user=nurse, kind=kind, values={"room": 3})

    assert notice.words == "There is news for you."


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_and_hears_of_their_own_alone(role: Role, nurse: User) -> None:
    person = make_person(role)
    own, _other = *tell(person), *tell(nurse)
    principal = principal_for(person)

    assert list(notices_visible_to(principal)) == [own]
    assert may_hear_notices_of(principal, str(person.pk))
    assert not may_hear_notices_of(principal, str(nurse.pk))


def test_unread_notices_come_first_then_the_newest(nurse: User) -> None:
    first, second, third = (tell(nurse, bed=bed)[0] for bed in (1, 2, 3))

    mark_read(notice=third)

    assert list(notices_visible_to(principal_for(nurse))) == [second, first, third]
    assert list(unread_of(principal_for(nurse))) == [second, first]


def test_reading_again_keeps_the_first_moment(nurse: User) -> None:
    notice = mark_read(notice=tell(nurse)[0])
    moment = notice.read

    assert moment is not None
    assert mark_read(notice=notice).read == moment


def test_reading_all_reads_no_other_persons(nurse: User) -> None:
    other = make_person(Role.NURSE)
    tell(nurse, other)

    assert mark_all_read(principal=principal_for(nurse)) == 1
    assert Notice.objects.get(read=None).user == other


def test_old_notices_are_forgotten_and_younger_ones_kept(nurse: User) -> None:
    now = timezone.now()
    read, just_read, unread, ancient = (tell(nurse)[0] for _ in range(4))
    Notice.objects.filter(pk=read.pk).update(read=now - timedelta(days=91))
    Notice.objects.filter(pk=just_read.pk).update(read=now - timedelta(days=89))
    Notice.objects.filter(pk=ancient.pk).update(created=now - timedelta(days=366))

    assert forget_notices(now=now) == 2
    assert set(Notice.objects.all()) == {just_read, unread}


def test_mail_goes_to_who_asked_for_it_and_says_nothing_of_the_notice(
    nurse: User,
) -> None:
    nurse.email = "nurse@hospital.example"
    nurse.save()
    keep_preference(user=nurse, name="notices", value={"mail": "on"})

    tell(nurse, make_person(Role.CLINICIAN))
    run_here(Job.objects.get(kind="notices.mail"))

    (sent,) = mail.outbox
    assert sent.to == ["nurse@hospital.example"]
    assert "http://localhost:8000/notices/" in sent.body
    assert "Bed" not in sent.body + sent.subject


def test_no_mail_goes_out_where_the_hospital_has_none(
    nurse: User, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # type: ignore[attr-defined]
    nurse.email = "nurse@hospital.example"
    keep_preference(user=nurse, name="notices", value={"mail": "on"})

    tell(nurse)

    assert not Job.objects.exists()


def test_no_mail_follows_what_was_read_meanwhile(nurse: User) -> None:
    nurse.email = "nurse@hospital.example"
    nurse.save()
    keep_preference(user=nurse, name="notices", value={"mail": "on"})
    mark_read(notice=tell(nurse)[0])

    run_here(Job.objects.get(kind="notices.mail"))

    assert mail.outbox == []
