"""A network that learned, before it is an entry: with its data, ready to be measured."""

from dataclasses import dataclass

from diagnosis.inference.network import SliceNetwork
from diagnosis.training.learning import Learned, Learning
from diagnosis.training.splits import Split


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network with what it learned from and what it is measured on.

    Attributes:
        positive: Index of the label that counts as found.
    """

    learned: Learned
    learning: Learning
    train: Split
    val: Split
    positive: int

    @property
    def network(self) -> SliceNetwork:
        return self.learned.network
