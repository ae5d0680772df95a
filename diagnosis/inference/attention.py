"""Which slices of a series count, and how much: gated attention over their features.

The weights of a series' slices sum to 1, and the last layer is linear, so the answer of a
series is the weighted mean of its slices' answers: each slice keeps its own map, and its
weight says how far the series' answer is its own. A single slice has all the weight.

References:
    Ilse, Tomczak and Welling, Attention-based deep multiple instance learning, ICML 2018
    (equation 9).
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
ATTENTION_FILE = "attention.npz"


@dataclass(frozen=True, slots=True)
class Attention:
    """What was learned of slices' features, pooled: shape (slices, C).

    Attributes:
        look: Shape (L, C), under a hyperbolic tangent.
        look_bias: Shape (L,).
        gate: Shape (L, C), under a sigmoid.
        gate_bias: Shape (L,).
        voice: Shape (L,), of the product of both.
    """

    look: FloatArray
    look_bias: FloatArray
    gate: FloatArray
    gate_bias: FloatArray
    voice: FloatArray

    def weights(self, features: FloatArray) -> Array:
        """Return each slice's weight, shape (slices,); they sum to 1."""
        h = features.astype(np.float64)
        looked = np.tanh(h @ self.look.T + self.look_bias)  # (slices, L)
        gated = 0.5 + 0.5 * np.tanh((h @ self.gate.T + self.gate_bias) / 2)
        said = (looked * gated) @ self.voice
        raised = np.exp(said - said.max())
        result: Array = raised / raised.sum()
        return result


def write_attention(attention: Attention, folder: Path) -> None:
    """Write it into an entry's folder."""
    np.savez_compressed(folder / ATTENTION_FILE, **asdict(attention))


def load_attention(folder: Path) -> Attention:
    """Return what a verified entry keeps."""
    with np.load(folder / ATTENTION_FILE, allow_pickle=False) as kept:
        return Attention(**{name: kept[name] for name in kept.files})
