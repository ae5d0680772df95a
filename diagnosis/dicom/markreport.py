"""A reader's label as a structured report: the answer, and a region for each mark.

Loads pydicom: decoder children only.

References:
    DICOM PS3.3 A.35.3 (Comprehensive SR), PS3.16 TID 1500 and TID 1410.
"""

from collections import defaultdict
from typing import Any  # Any: a mark is JSON of our own making

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ComprehensiveSRStorage

from diagnosis.dicom.markobject import (
    SCHEME,
    Request,
    code,
    label_code,
    made_object,
    reference,
    source_of,
    uid_of,
    written,
)
from diagnosis.labelling.regions import Region

SERIES_NUMBER = 9001
DCM, SCT = "DCM", "SCT"
PROCEDURES = {"CT": code("77477000", SCT, "Computed tomography")}
OTHER_PROCEDURE = code("363679005", SCT, "Imaging")


def report(request: Request) -> bytes:
    """Return the report as a Part 10 file."""
    made = made_object(
        request, sop_class=ComprehensiveSRStorage, modality="SR", key="report"
    )
    made.SeriesNumber = SERIES_NUMBER
    made.ReferencedPerformedProcedureStepSequence = Sequence()
    made.PerformedProcedureCodeSequence = Sequence()
    made.CompletionFlag = "COMPLETE"
    made.VerificationFlag = "UNVERIFIED"
    made.CurrentRequestedProcedureEvidenceSequence = Sequence([_evidence(request)])
    made.ValueType = "CONTAINER"
    made.ContinuityOfContent = "SEPARATE"
    made.ConceptNameCodeSequence = Sequence(
        [code("126000", DCM, "Imaging Measurement Report")]
    )
    template = Dataset()
    template.MappingResource = "DCMR"
    template.TemplateIdentifier = "1500"
    made.ContentTemplateSequence = Sequence([template])
    made.ContentSequence = Sequence(_content(request))
    return written(made)


def _content(request: Request) -> list[Dataset]:
    source = source_of(request)
    modality = str(source.get("Modality", ""))
    person = code("121006", DCM, "Person")
    groups = [_group(request, mark, source) for mark in request["marks"]]
    answer = [
        _coded(
            code("QUESTION", SCHEME, request["question"]),
            label_code(request, request["answer"]),
        )
    ]
    if request["comment"]:
        comment = _item("CONTAINS", "TEXT", code("121106", DCM, "Comment"))
        comment.TextValue = request["comment"]
        answer.append(comment)
    observer = _item(
        "HAS OBS CONTEXT", "PNAME", code("121008", DCM, "Person Observer Name")
    )
    observer.PersonName = request["reader"]
    return [
        _coded(
            code("121049", DCM, "Language of Content Item and Descendants"),
            code("en", "RFC5646", "English"),
            relation="HAS CONCEPT MOD",
        ),
        _coded(
            code("121005", DCM, "Observer Type"), person, relation="HAS OBS CONTEXT"
        ),
        observer,
        _coded(
            code("121058", DCM, "Procedure reported"),
            PROCEDURES.get(modality, OTHER_PROCEDURE),
            relation="HAS CONCEPT MOD",
        ),
        _container(code("126010", DCM, "Imaging Measurements"), groups),
        _container(code("C0034375", "UMLS", "Qualitative Evaluations"), answer),
    ]


def _group(request: Request, mark: dict[str, Any], source: Dataset) -> Dataset:
    """Return one region with what it shows, and its area where pixels have a size."""
    name = _item("HAS OBS CONTEXT", "TEXT", code("112039", DCM, "Tracking Identifier"))
    name.TextValue = f"{mark['answer']} {request['marks'].index(mark) + 1}"
    tracking = _item(
        "HAS OBS CONTEXT", "UIDREF", code("112040", DCM, "Tracking Unique Identifier")
    )
    tracking.UID = uid_of(mark["tracking"], "tracking")
    drawn = Region(mark["kind"], tuple((x, y) for x, y in mark["points"]))
    shown = _item("SELECTED FROM", "IMAGE", code("260753009", SCT, "Source"))
    shown.ReferencedSOPSequence = Sequence(
        [reference(request, mark["instance"], mark["frame"])]
    )
    outline = _item("CONTAINS", "SCOORD", code("111030", DCM, "Image Region"))
    ring = (*drawn.outline, drawn.outline[0])
    outline.GraphicType = "POLYLINE"
    outline.GraphicData = [float(number) for point in ring for number in point]
    outline.ContentSequence = Sequence([shown])
    finding = _coded(
        code("121071", DCM, "Finding"), label_code(request, mark["answer"])
    )
    area = _area(drawn, source)
    parts = [name, tracking, finding, outline, *([area] if area else [])]
    return _container(code("125007", DCM, "Measurement Group"), parts)


def _area(drawn: Region, source: Dataset) -> Dataset | None:
    spacing = source.get("PixelSpacing")
    if not spacing or len(spacing) != 2:
        return None
    value = Dataset()
    value.NumericValue = f"{drawn.area * float(spacing[0]) * float(spacing[1]):.2f}"
    value.MeasurementUnitsCodeSequence = Sequence(
        [code("mm2", "UCUM", "square millimeter")]
    )
    item = _item("CONTAINS", "NUM", code("42798000", SCT, "Area"))
    item.MeasuredValueSequence = Sequence([value])
    return item


def _evidence(request: Request) -> Dataset:
    series: dict[str, list[Dataset]] = defaultdict(list)
    for uid, known in sorted(request["instances"].items()):
        series[known["series"]].append(reference(request, uid))
    study = Dataset()
    study.StudyInstanceUID = source_of(request).StudyInstanceUID
    study.ReferencedSeriesSequence = Sequence(
        [_referenced(uid, items) for uid, items in series.items()]
    )
    return study


def _referenced(uid: str, items: list[Dataset]) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = uid
    series.ReferencedSOPSequence = Sequence(items)
    return series


def _item(relation: str, kind: str, name: Dataset) -> Dataset:
    item = Dataset()
    item.RelationshipType = relation
    item.ValueType = kind
    item.ConceptNameCodeSequence = Sequence([name])
    return item


def _coded(name: Dataset, value: Dataset, *, relation: str = "CONTAINS") -> Dataset:
    item = _item(relation, "CODE", name)
    item.ConceptCodeSequence = Sequence([value])
    return item


def _container(name: Dataset, content: list[Dataset]) -> Dataset:
    item = _item("CONTAINS", "CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    if content:
        item.ContentSequence = Sequence(content)
    return item
