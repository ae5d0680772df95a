"""From files to series: what belongs together, in which order, and what it says.

Files are opened by decoder children only (`diagnosis.dicom.pool`).
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.geometry import (
    GeometryError,
    Orientation,
    Slice,
    Stack,
    Vector,
    dot,
    normal,
    stack,
)
from diagnosis.dicom.header import Header
from diagnosis.dicom.pool import DecoderPool, PixelData
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.series import (
    Kind,
    Picture,
    SeriesFacts,
    SeriesInput,
    StoredSlice,
)
from diagnosis.inference.volumes import is_volume, series_of_volume

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
OF_DICOM = ("dicom-series", "dicom")
ALONE = ("image", "nifti")  # a file is all of it
PARALLEL = 0.97  # cosine: within 14 degrees, slices lie in one direction
SIDE_FILES = frozenset({".txt", ".md", ".json", ".csv", ".xml", ".html", ".pdf", ".py"})
SIDE_NAMES = ("LICENSE", "README", "DICOMDIR", "VERSION", ".")


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """One series or picture, ready to be read, and where it came from."""

    path: Path
    series_instance_uid: str
    series: SeriesInput
    files: tuple[Path, ...]  # one a slice, in the order of the slices
    frames: tuple[int, ...]  # one a slice, from 1


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """One file that cannot be read, and why."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One slice before it has its place in a series: a frame of a file, from 1."""

    file: Path
    header: Header
    number: int

    @property
    def orientation(self) -> Orientation | None:
        said = self._place[3:]
        return cast("Orientation", said) if said else self.header.orientation

    @property
    def place(self) -> Slice | None:
        said, orientation = self._place[:3], self.orientation
        position = cast("Vector", said) if said else self.header.position_mm
        return Slice(position, orientation) if position and orientation else None

    @property
    def _place(self) -> tuple[float, ...]:
        """Return what the file says of this frame alone; nothing if of all alike."""
        places, count = self.header.frame_places, self.header.frames
        return places[self.number - 1] if 0 < count == len(places) else ()


Found = FoundSeries | UnreadFile


def find_inputs(path: Path, pool: DecoderPool) -> list[Found]:
    """Return every series, volume, picture and unreadable file at a path.

    A folder that holds one series is one input, under the folder's own name; where it
    holds several, each is under the folder that its files share.
    """
    if path.is_dir():
        return _in_folder(path, pool)
    header = _header(path, pool)
    if isinstance(header, UnreadFile):
        return [header]
    return [_checked(path, [(path, header)], pool, is_folder=False)]


def series_of_files(
    path: Path, files: Sequence[tuple[Path, Header]], pool: DecoderPool, *, kind: Kind
) -> FoundSeries:
    """Return files of one series as one input, slices in order along the body.

    Raises:
        DicomRefused: None of them holds an image.
    """
    imaged = [(file, header) for file, header in files if header.has_pixels]
    if not imaged:
        raise DicomRefused("no_pixels")
    frames, geometry = _in_order(
        [
            Frame(file, header, number)
            for file, header in imaged
            for number in range(1, max(header.frames, 1) + 1)
        ]
    )
    pixels = LastPixels(pool)
    return FoundSeries(
        path=path,
        series_instance_uid=frames[0].header.series_instance_uid,
        series=SeriesInput(
            facts=facts_of(frames, kind=kind, geometry=geometry),
            slices=tuple(
                partial(_picture, pixels, one.file, one.header, one.number)
                for one in frames
            ),
        ),
        files=tuple(one.file for one in frames),
        frames=tuple(one.number for one in frames),
    )


def facts_of(
    frames: Sequence[Frame], *, kind: Kind, geometry: Stack | None
) -> SeriesFacts:
    """Return what the rules of a model ask of a series."""
    first = frames[0].header
    spacing = geometry.spacing_mm if geometry else 0.0
    is_stack = kind in OF_DICOM and len(frames) > 1
    words = (
        first.body_part,
        first.study_description,
        first.series_description,
        first.protocol_name,
    )
    return SeriesFacts(
        kind=kind,
        modality=first.modality,
        sop_class=first.sop_class_uid,
        body_part=first.body_part,
        region=" ".join(word for word in words if word),
        image_type="\\".join(first.image_type),
        plane=geometry.plane if geometry else "",
        kernel=first.convolution_kernel,
        pixel_spacing_mm=first.spacing_mm[0] if first.spacing_mm else None,
        slice_spacing_mm=spacing or first.slice_thickness_mm,
        slices=len(frames),
        sent_together=len(frames) if kind == "dicom-series" else None,
        age_years=first.patient_age_years,
        directions=_directions(frames) if is_stack else None,
        missing_slices=geometry.missing if is_stack and geometry else None,
        extent_mm=_extent_mm(geometry) if is_stack and geometry else None,
        field_mm=_field_mm(first),
    )


