"""What every DICOMweb door has in common: who may enter, and how errors read."""

from collections.abc import Iterable
from typing import Any  # Any: DRF's own signatures

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from diagnosis.dicomweb.accept import MediaRange, accepted
from diagnosis.models import Instance, Series, Study
from diagnosis.selectors import instances_visible_to
from hospital.accounts.principal import Principal, principal_of
from hospital.audit.services import record_reading
from hospital.core.errors import DomainError

DICOM_JSON = "application/dicom+json"
JSON_TYPES = (DICOM_JSON, "application/json")


class NotAcceptable(DomainError):
    """None of the media types that the client accepts can be given."""

    status = 406


class AnyType(BaseContentNegotiation):
    """Leaves Accept to the views: DICOMweb's media types are not DRF's."""

    def select_parser(
        self, request: Request, parsers: Iterable[BaseParser]
    ) -> BaseParser | None:
        return None

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: Any = None,
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), "application/json"


class DicomwebView(APIView):
    """A door that needs the scope `studies` and shows only what its caller may see."""

    scope = "studies"
    content_negotiation_class = AnyType
    schema = None  # PS3.18 describes it, not our OpenAPI document

    @property
    def principal(self) -> Principal:
        return principal_of(self.request)

    def instances(
        self, **uids: str
    ) -> Any:  # Any: a QuerySet, its type differs by stubs
        """Return the visible instances of a study, series or instance, in order."""
        paths = {
            "study": "series__study__study_instance_uid",
            "series": "series__series_instance_uid",
            "instance": "sop_instance_uid",
        }
        conditions = {paths[name]: uid for name, uid in uids.items()}
        return (
            instances_visible_to(self.principal)
            .filter(**conditions)
            .select_related("series__study")
            .order_by("series__number", "series__id", "position_mm", "number", "id")
        )

    def audit(self, study: Study) -> None:
        """Write down that this person reads the study; a stack is asked for slice by slice."""
        record_reading(self.request, record=study, patient_id=study.patient_id)

    def url(self, *parts: object) -> str:
        """Return the absolute address of something under /dicomweb/."""
        path = "/".join(str(part) for part in parts)
        return self.request.build_absolute_uri(f"/dicomweb/{path}")

    def study_url(self, study: Study) -> str:
        return self.url("studies", study.study_instance_uid)

    def series_url(self, series: Series) -> str:
        return f"{self.study_url(series.study)}/series/{series.series_instance_uid}"

    def instance_url(self, instance: Instance) -> str:
        base = self.series_url(instance.series)
        return f"{base}/instances/{instance.sop_instance_uid}"

    def wanted(self) -> list[MediaRange]:
        """Return what the client accepts, from `accept` in the query or the header."""
        header = self.request.META.get("HTTP_ACCEPT", "")
        return accepted(self.request.GET.get("accept") or header or "*/*")

    def json(self, rows: list[dict[str, Any]]) -> HttpResponse:
        """Return rows of the DICOM JSON model, if the client accepts JSON."""
        kinds = [
            kind for one in self.wanted() for kind in JSON_TYPES if one.covers(kind)
        ]
        if not kinds:
            raise not_acceptable()
        return JsonResponse(rows, safe=False, content_type=kinds[0])


def not_acceptable() -> NotAcceptable:
    return NotAcceptable(
        _("None of the media types in Accept can be given here."),
        code="not_acceptable",
    )
