"""Rows as the DICOM JSON model (PS3.18 F), for QIDO-RS and for metadata."""

from collections.abc import Iterable, Mapping
from typing import Any  # Any: the JSON model nests without end

from diagnosis.models import Instance, Series, Study

Json = dict[str, Any]
PATIENT_TAGS = ("00100010", "00100020", "00100030", "00100040", "00080090")
INSTANCE_TAGS = (
    "00080016",
    "00080018",
    "00200013",
    "00280008",
    "00280010",
    "00280011",
    "00280100",
)


def element(vr: str, *values: object) -> Json:
    """Return one element; without values, or with empty ones, it is empty."""
    kept = [value for value in values if value not in (None, "")]
    return {"vr": vr, "Value": kept} if kept else {"vr": vr}


def study_attributes(
    study: Study, *, url: str, modalities: Iterable[str], patient: Mapping[str, Json]
) -> Json:
    """Return what QIDO-RS says of a study (PS3.18 10.6.3, table 10.6.3-3).

    Args:
        study: With its patient.
        url: Where the study is retrieved.
        modalities: Those of its series.
        patient: The patient's elements as the files write them.
    """
    day = study.study_date
    return {
        "00080005": element("CS", "ISO_IR 192"),
        "00080020": element("DA", f"{day:%Y%m%d}" if day else ""),
        "00080030": element("TM", study.study_time.replace(":", "")),
        "00080050": element("SH", study.accession_number),
        "00080056": element("CS", "ONLINE"),
        "00080061": element("CS", *modalities),
        "00080090": patient.get("00080090") or element("PN"),
        "00081030": element("LO", study.description),
        "00081190": element("UR", url),
        **patient_attributes(study, patient),
        "0020000D": element("UI", study.study_instance_uid),
        "00200010": element("SH", study.study_id),
        "00201206": element("IS", study.series_count),
        "00201208": element("IS", study.instance_count),
    }


def patient_attributes(study: Study, patient: Mapping[str, Json]) -> Json:
    """Return the patient's elements: the files' own, else from the patient's row."""
    if patient.get("00100020", {}).get("Value"):
        return {tag: patient.get(tag) or element("LO") for tag in PATIENT_TAGS[:4]}
    row = study.patient
    born = row.birth_date
    names = {name.script.capitalize(): name.text for name in row.names.all()}
    return {
        "00100010": element("PN", names),
        "00100020": element("LO", row.hospital_number),
        "00100030": element("DA", f"{born:%Y%m%d}" if born else ""),
        "00100040": element("CS", row.sex[:1].upper() if row.sex != "unknown" else ""),
    }


def series_attributes(series: Series, *, url: str) -> Json:
    """Return what QIDO-RS says of a series (PS3.18 10.6.3, table 10.6.3-4)."""
    return {
        "00080005": element("CS", "ISO_IR 192"),
        "00080056": element("CS", "ONLINE"),
        "00080060": element("CS", series.modality),
        "0008103E": element("LO", series.description),
        "00081190": element("UR", url),
        "00180015": element("CS", series.body_part),
        "0020000D": element("UI", series.study.study_instance_uid),
        "0020000E": element("UI", series.series_instance_uid),
        "00200011": element("IS", series.number),
        "00201209": element("IS", series.instance_count),
    }


def instance_attributes(
    instance: Instance, *, url: str, include: Iterable[str], includes_all: bool
) -> Json:
    """Return what QIDO-RS says of an instance (PS3.18 10.6.3, table 10.6.3-5)."""
    own: Json = instance.attributes
    tags = own if includes_all else [*INSTANCE_TAGS, *include]
    series = instance.series
    return {
        **{tag: own[tag] for tag in tags if tag in own},
        "00080005": element("CS", "ISO_IR 192"),
        "00080056": element("CS", "ONLINE"),
        "00081190": element("UR", url),
        "00083002": element("UI", instance.transfer_syntax_uid),
        "0020000D": element("UI", series.study.study_instance_uid),
        "0020000E": element("UI", series.series_instance_uid),
    }


def metadata(instance: Instance) -> Json:
    """Return an instance's attributes with the transfer syntax it is stored in."""
    return {
        **instance.attributes,
        "00080005": element("CS", "ISO_IR 192"),
        "00083002": element("UI", instance.transfer_syntax_uid),
    }
