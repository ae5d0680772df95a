"""A label's marks of one series as a binary segmentation: a segment a label.

Loads pydicom and numpy: decoder children only.

References:
    DICOM PS3.3 A.51, C.8.20.2, C.7.6.16.
"""

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import SegmentationStorage

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.markobject import (
    Request,
    code,
    label_code,
    made_object,
    reference,
    source_of,
    uid_of,
    written,
)
from diagnosis.labelling.regions import Region, pixels_of

SERIES_NUMBER = 9002
DCM, SCT = "DCM", "SCT"
# (0062,000B) Referenced Segment Number in (0062,000A), and the frame's place.
SEGMENT_POINTER, SEGMENT_GROUP = 0x0062000B, 0x0062000A
STACK_POINTER, STACK_GROUP = 0x00209057, 0x00209111
Frame = tuple[str, str, int]  # label, SOP instance, number


def segmentation(request: Request) -> bytes:
    """Return the segmentation as a Part 10 file.

    Raises:
        DicomRefused: There is no mark.
    """
    if not request["marks"]:
        raise DicomRefused("no_pixels")
    known = request["instances"][request["source"]]
    rows, columns = known["rows"], known["columns"]
    key = f"segmentation {known['series']} {rows}x{columns}"
    made = made_object(request, sop_class=SegmentationStorage, modality="SEG", key=key)
    source = source_of(request)
    frames = _frames(request)
    names = sorted({name for name, _, _ in frames}, key=request["names"].index)
    made.SeriesNumber = SERIES_NUMBER
    if source.get("FrameOfReferenceUID"):
        made.FrameOfReferenceUID = source.FrameOfReferenceUID
        made.PositionReferenceIndicator = ""
    made.ManufacturerModelName = "Anji"
    made.DeviceSerialNumber = "1"
    made.SoftwareVersions = "1"
    if not source.get("ImageOrientationPatient"):
        made.PatientOrientation = ""  # nobody knows how a picture lies
    _image(made, rows=rows, columns=columns)
    made.ContentLabel = "LABELS"
    made.ContentDescription = request["question"][:64]
    made.ImageComments = request["answer"]  # of the study: segments are of the marks
    made.ContentCreatorName = request["reader"]
    made.SegmentSequence = Sequence(
        [_segment(request, name, number) for number, name in enumerate(names, 1)]
    )
    _dimensions(made, uid_of(request["label"], f"{key} dimensions"))
    made.SharedFunctionalGroupsSequence = Sequence([_shared(source)])
    ordered = sorted(frames, key=lambda frame: names.index(frame[0]))
    places = {
        place: n for n, place in enumerate(dict.fromkeys(f[1:] for f in ordered), 1)
    }
    made.PerFrameFunctionalGroupsSequence = Sequence(
        [
            _groups(request, frame, names.index(frame[0]) + 1, places[frame[1:]])
            for frame in ordered
        ]
    )
    made.NumberOfFrames = len(ordered)
    made.ReferencedSeriesSequence = Sequence([_referenced(request, known["series"])])
    masks = np.stack([_mask(frames[frame], rows, columns) for frame in ordered])
    packed = np.packbits(masks.ravel(), bitorder="little").tobytes()
    made.PixelData = packed + b"\0" * (len(packed) % 2)
    made["PixelData"].VR = "OB"
    return written(made)


def _frames(request: Request) -> dict[Frame, list[Region]]:
    frames: dict[Frame, list[Region]] = {}
    for mark in request["marks"]:
        drawn = Region(mark["kind"], tuple((x, y) for x, y in mark["points"]))
        frame = (mark["answer"], mark["instance"], mark["frame"])
        frames.setdefault(frame, []).append(drawn)
    return frames


def _mask(regions: list[Region], rows: int, columns: int) -> NDArray[np.uint8]:
    mask = np.zeros((rows, columns), np.uint8)  # (H, W)
    for row, spans in pixels_of(regions).items():
        for start, stop in spans:
            mask[row, start:stop] = 1
    return mask


