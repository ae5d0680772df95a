"""What to build, as it was asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from diagnosis.inference.entry import OWN, NetworkShape, Views
from diagnosis.training.card import EntryTexts
from diagnosis.training.ensemble import EnsembleConfig
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.trainconfig import TrainConfig

INPUT_SIZE = 160


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build: the entry's name, its texts, and how to train.

    Attributes:
        size: Side of the network's input, pixels.
        positive: The label that counts as found; empty takes the first alphabetically.
        has_blanked_training: Also train the control that never sees lungs.
        architecture: One of `entry.ARCHITECTURES`.
        initial: Where the weights begin, as `initial.begin` reads it.
        probe: Learn the last layer alone, on the first weights' features; None learns
            every weight.
        ensemble: Several seeds; None is one.
        views: Copies of each slice whose answers are averaged.
        max_mb: Of all files of weights together; 0 sets no limit.
        repeats: Of cross-validation over train and val; 0 leaves it out.
        folds: Of each repeat.
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
    initial: str = ""
    probe: ProbeConfig | None = None
    ensemble: EnsembleConfig | None = None
    views: Views = field(default_factory=Views)
    max_mb: int = 0
    repeats: int = 0
    folds: int = 5
    file: str = ""

    def __post_init__(self) -> None:
        if self.probe and self.ensemble:
            message = (
                "a probe gives one answer whatever the seed: leave out [probe] or "
                "[ensemble]"
            )
            raise ValueError(message)

    def shape(self, labels: int) -> NetworkShape:
        """Return the shape of the network that serves."""
        members = self.ensemble.members if self.ensemble else 1
        return NetworkShape(labels, architecture=self.architecture, members=members)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build stands: what it does, and its share from 0 to 1."""

    title: str
    share: float


Report = Callable[[Step], None]
