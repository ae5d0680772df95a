"""QIDO-RS: studies, series and instances found by their attributes (PS3.18 10.6)."""

from collections import defaultdict
from typing import Any  # Any: the JSON model nests without end

from django.db.models import F, Func, JSONField, Value
from django.http import HttpResponse
from rest_framework.request import Request

from diagnosis.dicomweb.attributes import (
    PATIENT_TAGS,
    instance_attributes,
    patient_attributes,
    series_attributes,
    study_attributes,
)
from diagnosis.dicomweb.base import DicomwebView
from diagnosis.dicomweb.query import Query, parse
from diagnosis.models import Instance, Series, Study
from diagnosis.selectors import (
    instances_visible_to,
    series_visible_to,
    studies_visible_to,
)
from hospital.audit.services import record_list

MODELS = {"study": Study, "series": Series, "instance": Instance}
PatientElements = dict[str, dict[str, Any]]


class SearchView(DicomwebView):
    """A search at one level, perhaps within a study or a series."""

    level = ""

    def get(self, request: Request, **within: str) -> HttpResponse:
        parameters = {name: request.GET.getlist(name) for name in request.GET}
        parameters.pop("accept", None)
        fixed = {"study": "StudyInstanceUID", "series": "SeriesInstanceUID"}
        parameters |= {fixed[name]: [uid] for name, uid in within.items()}
        query = parse(parameters, level=self.level)
        found = self.rows(query)
        record_list(request, model=MODELS[self.level], rows=len(found))
        response = self.json(found)
        if query.ignored:
            names = ", ".join(name for name in query.ignored if name.isascii())
            text = "".join(c for c in names if c.isprintable())[:200]
            response["Warning"] = f'299 Anji "These parameters were ignored: {text}"'
        return response

    def rows(self, query: Query) -> list[dict[str, Any]]:
        raise NotImplementedError

    def matching(self, model: Any, query: Query) -> Any:  # Any: of three models
        """Return the keys that match; in a subquery, so that joins repeat no row."""
        return model.objects.filter(query.condition(self.level)).values("pk")


class SearchStudies(SearchView):
    level = "study"

    def rows(self, query: Query) -> list[dict[str, Any]]:
        found = (
            studies_visible_to(self.principal)
            .filter(pk__in=self.matching(Study, query))
            .order_by("-study_date", "-created", "id")
            .select_related("patient")
            .prefetch_related("patient__names", "patient__identifiers", "series")
        )
        studies = _page(found, query)
        patients = _patient_elements(studies)
        return [
            study_attributes(
                study,
                url=self.study_url(study),
                modalities=sorted({one.modality for one in study.series.all()}),
                patient=patients[study.pk],
            )
            for study in studies
        ]


class SearchSeries(SearchView):
    level = "series"

    def rows(self, query: Query) -> list[dict[str, Any]]:
        found = (
            series_visible_to(self.principal)
            .filter(pk__in=self.matching(Series, query))
            .order_by("study__id", "number", "id")
            .select_related("study__patient")
            .prefetch_related("study__patient__names", "study__patient__identifiers")
        )
        several = _page(found, query)
        patients = _patient_elements([series.study for series in several])
        return [
            series_attributes(series, url=self.series_url(series))
            | patient_attributes(series.study, patients[series.study_id])
            for series in several
        ]


class SearchInstances(SearchView):
    level = "instance"

    def rows(self, query: Query) -> list[dict[str, Any]]:
        found = (
            instances_visible_to(self.principal)
            .filter(pk__in=self.matching(Instance, query))
            .order_by("series__id", "position_mm", "number", "id")
            .select_related("series__study")
        )
        return [
            instance_attributes(
                instance,
                url=self.instance_url(instance),
                include=query.include,
                includes_all=query.includes_all,
            )
            for instance in _page(found, query)
        ]


def _page(found: Any, query: Query) -> list[Any]:
    return list(found[query.offset : query.offset + query.limit])


def _patient_elements(studies: list[Study]) -> dict[Any, PatientElements]:
    """Return the patient's elements of each study as one of its files writes them."""
    result: dict[Any, PatientElements] = defaultdict(dict)
    elements = {f"tag_{tag}": _element(tag) for tag in PATIENT_TAGS}
    rows = (
        Instance.objects.filter(series__study__in=studies)
        .order_by("series__study_id", "id")
        .distinct("series__study_id")
        .values("series__study_id", **elements)
    )
    for row in rows:
        given: dict[str, Any] = dict(row)
        result[given["series__study_id"]] = {
            tag: given[f"tag_{tag}"] for tag in PATIENT_TAGS if given[f"tag_{tag}"]
        }
    return result


def _element(tag: str) -> Func:
    """Return one element of the stored attributes; Django takes digits for an index."""
    return Func(
        F("attributes"),
        Value(tag),
        function="jsonb_extract_path",
        output_field=JSONField(),
    )
