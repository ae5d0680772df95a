"""Verdicts and critical results in REST."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diagnosis.api.report import PersonSerializer, StudyView
from diagnosis.models import CriticalResult, Verdict, VerdictKind
from diagnosis.selectors import critical_results_visible_to, findings_visible_to
from diagnosis.services.critical import acknowledge_critical, raise_critical
from diagnosis.services.reader import require_reader
from diagnosis.services.verdict import judge_finding
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_reading


class VerdictSerializer(serializers.ModelSerializer):
    reader = PersonSerializer(read_only=True)

    class Meta:
        model = Verdict
        fields = ["id", "finding", "verdict", "label", "comment", "reader", "created"]


class NewVerdictSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VerdictKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]  # the contract's word
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text="One of the model's labels; for a correction.",
    )
    comment = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000
    )


class VerdictsView(APIView):
    scope = "findings"

    @extend_schema(
        summary="Accept, correct or reject a finding",
        description="Clinicians of the study's department only. The same verdict "
        "again changes nothing.",
        request=NewVerdictSerializer,
        responses={
            201: VerdictSerializer,
            403: OpenApiResponse(description="Not a clinician of the department"),
            409: OpenApiResponse(description="The study is signed"),
            422: OpenApiResponse(description="A label that the model does not have"),
        },
        examples=[
            OpenApiExample(
                "A correction",
                request_only=True,
                value={
                    "verdict": "corrected",
                    "label": "NonCOVID",
                    "comment": "Motion artefact.",
                },
            )
        ],
    )
    def post(self, request: Request, finding_id: UUID) -> Response:
        principal = principal_of(request)
        visible = findings_visible_to(principal).select_related("study")
        finding = get_object_or_404(visible, id=finding_id)
        require_reader(
            principal.user,
            finding.study,
            refusal=_("Only a clinician may judge a finding."),
        )
        form = NewVerdictSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        verdict = judge_finding(
            finding=finding, reader=principal.user, **form.validated_data
        )
        return Response(VerdictSerializer(verdict).data, status=201)


class CriticalResultSerializer(serializers.ModelSerializer):
    raised_by = PersonSerializer(read_only=True)
    acknowledged_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CriticalResult
        fields = [
            "id",
            "study",
            "finding",
            "reason",
            "raised_by",
            "created",
            "acknowledged",
            "acknowledged_by",
            "note",
        ]


class NewCriticalResultSerializer(serializers.Serializer):
    reason = serializers.CharField(allow_blank=True, default="", max_length=300)


class AcknowledgementSerializer(serializers.Serializer):
    note = serializers.CharField(
        allow_blank=True,
        default="",
        max_length=500,
        help_text="Who was told, and how.",
    )


class CriticalResultsView(StudyView, GenericAPIView):
    queryset = CriticalResult.objects.none()
    serializer_class = CriticalResultSerializer
    filter_backends = ()  # a study has few, and the newest stands first

    @extend_schema(
        summary="The study's critical results",
        responses=CriticalResultSerializer(many=True),
    )
    def get(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        record_reading(request, record=study, patient_id=study.patient_id)
        rows = critical_results_visible_to(principal_of(request)).filter(study=study)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Raise a critical result; it stops the signature until acknowledged",
        request=NewCriticalResultSerializer,
        responses={201: CriticalResultSerializer},
    )
    def post(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        form = NewCriticalResultSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        critical = raise_critical(
            study=study, reader=self.reader(), reason=form.validated_data["reason"]
        )
        return Response(CriticalResultSerializer(critical).data, status=201)


class AcknowledgementView(APIView):
    scope = "reports"

    @extend_schema(
        summary="Say who was told of a critical result, and how",
        request=AcknowledgementSerializer,
        responses={201: CriticalResultSerializer},
    )
    def post(self, request: Request, critical_id: UUID) -> Response:
        principal = principal_of(request)
        critical = get_object_or_404(
            critical_results_visible_to(principal), id=critical_id
        )
        form = AcknowledgementSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        acknowledged = acknowledge_critical(
            critical=critical, reader=principal.user, note=form.validated_data["note"]
        )
        return Response(CriticalResultSerializer(acknowledged).data, status=201)
