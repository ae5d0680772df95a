"""What DICOM objects made of a reader's label have in common.

Loads pydicom: decoder children only. A request is JSON of `services.label_files`.
"""

import io
from datetime import datetime
from typing import Any  # Any: the request is JSON of our own making
from uuid import UUID, uuid5

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.images import IMPLEMENTATION_UID

SCHEME = "99ANJI"  # of codes that a hospital's own labels are given
LONGEST_MEANING = 64
# Patient and study modules (PS3.3 C.7.1.1, C.7.2.1): those of the images, type 2 or 1.
CARRIED = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "StudyID",
    "AccessionNumber",
)
Request = dict[str, Any]


def source_of(request: Request) -> Dataset:
    """Return the attributes of the image that the label is about first.

    Raises:
        DicomRefused: The label is about no image.
    """
    known = request["instances"].get(request["source"])
    if not known:
        raise DicomRefused("no_pixels")
    return Dataset.from_json(known["attributes"])


def made_object(
    request: Request, *, sop_class: str, modality: str, key: str
) -> Dataset:
    """Return an object of the images' study, in a series of its own.

    The same label makes the same identifiers.
    """
    source = source_of(request)
    said = datetime.fromisoformat(request["said"])
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = sop_class
    made.SOPInstanceUID = uid_of(request["label"], f"{key} instance")
    for keyword in CARRIED:
        setattr(made, keyword, source.get(keyword, "") or "")
    made.Modality = modality
    made.SeriesInstanceUID = uid_of(request["label"], f"{key} series")
    made.InstanceNumber = 1
    made.SeriesDescription = request["title"][:LONGEST_MEANING]
    made.Manufacturer = "Anji"
    made.ContentDate = said.strftime("%Y%m%d")
    made.ContentTime = said.strftime("%H%M%S")
    return made


def uid_of(label: str, purpose: str) -> str:
    """Return an identifier that a label's id and a purpose make (PS3.5 B.2)."""
    return f"2.25.{uuid5(UUID(label), purpose).int}"


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning[:LONGEST_MEANING]
    return item


def label_code(request: Request, answer: str) -> Dataset:
    """Return the code of one of the project's labels: L1, L2 and so on."""
    return code(f"L{request['names'].index(answer) + 1}", SCHEME, answer)


def reference(request: Request, sop_instance_uid: str, frame: int = 0) -> Dataset:
    """Return a reference to an image, to one of its frames where it has several."""
    known = request["instances"][sop_instance_uid]
    item = Dataset()
    item.ReferencedSOPClassUID = known["sop_class"]
    item.ReferencedSOPInstanceUID = sop_instance_uid
    if frame and known["frames"] > 1:
        item.ReferencedFrameNumber = frame
    return item


def written(made: Dataset) -> bytes:
    """Return the object as a Part 10 file."""
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.file_meta.ImplementationClassUID = IMPLEMENTATION_UID
    made.file_meta.ImplementationVersionName = "ANJI"
    buffer = io.BytesIO()
    dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()
