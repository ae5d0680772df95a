"""Views: what is averaged, and that every engine averages alike."""

from pathlib import Path

import numpy as np
import pytest
import torch

from diagnosis.inference.engines import OnnxEngine
from diagnosis.inference.entry import EntryError, Views
from diagnosis.inference.network import ServedNetwork
from diagnosis.training.export import export_onnx
from tests.diagnosis.inference.entries import tiny_network


def test_views_are_counted_out() -> None:
    assert Views().each == ((False, 0, 0),)
    assert len(Views(flip=True).each) == 2
    assert len(Views(flip=True, shift=3).each) == 10
    with pytest.raises(EntryError, match="must be 0 to 32"):
        Views(shift=33)


def test_the_answer_is_the_mean_of_the_views_and_its_map_is_turned_back() -> None:
    network, x = tiny_network(), torch.rand(3, 1, 32, 32)

    logits, _, cams = ServedNetwork(network, Views(flip=True)).eval()(x)

    plain, mirrored = (ServedNetwork(network).eval()(each) for each in (x, x.flip(-1)))
    assert torch.allclose(logits, (plain[0] + mirrored[0]) / 2, atol=1e-6)
    assert torch.allclose(cams, (plain[2] + mirrored[2].flip(-1)) / 2, atol=1e-6)


def test_a_shift_moves_the_picture_and_repeats_its_border() -> None:
    x = torch.zeros(1, 1, 8, 8)
    x[..., 2, 2] = 1
    seen: list[torch.Tensor] = []
    network = tiny_network()
    network.register_forward_pre_hook(lambda _module, given: seen.append(given[0]))

    ServedNetwork(network, Views(shift=2)).eval()(x)

    places = [tuple(view.nonzero()[0].tolist()[1:]) for view in seen[0]]
    assert places == [(2, 2), (0, 2), (4, 2), (2, 0), (2, 4)]


@pytest.mark.slow
def test_onnx_averages_the_same_views(tmp_path: Path) -> None:
    network, views = tiny_network(), Views(flip=True, shift=2)
    x = np.random.default_rng(0).random((3, 1, 32, 32), dtype=np.float32)
    export_onnx(network, tmp_path / "m.onnx", size=32, views=views)

    scores = OnnxEngine(tmp_path / "m.onnx", name="onnx-fp32", threads=1).run(x)

    expected = ServedNetwork(network, views).eval()(torch.from_numpy(x))
    assert np.allclose(scores.logits, expected[0].detach().numpy(), atol=1e-5)
    assert np.allclose(scores.cams, expected[2].detach().numpy(), atol=1e-5)
