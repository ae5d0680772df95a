"""Who works what in REST: read, changed with If-Match, judged, exported."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import (
    IF_MATCH,
    NOT_TAKEN,
    STALE,
    EditorsDoor,
    RosterDoor,
    ShortListField,
    etag,
    required_version,
)
from scheduling.api.repairs import MOST_ABSENT, AbsenceSerializer, absences_in
from scheduling.api.serializers import CellSerializer, RosterVerdictSerializer
from scheduling.api.staff_serializers import LeaveSerializer
from scheduling.exports import Export, export_of, uncovered_export
from scheduling.exports.export import A4
from scheduling.exports.notice import PAPERS
from scheduling.limits import CELLS_AT_ONCE
from scheduling.models import Assignment, PublishedShift, Roster
from scheduling.problems import judged
from scheduling.selectors.rosters import (
    assignments_visible_to,
    may_edit,
    published_shifts_visible_to,
)
from scheduling.services.absences import take_way
from scheduling.services.cells import CellChange

PUBLISHED = OpenApiParameter(
    "published",
    bool,
    description="As it is published, not as it is worked on. Who makes no rosters "
    "always gets what is published.",
)

PAPER = OpenApiParameter("paper", str, enum=list(PAPERS), default=A4)


class CellChangeSerializer(serializers.Serializer):
    person = serializers.CharField(max_length=100, help_text="The person's key.")
    day = serializers.IntegerField(min_value=0, help_text="Counted from 0.")
    shift = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text='"" for a free day.'
    )
    locked = serializers.BooleanField(
        required=False, help_text="Whether searches and people leave the cell alone."
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change that changes nothing."""
        if "shift" not in sent and "locked" not in sent:
            message = _("Say which shift, or whether the cell is locked.")
            raise serializers.ValidationError({"shift": [message]})
        return sent


