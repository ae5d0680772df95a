"""What models said of a study, in REST."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from diagnosis.files import open_stored
from diagnosis.models import Finding
from diagnosis.selectors import findings_visible_to, studies_visible_to
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_reading


class FindingSerializer(serializers.ModelSerializer):
    model = serializers.SerializerMethodField(help_text="NAME/VERSION in the store.")
    saliency = serializers.SerializerMethodField(
        help_text="A transparent PNG to lay over the key image; null when it abstained."
    )
    notice = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = [
            "id",
            "model",
            "model_digest",
            "label",
            "is_positive",
            "probability",
            "probabilities",
            "possible_labels",
            "coverage",
            "metal",
            "slices_read",
            "calibrated",
            "calibrated_on",
            "abstained",
            "reason_code",
            "reason",
            "saliency",
            "series",
            "key_instance",
            "key_frame",
            "notice",
            "created",
        ]

    def get_model(self, finding: Finding) -> str:
        return f"{finding.model_name}/{finding.model_version}"

    @extend_schema_field(OpenApiTypes.URI)
    def get_saliency(self, finding: Finding) -> str | None:
        if not finding.saliency_digest:
            return None
        where = reverse("api-saliency", kwargs={"finding_id": finding.id})
        return str(where)

    def get_notice(self, _finding: Finding) -> str:
        return "Research use only. Not a medical device."


class FindingsView(ListAPIView):
    scope = "findings"
    serializer_class = FindingSerializer
    queryset = Finding.objects.none()
    filter_backends = []
    ordering = ["-created"]

    @extend_schema(summary="What models said of the study's series, newest first")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        visible = studies_visible_to(principal_of(request))
        study = get_object_or_404(visible, id=kwargs["study_id"])
        record_reading(request, record=study, patient_id=study.patient_id)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Finding]:
        if getattr(self, "swagger_fake_view", False):
            return Finding.objects.none()
        findings = findings_visible_to(principal_of(self.request))
        of_study = findings.filter(study=self.kwargs["study_id"])
        return of_study.order_by("-created", "id")


class SaliencyView(APIView):
    scope = "findings"

    @extend_schema(
        summary="Where the model looked: a transparent PNG over the key image",
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, finding_id: UUID) -> FileResponse:
        visible = findings_visible_to(principal_of(request))
        drawn = visible.exclude(saliency_digest="").select_related("study")
        finding = get_object_or_404(drawn, id=finding_id)
        study = finding.study
        record_reading(request, record=study, patient_id=study.patient_id)
        response = FileResponse(
            open_stored(finding.saliency_digest), content_type="image/png"
        )
        response["Cache-Control"] = "private, no-cache"  # asked again who asks
        response["ETag"] = f'"{finding.saliency_digest}"'
        return response
