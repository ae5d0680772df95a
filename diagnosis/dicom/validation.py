"""Turns an opened file into a checked Header. Loads pydicom: children and workers."""

import math
import re
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.tag import Tag

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import MAX_FRAME_SAMPLES, MAX_FRAMES
from diagnosis.dicom.reading import UNDEFINED_LENGTH, OpenedFile, open_dicom
from diagnosis.dicom.syntaxes import JPEG_EXTENDED, NATIVE
from diagnosis.dicom.values import Values

KEYWORDS = """
    SpecificCharacterSet SOPClassUID SOPInstanceUID StudyInstanceUID
    SeriesInstanceUID PatientID IssuerOfPatientID PatientName PatientBirthDate
    PatientAge PatientSex AccessionNumber StudyID StudyDescription StudyDate StudyTime Modality
    SeriesNumber SeriesDescription SeriesDate BodyPartExamined Laterality
    ImageLaterality ProtocolName ConvolutionKernel Manufacturer
    ManufacturerModelName InstanceNumber ImageType SamplesPerPixel
    PhotometricInterpretation PlanarConfiguration NumberOfFrames Rows Columns
    BitsAllocated BitsStored HighBit PixelRepresentation ImagePositionPatient
    ImageOrientationPatient PixelSpacing ImagerPixelSpacing SliceThickness
    SpacingBetweenSlices GantryDetectorTilt RescaleSlope RescaleIntercept
    WindowCenter WindowWidth SharedFunctionalGroupsSequence
    PerFrameFunctionalGroupsSequence
""".split()  # noqa: SIM905 (a list this long reads as words)
TAGS = [int(Tag(keyword)) for keyword in KEYWORDS]

# Where enhanced multi-frame images keep what others have at the top (PS3.3 C.7.6.16).
FUNCTIONAL_GROUPS = {
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness", "SpacingBetweenSlices"),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept"),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth"),
    "CTAcquisitionDetailsSequence": ("GantryDetectorTilt",),
    "CTReconstructionSequence": ("ConvolutionKernel",),
}
# PN allows 64 characters for each of three component groups (PS3.5 6.2).
NAME_LENGTH = 3 * 64 + 2
SHORT_TEXT, LONG_TEXT = 16, 64
UNIT_TOLERANCE = 0.01
AGE = re.compile(r"(\d{3})([DWMY])")  # AS, PS3.5 6.2
IN_A_YEAR = {"D": 366, "W": 53, "M": 12, "Y": 1}


def read_header(path: Path) -> Header:
    """Return the checked header of a DICOM file.

    Raises:
        DicomRefused: It lacks what every instance must have, or breaks a limit.
    """
    with open_dicom(path, tags=TAGS) as opened:
        return header_of(opened)


def header_of(opened: OpenedFile) -> Header:
    """Return the checked header of an opened file."""
    dataset = opened.dataset
    lift_functional_groups(dataset)
    values = Values(dataset)
    identity = _identity(values)
    image = _image(values, opened)
    geometry = _geometry(values)
    intensity = _intensity(values)
    if image and geometry["orientation"] is None:
        values.notes.add("missing_geometry")
    if image and geometry["spacing_mm"] is None:
        values.notes.add("missing_spacing")
    return Header(
        kind="dicom",
        transfer_syntax_uid=opened.transfer_syntax_uid,
        prefix_hex=opened.prefix.hex(),
        skip_bytes=opened.skip_bytes,
        notes=tuple(sorted(values.notes)),
        **identity,  # type: ignore[arg-type]  # built field by field just below
        **image,  # type: ignore[arg-type]
        **geometry,  # type: ignore[arg-type]
        frame_places=_frame_places(dataset),
        **intensity,  # type: ignore[arg-type]
    )


