"""The report in REST: read, saved with If-Match, signed, amended, printed."""

import re
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diagnosis.models import Report, ReportAddendum, Study
from diagnosis.selectors import reports_visible_to, studies_visible_to
from diagnosis.services.draft import draft_for
from diagnosis.services.reader import require_reader
from diagnosis.services.report import (
    ReportText,
    StaleReport,
    add_addendum,
    save_report,
    sign_report,
)
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_of
from hospital.accounts.services.identity import confirm_identity
from hospital.audit.services import record_access, record_reading
from hospital.core.errors import DomainError

LONGEST_PART = 50_000
ETAG = re.compile(r'^"(\d{1,9})"$')

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag that was read, such as `"3"`; `"0"` before the first save.',
)


class PersonSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name"]

    def get_name(self, user: User) -> str:
        return user.get_full_name() or user.get_username()


class AddendumSerializer(serializers.ModelSerializer):
    signed_by = PersonSerializer(read_only=True)

    class Meta:
        model = ReportAddendum
        fields = ["id", "text", "signed_by", "created"]


class ReportSerializer(serializers.ModelSerializer):
    """A report as it stands; `version` is its ETag."""

    edited_by = PersonSerializer(read_only=True)
    signed_by = PersonSerializer(read_only=True, allow_null=True)
    is_signed = serializers.BooleanField(read_only=True)
    addenda = AddendumSerializer(many=True, read_only=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "study",
            "version",
            "technique",
            "findings",
            "impression",
            "language",
            "edited_by",
            "is_signed",
            "signed",
            "signed_by",
            "assistance",
            "record",
            "addenda",
            "updated",
        ]


class ReportTextSerializer(serializers.Serializer):
    """The whole report as it should be; every part, an empty one too."""

    technique = serializers.CharField(allow_blank=True, max_length=LONGEST_PART)
    findings = serializers.CharField(allow_blank=True, max_length=LONGEST_PART)
    impression = serializers.CharField(allow_blank=True, max_length=LONGEST_PART)


class DraftSerializer(serializers.Serializer):
    technique = serializers.CharField()
    findings = serializers.CharField()
    impression = serializers.CharField()
    left_out = serializers.ListField(child=serializers.CharField())


class IdentitySerializer(serializers.Serializer):
    """The password again, or a code of the second factor."""

    password = serializers.CharField(
        required=False, allow_blank=True, max_length=1024, trim_whitespace=False
    )
    code = serializers.CharField(required=False, allow_blank=True, max_length=64)


class NewAddendumSerializer(IdentitySerializer):
    text = serializers.CharField(max_length=LONGEST_PART)


