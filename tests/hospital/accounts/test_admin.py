"""The administration: for administrators, and within what it may do."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from oauth2_provider.models import Application

from hospital.accounts.models import (
    ApiClient,
    Department,
    OneTimeLink,
    Role,
    SecondFactor,
    User,
)
from hospital.accounts.services.tokens import create_api_token
from hospital.accounts.site import HIDDEN_APPS
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
NO_MEMBERSHIPS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


@pytest.fixture
def desk(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def test_a_new_person_gets_an_invitation_shown_once(desk: Client) -> None:
    department = make_department("radiology")

    response = desk.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "clara",
            "role": "clinician",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-department": str(department.pk),
        },
    )

    clara = User.objects.get(username="clara")
    assert "/accounts/link/" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert (clara.is_staff, clara.is_superuser) == (False, False)
    assert not clara.has_usable_password()
    assert [row.code for row in clara.departments.all()] == ["radiology"]
    assert OneTimeLink.objects.get().user == clara


def test_a_link_is_printed_for_each_person(desk: Client) -> None:
    people = [make_person(Role.NURSE), make_person(Role.CLINICIAN)]

    response = desk.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "print_links", "_selected_action": [str(p.pk) for p in people]},
    )

    assert response.content.decode().count("/accounts/link/") == 2


@pytest.mark.parametrize("change", [{"role": "nurse"}, {"is_active": ""}])
def test_the_last_administrator_stays(
    desk: Client, administrator: User, change: dict[str, str]
) -> None:
    form = {"username": administrator.username, "role": "administrator"}
    path = reverse("admin:accounts_user_change", args=[administrator.pk])

    response = desk.post(path, {**form, "is_active": "on", **NO_MEMBERSHIPS, **change})

    administrator.refresh_from_db()
    assert "last administrator" in response.content.decode()
    assert (administrator.role, administrator.is_active) == ("administrator", True)


def test_losing_the_role_closes_the_administration(desk: Client) -> None:
    other = make_person(Role.ADMINISTRATOR)
    theirs = Client()
    theirs.force_login(other)

    desk.post(
        reverse("admin:accounts_user_change", args=[other.pk]),
        {
            "username": other.username,
            "role": "nurse",
            "is_active": "on",
            **NO_MEMBERSHIPS,
        },
    )

    other.refresh_from_db()
    assert (other.is_staff, other.is_superuser) == (False, False)
    assert theirs.get("/admin/").status_code == 403


def test_a_client_s_secret_is_shown_once(desk: Client) -> None:
    integrator = make_person(Role.INTEGRATOR)

    response = desk.post(
        reverse("admin:accounts_apiclient_add"),
        {"name": "PACS", "integrator": str(integrator.pk), "scopes": ["studies:read"]},
    )

    made = ApiClient.objects.get()
    page = response.content.decode()
    assert made.application.client_id in page
    assert made.scopes == ["studies:read"]
    assert made.application.authorization_grant_type == "client-credentials"
    assert Application.objects.get().client_secret not in page


def test_tokens_are_revoked_from_here_and_never_shown(desk: Client) -> None:
    row, text = create_api_token(user=make_person(Role.NURSE), name="x", scopes=[])
    path = reverse("admin:accounts_apitoken_changelist")

    page = desk.get(path).content.decode()
    desk.post(path, {"action": "revoke", "_selected_action": [str(row.pk)]})

    row.refresh_from_db()
    assert text not in page
    assert row.digest not in page
    assert row.revoked is not None


def test_a_removed_second_factor_leaves_a_row_without_its_secret(
    desk: Client, administrator: User
) -> None:
    nurse = make_person(Role.NURSE)
    factor = Authenticator.objects.create(
        user=nurse, type=Authenticator.Type.TOTP, data={"secret": "only theirs"}
    )
    path = reverse("admin:accounts_user_changelist")
    chosen = {"action": "remove_second_factors", "_selected_action": [str(nurse.pk)]}

    desk.post(path, chosen)

    events = SecondFactor.pgh_event_model.objects.order_by("pgh_id")
    came, went = events.values("pgh_label", "user", "type", "pgh_context__metadata")
    assert (came["pgh_label"], went["pgh_label"]) == ("insert", "delete")
    assert (went["user"], went["type"]) == (nurse.pk, factor.type)
    assert went["pgh_context__metadata"]["user"] == str(administrator.pk)


def test_pages_that_show_secrets_are_not_there() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}

    assert apps & HIDDEN_APPS == set()


@pytest.mark.parametrize(
    "name", ["audit_access", "pghistory_events", "accounts_apitoken"]
)
def test_what_was_done_can_only_be_read(desk: Client, name: str) -> None:
    listed = desk.get(reverse(f"admin:{name}_changelist"))
    added = desk.get(reverse(f"admin:{name}_add"))

    assert (listed.status_code, added.status_code) == (200, 403)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_are_refused_and_change_nothing(role: Role) -> None:
    client = Client()
    client.force_login(make_person(role, make_department()))
    before = Department.objects.count()

    opened = client.get("/admin/")
    signed_in = client.get("/admin/login/")
    posted = client.post(
        reverse("admin:accounts_department_add"), {"code": "x", "name": "X"}
    )

    statuses = (opened.status_code, signed_in.status_code, posted.status_code)
    assert statuses == (403, 403, 403)
    assert Department.objects.count() == before


def test_strangers_sign_in_at_the_platform_s_own_page(client: Client) -> None:
    opened = client.get("/admin/")
    door = client.get("/admin/login/?next=/admin/")
    posted = client.post("/admin/login/", {"username": "a", "password": "b"})

    assert opened["Location"] == door["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert posted["Location"].startswith("/accounts/login/")


def test_the_database_keeps_others_out_of_the_administration() -> None:
    nurse = make_person(Role.NURSE)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=nurse.pk).update(is_staff=True)


def test_the_first_administrator_is_made_by_the_command() -> None:
    user = User.objects.create_superuser("ada", password="a long sentence here")

    assert (user.role, user.is_staff) == (Role.ADMINISTRATOR, True)


@pytest.mark.parametrize(
    ("code", "is_kept"),
    [("general medicine", True), ("ENT", True), ("skin-2", True), ("a  b/c", False)],
)
def test_departments_are_entered_by_the_codes_that_the_product_knows(
    desk: Client,
    code: str,
    is_kept: bool,  # noqa: FBT001
) -> None:
    path = reverse("admin:accounts_department_add")

    desk.post(path, {"code": code, "name": "Ward", "name_zh": ""})

    assert Department.objects.filter(code=code).exists() == is_kept
