"""Agreement of readers, and labels as files, in REST."""

from dataclasses import asdict
from typing import Any  # Any: an estimate as JSON
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from diagnosis.api.labelling import ROLES, visible_project
from diagnosis.files import open_stored
from diagnosis.label_sentences import told_flaw
from diagnosis.models import ExportForm, LabelImport
from diagnosis.selectors.label_agreement import Agreement, agreements
from diagnosis.selectors.labelling import (
    label_exports_visible_to,
    label_imports_visible_to,
    may_see_agreement,
)
from diagnosis.services.label_exports import start_export
from diagnosis.services.label_files import file_name, media_type
from diagnosis.services.label_imports import LARGEST_FILE, apply_import, keep_import
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access
from hospital.core.errors import InvalidInput


class EstimateSerializer(serializers.Serializer):
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    n = serializers.IntegerField()


class AgreementSerializer(serializers.Serializer):
    """Two readers' figures; without names those of every two together."""

    first = serializers.CharField()
    second = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    counts = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField())
    )
    agreement = EstimateSerializer(allow_null=True)
    kappa = EstimateSerializer(allow_null=True)
    iou = EstimateSerializer(allow_null=True)
    dice = EstimateSerializer(allow_null=True)
    lone_marks = serializers.IntegerField(
        help_text="Marks that share no pixel with one of the other reader."
    )
    marks = serializers.IntegerField(help_text="All that both have drawn.")


class NewLabelExportSerializer(serializers.Serializer):
    form = serializers.ChoiceField(choices=ExportForm.choices)


class LabelExportSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    job = serializers.UUIDField()
    form = serializers.ChoiceField(choices=ExportForm.choices)
    file = serializers.URLField(help_text="Answers once the job has succeeded.")


class NewLabelImportSerializer(serializers.Serializer):
    file = serializers.FileField(
        help_text=(
            "CSV; COCO JSON named .json; DICOM structured reports and binary "
            "segmentations, one named .dcm or several in a .zip."
        )
    )
    reader = serializers.CharField(
        default="", allow_blank=True, help_text="Whose labels, where nobody is named."
    )


class FlawSerializer(serializers.Serializer):
    place = serializers.CharField(help_text="Such as `line 7`.")
    field = serializers.CharField()
    code = serializers.CharField()
    told = serializers.CharField()


class LabelImportSerializer(serializers.ModelSerializer):
    labels = serializers.SerializerMethodField(help_text="How many would come in.")
    flaws = serializers.SerializerMethodField()

    class Meta:
        model = LabelImport
        fields = ["id", "project", "file_name", "labels", "flaws", "applied", "created"]

    def get_labels(self, kept: LabelImport) -> int:
        return len(kept.rows)

    def get_flaws(self, kept: LabelImport) -> list[dict[str, str]]:
        return [asdict(told_flaw(flaw)) for flaw in kept.flaws]


class TakenInSerializer(serializers.Serializer):
    taken_in = serializers.IntegerField(help_text="How many labels are new.")


class AgreementView(APIView):
    scope = "labels"
    roles = ROLES

    @extend_schema(
        summary="How far readers agree; to the readers once the project is closed",
        responses=AgreementSerializer(many=True),
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        project = visible_project(request, project_id)
        if not may_see_agreement(principal_of(request), project):
            raise NotFound
        return Response([_figures(one) for one in agreements(project)])


class ExportsView(APIView):
    scope = "labels"
    roles = (Role.ADMINISTRATOR,)

    @extend_schema(
        summary="Have the labels written as a file",
        request=NewLabelExportSerializer,
        responses={202: LabelExportSerializer},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        project = visible_project(request, project_id)
        form = NewLabelExportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row, job = start_export(
            project=project,
            form=form.validated_data["form"],
            owner=principal_of(request).user,
        )
        body = {
            "id": row.id,
            "job": job.id,
            "form": row.form,
            "file": reverse("diagnosis:api-label-export", [row.id], request=request),
        }
        headers = {"Location": f"/api/v1/jobs/{job.id}/"}
        return Response(body, status=202, headers=headers)


class ExportView(APIView):
    scope = "labels"
    roles = (Role.ADMINISTRATOR,)

    @extend_schema(
        summary="The file of an export", responses={200: OpenApiTypes.BINARY}
    )
    def get(self, request: Request, label_export_id: UUID) -> HttpResponse:
        visible = label_exports_visible_to(principal_of(request)).exclude(digest="")
        row = get_object_or_404(visible.select_related("project"), id=label_export_id)
        record_access(request, action="export", record=row.project)
        name = file_name(row.project, row.form)
        with open_stored(row.digest) as file:
            return HttpResponse(
                file.read(),
                content_type=media_type(row.form),
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )


class ImportsView(APIView):
    scope = "labels"
    roles = (Role.ADMINISTRATOR,)
    parser_classes = [MultiPartParser]
    most_file_bytes = LARGEST_FILE

    @extend_schema(
        summary="Send a file of labels; nothing is taken in yet",
        request=NewLabelImportSerializer,
        responses={
            201: LabelImportSerializer,
            409: OpenApiResponse(description="The project is closed"),
        },
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        project = visible_project(request, project_id)
        form = NewLabelImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file = form.validated_data["file"]
        if file.size > LARGEST_FILE:
            told = _("Choose a file of labels of at most 32 MB.")
            raise InvalidInput(told, code="too_large", fields={"file": [told]})
        kept = keep_import(
            project=project,
            author=principal_of(request).user,
            name=file.name or "",
            content=file.read(),
            reader=form.validated_data["reader"],
        )
        return Response(LabelImportSerializer(kept).data, status=201)


class ImportView(APIView):
    scope = "labels"
    roles = (Role.ADMINISTRATOR,)

    @extend_schema(
        summary="What was read of a file of labels", responses=LabelImportSerializer
    )
    def get(self, request: Request, label_import_id: UUID) -> Response:
        return Response(LabelImportSerializer(_kept(request, label_import_id)).data)

    @extend_schema(
        summary="Take the labels in, all of them or none",
        request=None,
        responses={
            200: TakenInSerializer,
            409: OpenApiResponse(description="It has flaws, or was taken in already"),
        },
    )
    def post(self, request: Request, label_import_id: UUID) -> Response:
        kept = _kept(request, label_import_id)
        count = apply_import(kept=kept, author=principal_of(request).user)
        record_access(request, action="import", record=kept.project)
        return Response({"taken_in": count})


def _kept(request: Request, label_import_id: UUID) -> LabelImport:
    visible = label_imports_visible_to(principal_of(request))
    return get_object_or_404(visible.select_related("project"), id=label_import_id)


def _figures(one: Agreement) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "labels": list(one.table.labels),
        "counts": [list(row) for row in one.table.counts],
        **{
            name: asdict(found) if found else None
            for name, found in (
                ("agreement", one.share),
                ("kappa", one.kappa),
                ("iou", one.iou),
                ("dice", one.dice),
            )
        },
        "lone_marks": one.lone,
        "marks": one.marks,
    }
