"""QIDO-RS matching: the parameters of PS3.18 8.3.4 as conditions on rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, Q, TextField
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput

DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
TAG = re.compile(r"[0-9A-Fa-f]{8}")
KEYWORDS = {
    "SOPClassUID": "00080016",
    "SOPInstanceUID": "00080018",
    "StudyDate": "00080020",
    "StudyTime": "00080030",
    "AccessionNumber": "00080050",
    "Modality": "00080060",
    "ModalitiesInStudy": "00080061",
    "StudyDescription": "00081030",
    "SeriesDescription": "0008103E",
    "PatientName": "00100010",
    "PatientID": "00100020",
    "PatientBirthDate": "00100030",
    "BodyPartExamined": "00180015",
    "StudyInstanceUID": "0020000D",
    "SeriesInstanceUID": "0020000E",
    "StudyID": "00200010",
    "SeriesNumber": "00200011",
    "InstanceNumber": "00200013",
}
MAX_PATTERN = 64  # characters
Matcher = Callable[[str, str], Q]


@CharField.register_lookup
@TextField.register_lookup
class Wildcard(Lookup):
    """Match a pattern in any case; LIKE, unlike a regular expression, is never slow."""

    lookup_name = "wildcard"

    def get_prep_lookup(self) -> str:
        literal = re.sub(r"([\\%_])", r"\\\1", str(self.rhs))
        return re.sub(r"\*+", "%", literal).replace("?", "_")

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"UPPER({left}) LIKE UPPER({right})", (*left_params, *right_params)


@dataclass(frozen=True, slots=True)
class Query:
    """A search: what to match, which attributes to add, which rows to give."""

    matches: dict[str, str] = field(default_factory=dict)  # by tag
    include: frozenset[str] = frozenset()
    includes_all: bool = False
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    ignored: tuple[str, ...] = ()  # parameters that match nothing here

    def condition(self, prefix: str) -> Q:
        """Return the condition on rows whose study is found at `prefix`."""
        condition = Q()
        for tag, value in self.matches.items():
            matcher, paths = MATCHERS[tag]
            either = Q()
            for path in paths[prefix]:
                either |= matcher(path, value)
            condition &= either
        return condition


def parse(parameters: Mapping[str, list[str]], *, level: str) -> Query:
    """Return the search that a query string asks for, at `study`, `series`, `instance`.

    Raises:
        InvalidInput: A number or a date is none.
    """
    matches: dict[str, str] = {}
    include: set[str] = set()
    numbers = {"limit": DEFAULT_LIMIT, "offset": 0}
    ignored: list[str] = []
    for name, values in parameters.items():
        value = ",".join(values)
        if name in numbers:
            numbers[name] = _number(name, values[-1])
        elif name == "includefield":
            include |= {part for text in values for part in text.split(",")}
        elif name == "fuzzymatching":
            continue
        else:
            tag = _tag(name)
            if tag is None or level not in MATCHERS.get(tag, (None, {}))[1]:
                ignored.append(name)
            elif value:
                matches[tag] = _bounded(name, value)
    return Query(
        matches=matches,
        include=frozenset(tag for name in include if (tag := _tag(name))),
        includes_all="all" in include,
        limit=min(numbers["limit"], MAX_LIMIT),
        offset=numbers["offset"],
        ignored=tuple(ignored),
    )


def _tag(name: str) -> str | None:
    if TAG.fullmatch(name):
        return name.upper()
    return KEYWORDS.get(name)


def _bounded(name: str, value: str) -> str:
    """Return a value, refusing a pattern longer than what it could match (PS3.5 6.2)."""
    if len(value) > MAX_PATTERN and ("*" in value or "?" in value):
        raise _invalid(name)
    return value


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise _invalid(name)
    return int(text)


def _text(path: str, value: str) -> Q:
    """Match a text, with * and ? as wildcards (PS3.4 C.2.2.2.4), in any case."""
    if value.strip("*") == "":
        return Q()
    if "*" not in value and "?" not in value:
        return Q(**{f"{path}__iexact": value})
    return Q(**{f"{path}__wildcard": value})


def _name(path: str, value: str) -> Q:
    """Match a name as it is kept, with spaces where DICOM writes ^."""
    return _text(path, re.sub(r"[\^=]+", " ", value).strip() or "*")


def _uids(path: str, value: str) -> Q:
    """Match one of several UIDs (PS3.4 C.2.2.2.2)."""
    return Q(**{f"{path}__in": re.split(r"[,\\]", value)})


def _integer(path: str, value: str) -> Q:
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise _invalid(path)
    return Q(**{path: int(value)})


def _dates(path: str, value: str) -> Q:
    """Match a date or a range of dates (PS3.4 C.2.2.2.5)."""
    first, dash, last = value.partition("-")
    if not dash:
        return Q(**{path: _date(first)})
    condition = Q()
    if first:
        condition &= Q(**{f"{path}__gte": _date(first)})
    if last:
        condition &= Q(**{f"{path}__lte": _date(last)})
    return condition


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise _invalid("StudyDate") from error


def _invalid(name: str) -> InvalidInput:
    message = _("%(name)s cannot be matched: the value is not valid.") % {"name": name}
    return InvalidInput(message, code="invalid_query", status=400)


def _of_study(path: str) -> dict[str, list[str]]:
    return {
        "study": [path],
        "series": [f"study__{path}"],
        "instance": [f"series__study__{path}"],
    }


def _of_series(path: str) -> dict[str, list[str]]:
    return {"series": [path], "instance": [f"series__{path}"]}


MATCHERS: dict[str, tuple[Matcher, dict[str, list[str]]]] = {
    "0020000D": (_uids, _of_study("study_instance_uid")),
    "00080020": (_dates, _of_study("study_date")),
    "00080050": (_text, _of_study("accession_number")),
    "00081030": (_text, _of_study("description")),
    "00200010": (_text, _of_study("study_id")),
    "00100010": (_name, _of_study("patient__names__text")),
    "00100020": (_text, _of_study("patient__identifiers__value")),
    "00100030": (_dates, _of_study("patient__birth_date")),
    "00080061": (_text, _of_study("series__modality")),
    "0020000E": (_uids, _of_series("series_instance_uid")),
    "00080060": (_text, _of_series("modality")),
    "00200011": (_integer, _of_series("number")),
    "0008103E": (_text, _of_series("description")),
    "00180015": (_text, _of_series("body_part")),
    "00080018": (_uids, {"instance": ["sop_instance_uid"]}),
    "00080016": (_uids, {"instance": ["sop_class_uid"]}),
    "00200013": (_integer, {"instance": ["number"]}),
}
