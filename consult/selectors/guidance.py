"""What the hospital says for itself: its numbers, its desk's hours, its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.models import Guidance, Phrase
from consult.safety.cards import Card, Service, card_for
from consult.safety.check import CRISES, Finding
from consult.speaking import as_language, in_language
from hospital.accounts.principal import Principal

SERVICES: Mapping[Service, str | Promise] = {
    "emergency": gettext_lazy("Ambulance"),
    "crisis": gettext_lazy("Help in a crisis"),
    "poison": gettext_lazy("Poison centre"),
    "police": gettext_lazy("Police"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call, in the reader's language."""

    label: str
    number: str


def guidance() -> Guidance:
    """Return the hospital's guidance; before anybody wrote it, what holds in China."""
    return Guidance.objects.first() or Guidance()


def numbers() -> dict[Service, str]:
    """Return the number of each service; a service without one is left out."""
    row = guidance()
    every: dict[Service, str] = {
        "emergency": row.emergency_number,
        "crisis": row.crisis_number,
        "poison": row.poison_number,
        "police": row.police_number,
    }
    return {service: number for service, number in every.items() if number}


def calls() -> tuple[Call, ...]:
    """Return whom to call in an emergency and in a crisis."""
    known = numbers()
    return tuple(
        Call(str(SERVICES[service]), known[service])
        for service in SERVICES
        if service in {"emergency", "crisis"} and service in known
    )


def card_json(
    findings: Sequence[Finding], *, language: str, why: str
) -> dict[str, Any]:
    """Return the card of a danger as it is stored and shown; why, to nobody in a crisis."""
    card: Card = card_for(findings, language=as_language(language), numbers=numbers())
    with in_language(language):
        return {
            "id": card.id,
            "kind": card.kind,
            "title": card.title,
            "steps": list(card.steps),
            "why": "" if card.kind in CRISES else why,
            "calls": [
                {"label": str(SERVICES[service]), "number": number}
                for service, number in card.calls
            ],
        }


def is_desk_open(now: datetime) -> bool:
    """Whether somebody is at the desk; always, where no hours are kept."""
    row = guidance()
    hours = list(row.hours.all()) if not row._state.adding else []  # noqa: SLF001 (Django's public name)
    here = timezone.localtime(now)
    return not hours or any(
        each.weekday == here.weekday() and each.opens <= here.time() < each.closes
        for each in hours
    )


def out_of_hours_words(language: str) -> str:
    """Return what is said while nobody is at the desk."""
    row = guidance()
    own_words = row.out_of_hours_zh if language == "zh" else row.out_of_hours_en
    with in_language(language):
        return own_words or _(
            "Nobody is at the desk now. Your conversation waits, and somebody answers "
            "when the desk opens. In an emergency call %(number)s at once."
        ) % {"number": row.emergency_number}


def phrases_for(principal: Principal, *, language: str) -> QuerySet[Phrase]:
    """Return the set phrases of one's departments and of the whole hospital."""
    phrases = Phrase.objects.filter(language=language)
    if principal.sees_every_department:
        return phrases
    ours = Q(department=None) | Q(department__in=principal.department_ids)
    return phrases.filter(ours)
