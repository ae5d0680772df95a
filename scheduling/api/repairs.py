"""Ways on after a sick call, in REST."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any  # Any: what a serializer read
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.api.base import NOT_TAKEN, EditorsDoor, ShortListField, etag
from scheduling.limits import HEAVIEST_CHANGE, LONGEST_FREEZE_H
from scheduling.models import Roster
from scheduling.repairing.asking import Found
from scheduling.saying.sentences import sentence
from scheduling.services.repairs import SickCall, repair_options
from scheduling.solver.instance import MAX_DAYS

MOST_ABSENT = 100


class AbsenceSerializer(serializers.Serializer):
    person = serializers.CharField(max_length=100, help_text="The person's key.")
    days = ShortListField(
        child=serializers.IntegerField(min_value=0),
        min_length=1,
        max_length=MAX_DAYS,
        help_text="Counted from 0.",
    )


class SickCallSerializer(serializers.Serializer):
    """Who is away; what starts within `freeze_hours` of now stays as published."""

    absences = ShortListField(
        child=AbsenceSerializer(), min_length=1, max_length=MOST_ABSENT
    )
    freeze_hours = serializers.IntegerField(
        default=0, min_value=0, max_value=LONGEST_FREEZE_H
    )
    from_day = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_DAYS - 1,
        help_text="The day before which all is past; by default today, and of a roster "
        "that is over the first day of absence.",
    )
    cell_weight = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=HEAVIEST_CHANGE,
        help_text="What a changed cell is worth in cover's cost; by default 2.5.",
    )
    person_weight = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=HEAVIEST_CHANGE,
        help_text="What a person disturbed is worth in it; by default 2.5.",
    )


class RepairChangeSerializer(serializers.Serializer):
    person = serializers.CharField()
    day = serializers.IntegerField()
    date = serializers.DateField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class RepairOptionSerializer(serializers.Serializer):
    """One way on, legal where `unmet` is 0; send its changes as cells to take it."""

    rank = serializers.IntegerField(help_text="1 covers best.")
    message = serializers.CharField()
    changes = RepairChangeSerializer(many=True)
    changed_cells = serializers.IntegerField(
        help_text="Besides the absent shifts themselves."
    )
    people_disturbed = serializers.IntegerField()
    unmet = serializers.IntegerField(
        help_text="How many places more stay empty although they must be filled: above 0 "
        "only where no legal way is left."
    )
    cover_cost = serializers.IntegerField()
    cover_loss = serializers.IntegerField()
    objective = serializers.IntegerField()
    is_excused = serializers.BooleanField(
        help_text="The absent keep their contract only because illness excuses them."
    )
    uncovered = serializers.ListField(child=serializers.CharField())


class RepairOptionsSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="For If-Match when one is taken.")
    message = serializers.CharField(
        allow_blank=True,
        help_text="How the call was read: of a roster that is over, as made on the "
        "first day of absence.",
    )
    options = RepairOptionSerializer(many=True)


class RepairView(EditorsDoor):
    @extend_schema(
        summary="Ways on after a sick call, the best cover first",
        description="Nothing is changed. Take an option by sending its `changes` as "
        "cells (`after` is the shift) to `…/assignments/` with `If-Match`, together with the "
        "call's `absences`: the sick are then away for later calls and searches too.",
        request=SickCallSerializer,
        responses={
            200: RepairOptionsSerializer,
            422: NOT_TAKEN,
            503: OpenApiResponse(
                description="No worker is free; `Retry-After` says when to ask again"
            ),
        },
        examples=[
            OpenApiExample(
                "Away for two days",
                request_only=True,
                value={
                    "absences": [{"person": "P07", "days": [12, 13]}],
                    "freeze_hours": 24,
                },
            )
        ],
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = SickCallSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        ways = repair_options(
            roster=roster,
            call=SickCall(
                absences_in(sent["absences"]),
                sent["freeze_hours"],
                sent.get("from_day"),
                sent.get("cell_weight"),
                sent.get("person_weight"),
            ),
        )
        body = {
            "version": roster.version,
            "message": ways.note,
            "options": [
                {**_option(option, roster), "rank": rank}
                for rank, option in enumerate(ways.options, start=1)
            ],
        }
        return Response(body, headers=etag(roster))


def absences_in(sent: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Return the days by person, of a list that may name somebody twice."""
    absences: dict[str, list[int]] = {}
    for one in sent:
        absences.setdefault(one["person"], []).extend(one["days"])
    return absences


def _option(option: Found, roster: Roster) -> Found:
    return {
        **option,
        "message": sentence(option["message"]),
        "uncovered": [sentence(one) for one in option["uncovered"]],
        "changes": [
            {
                **change,
                "date": (roster.start + timedelta(days=change["day"])).isoformat(),
                "message": sentence(change["message"]),
            }
            for change in option["changes"]
        ],
    }
