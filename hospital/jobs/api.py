"""Jobs in REST: what became of long work, and how to stop it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from hospital.core.errors import NotPermitted
from hospital.jobs import services
from hospital.jobs.models import Job
from hospital.jobs.selectors import jobs_visible_to, may_stop


class JobErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class JobSerializer(serializers.ModelSerializer):
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "state",
            "progress",
            "message",
            "error",
            "result",
            "created",
            "started",
            "finished",
        ]

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, job: Job) -> dict[str, str] | None:
        if not job.error:
            return None
        return {"code": job.error_code, "message": job.error}


@extend_schema_view(
    list=extend_schema(summary="Jobs that you may see"),
    retrieve=extend_schema(summary="How one job stands"),
)
class JobViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "jobs"
    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_fields = {
        "state": ["exact"],
        "kind": ["exact"],
        "created": ["gte", "lte"],
    }
    search_fields: list[str] = []
    ordering_fields = ["created", "started", "finished"]
    ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[Job]:
        return jobs_visible_to(principal_of(self.request))

    @extend_schema(
        summary="Cancel a job",
        description="A waiting job ends at once, a running one at its next step.",
        request=None,
        responses={
            202: JobSerializer,
            409: OpenApiResponse(description="It has ended."),
        },
    )
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, pk: str) -> Response:
        job = services.request_cancellation(job=self._stoppable())
        return Response(self.get_serializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Try a failed or cancelled job again",
        request=None,
        responses={202: JobSerializer},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        job = services.retry(job=self._stoppable())
        return Response(self.get_serializer(job).data, status=status.HTTP_202_ACCEPTED)

    def _stoppable(self) -> Job:
        job: Job = self.get_object()
        if not may_stop(principal_of(self.request), job):
            raise NotPermitted(
                _("This job is not yours to stop."), code="job_not_yours"
            )
        return job
