"""One network learns from the answers of several, and serves in their place.

The teacher is asked about the very same changed image that the student sees.

References:
    Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015.
    Beyer et al., Knowledge distillation: a good teacher is patient and consistent,
    CVPR 2022.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from diagnosis.inference.network import SliceNetwork


@dataclass(frozen=True, slots=True)
class Teacher:
    """A network whose answers count beside the labels.

    Attributes:
        network: In evaluation mode, where the student is.
        temperature: Softens both answers, so that small probabilities teach too.
        share: Of the loss that is the teacher's; the labels have the rest.
    """

    network: SliceNetwork = field(repr=False)
    temperature: float
    share: float

    def beside(self, loss: Tensor, logits: Tensor, x: Tensor) -> Tensor:
        """Return the loss with the teacher's own in its share.

        Args:
            loss: By the labels.
            logits: Of the student, shape (B, labels).
            x: What the student saw, shape (B, 1, S, S).
        """
        with torch.no_grad():
            asked = self.network(x)[0].float() / self.temperature
        divergence = functional.kl_div(
            (logits / self.temperature).log_softmax(dim=1),
            asked.log_softmax(dim=1),
            reduction="batchmean",
            log_target=True,
        )
        # Gradients of softened answers are smaller by the square of the temperature.
        taught = divergence * self.temperature**2
        return (1 - self.share) * loss + self.share * taught