def _directions(frames: Sequence[Frame]) -> int | None:
    """Return in how many directions slices lie; None where they do not say."""
    known = dict.fromkeys(frame.orientation for frame in frames)
    if None in known:
        return None
    normals: list[Vector] = []
    for orientation in filter(None, known):
        try:
            one = normal(orientation)
        except GeometryError:
            return None
        if all(abs(dot(one, other)) < PARALLEL for other in normals):
            normals.append(one)
    return len(normals)


def _extent_mm(geometry: Stack) -> int:
    return round(geometry.offsets_mm[-1] - geometry.offsets_mm[0] + geometry.spacing_mm)


def _field_mm(header: Header) -> int | None:
    if not (header.spacing_mm and header.rows and header.columns):
        return None
    row_mm, column_mm = header.spacing_mm
    return round(min(header.rows * row_mm, header.columns * column_mm))


def header_of(path: Path, pool: DecoderPool) -> Header:
    """Return the header of a file of any kind that can be read.

    Raises:
        DicomRefused: It cannot.
    """
    return pool.volume_header(path) if is_volume(path) else pool.read_header(path)


def is_picture(header: Header) -> bool:
    """Whether a file is a bare picture: PNG or JPEG, also once stored as DICOM."""
    is_wrapped = header.sop_class_uid == SECONDARY_CAPTURE and header.modality == "OT"
    return header.kind == "image" or is_wrapped


@dataclass(slots=True)
class LastPixels:
    """The file decoded last, kept: frames of one file are asked for one by one."""

    pool: DecoderPool
    path: Path | None = None
    pixels: PixelData | None = None

    def of(self, path: Path) -> PixelData:
        if self.pixels is None or self.path != path:
            self.path, self.pixels = path, self.pool.pixels(path)
        return self.pixels


def _picture(
    pixels: LastPixels,
    file: Path,
    header: Header,
    number: int,
    preprocessing: Preprocessing,
) -> Picture:
    decoded = pixels.of(file)
    values = np.frombuffer(decoded.data, decoded.dtype).reshape(decoded.shape)
    return StoredSlice(
        stored=values[number - 1],
        is_ct=header.modality == "CT" and not is_picture(header),
        slope=decoded.slope,
        intercept=decoded.intercept,
        photometric_interpretation=decoded.photometric_interpretation,
    ).picture(preprocessing)


def _in_order(frames: Sequence[Frame]) -> tuple[list[Frame], Stack | None]:
    """Order by place in the body; by instance number where places are not told."""
    slices = [place for frame in frames if (place := frame.place)]
    if len(slices) == len(frames):
        try:
            geometry = stack(slices)
        except GeometryError:
            pass
        else:
            return [frames[index] for index in geometry.order], geometry
    numbered = sorted(
        frames, key=lambda one: (one.header.instance_number or 0, one.file, one.number)
    )
    return numbered, None


def _in_folder(folder: Path, pool: DecoderPool) -> list[Found]:
    series: dict[str, list[tuple[Path, Header]]] = defaultdict(list)
    found: list[Found] = []
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        header = _header(path, pool)
        if isinstance(header, UnreadFile):
            is_beside = path.suffix.lower() in SIDE_FILES or path.name.startswith(
                SIDE_NAMES
            )
            if not (is_beside and header.code == "not_dicom"):
                found.append(header)
        elif header.kind in ALONE:
            found.append(_checked(path, [(path, header)], pool, is_folder=False))
        elif header.has_pixels:
            series[header.series_instance_uid].append((path, header))
    for files in series.values():
        shared = folder if len(series) == 1 else _shared_folder(files)
        found.append(_checked(shared, files, pool, is_folder=True))
    return found


def _shared_folder(files: Sequence[tuple[Path, Header]]) -> Path:
    return Path(os.path.commonpath([file.parent for file, _ in files]))


def _checked(
    path: Path,
    files: Sequence[tuple[Path, Header]],
    pool: DecoderPool,
    *,
    is_folder: bool,
) -> Found:
    try:
        if files[0][1].kind == "nifti":
            return _volume(*files[0], pool)
        kind = _kind(files, is_folder=is_folder)
        return series_of_files(path, files, pool, kind=kind)
    except DicomRefused as refusal:
        return UnreadFile(path, refusal.code, refusal.message)


def _volume(path: Path, header: Header, pool: DecoderPool) -> FoundSeries:
    series = series_of_volume(path, header, pool)
    count = len(series.slices)
    numbers = tuple(range(1, count + 1))
    return FoundSeries(path, "", series, (path,) * count, numbers)


def _kind(files: Sequence[tuple[Path, Header]], *, is_folder: bool) -> Kind:
    if all(is_picture(header) for _, header in files):
        return "image"
    return "dicom-series" if is_folder else "dicom"


def _header(path: Path, pool: DecoderPool) -> Header | UnreadFile:
    try:
        return header_of(path, pool)
    except DicomRefused as refusal:
        return UnreadFile(path, refusal.code, refusal.message)
