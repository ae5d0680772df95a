"""What to build, as it was asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from diagnosis.inference.entry import OWN, NetworkShape
from diagnosis.training.card import EntryTexts
from diagnosis.training.fit import TrainConfig
from diagnosis.training.probe import ProbeConfig

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
    repeats: int = 0
    folds: int = 5
    file: str = ""

    def shape(self, labels: int) -> NetworkShape:
        """Return the network's shape for a number of labels."""
        return NetworkShape(labels, architecture=self.architecture)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build stands: what it does, and its share from 0 to 1."""

    title: str
    share: float


Report = Callable[[Step], None]