def _image(made: Dataset, *, rows: int, columns: int) -> None:
    made.ImageType = ["DERIVED", "PRIMARY"]
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.Rows, made.Columns = rows, columns
    made.BitsAllocated = made.BitsStored = 1
    made.HighBit = made.PixelRepresentation = 0
    made.LossyImageCompression = "00"
    made.SegmentationType = "BINARY"


def _segment(request: Request, name: str, number: int) -> Dataset:
    segment = Dataset()
    segment.SegmentNumber = number
    segment.SegmentLabel = name
    segment.SegmentAlgorithmType = "MANUAL"
    segment.SegmentedPropertyCategoryCodeSequence = Sequence(
        [code("49755003", SCT, "Morphologically Abnormal Structure")]
    )
    segment.SegmentedPropertyTypeCodeSequence = Sequence([label_code(request, name)])
    return segment


def _dimensions(made: Dataset, uid: str) -> None:
    organization = Dataset()
    organization.DimensionOrganizationUID = uid
    made.DimensionOrganizationSequence = Sequence([organization])
    indices = []
    for pointer, group, words in (
        (SEGMENT_POINTER, SEGMENT_GROUP, "Segment"),
        (STACK_POINTER, STACK_GROUP, "Source image"),
    ):
        index = Dataset()
        index.DimensionOrganizationUID = uid
        index.DimensionIndexPointer = pointer
        index.FunctionalGroupPointer = group
        index.DimensionDescriptionLabel = words
        indices.append(index)
    made.DimensionIndexSequence = Sequence(indices)


def _shared(source: Dataset) -> Dataset:
    """Return the pixels' size and the plane, where the images have them."""
    shared = Dataset()
    if source.get("PixelSpacing"):
        measures = Dataset()
        measures.PixelSpacing = source.PixelSpacing
        if source.get("SliceThickness") is not None:
            measures.SliceThickness = source.SliceThickness
        shared.PixelMeasuresSequence = Sequence([measures])
    if source.get("ImageOrientationPatient"):
        plane = Dataset()
        plane.ImageOrientationPatient = source.ImageOrientationPatient
        shared.PlaneOrientationSequence = Sequence([plane])
    return shared


def _groups(request: Request, frame: Frame, segment: int, place: int) -> Dataset:
    _, uid, number = frame
    groups = Dataset()
    content = Dataset()
    content.DimensionIndexValues = [segment, place]
    content.StackID = "1"
    content.InStackPositionNumber = place
    groups.FrameContentSequence = Sequence([content])
    identified = Dataset()
    identified.ReferencedSegmentNumber = segment
    groups.SegmentIdentificationSequence = Sequence([identified])
    position = _position(Dataset.from_json(request["instances"][uid]["attributes"]))
    if position:
        plane = Dataset()
        plane.ImagePositionPatient = position
        groups.PlanePositionSequence = Sequence([plane])
    source = reference(request, uid, number)
    source.SpatialLocationsPreserved = "YES"
    source.PurposeOfReferenceCodeSequence = Sequence(
        [code("121322", DCM, "Source image for image processing operation")]
    )
    derivation = Dataset()
    derivation.SourceImageSequence = Sequence([source])
    derivation.DerivationCodeSequence = Sequence([code("113076", DCM, "Segmentation")])
    groups.DerivationImageSequence = Sequence([derivation])
    return groups


def _position(attributes: Dataset) -> list[float] | None:
    """Return where a single-frame image lies; a frame of several says it elsewhere."""
    value = attributes.get("ImagePositionPatient")
    return list(value) if value and len(value) == 3 else None


def _referenced(request: Request, series_uid: str) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = series_uid
    uids = sorted({mark["instance"] for mark in request["marks"]})
    series.ReferencedInstanceSequence = Sequence([reference(request, u) for u in uids])
    return series
