"""What a model-store entry says, checked once when it is read. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

OWN = "slice-residual"  # the small network of our own
ARCHITECTURES = (
    OWN,
    "efficientnet-lite0",
    "efficientnet-lite0-columns",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "convnext_tiny",
    "convnext_base",
    "efficientnet_b0",
    "vit_small",
    "vit_base",
)
LOUDEST, ATTENTION = "loudest", "attention"  # how slices make the answer of a series
POOLINGS = (LOUDEST, ATTENTION)
MAX_MEMBERS = 16
MAX_SHIFT = 32
MAX_SLICES = 9


class EntryError(ValueError):
    """An entry that contradicts itself."""


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """What fixes a network's weights.

    Attributes:
        labels: Number of outputs.
        widths: Channels of each stage, where the architecture leaves them open.
        architecture: One of `ARCHITECTURES`.
        members: Networks of this kind side by side, their answers averaged.
        slices: Channels of the input: a slice between its neighbours; 1 is it alone.
    """

    labels: int
    widths: tuple[int, ...] = (24, 48, 96, 160)
    architecture: str = OWN
    members: int = 1
    slices: int = 1

    def __post_init__(self) -> None:
        if self.labels < 2:
            message = f"a network needs two labels or more, not {self.labels}"
            raise EntryError(message)
        if self.architecture not in ARCHITECTURES:
            known = ", ".join(ARCHITECTURES)
            message = f"architecture {self.architecture!r} is none of: {known}"
            raise EntryError(message)
        if len(self.widths) < 2:
            message = f"a network needs two stages or more, not {len(self.widths)}"
            raise EntryError(message)
        if not 1 <= self.members <= MAX_MEMBERS:
            message = f"{self.members} members: an ensemble has 1 to {MAX_MEMBERS}"
            raise EntryError(message)
        if not 1 <= self.slices <= MAX_SLICES or self.slices % 2 == 0:
            message = f"network.slices {self.slices}: must be odd, 1 to {MAX_SLICES}"
            raise EntryError(message)

    @property
    def has_free_widths(self) -> bool:
        return self.architecture == OWN


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How pixels become the network's input.

    Attributes:
        slices: Those of `NetworkShape`, which the entry's file says once.
    """

    size: int
    mean: float
    standard_deviation: float
    window_center_hu: float = -600.0
    window_width_hu: float = 1500.0
    slices: int = 1

    def __post_init__(self) -> None:
        if not 16 <= self.size <= 1024:
            message = f"input size {self.size}: must be 16 to 1024 pixels"
            raise EntryError(message)
        if self.standard_deviation <= 0 or self.window_width_hu < 1:
            message = "standard deviation and window width must be positive"
            raise EntryError(message)


@dataclass(frozen=True, slots=True)
class Views:
    """Which copies of a slice are looked at, and their answers averaged.

    Attributes:
        flip: The slice and its mirror image.
        shift: Pixels by which it is moved up, down, left and right; 0 leaves it.
    """

    flip: bool = False
    shift: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.shift <= MAX_SHIFT:
            message = f"views.shift {self.shift}: must be 0 to {MAX_SHIFT} pixels"
            raise EntryError(message)

    @property
    def each(self) -> tuple[tuple[bool, int, int], ...]:
        """Return whether mirrored, rows down and columns right, one a view."""
        step = self.shift
        moves = [(0, 0)]
        if step:
            moves += [(-step, 0), (step, 0), (0, -step), (0, step)]
        mirrors = (False, True) if self.flip else (False,)
        return tuple((mirror, *move) for mirror in mirrors for move in moves)


