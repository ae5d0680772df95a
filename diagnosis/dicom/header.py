"""What a file says of itself, checked: the facts that become rows."""

from dataclasses import dataclass, fields
from typing import Any  # Any: JSON of unknown shape crosses the pipe


@dataclass(frozen=True, slots=True)
class Header:
    """The checked header of one DICOM instance, one PNG or JPEG image, or one volume.

    Texts are cleaned of control characters; dates are ISO 8601 or empty; a number that
    is absent, not finite or impossible is None. `notes` name, by code, what was odd but
    did not stop the file: `missing_geometry`, `missing_spacing`, `not_finite`,
    `invalid_rescale`, `invalid_text`, `text_shortened`, `missing_patient_id`.
    """

    kind: str  # "dicom", "image" or "nifti"
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    transfer_syntax_uid: str = ""
    study_instance_uid: str = ""
    series_instance_uid: str = ""

    patient_id: str = ""
    issuer_of_patient_id: str = ""
    patient_name: str = ""  # alphabetic=ideographic=phonetic, parts by ^
    patient_birth_date: str = ""
    patient_sex: str = ""  # M, F, O or empty
    patient_age_years: int | None = None  # whole years, when the study was made

    accession_number: str = ""
    study_id: str = ""
    study_description: str = ""
    study_date: str = ""
    study_time: str = ""

    modality: str = ""
    series_number: int | None = None
    series_description: str = ""
    series_date: str = ""
    body_part: str = ""
    laterality: str = ""
    protocol_name: str = ""
    convolution_kernel: str = ""
    manufacturer: str = ""
    manufacturer_model_name: str = ""

    instance_number: int | None = None
    image_type: tuple[str, ...] = ()
    has_pixels: bool = False
    rows: int = 0
    columns: int = 0
    frames: int = 0
    samples_per_pixel: int = 0
    bits_allocated: int = 0
    bits_stored: int = 0
    pixel_representation: int = 0
    photometric_interpretation: str = ""

    position_mm: tuple[float, float, float] | None = None
    orientation: tuple[float, float, float, float, float, float] | None = None
    spacing_mm: tuple[float, float] | None = None  # between rows, between columns
    # Of an enhanced image that says it of each frame: its position, then its orientation.
    frame_places: tuple[tuple[float, ...], ...] = ()
    slice_thickness_mm: float | None = None
    spacing_between_slices_mm: float | None = None
    gantry_tilt_degrees: float | None = None

    rescale_slope: float | None = None
    rescale_intercept: float | None = None
    window_center: float | None = None
    window_width: float | None = None

    notes: tuple[str, ...] = ()

    # How the file becomes DICOM Part 10 with an inert preamble: these bytes, then the
    # file from `skip_bytes` on (DICOM PS3.10 7.1).
    prefix_hex: str = ""
    skip_bytes: int = 0

    @property
    def alphabetic_name(self) -> str:
        return self._name_group(0)

    @property
    def ideographic_name(self) -> str:
        return self._name_group(1)

    @property
    def phonetic_name(self) -> str:
        return self._name_group(2)

    def _name_group(self, index: int) -> str:
        groups = self.patient_name.split("=")
        return groups[index].strip("^ ") if index < len(groups) else ""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Header":
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: _fixed(value) for name, value in data.items() if name in known
        }
        return cls(**values)


def _fixed(value: Any) -> Any:
    """Return a value of JSON with tuples where it has lists."""
    return tuple(map(_fixed, value)) if isinstance(value, list) else value
