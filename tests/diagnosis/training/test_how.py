"""What a card says of how its network was made."""

from dataclasses import asdict
from typing import Any  # Any: metrics are JSON

from diagnosis.inference.entry import Views
from diagnosis.training.how import way
from diagnosis.training.trainconfig import TrainConfig


def metrics(config: TrainConfig, **facts: object) -> dict[str, Any]:
    training = {
        "architecture": "resnet18",
        "parameters": 11_000_000,
        "initial": "",
        "size": 224,
        "slices": 1,
        "probe": None,
        "ensemble": None,
        "views": asdict(Views()),
        "series": {"pooling": "loudest"},
        "config": asdict(config),
        "runs": [],
    }
    return {"training": {**training, **facts}, "views": {}}


def test_what_changed_the_learning_is_said() -> None:
    config = TrainConfig(
        epochs=9, seed=4, optimizer="sgd", cut_share=0.4, is_balanced=False
    )

    said = way(metrics(config))

    assert said == (
        "resnet18, 11,000,000 parameters, at 224 pixels, 9 epochs, seed 4, "
        "optimizer sgd, CutMix up to 40%, labels not balanced."
    )


def test_what_a_search_chose_is_said() -> None:
    best = {"choices": {"learning_rate": 0.0012345, "optimizer": "sgd"}, "auroc": 0.9}
    found = {"best": best, "trials": [best] * 4, "repeats": 1, "folds": 5}

    said = way({**metrics(TrainConfig()), "search": found})

    assert said.endswith(
        "These choices were the best of 4 tried, by a cross-validated AUROC of 0.900 "
        "(1x5, training patients alone): learning_rate 0.00123, optimizer sgd."
    )


def test_whoever_chose_the_epoch_is_said() -> None:
    ran = {"seed": 0, "epochs": 7, "kept": 4, "watched": 0.5}

    said = way(metrics(TrainConfig(patience=3), runs=[ran]))

    assert "3 epochs after the best loss on 15% of the training patients" in said
    assert "kept epoch 4 of 7 (0.500)" in said
