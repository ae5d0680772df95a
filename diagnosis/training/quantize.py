"""From a network in single precision to one in eight bits whose answers hold.

Ranges are measured on real images. The first convolutions see most of an image's range
and cost the most when rounded, and little time when not: as many of them stay exact as
the answers need. What rounding shifts on average is given back to the last layer's bias.

References:
    Jacob et al., Quantization and training of neural networks, CVPR 2018.
    Nagel et al., Data-free quantization through weight equalization and bias
    correction, ICCV 2019.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any  # Any: ONNX and its runtime come without types

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.calibrate import probabilities
from diagnosis.training.export import OUTPUTS, quiet

FloatArray = NDArray[np.float32]
STEP = 3  # convolutions that are made exact at a time: one inverted block
CLOSE = 0.01  # the 99th percentile of shifts on the calibration images
# ReLU6 is a Clip: left out of the rounding it would stand between a convolution and
# the rounding of what it made, and either would be done in single precision.
ROUNDED = ["Conv", "Add", "Clip", "Relu"]


def export_int8(fp32: Path, path: Path, *, batches: list[FloatArray]) -> int:
    """Write a statically quantized copy of an ONNX network.

    Args:
        fp32: What `export_onnx` wrote.
        path: Where the copy goes.
        batches: Real inputs, shape (B, 1, S, S), by which ranges are measured.

    Returns:
        How many convolutions stayed exact: the fewest with which 99 of 100 probabilities
        on the batches move by `CLOSE` at most, or half of them.
    """
    exact = _logits(fp32, batches)
    with quiet():
        prepared = path.with_suffix(".prepared")
        _preprocess(fp32, prepared)
        convolutions = _convolutions(prepared)
        for count in range(0, len(convolutions) // 2 + 1, STEP):
            kept = [name for names in convolutions[:count] for name in names]
            _quantize(prepared, path, batches, exact=kept)
            _give_back(path, exact.mean(axis=0) - _logits(path, batches).mean(axis=0))
            if _shift(exact, _logits(path, batches)) <= CLOSE:
                break
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


def _logits(path: Path, batches: list[FloatArray]) -> FloatArray:
    import onnxruntime  # noqa: PLC0415 (training only)

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session: Any = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    return np.concatenate([session.run(["logits"], {"x": x})[0] for x in batches])


def _give_back(path: Path, shift: FloatArray) -> None:
    """Add what rounding took away on average to the bias of the last layer."""
    import onnx  # noqa: PLC0415 (training only)

    network: Any = onnx.load(path)
    last = next(node for node in network.graph.node if "logits" in node.output)
    for initializer in network.graph.initializer:
        if initializer.name in last.input and len(initializer.dims) == 1:
            bias = onnx.numpy_helper.to_array(initializer) + shift.astype(np.float32)
            initializer.CopyFrom(onnx.numpy_helper.from_array(bias, initializer.name))
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


def _unquantized(path: Path) -> list[str]:
    """Return the nodes that make the class activation maps: they stay exact."""
    import onnx  # noqa: PLC0415 (training only)

    graph: Any = onnx.load(path).graph
    return [node.name for node in graph.node if set(node.output) & set(OUTPUTS)]