class CellChangesSerializer(serializers.Serializer):
    """Cells that change, or who is absent, or both: a way on after a sick call."""

    cells = ShortListField(
        child=CellChangeSerializer(),
        required=False,
        min_length=1,
        max_length=CELLS_AT_ONCE,
    )
    absences = ShortListField(
        child=AbsenceSerializer(),
        required=False,
        min_length=1,
        max_length=MOST_ABSENT,
        help_text="Who is sick, as it was sent to `…/repair/`: sick leave is entered "
        "with the cells, and the free days of who has no account are locked.",
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Refuse what names neither a cell nor anybody."""
        if not sent:
            message = _("Say which cells change, or who is absent.")
            raise serializers.ValidationError({"cells": [message]})
        return sent


class ChangedSerializer(serializers.Serializer):
    """The new version, what the judge says, and what the change cost."""

    version = serializers.IntegerField()
    cost_change = serializers.IntegerField()
    hard_change = serializers.IntegerField()
    verdict = RosterVerdictSerializer()
    leaves = LeaveSerializer(
        many=True, help_text="The sick leave that was entered, each to be undone alone."
    )


class CellFilter(filters.FilterSet):
    """Filters that serve the working copy and what is published alike."""

    person = filters.CharFilter(field_name="person__key")
    shift = filters.CharFilter()
    day = filters.NumberFilter()
    date = filters.DateFilter()
    date__gte = filters.DateFilter(field_name="date", lookup_expr="gte")
    date__lte = filters.DateFilter(field_name="date", lookup_expr="lte")
    mine = filters.BooleanFilter(method="of_asker", help_text="One's own shifts.")

    def of_asker(
        self,
        cells: QuerySet[Any],  # Any: either of two models
        name: str,
        value: bool,  # noqa: FBT001 (the filter library's signature)
    ) -> QuerySet[Any]:
        if not value or self.request is None:
            return cells
        return cells.filter(person__user=self.request.user)


class AssignmentsView(RosterDoor, generics.ListAPIView):
    queryset = Assignment.objects.none()
    serializer_class = CellSerializer
    filterset_class = CellFilter
    ordering_fields = ["day", "date", "shift", "person__position"]
    ordering = ["person__position", "day"]

    def get_queryset(self) -> QuerySet[Any]:  # Any: either of two models
        principal = principal_of(self.request)
        roster = self.roster(self.kwargs["roster_id"])
        wants_published = self.request.query_params.get("published", "") in ON
        if wants_published or not may_edit(principal):
            shifts: QuerySet[PublishedShift] = published_shifts_visible_to(principal)
            return shifts.filter(publication__roster=roster)
        cells = assignments_visible_to(principal).filter(person__roster=roster)
        return cells.select_related("person")

    @extend_schema(summary="Who works what, page by page", parameters=[PUBLISHED])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().get(request, *args, **kwargs)
        answer["ETag"] = etag(self.roster(kwargs["roster_id"]))["ETag"]
        return answer

    @extend_schema(
        summary="Change cells of the working copy, all of them or none",
        description="Broken rules refuse nothing: the answer tells them.",
        parameters=[IF_MATCH],
        request=CellChangesSerializer,
        responses={
            200: ChangedSerializer,
            409: OpenApiResponse(description="The roster is closed, or a cell locked"),
            412: STALE,
            422: NOT_TAKEN,
            428: OpenApiResponse(description="If-Match is missing"),
        },
        examples=[
            OpenApiExample(
                "A night instead of a free day, and kept",
                request_only=True,
                value={
                    "cells": [
                        {"person": "A07", "day": 12, "shift": "N", "locked": True}
                    ]
                },
            ),
            OpenApiExample(
                "A way on after a sick call, which keeps the sick away",
                request_only=True,
                value={
                    "cells": [
                        {"person": "A07", "day": 12, "shift": ""},
                        {"person": "A11", "day": 12, "shift": "N"},
                    ],
                    "absences": [{"person": "A07", "days": [12, 13]}],
                },
            ),
        ],
    )
    def patch(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        version = required_version(request)
        form = CellChangesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        taken = take_way(
            roster=roster,
            author=self.author(),
            changes=[
                CellChange(
                    person=cell["person"],
                    day=cell["day"],
                    shift=cell.get("shift"),
                    is_locked=cell.get("locked"),
                )
                for cell in form.validated_data.get("cells", ())
            ],
            absences=absences_in(form.validated_data.get("absences", ())),
            expected_version=version,
        )
        after = judged(taken.roster).verdict
        body = {
            "version": taken.roster.version,
            "cost_change": after.objective - taken.before.objective,
            "hard_change": len(after.hard) - len(taken.before.hard),
            "verdict": RosterVerdictSerializer(after).data,
            "leaves": LeaveSerializer(taken.leaves, many=True).data,
        }
        return Response(body, headers=etag(taken.roster))


class VerdictView(EditorsDoor):
    @extend_schema(
        summary="What the judge says of the working copy: broken rules and costs",
        responses=RosterVerdictSerializer,
    )
    def get(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        return Response(
            RosterVerdictSerializer(judged(roster).verdict).data, headers=etag(roster)
        )


class ExportView(RosterDoor):
    ending = ""

    @extend_schema(
        summary="The roster as a file",
        description="Managers get the working copy unless `published` says otherwise, "
        "and what is uncovered with it in a workbook or a PDF; everybody else gets what "
        "is published. `person` keeps one person's shifts.",
        parameters=[PUBLISHED, OpenApiParameter("person", str)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, roster_id: UUID) -> HttpResponse:
        principal = principal_of(request)
        roster = self.roster(roster_id)
        wants_published = request.query_params.get("published", "") in ON
        made = export_of(
            roster,
            ending=self.ending,
            person=request.query_params.get("person"),
            is_published=wants_published or not may_edit(principal),
            tells_gaps=may_edit(principal),
            paper=request.query_params.get("paper", A4),
        )
        return download(made, roster)


class CsvView(ExportView):
    ending = "csv"


class XlsxView(ExportView):
    ending = "xlsx"


class IcsView(ExportView):
    ending = "ics"


@extend_schema_view(
    get=extend_schema(
        summary="The roster as a PDF for the notice board",
        parameters=[PUBLISHED, PAPER, OpenApiParameter("person", str)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 422: NOT_TAKEN},
    )
)
class PdfView(ExportView):
    ending = "pdf"


class UncoveredView(EditorsDoor):
    @extend_schema(
        summary="What a roster leaves uncovered, as CSV",
        description="A row for each need and day: `day,date,need,needed,planned,missing`. "
        "`published` asks for what the staff were told.",
        parameters=[PUBLISHED],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, roster_id: UUID) -> HttpResponse:
        roster = self.roster(roster_id)
        wants_published = request.query_params.get("published", "") in ON
        return download(uncovered_export(roster, is_published=wants_published), roster)


def download(made: Export, roster: Roster) -> HttpResponse:
    """Return a file to be kept, with the version that it was made from."""
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            **etag(roster),
        },
    )


ON = ("true", "1", "True")
