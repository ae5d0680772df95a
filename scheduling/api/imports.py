"""A ward's tables in REST: sent, looked over, made a roster of; and downloaded again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hospital.accounts.principal import principal_of
from scheduling.api.base import EditorsDoor, etag
from scheduling.api.rosters import RosterIdSerializer, department_of
from scheduling.api.serializers import RosterDepartmentSerializer
from scheduling.exports.ward import ward_export
from scheduling.forms.wards import DAYS_A_WEEK, LATEST_START, MOST_FILES, MOST_WEEKS
from scheduling.limits import LARGEST_TEXT
from scheduling.models import RosterImport
from scheduling.saying.sentences import sentence
from scheduling.selectors.laws import offered_laws
from scheduling.selectors.rosters import EDITORS, roster_imports_visible_to
from scheduling.services.imports import (
    Choice,
    SentFile,
    keep_import,
)
from scheduling.services.ward_changes import take_import
from scheduling.services.ward_readings import keep_change
from scheduling.solver.instance import FIRST_DATE

FLAW_EXAMPLE = {
    "is_error": True,
    "sheet": "People",
    "row": 7,
    "column": "Contract",
    "code": "unknown_contract",
    "message": "There is no contract night only.",
    "remedy": "Use one of full, half, or add it to the sheet Contracts.",
}
IMPORT_EXAMPLE = {
    "id": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a02",
    "department": {
        "id": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a03",
        "code": "ward-3",
        "name": "Ward 3",
    },
    "name": "Ward 3, June",
    "start": "2026-06-01",
    "days": 28,
    "law": "eu-2003-88-ec",
    "files": ["ward-3.xlsx"],
    "errors": 1,
    "warnings": 0,
    "flaws": [FLAW_EXAMPLE],
    "ward": {"people": [], "shifts": [], "contracts": [], "demand": []},
    "target": None,
    "version": None,
    "changes": None,
    "roster": None,
    "created": "2026-05-11T08:00:00Z",
}


class TablesSerializer(serializers.Serializer):
    """A ward's tables."""

    files = serializers.ListField(
        child=serializers.FileField(max_length=200),
        min_length=1,
        max_length=MOST_FILES,
        help_text="One XLSX workbook, or CSV files named people.csv, demand.csv, …",
    )

    def validate_files(self, files: list[Any]) -> list[Any]:  # Any: uploaded files
        """Refuse more than a ward could be."""
        if sum(one.size for one in files) > LARGEST_TEXT:
            raise serializers.ValidationError(
                _("The files are too large to be a ward.")
            )
        return files


class NewImportSerializer(TablesSerializer):
    """A ward's tables, and for which days they are."""

    name = serializers.CharField(max_length=200)
    department = serializers.CharField(
        required=False,
        help_text="Code of the ward's department; by default the first of one's own.",
    )
    start = serializers.DateField()
    weeks = serializers.IntegerField(default=4, min_value=1, max_value=MOST_WEEKS)
    law = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=64,
        help_text="`china-labor-law`, `eu-2003-88-ec`, `own-rules`, or the `profile` of "
        "one of `law-profiles`; empty for none.",
    )

    def validate_law(self, law: str) -> str:
        """Refuse what is not offered."""
        if law and law not in {one.id for one in offered_laws()}:
            raise serializers.ValidationError(_("There is no such law profile."))
        return law

    def validate_start(self, start: date) -> date:
        """Refuse a day beyond what can be reckoned."""
        if not FIRST_DATE <= start <= LATEST_START:
            raise serializers.ValidationError(_("Choose a first day of our time."))
        return start


class FlawSerializer(serializers.Serializer):
    """What is wrong, and where; no roster can be made while there is an error."""

    is_error = serializers.BooleanField()
    sheet = serializers.CharField(help_text="Empty where it is the whole's.")
    row = serializers.IntegerField(help_text="As a spreadsheet counts; 0 for none.")
    column = serializers.CharField(help_text="Its heading; empty for none.")
    code = serializers.CharField()
    message = serializers.SerializerMethodField()
    remedy = serializers.SerializerMethodField()

    def get_message(self, row: dict[str, Any]) -> str:  # Any: JSON
        return sentence(row["what"])

    def get_remedy(self, row: dict[str, Any]) -> str:  # Any: JSON
        return sentence(row["mend"])


class ChangesSerializer(serializers.Serializer):
    """What tables would change in a roster, and how broken it is before and then."""

    told = serializers.SerializerMethodField()
    left = serializers.IntegerField(help_text="How many more there are.")
    broken_before = serializers.IntegerField()
    broken_after = serializers.IntegerField()
    cost_before = serializers.IntegerField()
    cost_after = serializers.IntegerField()
    broken = serializers.SerializerMethodField(
        help_text="Rules that the assigned shifts would break anew."
    )

    def get_told(self, changes: dict[str, Any]) -> list[str]:  # Any: JSON
        return [sentence(one) for one in changes["told"]]

    def get_broken(self, changes: dict[str, Any]) -> list[str]:  # Any: JSON
        return [sentence(one) for one in changes["broken"]]