@dataclass(frozen=True, slots=True)
class Rule:
    """One fact that a series must, or should, show; `sentence` says what it lacks.

    `fact` names a field of `rules.SeriesFacts`, `check` a function of `rules.CHECKS`.
    `{value}` in the sentence becomes the fact. A rule with `weight` above 0 is a
    preference between the series of a study, never a refusal.
    """

    code: str
    fact: str
    check: str
    sentence: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What an image must look like before the network's answer counts."""

    min_side: int = 64
    max_aspect: float = 2.5
    min_contrast: float = 0.05
    max_colour: float = 0.08
    some_metal: float = 0.00004  # of the pixels: 5 mm² in a field of 350 mm, a clip
    max_metal: float = 0.002  # of the pixels: from here on, streaks cross the image


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Which slices of a series are read, and how loud ones make its answer."""

    max_slices: int = 64  # evenly spaced when there are more
    central_share: float = 0.7  # of the slices: lung bases and apices say little
    top_share: float = 0.5  # of the slices read: those that speak loudest are averaged

    @classmethod
    def from_table(cls, table: Mapping[str, float]) -> "Aggregation":
        """Return what a file says; entries of before may hold a `min_slices` of no use."""
        return cls(**{key: table[key] for key in table if key != "min_slices"})  # type: ignore[arg-type]  # TOML


@dataclass(frozen=True, slots=True)
class FeatureReference:
    """Where the training images lie in the network's feature space: a Gaussian.

    Attributes:
        mean: Shape (C,).
        components: Shape (K, C), orthonormal: the directions of largest variance.
        variances: Shape (K,), along them.
        residual_variance: In every other direction.
        max_distance: Beyond it an image is unlike those the model has seen.
    """

    mean: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]
    variances: tuple[float, ...]
    residual_variance: float
    max_distance: float

    def __post_init__(self) -> None:
        if len(self.components) != len(self.variances):
            message = "a feature reference needs one variance a component"
            raise EntryError(message)
        if min((*self.variances, self.residual_variance)) <= 0:
            message = "a feature reference needs positive variances"
            raise EntryError(message)


@dataclass(frozen=True, slots=True)
class Conformal:
    """Which labels stay possible, so that the true one is among them often enough.

    Attributes:
        coverage: The share of patients for whom it should be.
        limit: Labels less likely than one less this are ruled out.
        achieved: The share of images for which it was, each judged by a limit from
            other patients.
        patients: Whose images the limit is from.
    """

    coverage: float
    limit: float
    achieved: float
    patients: int

    def __post_init__(self) -> None:
        if not 0 < self.coverage < 1 or not 0 <= self.limit <= 1:
            message = f"coverage {self.coverage}, limit {self.limit}: not in [0, 1]"
            raise EntryError(message)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits into probabilities, and where no answer is the better answer.

    An answer for the positive label between `grey_low` and `grey_high` is withheld.

    Attributes:
        scales: One a label, in place of one over the temperature, with `offsets` added
            after: how three labels and more are calibrated; empty for two.
        conformal: Which labels stay possible; None where that was not fitted.
        fitted_on: How many images or series; 0 where the entry does not say.
        series: That of whole series, beside this of single slices; None where the loudest
            slices of no series were checked.
    """

    temperature: float
    grey_low: float
    grey_high: float
    is_calibrated: bool = True
    reference: FeatureReference | None = None
    scales: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()
    conformal: Conformal | None = None
    fitted_on: int = 0
    series: "Calibration | None" = None

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            message = f"temperature {self.temperature}: must be positive"
            raise EntryError(message)
        if len(self.scales) != len(self.offsets):
            message = "a calibration by label needs one offset a scale"
            raise EntryError(message)
        if not 0 <= self.grey_low <= self.grey_high <= 1:
            message = f"grey zone {self.grey_low} to {self.grey_high}: not in [0, 1]"
            raise EntryError(message)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One verified entry: everything needed to serve the model, and its card.

    Attributes:
        digest: sha256 of the entry's SHA256SUMS, so of every file in it.
        engines: File name by engine: `onnx-int8`, `onnx-fp32`, `torch`.
        default_engine: The one that serves on a CPU.
        pooling: One of `POOLINGS`; attention was learned from series and calibrated on
            them alone, anything else on single slices, and on series where there were
            enough.
    """

    name: str
    version: str
    digest: str
    folder: Path
    title: str
    labels: tuple[str, ...]
    positive: str
    shape: NetworkShape
    preprocessing: Preprocessing
    calibration: Calibration
    aggregation: Aggregation
    limits: Limits
    rules: tuple[Rule, ...]
    engines: Mapping[str, str]
    default_engine: str
    notice: str
    card: str
    metrics: Mapping[str, object] = field(default_factory=dict)
    views: Views = field(default_factory=Views)
    pooling: str = LOUDEST

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            message = f"series.pooling {self.pooling!r} is none of: {POOLINGS}"
            raise EntryError(message)
        if len(set(self.labels)) != len(self.labels) or len(self.labels) < 2:
            message = f"labels {self.labels}: must be two or more, each once"
            raise EntryError(message)
        if self.positive not in self.labels:
            message = f"positive label {self.positive!r} is none of {self.labels}"
            raise EntryError(message)
        of_series = self.calibration.series
        if of_series and self.pooling == ATTENTION:
            message = "with attention the one calibration is that of series"
            raise EntryError(message)
        fitted = [one for one in (self.calibration, of_series) if one]
        if any(len(one.scales) not in (0, len(self.labels)) for one in fitted):
            message = f"a calibration by label needs {len(self.labels)} scales"
            raise EntryError(message)
        if self.shape.slices != self.preprocessing.slices:
            message = "network and preprocessing take different numbers of slices"
            raise EntryError(message)
        if self.default_engine not in self.engines:
            message = f"engine {self.default_engine!r} is none of {set(self.engines)}"
            raise EntryError(message)

    @property
    def reference(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def positive_index(self) -> int:
        return self.labels.index(self.positive)

    @property
    def for_slices(self) -> Calibration | None:
        """Return the calibration of single slices; None where none was checked."""
        return None if self.pooling == ATTENTION else _checked(self.calibration)

    @property
    def for_series(self) -> Calibration | None:
        """Return the calibration of whole series; None where none was checked."""
        if self.pooling == ATTENTION:
            return _checked(self.calibration)
        return _checked(self.calibration.series)


def _checked(calibration: Calibration | None) -> Calibration | None:
    return calibration if calibration and calibration.is_calibrated else None
