"""The people of the demo, their departments and their tokens."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hospital.accounts.authentication import principal_of_token
from hospital.accounts.models import Department, Membership, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from hospital.core.demo import Demo, DemoUser

TOKEN_LIFETIME = timedelta(days=3650)

# code, name, Chinese name: what a general hospital has, by the codes that triage knows
DEPARTMENTS = (
    ("emergency", "Emergency", "急诊科"),
    ("general medicine", "General medicine", "全科医学科"),
    ("radiology", "Radiology", "放射科"),
    ("respiratory medicine", "Respiratory medicine", "呼吸内科"),
    ("cardiology", "Cardiology", "心血管内科"),
    ("gastroenterology", "Gastroenterology", "消化内科"),
    ("neurology", "Neurology", "神经内科"),
    ("endocrinology", "Endocrinology", "内分泌科"),
    ("nephrology", "Nephrology", "肾内科"),
    ("haematology", "Haematology", "血液科"),
    ("rheumatology", "Rheumatology", "风湿免疫科"),
    ("infectious diseases", "Infectious diseases", "感染科"),
    ("oncology", "Oncology", "肿瘤科"),
    ("geriatrics", "Geriatrics", "老年病科"),
    ("psychiatry", "Psychiatry and psychology", "精神心理科"),
    ("general surgery", "General surgery", "普通外科"),
    ("orthopaedics", "Orthopaedics", "骨科"),
    ("urology", "Urology", "泌尿外科"),
    ("neurosurgery", "Neurosurgery", "神经外科"),
    ("paediatrics", "Paediatrics", "儿科"),
    ("obstetrics", "Obstetrics", "产科"),
    ("gynaecology", "Gynaecology", "妇科"),
    ("dermatology", "Dermatology", "皮肤科"),
    ("ophthalmology", "Ophthalmology", "眼科"),
    ("ENT", "Ear, nose and throat", "耳鼻喉科"),
    ("dental", "Dental", "口腔科"),
    ("rehabilitation", "Rehabilitation", "康复科"),
)
OURS = ("emergency", "radiology", "respiratory medicine")
# where the demo has studies, rosters and talks; the others are where patients are sent
WORKING = ("emergency", "general medicine", "radiology", "respiratory medicine")

# role, first name, last name, departments; nobody real
PEOPLE = (
    (Role.ADMINISTRATOR, "Ada", "Novak", WORKING),
    (Role.CLINICIAN, "Clara", "Weiss", OURS),
    (Role.NURSE, "Nora", "Ito", OURS),
    (Role.MANAGER, "Marco", "Silva", OURS),
    (Role.PATIENT, "Petra", "Lindqvist", ()),
)
INTEGRATOR = (Role.INTEGRATOR, "Imaging", "Gateway", WORKING)


@transaction.atomic
def load(demo: Demo) -> None:
    """Make the people who are not there yet; who is there keeps password and token."""
    departments = {
        code: ensure_department(code, *names) for code, *names in DEPARTMENTS
    }
    for role, first_name, last_name, codes in PEOPLE:
        user = ensure_user(role, first_name, last_name)
        join(user, [departments[code] for code in codes])
        if role not in demo.users or not has_token(demo.users[role].api_token, user):
            demo.users[role] = let_in(user)
    role, first_name, last_name, codes = INTEGRATOR
    integrator = ensure_user(role, first_name, last_name)
    join(integrator, [departments[code] for code in codes])
    if not has_token(demo.api_token, integrator):
        demo.api_token = new_token(integrator)


def ensure_department(code: str, name: str, name_zh: str) -> Department:
    names = {"name": name, "name_zh": name_zh}
    department, _ = Department.objects.get_or_create(code=code, defaults=names)
    return department


def ensure_user(role: Role, first_name: str, last_name: str) -> User:
    """Return the demo's person of a role; its user name is the role's own."""
    user, is_new = User.objects.get_or_create(
        username=role.value,
        defaults={
            "role": role,
            "first_name": first_name,
            "last_name": last_name,
            "is_staff": role == Role.ADMINISTRATOR,
            "is_superuser": role == Role.ADMINISTRATOR,
        },
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def join(user: User, departments: list[Department]) -> None:
    rows = [Membership(user=user, department=department) for department in departments]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)


def let_in(user: User) -> DemoUser:
    """Give a new password and a new token, the only ones that `demo.json` tells."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    token = new_token(user)
    return DemoUser(username=user.username, password=password, api_token=token)


def new_token(user: User) -> str:
    """Give a token that carries every scope; roles still say what it may do."""
    _row, text = create_api_token(
        user=user,
        name="Demo",
        scopes=all_scopes(),
        expires=timezone.now() + TOKEN_LIFETIME,
    )
    return text


def has_token(token: str, user: User) -> bool:
    principal = principal_of_token(token) if token else None
    return principal is not None and principal.user == user