def _identity(values: Values) -> dict[str, object]:
    patient_id = values.identity("PatientID", limit=LONG_TEXT)
    if not patient_id:
        values.notes.add("missing_patient_id")
    sex = values.text("PatientSex", limit=SHORT_TEXT).upper()
    modality = values.text("Modality", limit=SHORT_TEXT).upper()
    if not modality:
        raise DicomRefused("missing_tag", "(Modality)")
    laterality = values.text("ImageLaterality", limit=1) or values.text(
        "Laterality", limit=1
    )
    return {
        "sop_class_uid": values.uid("SOPClassUID"),
        "sop_instance_uid": values.uid("SOPInstanceUID"),
        "study_instance_uid": values.uid("StudyInstanceUID"),
        "series_instance_uid": values.uid("SeriesInstanceUID"),
        "patient_id": patient_id,
        "issuer_of_patient_id": values.identity("IssuerOfPatientID", limit=LONG_TEXT),
        "patient_name": values.identity("PatientName", limit=NAME_LENGTH),
        "patient_birth_date": values.date("PatientBirthDate"),
        "patient_sex": sex if sex in ("M", "F", "O") else "",
        "patient_age_years": _age_years(values),
        "accession_number": values.identity("AccessionNumber", limit=LONG_TEXT),
        "study_id": values.text("StudyID", limit=SHORT_TEXT),
        "study_description": values.text("StudyDescription", limit=LONG_TEXT),
        "study_date": values.date("StudyDate"),
        "study_time": values.time("StudyTime"),
        "modality": modality,
        "series_number": _int32(values, "SeriesNumber"),
        "series_description": values.text("SeriesDescription", limit=LONG_TEXT),
        "series_date": values.date("SeriesDate"),
        "body_part": values.text("BodyPartExamined", limit=LONG_TEXT).upper(),
        "laterality": laterality.upper() if laterality.upper() in "LRUB" else "",
        "protocol_name": values.text("ProtocolName", limit=LONG_TEXT),
        "convolution_kernel": values.text("ConvolutionKernel", limit=LONG_TEXT),
        "manufacturer": values.text("Manufacturer", limit=LONG_TEXT),
        "manufacturer_model_name": values.text(
            "ManufacturerModelName", limit=LONG_TEXT
        ),
        "instance_number": _int32(values, "InstanceNumber"),
        "image_type": values.texts("ImageType", limit=SHORT_TEXT, count=8),
    }


def _age_years(values: Values) -> int | None:
    """Return how old the patient was: as the scanner noted, else by the dates."""
    noted = AGE.fullmatch(values.text("PatientAge", limit=SHORT_TEXT).upper())
    if noted:
        number, unit = noted.groups()
        return int(number) // IN_A_YEAR[unit]
    born = values.date("PatientBirthDate")
    made = values.date("StudyDate") or values.date("SeriesDate")
    if not born or not made or born > made:
        return None
    had_birthday = made[5:] >= born[5:]
    return int(made[:4]) - int(born[:4]) - (not had_birthday)


def _image(values: Values, opened: OpenedFile) -> dict[str, object]:
    """Return the checked image pixel module, empty where there is no image."""
    if opened.pixels is None:
        return {}
    rows = _required(values, "Rows", low=1, high=65_535, code="dimensions")
    columns = _required(values, "Columns", low=1, high=65_535, code="dimensions")
    samples = _required(values, "SamplesPerPixel", low=1, high=4)
    allocated = _required(values, "BitsAllocated", low=1, high=64)
    if allocated not in (1, 8, 16, 32, 64):
        raise DicomRefused("invalid_value", "(BitsAllocated)")
    frames = 1
    if values.dataset.get("NumberOfFrames") not in (None, "", 0):
        frames = _required(
            values, "NumberOfFrames", low=1, high=MAX_FRAMES, code="dimensions"
        )
    stored = values.integer("BitsStored", low=1, high=allocated) or allocated
    photometric = values.text("PhotometricInterpretation", limit=SHORT_TEXT).upper()
    if not photometric and opened.pixels.keyword == "PixelData":
        raise DicomRefused("missing_tag", "(PhotometricInterpretation)")
    if rows * columns * samples > MAX_FRAME_SAMPLES:
        raise DicomRefused("dimensions", f"({columns} x {rows})")
    if opened.transfer_syntax_uid == JPEG_EXTENDED and stored > 8:
        raise DicomRefused("unsupported_transfer_syntax", "(12-bit JPEG)")
    chroma = 2 / 3 if photometric == "YBR_FULL_422" else 1
    frame_bits = math.ceil(rows * columns * samples * allocated * chroma)
    _check_length(opened, frames=frames, frame_bits=frame_bits)
    return {
        "has_pixels": True,
        "rows": rows,
        "columns": columns,
        "frames": frames,
        "samples_per_pixel": samples,
        "bits_allocated": allocated,
        "bits_stored": stored,
        "pixel_representation": values.integer("PixelRepresentation", low=0, high=1)
        or 0,
        "photometric_interpretation": photometric,
    }


