"""The rules in force in a roster, in plain words, and the law it is made under."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from scheduling.choices import LawForm
from scheduling.problems import instance_of
from scheduling.saying.laws import law_title
from scheduling.saying.rules import RuleText, clause_text, rule_texts
from scheduling.saying.sentences import named
from scheduling.selectors.laws import law_known, offered_laws
from scheduling.services.laws import choose_law
from scheduling.solver.instance import Instance
from scheduling.solver.laws import (
    LawProfile,
    is_law,
    law_in,
    law_rules,
)
from scheduling.views.board import EDITING_ROLES, sent_version, visible_roster


@dataclass(frozen=True, slots=True)
class ContractText:
    """A contract, or one person's own rules, in words."""

    name: str
    people: list[str]
    rules: list[RuleText]


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause of law in words; `is_asked` where an optional one counts here."""

    name: str
    article: str
    text: str
    is_optional: bool
    is_asked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def laws(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Show the rules in force; a POST puts the roster under another law, or none."""
    roster = visible_roster(request, roster_id)
    instance = instance_of(roster)
    current = law_in(instance)
    law = law_known(current)
    profiles = offered_laws()
    if law is not None and law not in profiles:  # withdrawn, or there is a newer one
        profiles.append(law)
    form = LawForm(
        request.POST if request.method == "POST" else None,
        profiles=profiles,
        current=current,
        asked=sorted(law_rules(instance)),
    )
    if request.method == "POST" and form.is_valid():
        choose_law(
            roster=roster,
            author=principal_of(request).user,
            profile=form.cleaned_data["profile"],
            asked=form.cleaned_data["clauses"],
            expected_version=sent_version(request),
        )
        messages.success(request, _("The law of this roster is changed."))
        return redirect("scheduling:laws", roster_id=roster.id)
    context = {
        "roster": roster,
        "form": form,
        "contracts": list(_contracts(instance)),
        "own": list(_own_rules(instance)),
        "law": law,
        "law_title": law_title(law) if law else "",
        "clauses": list(_clauses(law, instance)) if law else [],
        "unjudged": _without_times(instance) if current else [],
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/laws.html", context, status=status)


def _contracts(instance: Instance) -> Iterator[ContractText]:
    for contract in instance.contracts:
        if is_law(contract.id):
            continue
        yield ContractText(
            named(contract.id),
            [p.name or p.id for p in instance.people if contract.id in p.contracts],
            rule_texts(contract.rules, instance),
        )


def _own_rules(instance: Instance) -> Iterator[ContractText]:
    for person in instance.people:
        if person.rules:
            rules = rule_texts(person.rules, instance)
            yield ContractText(person.name or person.id, [], rules)


def _clauses(profile: LawProfile, instance: Instance) -> Iterator[ClauseText]:
    asked = law_rules(instance)
    for clause in profile.clauses:
        if clause.in_force(instance.start):
            yield ClauseText(
                named(clause.name),
                clause.article,
                clause_text(clause),
                clause.is_optional,
                clause.name in asked,
            )


def _without_times(instance: Instance) -> list[str]:
    return [
        one.name or one.id
        for one in instance.shift_types
        if one.start_minute is None and one.on_call != "home"
    ]
