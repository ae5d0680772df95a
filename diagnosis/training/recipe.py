"""What to build, as it was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any  # Any: words and numbers

from diagnosis.inference.conformal import COVERAGE, COVERAGE_BOUNDS, is_coverage
from diagnosis.inference.entry import OWN, NetworkShape, Views
from diagnosis.training.card import EntryTexts
from diagnosis.training.ensemble import EnsembleConfig
from diagnosis.training.pooling import SeriesConfig
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.trainconfig import TrainConfig

INPUT_SIZE = 160
HOLD_OUT = ("patient", "source")
NO_TEXTS = EntryTexts("")  # where only what is learned counts


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build: the entry's name, its texts, and how to train.

    Attributes:
        size: Side of the network's input, pixels.
        positive: The label that counts as found; empty takes the first alphabetically.
        has_blanked_training: Also train the control that never sees lungs.
        architecture: One of `entry.ARCHITECTURES`.
        slices: Read together: a slice between its neighbours; 1 is it alone.
        initial: Where the weights begin, as `initial.begin` reads it.
        probe: Learn the last layer alone, on the first weights' features; None learns
            every weight.
        ensemble: Several seeds; None is one.
        views: Copies of each slice whose answers are averaged.
        series: How slices make the answer of a series.
        max_mb: Of all files of weights together; 0 sets no limit.
        repeats: Of cross-validation over train and val; 0 leaves it out.
        folds: Of each repeat.
        hold_out: What a fold holds out whole: one of `HOLD_OUT`.
        coverage: The share of patients for whom the true label shall be among those that
            an answer leaves open.
        trials: Recipes tried in a search before it learns; 0 searches for nothing.
        space: What is searched, a range or words for each choice.
        file: The file that the recipe was read from, kept in the entry.
    """

    name: str
    version: str
    texts: EntryTexts
    train: TrainConfig = field(default_factory=TrainConfig)
    size: int = INPUT_SIZE
    positive: str = ""
    has_blanked_training: bool = True
    architecture: str = OWN
    slices: int = 1
    initial: str = ""
    probe: ProbeConfig | None = None
    ensemble: EnsembleConfig | None = None
    views: Views = field(default_factory=Views)
    series: SeriesConfig = field(default_factory=SeriesConfig)
    max_mb: int = 0
    repeats: int = 0
    folds: int = 5
    hold_out: str = "patient"
    coverage: float = COVERAGE
    trials: int = 0
    space: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    file: str = ""

    def __post_init__(self) -> None:
        self.shape(2)  # refuses what no network can be
        if self.hold_out not in HOLD_OUT:
            message = f"hold_out is none of: {', '.join(HOLD_OUT)}"
            raise ValueError(message)
        if not is_coverage(self.coverage):
            message = f"coverage {self.coverage}: {COVERAGE_BOUNDS}"
            raise ValueError(message)
        if self.probe and self.ensemble:
            message = (
                "a probe gives one answer whatever the seed: leave out [probe] or "
                "[ensemble]"
            )
            raise ValueError(message)
        if self.series.is_attention and (not self.probe or self.probe.views):
            message = (
                "series.pooling = 'attention' weighs features that saw no label: add "
                "[probe], its views 0"
            )
            raise ValueError(message)
        if self.series.is_attention and len(self.views.each) > 1:
            message = "series.pooling = 'attention' looks at each slice once: leave out [views]"
            raise ValueError(message)
        if self.train.lora_rank and not self.initial:
            message = (
                "training.lora_rank learns beside weights that stay: say by "
                "network.initial where they come from"
            )
            raise ValueError(message)

    def shape(self, labels: int) -> NetworkShape:
        """Return the shape of the network that serves."""
        members = self.ensemble.members if self.ensemble else 1
        return NetworkShape(
            labels,
            architecture=self.architecture,
            members=members,
            slices=self.slices,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build stands: what it does, and its share from 0 to 1.

    Attributes:
        title: A phrase where a person at a page may read it.
        run: Which of the runs of learning measured the scalars.
        number: After which of its epochs.
        scalars: What curves are drawn of.
    """

    title: str
    share: float
    run: str = ""
    number: int = 0
    scalars: Mapping[str, float] = field(default_factory=dict)


Report = Callable[[Step], None]