def _check_length(opened: OpenedFile, *, frames: int, frame_bits: int) -> None:
    """Refuse pixel data too short for what the header declares."""
    pixels = opened.pixels
    if pixels is None:
        return
    if opened.transfer_syntax_uid in NATIVE:
        if pixels.length == UNDEFINED_LENGTH:
            raise DicomRefused("unreadable", "(pixel data of undefined length)")
        if pixels.length < frames * frame_bits // 8:
            raise DicomRefused("dimensions", "(more than the file holds)")
    elif (opened.source_size - pixels.offset) // 8 < frames:
        raise DicomRefused("dimensions", "(more frames than the file holds)")


def _geometry(values: Values) -> dict[str, object]:
    """Return position, orientation and spacing, each None unless usable."""
    orientation = values.numbers("ImageOrientationPatient", 6)
    if orientation and not _is_orthonormal(orientation):
        orientation = None
    spacing = values.numbers("PixelSpacing", 2) or values.numbers(
        "ImagerPixelSpacing", 2
    )
    if spacing and min(spacing) <= 0:
        spacing = None
    position = values.numbers("ImagePositionPatient", 3)
    return {
        "position_mm": position,
        "orientation": orientation if position else None,
        "spacing_mm": spacing,
        "slice_thickness_mm": _positive(values, "SliceThickness"),
        "spacing_between_slices_mm": values.number("SpacingBetweenSlices"),
        "gantry_tilt_degrees": values.number("GantryDetectorTilt"),
    }


def _frame_places(dataset: Dataset) -> tuple[tuple[float, ...], ...]:
    """Return where each frame lies; nothing unless every one of them says it.

    A frame says its orientation itself, or shares that of all.
    """
    frames = Values(dataset).items("PerFrameFunctionalGroupsSequence")
    if len(frames) < 2:
        return ()
    shared = Values(dataset).item("SharedFunctionalGroupsSequence")
    common = _in_group(shared, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
    places = []
    for frame in frames:
        position = _in_group(frame, "PlanePositionSequence", "ImagePositionPatient", 3)
        own = _in_group(frame, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
        orientation = own or common
        if not position or not orientation or not _is_orthonormal(orientation):
            return ()
        places.append((*position, *orientation))
    return tuple(places)


def _in_group(
    groups: Dataset | None, sequence: str, keyword: str, count: int
) -> tuple[float, ...] | None:
    group = None if groups is None else Values(groups).item(sequence)
    return None if group is None else Values(group).numbers(keyword, count)


def _intensity(values: Values) -> dict[str, object]:
    slope = values.number("RescaleSlope")
    intercept = values.number("RescaleIntercept")
    if slope == 0 or (slope is None) != (intercept is None):
        values.notes.add("invalid_rescale")
        slope = intercept = None
    width = values.number("WindowWidth")
    return {
        "rescale_slope": slope,
        "rescale_intercept": intercept,
        "window_center": values.number("WindowCenter"),
        "window_width": width if width and width >= 1 else None,
    }


def _is_orthonormal(orientation: tuple[float, ...]) -> bool:
    row, column = orientation[:3], orientation[3:]
    product = sum(a * b for a, b in zip(row, column, strict=True))
    lengths = (math.hypot(*row), math.hypot(*column))
    return abs(product) <= UNIT_TOLERANCE and all(
        abs(length - 1) <= UNIT_TOLERANCE for length in lengths
    )


def lift_functional_groups(dataset: Dataset) -> None:
    """Copy what an enhanced image says of its first frame to the top level."""
    for groups in (
        "SharedFunctionalGroupsSequence",
        "PerFrameFunctionalGroupsSequence",
    ):
        item = Values(dataset).item(groups)
        if item is None:
            continue
        for sequence, keywords in FUNCTIONAL_GROUPS.items():
            group = Values(item).item(sequence)
            for keyword in keywords if group is not None else ():
                if group is not None and keyword in group and keyword not in dataset:
                    dataset[keyword] = group[keyword]


def _required(
    values: Values, keyword: str, *, low: int, high: int, code: str = "invalid_value"
) -> int:
    if keyword not in values.dataset:
        raise DicomRefused("missing_tag", f"({keyword})")
    number = values.integer(keyword, low=low, high=high)
    if number is None:
        raise DicomRefused(code, f"({keyword})")
    return number


def _int32(values: Values, keyword: str) -> int | None:
    return values.integer(keyword, low=-(2**31), high=2**31 - 1)


def _positive(values: Values, keyword: str) -> float | None:
    number = values.number(keyword)
    return number if number and number > 0 else None