class RosterImportSerializer(serializers.ModelSerializer):
    """What was read; it is kept for a day, or until a roster is made of it."""

    department = RosterDepartmentSerializer(read_only=True)
    flaws = serializers.SerializerMethodField()
    ward = serializers.DictField(help_text="People, shifts, contracts and needs.")
    roster = serializers.UUIDField(source="roster_id", read_only=True, allow_null=True)
    target = serializers.UUIDField(
        source="target_id",
        read_only=True,
        allow_null=True,
        help_text="The roster that it changes; null where it becomes a new one.",
    )
    changes = serializers.SerializerMethodField()

    class Meta:
        model = RosterImport
        fields = [
            "id",
            "department",
            "name",
            "start",
            "days",
            "law",
            "files",
            "errors",
            "warnings",
            "flaws",
            "ward",
            "target",
            "version",
            "changes",
            "roster",
            "created",
        ]

    @extend_schema_field(FlawSerializer(many=True))
    def get_flaws(self, kept: RosterImport) -> list[dict[str, object]]:
        return list(FlawSerializer(kept.flaws, many=True).data)

    @extend_schema_field(ChangesSerializer(allow_null=True))
    def get_changes(self, kept: RosterImport) -> dict[str, object] | None:
        return dict(ChangesSerializer(kept.changes).data) if kept.changes else None


class ImportsView(APIView):
    scope = "rosters"
    roles = tuple(EDITORS)
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="Send a ward's people and demand, and see what comes of them",
        description="XLSX, or CSV files. Nothing is made yet: the answer tells what was "
        "read and what is wrong with it.",
        request={"multipart/form-data": NewImportSerializer},
        responses={
            201: RosterImportSerializer,
            503: OpenApiResponse(description="Other workbooks are being read"),
        },
        examples=[
            OpenApiExample(
                "Two CSV files",
                request_only=True,
                media_type="multipart/form-data",
                value={
                    "files": ["people.csv", "demand.csv"],
                    "name": "Ward 3, June",
                    "start": "2026-06-01",
                    "weeks": 4,
                    "law": "eu-2003-88-ec",
                },
            ),
            OpenApiExample("Read", response_only=True, value=IMPORT_EXAMPLE),
        ],
    )
    def post(self, request: Request) -> Response:
        principal = principal_of(request)
        form = NewImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        kept = keep_import(
            author=principal.user,
            choice=Choice(
                department=department_of(sent.get("department"), principal),
                name=sent["name"],
                start=sent["start"],
                days=sent["weeks"] * DAYS_A_WEEK,
                law=sent["law"],
            ),
            files=[SentFile(one.name or "", one.read()) for one in sent["files"]],
        )
        headers = {"Location": f"/api/v1/roster-imports/{kept.id}/"}
        return Response(RosterImportSerializer(kept).data, status=201, headers=headers)


class ImportDoor(APIView):
    scope = "rosters"
    roles = tuple(EDITORS)

    def kept(self, import_id: UUID) -> RosterImport:
        visible = roster_imports_visible_to(principal_of(self.request))
        return get_object_or_404(visible, id=import_id)


class ImportView(ImportDoor):
    @extend_schema(
        summary="What was read of a ward's tables",
        responses=RosterImportSerializer,
        examples=[OpenApiExample("Read", response_only=True, value=IMPORT_EXAMPLE)],
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        return Response(RosterImportSerializer(self.kept(import_id)).data)


class ImportedRosterView(ImportDoor):
    @extend_schema(
        summary="Make the roster, or change its target, once; again, it is only named",
        request=None,
        responses={
            201: RosterIdSerializer,
            409: OpenApiResponse(description="There are errors to be mended first"),
            412: OpenApiResponse(
                description="The target was changed since the tables were read"
            ),
        },
        examples=[
            OpenApiExample(
                "Made",
                response_only=True,
                value={"id": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a01"},
            )
        ],
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        author = principal_of(request).user
        roster = take_import(imported=self.kept(import_id), author=author)
        headers = {"Location": f"/api/v1/rosters/{roster.id}/", **etag(roster)}
        return Response({"id": str(roster.id)}, status=201, headers=headers)


class RosterTablesView(EditorsDoor):
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="Send changed tables of a roster's ward, and see what they would change",
        description="As `ward.xlsx` gives them; a sheet that is missing stays as it is."
        " Nothing is changed before `roster-imports/ID/roster/`.",
        request={"multipart/form-data": TablesSerializer},
        responses={
            201: RosterImportSerializer,
            409: OpenApiResponse(description="The roster is closed"),
            503: OpenApiResponse(description="Other workbooks are being read"),
        },
        examples=[
            OpenApiExample(
                "The people alone",
                request_only=True,
                media_type="multipart/form-data",
                value={"files": ["people.csv"]},
            ),
            OpenApiExample("Read", response_only=True, value=IMPORT_EXAMPLE),
        ],
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = TablesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        kept = keep_change(
            roster=roster,
            author=self.author(),
            files=[
                SentFile(one.name or "", one.read())
                for one in form.validated_data["files"]
            ],
        )
        headers = {"Location": f"/api/v1/roster-imports/{kept.id}/"}
        return Response(RosterImportSerializer(kept).data, status=201, headers=headers)


class WardView(EditorsDoor):
    @extend_schema(
        summary="People, shifts, contracts, demand, leave and requests as a workbook",
        description="In the form in which a ward is sent to `roster-imports`.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, roster_id: UUID) -> HttpResponse:
        made = ward_export(self.roster(roster_id))
        disposition = f'attachment; filename="{made.name}"'
        return HttpResponse(
            made.content,
            content_type=made.media_type,
            headers={"Content-Disposition": disposition},
        )
