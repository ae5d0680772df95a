"""Thin layers beside wide ones: what stays, what learns, and what serves."""

import pytest
import torch

from diagnosis.inference.entry import Preprocessing
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.fit import fit
from diagnosis.training.lora import adapted, folded
from diagnosis.training.recipe import Recipe
from diagnosis.training.trainconfig import TrainConfig
from tests.diagnosis.inference.entries import SHAPE, tiny_network
from tests.diagnosis.training.test_recipes import examples


@pytest.mark.slow
def test_the_plain_network_answers_as_the_adapted_one() -> None:
    x, network = torch.rand(3, 1, 32, 32), tiny_network()
    plain = network(x)[0]
    model = adapted(network, rank=2)
    for name, value in model.named_parameters():
        if "lora_B" in name:  # zero before it learns
            torch.nn.init.normal_(value, std=0.5)
    model.eval()
    expected = model(x)[0]

    once = folded(model.state_dict(), SHAPE, rank=2).eval()

    assert torch.allclose(once(x)[0], expected, atol=1e-4)
    assert not torch.allclose(expected, plain, atol=1e-2)
    assert set(once.state_dict()) == set(tiny_network().state_dict())


def test_what_learns_beside_a_layer_is_as_thin_as_asked_for() -> None:
    start = tiny_network().state_dict()

    learned = fit(
        examples(),
        shape=SHAPE,
        preprocessing=Preprocessing(32, 0.5, 0.3),
        config=TrainConfig(
            epochs=2, batch_size=6, average_decay=0.1, lora_rank=2, threads=1
        ),
        start=start,
    ).network.state_dict()

    name = "stages.1.second.0.weight"
    change = (learned[name] - start[name]).flatten(1)
    assert change.abs().max() > 1e-4
    assert torch.linalg.matrix_rank(change, atol=1e-5) <= 2
    assert not torch.equal(learned["head.weight"], start["head.weight"])


def test_thin_layers_beside_chance_are_refused() -> None:
    with pytest.raises(ValueError, match=r"network\.initial"):
        Recipe(
            "a", "1", EntryTexts(CHEST_CT.read_text()), train=TrainConfig(lora_rank=4)
        )
