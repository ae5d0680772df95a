"""What the viewer needs of each image, read from the stored DICOM JSON of its instance.

Frames themselves come over WADO-RS; this spares the browser a second pass over the
metadata and keeps the order of the images in one place. Tags are PS3.6 keywords in hex.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from diagnosis.models import Instance

Json = Mapping[str, object]

SHARED_GROUPS, PER_FRAME_GROUPS = "52009229", "52009230"
PIXEL_MEASURES, PLANE_POSITION, PLANE_ORIENTATION = "00289110", "00209113", "00209116"
VALUE_TRANSFORMATION, FRAME_VOI = "00289145", "00289132"


@dataclass(frozen=True, slots=True)
class ViewedImage:
    """One frame: where its pixels are, and how to show and measure them."""

    id: str
    instance: str
    sop_instance_uid: str
    frame: int
    pixels: str
    rendered: str
    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    is_signed: bool
    samples: int
    planar: int
    photometric: str
    slope: float
    intercept: float
    center: float | None
    width: float | None
    spacing_mm: list[float] | None
    position_mm: list[float] | None
    orientation: list[float] | None
    thickness_mm: float | None
    frame_of_reference: str
    modality: str


def viewed_images(
    instances: Iterable[Instance], *, study_uid: str, series_uid: str
) -> list[dict[str, object]]:
    """Return every frame of a series' instances, in order, ready for JSON."""
    base = f"/dicomweb/studies/{study_uid}/series/{series_uid}/instances"
    return [
        asdict(image)
        for instance in instances
        for image in _images_of(instance, f"{base}/{instance.sop_instance_uid}")
    ]


def _images_of(instance: Instance, url: str) -> Iterator[ViewedImage]:
    for frame in range(1, instance.frames + 1):
        yield _image(instance, frame, f"{url}/frames/{frame}")


def _image(instance: Instance, frame: int, url: str) -> ViewedImage:
    own = instance.attributes
    values = Attributes([*_frame_groups(own, frame), own])
    bits = values.integer("00280100", 8)
    return ViewedImage(
        id=f"{instance.id}:{frame}",
        instance=str(instance.id),
        sop_instance_uid=instance.sop_instance_uid,
        frame=frame,
        pixels=url,
        rendered=f"{url}/rendered",
        rows=instance.rows or 0,
        columns=instance.columns or 0,
        bits_allocated=bits,
        bits_stored=values.integer("00280101", bits),
        is_signed=values.integer("00280103", 0) == 1,
        samples=values.integer("00280002", 1),
        planar=values.integer("00280006", 0),
        photometric=values.text("00280004") or "MONOCHROME2",
        slope=values.number("00281053", 1.0) or 1.0,
        intercept=values.number("00281052", 0.0) or 0.0,
        center=values.number("00281050", None),
        width=values.number("00281051", None),
        spacing_mm=values.numbers("00280030", 2) or values.numbers("00181164", 2),
        position_mm=values.numbers("00200032", 3),
        orientation=values.numbers("00200037", 6),
        thickness_mm=values.number("00180050", None),
        frame_of_reference=values.text("00200052"),
        modality=values.text("00080060"),
    )


def _frame_groups(own: Json, frame: int) -> list[Json]:
    """Return the functional groups of one frame, its own before the shared ones."""
    wanted = (
        PIXEL_MEASURES,
        PLANE_POSITION,
        PLANE_ORIENTATION,
        VALUE_TRANSFORMATION,
        FRAME_VOI,
    )
    levels = [
        *_items(own, PER_FRAME_GROUPS)[frame - 1 : frame],
        *_items(own, SHARED_GROUPS)[:1],
    ]
    return [
        item
        for level in levels
        for group in wanted
        for item in _items(level, group)[:1]
    ]


def _items(level: Json, tag: str) -> list[Json]:
    element = level.get(tag)
    value = element.get("Value") if isinstance(element, Mapping) else None
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]


@dataclass(frozen=True, slots=True)
class Attributes:
    """DICOM JSON at several levels; the first level that has a tag answers."""

    levels: list[Json]

    def values(self, tag: str) -> list[object]:
        for level in self.levels:
            element = level.get(tag)
            value = element.get("Value") if isinstance(element, Mapping) else None
            if isinstance(value, list) and value:
                return value
        return []

    def text(self, tag: str) -> str:
        return next((str(value) for value in self.values(tag)), "")

    def number(self, tag: str, default: float | None) -> float | None:
        numbers = self._floats(tag)
        return numbers[0] if numbers else default

    def integer(self, tag: str, default: int) -> int:
        number = self.number(tag, None)
        return default if number is None else int(number)

    def numbers(self, tag: str, count: int) -> list[float] | None:
        numbers = self._floats(tag)
        return numbers if len(numbers) == count else None

    def _floats(self, tag: str) -> list[float]:
        try:
            return [float(str(value)) for value in self.values(tag)]
        except ValueError:
            return []
