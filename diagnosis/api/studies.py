"""Studies in REST: listed, opened, uploaded."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from diagnosis.dicom.pool import decoder_pool
from diagnosis.models import Instance, Priority, Series, Study, StudyStatus
from diagnosis.selectors import (
    instances_visible_to,
    series_visible_to,
    studies_visible_to,
    with_ai_answer,
)
from diagnosis.services.incoming import IncomingFile, too_many_bytes
from diagnosis.services.ingest import Upload, ingest_upload
from hospital.accounts.models import Department, Role
from hospital.accounts.principal import Principal, principal_of
from hospital.audit.services import record_access, record_list
from hospital.core.errors import InvalidInput, NotPermitted
from hospital.core.problems import PROBLEM_JSON, problem
from hospital.core.uploads import FORM_OVERHEAD_BYTES, SpooledFile
from hospital.records.models import Patient
from hospital.records.selectors import patients_visible_to

STAFF_FIELDS = frozenset({"status_reason", "rank", "rank_reason", "reader"})


class SeriesSerializer(serializers.ModelSerializer):
    class Meta:
        model = Series
        fields = [
            "id",
            "study",
            "series_instance_uid",
            "number",
            "description",
            "modality",
            "body_part",
            "kernel",
            "instance_count",
            "created",
        ]


class InstanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Instance
        fields = [
            "id",
            "series",
            "sop_instance_uid",
            "sop_class_uid",
            "transfer_syntax_uid",
            "number",
            "position_mm",
            "rows",
            "columns",
            "frames",
            "digest",
            "size_bytes",
            "created",
        ]


class StudyPatientSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    hospital_number = serializers.CharField(read_only=True)

    class Meta:
        model = Patient
        fields = ["id", "name", "hospital_number", "birth_date", "sex"]


class StudyDepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ["id", "code", "name"]


class StudySerializer(serializers.ModelSerializer):
    """A study as a list shows it, with the model's weightiest answer."""

    patient = StudyPatientSerializer(read_only=True)
    department = StudyDepartmentSerializer(read_only=True)
    ai_label = serializers.CharField(read_only=True, allow_null=True)
    ai_probability = serializers.FloatField(read_only=True, allow_null=True)
    ai_positive = serializers.BooleanField(read_only=True, allow_null=True)
    ai_abstained = serializers.BooleanField(read_only=True, allow_null=True)

    class Meta:
        model = Study
        fields = [
            "id",
            "status",
            "status_reason",
            "priority",
            "rank",
            "rank_reason",
            "patient",
            "department",
            "reader",
            "study_instance_uid",
            "study_id",
            "accession_number",
            "description",
            "modality",
            "study_date",
            "study_time",
            "series_count",
            "instance_count",
            "ai_label",
            "ai_probability",
            "ai_positive",
            "ai_abstained",
            "created",
            "updated",
        ]

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields; a patient gets none of the department's own."""
        fields = super().get_fields()
        asker = getattr(self.context.get("request"), "user", None)
        if getattr(asker, "role", None) == Role.PATIENT:
            return {n: f for n, f in fields.items() if n not in STAFF_FIELDS}
        return fields


class StudyDetailSerializer(StudySerializer):
    series = SeriesSerializer(many=True, read_only=True)

    class Meta(StudySerializer.Meta):
        fields = [*StudySerializer.Meta.fields, "series"]