class StudyView(APIView):
    """A door under one study, which must be visible to whoever asks."""

    scope = "reports"

    def study(self, study_id: UUID) -> Study:
        visible = studies_visible_to(principal_of(self.request))
        return get_object_or_404(visible.select_related("patient"), id=study_id)

    def reader(self) -> User:
        return principal_of(self.request).user

    def reports(self) -> QuerySet[Report]:
        reports = reports_visible_to(principal_of(self.request))
        return reports.select_related("edited_by", "signed_by").prefetch_related(
            "addenda__signed_by"
        )

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a stale save with what is newer, so nothing has to be guessed."""
        response = super().handle_exception(exc)
        if isinstance(exc, StaleReport) and isinstance(response.data, dict):
            newer = exc.newer
            response.data["newer"] = ReportSerializer(newer).data if newer else None
            response["ETag"] = _etag(newer)
        return response


class ReportView(StudyView):
    @extend_schema(
        summary="The report; before the first save a draft with version 0",
        responses=ReportSerializer,
    )
    def get(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        report = self.reports().filter(study=study).first()
        if report is None and principal_of(request).role == Role.PATIENT:
            raise Http404
        record_access(
            request,
            action="read",
            record=report or study,
            patient_id=study.patient_id,
        )
        if report:
            return _answer(report)
        draft = draft_for(study)
        body = dict.fromkeys(ReportSerializer.Meta.fields) | {
            "study": str(study.id),
            "version": 0,
            "technique": draft.technique,
            "findings": draft.findings,
            "impression": draft.impression,
            "is_signed": False,
            "assistance": [],
            "addenda": [],
        }
        return Response(body, headers={"ETag": _etag(None)})

    @extend_schema(
        summary="Save the report; If-Match names the version that was edited",
        parameters=[IF_MATCH],
        request=ReportTextSerializer,
        responses={
            200: ReportSerializer,
            403: OpenApiResponse(description="Only clinicians of the department"),
            409: OpenApiResponse(description="The report is signed"),
            412: OpenApiResponse(description="Changed elsewhere; see `newer`"),
            428: OpenApiResponse(description="If-Match is missing"),
        },
        examples=[
            OpenApiExample(
                "A short report",
                request_only=True,
                value={
                    "technique": "CT of the chest.",
                    "findings": "Ground-glass opacity in both lower lobes.",
                    "impression": "Suspicious for viral pneumonia.",
                },
            )
        ],
    )
    def put(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        require_reader(
            self.reader(), study, refusal=_("Only a clinician may write the report.")
        )
        version = _required_version(request)
        form = ReportTextSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        save_report(
            study=study,
            author=self.reader(),
            text=ReportText(**form.validated_data),
            expected_version=version,
        )
        return _answer(self.reports().get(study=study))


class DraftView(StudyView):
    @extend_schema(
        summary="Words for the report from the judged findings; nothing is saved",
        parameters=[OpenApiParameter("language", str, enum=["en", "zh-hans"])],
        responses=DraftSerializer,
    )
    def get(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        require_reader(
            self.reader(), study, refusal=_("Only a clinician may write the report.")
        )
        record_reading(request, record=study, patient_id=study.patient_id)
        language = request.query_params.get("language")
        draft = draft_for(
            study, language=language if language in ("en", "zh-hans") else None
        )
        return Response(DraftSerializer(draft).data)


class SignatureView(StudyView):
    @extend_schema(
        summary="Sign the report for good: the password or a second factor again",
        request=IdentitySerializer,
        responses={
            201: ReportSerializer,
            403: OpenApiResponse(description="Not a reader, or not confirmed"),
            409: OpenApiResponse(
                description="Signed already, or a critical result is unacknowledged"
            ),
            412: OpenApiResponse(description="If-Match names an older version"),
            422: OpenApiResponse(description="No report, or one without impression"),
        },
        examples=[
            OpenApiExample(
                "By password", request_only=True, value={"password": "my password"}
            )
        ],
    )
    def post(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        require_reader(
            self.reader(), study, refusal=_("Only a clinician may sign a report.")
        )
        form = IdentitySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        confirm_identity(user=self.reader(), **form.validated_data)
        version = _version(request.headers.get("If-Match"))
        sign_report(study=study, signer=self.reader(), expected_version=version)
        return _answer(self.reports().get(study=study), status=201)


class AddendaView(StudyView):
    @extend_schema(
        summary="Add to a signed report: the password or a second factor again",
        request=NewAddendumSerializer,
        responses={201: AddendumSerializer},
    )
    def post(self, request: Request, study_id: UUID) -> Response:
        study = self.study(study_id)
        require_reader(
            self.reader(), study, refusal=_("Only a clinician may add to a report.")
        )
        form = NewAddendumSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        text = form.validated_data.pop("text")
        confirm_identity(user=self.reader(), **form.validated_data)
        addendum = add_addendum(study=study, signer=self.reader(), text=text)
        return Response(AddendumSerializer(addendum).data, status=201)


def _answer(report: Report, *, status: int = 200) -> Response:
    body = ReportSerializer(report).data
    return Response(body, status=status, headers={"ETag": _etag(report)})


def _etag(report: Report | None) -> str:
    return f'"{report.version if report else 0}"'


class PreconditionRequired(DomainError):
    """The request must say which version it edits."""

    status = 428


def _required_version(request: Request) -> int | None:
    header = request.headers.get("If-Match")
    if not header:
        raise PreconditionRequired(
            _("Send the ETag that you read as If-Match, so nothing is overwritten."),
            code="if_match_required",
        )
    return _version(header)


def _version(header: str | None) -> int | None:
    """Return the version of an If-Match; None for `*` or no header.

    What is no ETag of ours matches no version.
    """
    if header is None or header.strip() == "*":
        return None
    match = ETAG.match(header.strip())
    return int(match[1]) if match else -1
