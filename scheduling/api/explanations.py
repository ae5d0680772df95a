"""Why a roster keeps no hard rules, in REST: asked in the background, read when found."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import EditorsDoor
from scheduling.models import Explanation, ExplanationStatus
from scheduling.saying.sentences import sentence
from scheduling.selectors.rosters import explanations_visible_to
from scheduling.services.explanations import ask_explanation

Json = dict[str, Any]  # Any: as the child wrote it


class AskedSerializer(serializers.Serializer):
    job = serializers.UUIDField()
    explanation = serializers.UUIDField()


class ExplainedRuleSerializer(serializers.Serializer):
    """A rule that takes part in a conflict, or something seen at a glance."""

    person = serializers.CharField(
        allow_blank=True, help_text="Empty where it is nobody's alone."
    )
    rule = serializers.CharField(allow_blank=True)
    days = serializers.ListField(child=serializers.IntegerField())
    message = serializers.CharField()


class ExplainedRepairSerializer(serializers.Serializer):
    """Changes that together make a roster possible."""

    cost = serializers.IntegerField(help_text="In tenths of a shift.")
    changes = ExplainedRuleSerializer(many=True)


class ExplanationSerializer(serializers.Serializer):
    """The newest explanation; `status` is empty while its job goes on."""

    id = serializers.UUIDField()
    job = serializers.UUIDField()
    created = serializers.DateTimeField()
    problem_version = serializers.IntegerField()
    is_current = serializers.BooleanField(
        help_text="Whether the problem is still the one it speaks of."
    )
    status = serializers.ChoiceField(
        choices=ExplanationStatus.choices, allow_blank=True
    )
    findings = ExplainedRuleSerializer(many=True)
    conflicts = serializers.ListField(
        child=ExplainedRuleSerializer(many=True),
        help_text="Each is minimal: without any of its rules the others can be kept.",
    )
    repairs = ExplainedRepairSerializer(many=True)


class ExplanationView(EditorsDoor):
    @extend_schema(
        operation_id="rosters_explanation_ask",
        summary="Find out why hard rules cannot all be kept, in the background",
        request=None,
        responses={202: AskedSerializer},
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        asked = ask_explanation(roster=roster, author=self.author())
        return Response(
            {"job": str(asked.job_id), "explanation": str(asked.pk)},
            status=202,
            headers={"Location": f"/api/v1/jobs/{asked.job_id}/"},
        )

    @extend_schema(
        operation_id="rosters_explanation",
        summary="The newest explanation, in the language of Accept-Language",
        responses={
            200: ExplanationSerializer,
            404: OpenApiResponse(description="Nobody asked yet"),
        },
        examples=[
            OpenApiExample(
                "Two rules that cannot both be kept",
                response_only=True,
                value={
                    "id": "5f0c6d53-6f5e-4c51-9a5f-0d1a54e6c5a1",
                    "job": "7b0e0a55-94c3-4d5f-8f37-0f4b1f0c6a11",
                    "created": "2026-06-01T08:00:00Z",
                    "problem_version": 1,
                    "is_current": True,
                    "status": "infeasible",
                    "findings": [],
                    "conflicts": [
                        [
                            {
                                "person": "A07",
                                "rule": "leave",
                                "days": [3],
                                "message": "the leave of A07 on 06/04/2026",
                            },
                            {
                                "person": "",
                                "rule": "cover",
                                "days": [3],
                                "message": "cover, 06/04/2026 to 06/04/2026",
                            },
                        ]
                    ],
                    "repairs": [
                        {
                            "cost": 40,
                            "changes": [
                                {
                                    "person": "",
                                    "rule": "cover",
                                    "days": [3],
                                    "message": "Do with 0 instead of 1 on 06/04/2026"
                                    " (cover).",
                                }
                            ],
                        }
                    ],
                },
            )
        ],
    )
    def get(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        shown = explanations_visible_to(principal_of(request)).filter(roster=roster)
        found = shown.order_by("-created").first()
        if found is None:
            raise Http404(_("Nobody asked why yet."))
        is_current = found.problem_version == roster.problem_version
        body = {**_body(found), "is_current": is_current}
        return Response(ExplanationSerializer(body).data)


def _body(found: Explanation) -> Json:
    answer: Json = found.answer
    return {
        "id": found.pk,
        "job": found.job_id,
        "created": found.created,
        "problem_version": found.problem_version,
        "status": found.status,
        "findings": [_rule(one) for one in answer.get("findings", ())],
        "conflicts": [
            [_rule(member) for member in conflict["members"]]
            for conflict in answer.get("conflicts", ())
        ],
        "repairs": [
            {"cost": one["cost"], "changes": [_rule(each) for each in one["changes"]]}
            for one in answer.get("repairs", ())
        ],
    }


def _rule(one: Json) -> Json:
    return {
        "person": one["person"],
        "rule": one.get("rule", ""),
        "days": one["days"],
        "message": sentence(one["message"]),
    }