class UploadSerializer(serializers.Serializer):
    """What an upload names beside its files."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False
    )
    patient = serializers.UUIDField(
        required=False, help_text="Whose images these are, where the files do not say."
    )
    department = serializers.CharField(
        required=False,
        help_text="Code of the department that gets the studies; by default where the "
        "patient was last seen, else radiology, else the first of one's own.",
    )
    priority = serializers.ChoiceField(
        choices=Priority.choices, default=Priority.ROUTINE
    )


class RejectionSerializer(serializers.Serializer):
    file = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class UploadResultSerializer(serializers.Serializer):
    job = serializers.UUIDField(
        help_text="The reading to follow. For several studies: a job that ends when "
        "the readings of all of them have."
    )
    studies = serializers.ListField(child=serializers.UUIDField())
    rejected = RejectionSerializer(many=True)


FINDINGS = {
    "positive": Q(ai_positive=True),
    "negative": Q(ai_positive=False, ai_abstained=False),
    "abstained": Q(ai_abstained=True),
    "none": Q(ai_abstained__isnull=True),
}


class StudyFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=StudyStatus.choices)
    priority = filters.ChoiceFilter(choices=Priority.choices)
    patient = filters.UUIDFilter(field_name="patient_id")
    modality = filters.CharFilter(lookup_expr="iexact")
    finding = filters.CharFilter(
        method="with_finding",
        help_text="positive, negative, abstained, none, or a model's label.",
    )

    class Meta:
        model = Study
        fields = {
            "study_date": ["exact", "gte", "lte"],
            "created": ["gte", "lte"],
            "accession_number": ["exact"],
            "study_instance_uid": ["exact"],
        }

    def with_finding(
        self, studies: QuerySet[Study], name: str, value: str
    ) -> QuerySet[Study]:
        condition = FINDINGS.get(value, Q(ai_label__iexact=value))
        return studies.filter(condition)


@extend_schema_view(
    list=extend_schema(summary="Studies that you may see"),
    retrieve=extend_schema(
        summary="One study with its series; the opening is audited",
        responses=StudyDetailSerializer,
    ),
)
class StudyViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "studies"
    queryset = Study.objects.none()
    serializer_class = StudySerializer
    filterset_class = StudyFilter
    parser_classes = [MultiPartParser]
    search_fields = [
        "accession_number",
        "description",
        "patient__names__text",
        "patient__identifiers__value",
    ]
    ordering_fields = [
        "created",
        "updated",
        "study_date",
        "priority",
        "status",
        "modality",
        "rank",
        "ai_probability",
    ]
    ordering = ["-rank", "created", "id"]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse what is too large by its own word before reading any of it."""
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
        if declared > settings.UPLOAD_MAX_BYTES + FORM_OVERHEAD_BYTES:
            raise too_many_bytes()
        if request.method == "POST":
            decoder_pool().warm()  # while the body comes in
        super().initial(request, *args, **kwargs)
        if principal_of(request).role == Role.PATIENT:  # the rank tells of findings
            self.ordering_fields = [f for f in self.ordering_fields if f != "rank"]
            self.ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[Study]:
        principal = principal_of(self.request)
        studies = with_ai_answer(studies_visible_to(principal), principal)
        return studies.prefetch_related("series") if self.detail else studies

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return StudyDetailSerializer if self.detail else StudySerializer

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        answer = super().list(request, *args, **kwargs)
        record_list(request, model=Study, rows=len(answer.data["results"]))
        return answer

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        study = self.get_object()
        record_access(request, action="read", record=study, patient_id=study.patient_id)
        return Response(self.get_serializer(study).data)

    @extend_schema(
        summary="Upload images; the answer waits for their headers only",
        description="DICOM of any modality, PNG, JPEG, or a ZIP of them. Each file is "
        "taken or listed in `rejected` with a code and a sentence.",
        request={"multipart/form-data": UploadSerializer},
        responses={
            202: OpenApiResponse(
                UploadResultSerializer,
                examples=[
                    OpenApiExample(
                        "A series with one stray file",
                        value={
                            "job": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a01",
                            "studies": ["018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a02"],
                            "rejected": [
                                {
                                    "file": "notes.txt",
                                    "code": "not_dicom",
                                    "message": "The file is neither DICOM nor a PNG "
                                    "or JPEG image.",
                                }
                            ],
                        },
                    )
                ],
            ),
            413: OpenApiResponse(description="Over the limit of files or bytes"),
            422: OpenApiResponse(description="Nothing acceptable, with `rejected`"),
        },
    )
    def create(self, request: Request) -> Response:
        principal = principal_of(request)
        if principal.role == Role.PATIENT:
            raise NotPermitted(
                _("Patients cannot upload studies."), code="not_permitted"
            )
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        result = ingest_upload(
            incoming_files(request.FILES.getlist("files")),
            principal=principal,
            department=_department(form.validated_data.get("department")),
            patient=_patient(form.validated_data.get("patient"), principal),
            priority=form.validated_data["priority"],
        )
        return upload_response(result)


@extend_schema_view(
    list=extend_schema(summary="Series of studies that you may see"),
    retrieve=extend_schema(summary="One series"),
)
class SeriesViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "studies"
    queryset = Series.objects.none()
    serializer_class = SeriesSerializer
    filterset_fields = ["study", "modality", "series_instance_uid"]
    ordering_fields = ["number", "created"]
    ordering = ["number", "created", "id"]

    def get_queryset(self) -> QuerySet[Series]:
        return series_visible_to(principal_of(self.request))


@extend_schema_view(
    list=extend_schema(summary="Instances of studies that you may see, in order"),
    retrieve=extend_schema(summary="One instance"),
)
class InstanceViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "studies"
    queryset = Instance.objects.none()
    serializer_class = InstanceSerializer
    filterset_fields = ["series", "series__study", "sop_instance_uid"]
    ordering_fields = ["position_mm", "number", "created"]
    ordering = ["position_mm", "number", "created", "id"]

    def get_queryset(self) -> QuerySet[Instance]:
        visible = instances_visible_to(principal_of(self.request))
        return visible.defer("attributes")


def incoming_files(spooled: Iterable[SpooledFile]) -> list[IncomingFile]:
    """Return uploaded files as the ingest takes them."""
    return [IncomingFile(one.name or "", Path(one.path)) for one in spooled]


def upload_response(result: Upload) -> Response:
    """Return what an upload resulted in: 202 with a job, or 422 with why not."""
    rejected = [rejection.as_json() for rejection in result.rejected]
    if result.job is None:
        body = problem(
            status=422,
            code="nothing_acceptable",
            detail=_("None of the files could be taken; see rejected."),
        )
        return Response(
            body | {"rejected": rejected}, status=422, content_type=PROBLEM_JSON
        )
    return Response(
        {
            "job": str(result.job.id),
            "studies": [str(study.id) for study in result.studies],
            "rejected": rejected,
        },
        status=202,
        headers={"Location": f"/api/v1/jobs/{result.job.id}/"},
    )


def _department(code: str | None) -> Department | None:
    if not code:
        return None
    found = Department.objects.filter(code=code).first()
    if found is None:
        message = _("There is no department of that code.")
        raise InvalidInput(message, code="invalid", fields={"department": [message]})
    return found


def _patient(patient_id: UUID | None, principal: Principal) -> Patient | None:
    if not patient_id:
        return None
    found = patients_visible_to(principal).filter(id=patient_id).first()
    if found is None:
        message = _("There is no such patient.")
        raise InvalidInput(message, code="invalid", fields={"patient": [message]})
    return found
