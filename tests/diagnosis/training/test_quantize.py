"""Eight bits for thirty-two: the answers hold, and hold on average exactly."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.export import export_onnx
from diagnosis.training.quantize import export_int8

SIZE = 32


def session_of(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def logits(path: Path, x: np.ndarray) -> np.ndarray:
    return session_of(path).run(["logits"], {"x": x})[0]


@pytest.mark.slow
def test_rounded_answers_hold(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = SliceNetwork(NetworkShape(labels=2, widths=(8, 16, 24))).eval()
    with torch.no_grad():
        network.head.weight *= 40  # answers that differ from image to image
    x = np.random.default_rng(1).normal(size=(32, 1, SIZE, SIZE)).astype(np.float32)
    x *= np.linspace(0.2, 2.0, 32, dtype=np.float32)[:, None, None, None]
    export_onnx(network, tmp_path / "fp32.onnx", size=SIZE)

    exact = export_int8(
        tmp_path / "fp32.onnx", tmp_path / "int8.onnx", batches=[x[:16], x[16:]]
    )

    before, after = (logits(tmp_path / f"{n}.onnx", x) for n in ("fp32", "int8"))
    assert np.ptp(before[:, 0] - before[:, 1]) > 0.5
    assert after.mean(axis=0) == pytest.approx(before.mean(axis=0), abs=1e-3)
    shift = np.abs(1 / (1 + np.exp(before[:, 1] - before[:, 0])))
    shift -= 1 / (1 + np.exp(after[:, 1] - after[:, 0]))
    assert np.quantile(np.abs(shift), 0.99) <= 0.02
    kinds = [node.op_type for node in onnx.load(tmp_path / "int8.onnx").graph.node]
    assert kinds.count("QuantizeLinear") > 3
    assert exact <= 3 * kinds.count("Conv") // 4
    cams = session_of(tmp_path / "int8.onnx").run(["cams"], {"x": x})[0]
    bias = after - cams.mean(axis=(2, 3))
    assert np.ptp(bias, axis=0) == pytest.approx(0, abs=1e-4)  # still one last layer
