"""From a network in single precision to one in eight bits whose answers hold.

Ranges are measured on real images. The first convolutions see most of an image's range
and cost the most when rounded, and little time when not: as many of them stay exact as
the answers need, and the sums that they feed: a rounded sum of two branches costs more
than a rounded branch. What rounding does to each feature on average, a scale and a shift,
is given back to the last layer.

References:
    Jacob et al., Quantization and training of neural networks, CVPR 2018.
    Nagel et al., Data-free quantization through weight equalization and bias
    correction, ICCV 2019.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: ONNX and its runtime come without types

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.calibrate import probabilities
from diagnosis.training.export import OUTPUTS, quiet

FloatArray = NDArray[np.float32]
STEP = 3  # convolutions that are made exact at a time: one inverted block
TINY = 1e-12  # the variance of a feature that never changes
# The 99th percentile of shifts on the images by which they were given back: others moved
# twice as far.
CLOSE = 0.008
# ReLU6 is a Clip: left out of the rounding it would stand between a convolution and
# the rounding of what it made, and either would be done in single precision.
ROUNDED = ["Conv", "Add", "Clip", "Relu"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a network says of the calibration images: logits (N, L), features (N, C)."""

    logits: FloatArray
    features: FloatArray


def export_int8(fp32: Path, path: Path, *, batches: list[FloatArray]) -> int:
    """Write a statically quantized copy of an ONNX network.

    Args:
        fp32: What `export_onnx` wrote.
        path: Where the copy goes.
        batches: Real inputs, shape (B, 1, S, S), by which ranges are measured.

    Returns:
        How many convolutions stayed exact: the fewest with which 99 of 100 probabilities
        on the batches move by `CLOSE` at most, or three quarters of them.
    """
    exact = _answers(fp32, batches)
    prepared = path.with_suffix(".prepared")

    def is_close(count: int) -> bool:
        kept = [name for names in convolutions[:count] for name in names]
        _quantize(prepared, path, batches, exact=[*kept, *_sums(prepared, kept)])
        _give_back(path, exact, _answers(path, batches))
        return _shift(exact.logits, _answers(path, batches).logits) <= CLOSE

    with quiet():
        _preprocess(fp32, prepared)
        convolutions = _convolutions(prepared)
        counts = range(0, 3 * len(convolutions) // 4 + 1, STEP)
        place = bisect_left(counts, x=True, key=is_close)
        count = counts[min(place, len(counts) - 1)]
        is_close(count)  # the last one tried may have been another
        prepared.unlink()
    return count


def _preprocess(fp32: Path, prepared: Path) -> None:
    from onnxruntime import quantization  # noqa: PLC0415 (training only)

    quantization.quant_pre_process(fp32, prepared, skip_symbolic_shape=True)


def _quantize(
    prepared: Path, path: Path, batches: list[FloatArray], *, exact: Sequence[str]
) -> None:
    from onnxruntime import quantization  # noqa: PLC0415 (training only)

    quantization.quantize_static(
        prepared,
        path,
        _Reader(batches),
        quant_format=quantization.QuantFormat.QDQ,
        per_channel=True,
        op_types_to_quantize=ROUNDED,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        calibrate_method=quantization.CalibrationMethod.MinMax,
        nodes_to_exclude=[*_unquantized(prepared), *exact],
    )


class _Reader:
    """Hands real batches to the quantizer one by one."""

    def __init__(self, batches: list[FloatArray]) -> None:
        self._batches = iter(batches)

    def get_next(self) -> dict[str, FloatArray] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"x": batch}


def _shift(exact: FloatArray, rounded: FloatArray) -> float:
    p, q = (probabilities(each, temperature=1.0) for each in (exact, rounded))
    return float(np.quantile(np.abs(p - q).max(axis=1), 0.99))


def _answers(path: Path, batches: list[FloatArray]) -> Answers:
    import onnxruntime  # noqa: PLC0415 (training only)

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session: Any = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    said = [session.run(["logits", "features"], {"x": x}) for x in batches]
    return Answers(*(np.concatenate(each) for each in zip(*said, strict=True)))


def _give_back(path: Path, exact: Answers, rounded: Answers) -> None:
    """Undo in the last layer what rounding does to each feature on average."""
    import onnx  # noqa: PLC0415 (training only)

    network: Any = onnx.load(path)
    kept = {each.name: each for each in network.graph.initializer}
    mean, known = rounded.features.mean(axis=0), exact.features.mean(axis=0)
    together = (rounded.features - mean) * (exact.features - known)
    scale = together.mean(axis=0) / np.maximum(rounded.features.var(axis=0), TINY)
    makers = {node.output[0]: node for node in network.graph.node}
    _features, weight, bias = makers["logits"].input
    W = onnx.numpy_helper.to_array(kept[weight])  # (L, C)
    mended = {
        weight: W * scale,
        bias: onnx.numpy_helper.to_array(kept[bias]) + W @ (known - scale * mean),
        makers["cams"].input[1]: (W * scale)[:, :, None, None],
    }
    for name, values in mended.items():
        new = onnx.numpy_helper.from_array(values.astype(np.float32), name)
        kept[name].CopyFrom(new)
    onnx.save(network, path)


def _convolutions(path: Path) -> list[list[str]]:
    """Return the convolutions in their order, each with what rectifies it."""
    import onnx  # noqa: PLC0415 (training only)

    graph: Any = onnx.load(path).graph
    rectifiers = {
        node.input[0]: node.name
        for node in graph.node
        if node.op_type in ("Clip", "Relu")
    }
    return [
        [node.name, *(rectifiers[o] for o in node.output if o in rectifiers)]
        for node in graph.node
        if node.op_type == "Conv"
    ]


def _sums(path: Path, exact: Sequence[str]) -> list[str]:
    """Return the sums that an exact convolution or an exact sum feeds: exact themselves."""
    import onnx  # noqa: PLC0415 (training only)

    graph: Any = onnx.load(path).graph
    names = set(exact)
    known = {o for node in graph.node if node.name in names for o in node.output}
    sums = []
    for node in graph.node:
        if node.op_type == "Add" and known & set(node.input):
            sums.append(node.name)
            known.update(node.output)
    return sums


def _unquantized(path: Path) -> list[str]:
    """Return the nodes that make the class activation maps: they stay exact."""
    import onnx  # noqa: PLC0415 (training only)

    graph: Any = onnx.load(path).graph
    return [node.name for node in graph.node if set(node.output) & set(OUTPUTS)]
