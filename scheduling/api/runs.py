"""Searches and publications in REST."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import (
    NOT_TAKEN,
    STALE,
    EditorsDoor,
    RosterDoor,
    etag,
    sent_version,
)
from scheduling.api.serializers import (
    NewlyPublishedSerializer,
    PublicationSerializer,
    RosterSerializer,
    RunDetailSerializer,
    RunSerializer,
)
from scheduling.limits import LONGEST_SOLVE_S, SHORTEST_SOLVE_S
from scheduling.models import Publication, Run
from scheduling.saying.elsewhere import twice
from scheduling.selectors.elsewhere import worked_elsewhere
from scheduling.selectors.rosters import publications_visible_to, runs_visible_to
from scheduling.services.publishing import publish_roster
from scheduling.services.runs import RunLimits, apply_run, start_run, take_back_run
from scheduling.solver.search.limits import MAX_SEED


class NewSolutionSerializer(serializers.Serializer):
    time_limit = serializers.FloatField(
        min_value=SHORTEST_SOLVE_S, max_value=LONGEST_SOLVE_S, help_text="Seconds."
    )
    workers = serializers.IntegerField(
        required=False, min_value=1, help_text="Cores; by default what the house gives."
    )
    seed = serializers.IntegerField(default=0, min_value=0, max_value=MAX_SEED)


class StartedSerializer(serializers.Serializer):
    job = serializers.UUIDField()
    run = serializers.UUIDField()


class NewPublicationSerializer(serializers.Serializer):
    note = serializers.CharField(default="", allow_blank=True, max_length=300)
    accept_violations = serializers.BooleanField(default=False)


class SolutionView(EditorsDoor):
    @extend_schema(
        summary="Search for a roster, in the background",
        description="Follow it at `/events/?topics=job:<id>`: its events carry "
        "`objective`, `bound`, `gap` and `elapsed_s`. Cancelling the job stops the "
        "search and keeps its best roster.",
        request=NewSolutionSerializer,
        responses={
            202: StartedSerializer,
            409: OpenApiResponse(
                description="A search goes on already; `errors.job` names its job"
            ),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample("A minute", request_only=True, value={"time_limit": 60})
        ],
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = NewSolutionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        limits = RunLimits(
            time_limit_s=sent["time_limit"],
            workers=sent.get("workers", settings.SOLVER_WORKERS),
            seed=sent["seed"],
        )
        run = start_run(roster=roster, author=self.author(), limits=limits)
        return Response(
            {"job": str(run.job_id), "run": str(run.id)},
            status=202,
            headers={"Location": f"/api/v1/jobs/{run.job_id}/"},
        )


class RunsView(EditorsDoor, generics.ListAPIView):
    queryset = Run.objects.none()
    serializer_class = RunSerializer
    filterset_fields = ["status"]
    ordering_fields = ["created", "objective", "bound"]
    ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[Run]:
        roster = self.roster(self.kwargs["roster_id"])
        runs = runs_visible_to(principal_of(self.request)).filter(roster=roster)
        return runs.select_related("job", "started_by").defer("cells", "curve")

    @extend_schema(summary="Searches of a roster, newest first")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)


class RunDoor(EditorsDoor):
    """A door under one search of a roster."""

    def run(self, roster_id: UUID, run_id: UUID) -> Run:
        runs = runs_visible_to(principal_of(self.request))
        found = runs.select_related("job", "started_by", "roster")
        return get_object_or_404(found, roster=roster_id, id=run_id)


class RunView(RunDoor):
    @extend_schema(
        summary="One search with its curve and its best roster",
        responses=RunDetailSerializer,
    )
    def get(self, request: Request, roster_id: UUID, run_id: UUID) -> Response:
        return Response(RunDetailSerializer(self.run(roster_id, run_id)).data)


class ApplicationView(RunDoor):
    @extend_schema(
        summary="Make a search's roster the working copy; locked cells stay",
        description="With `If-Match`, only where nothing changed since it was read.",
        request=None,
        responses={
            201: RosterSerializer,
            409: OpenApiResponse(description="The roster is closed, or none was found"),
            412: STALE,
        },
    )
    def post(self, request: Request, roster_id: UUID, run_id: UUID) -> Response:
        apply_run(
            run=self.run(roster_id, run_id),
            author=self.author(),
            expected_version=sent_version(request),
        )
        roster = self.roster(roster_id)
        return Response(RosterSerializer(roster).data, status=201, headers=etag(roster))

    @extend_schema(
        summary="Make the working copy what it was before; what changed since stays",
        description="With `If-Match`, only where nothing changed since it was read.",
        responses={
            200: RosterSerializer,
            409: OpenApiResponse(description="The roster is closed, or not taken over"),
            412: STALE,
        },
    )
    def delete(self, request: Request, roster_id: UUID, run_id: UUID) -> Response:
        take_back_run(
            run=self.run(roster_id, run_id),
            author=self.author(),
            expected_version=sent_version(request),
        )
        roster = self.roster(roster_id)
        return Response(RosterSerializer(roster).data, headers=etag(roster))


class PublicationsView(RosterDoor, generics.ListAPIView):
    queryset = Publication.objects.none()
    serializer_class = PublicationSerializer
    filterset_fields = ["number"]
    ordering_fields = ["number", "created"]
    ordering = ["-number"]

    def get_queryset(self) -> QuerySet[Publication]:
        roster = self.roster(self.kwargs["roster_id"])
        shown = publications_visible_to(principal_of(self.request))
        return shown.filter(roster=roster).select_related("published_by")

    @extend_schema(
        operation_id="rosters_publications",
        summary="What was published, newest first; others see what is in force",
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Publish the working copy; the staff see it from now on",
        description="With `If-Match`, only where nothing changed since it was read.",
        request=NewPublicationSerializer,
        responses={
            201: NewlyPublishedSerializer,
            409: OpenApiResponse(
                description="Just this is published already, or closed"
            ),
            412: STALE,
            422: OpenApiResponse(
                description="It breaks rules and `accept_violations` is not set"
            ),
        },
        examples=[
            OpenApiExample(
                "With a note to the staff",
                request_only=True,
                value={
                    "note": "The night of the 12th changed.",
                    "accept_violations": False,
                },
            )
        ],
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = NewPublicationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        publication = publish_roster(
            roster=roster,
            author=self.author(),
            expected_version=sent_version(request),
            **form.validated_data,
        )
        days = publication.shifts.values_list("person__key", "day")
        twice_told = worked_elsewhere(roster, days, principal_of(request))
        body = {
            **PublicationSerializer(publication).data,
            "worked_elsewhere": [twice(one) for one in twice_told],
        }
        return Response(
            body,
            status=201,
            headers={"ETag": f'"{publication.version}"'},
        )
