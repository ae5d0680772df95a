"""How a network was made, in sentences for its card."""

from collections.abc import Mapping
from typing import Any  # Any: metrics are JSON of several shapes

from diagnosis.inference.entry import ATTENTION


def way(metrics: Mapping[str, Any]) -> str:
    """Return how the network learned and how it is asked, in sentences.

    Args:
        metrics: Of the entry.
    """
    facts = metrics["training"]
    return " ".join(
        [_learning(facts), *_search(metrics), *_ensemble(facts), *_views(metrics)]
    )


def robustness(facts: Mapping[str, Any]) -> str:
    """Return what was done about windows, which differ between sources."""
    if facts["probe"] and not facts["probe"]["views"]:
        return (
            "Nothing was done to make the model robust to them: it learned from each\n"
            "  image as it is."
        )
    return "The model was made robust to them by random\n  changes, not by data."


def _learning(facts: Mapping[str, Any]) -> str:
    begun = f" from the weights of {facts['initial']}" if facts["initial"] else ""
    network = (
        f"{facts['architecture']}, {facts['parameters']:,} parameters{begun}, at "
        f"{facts['size']} pixels{_slices(facts['slices'])}"
    )
    if facts["probe"]:
        probe = facts["probe"]
        by_probe = (
            f"{network}; the last layer alone learned, by logistic regression of "
            f"strength {probe['strength']} on {1 + probe['views']} view of each image"
        )
        return f"{by_probe}{_attention(facts['series'])}."
    config = facts["config"]
    said = [
        f"{network}, {config['epochs']} epochs, seed {config['seed']}",
        f"optimizer {config['optimizer']}",
        *_mixing(config),
    ]
    if config["lora_rank"]:
        said.append(f"by thin layers of rank {config['lora_rank']} beside its own")
    return f"{', '.join(said)}. {_stopping(facts)}".strip()


def _attention(series: Mapping[str, Any]) -> str:
    if series["pooling"] != ATTENTION:
        return ""
    return (
        f", then with gated attention of width {series['hidden']} on whole series, "
        f"{series['epochs']} epochs"
    )


def _slices(count: int) -> str:
    """Return how many slices are read together; a picture alone stands for all."""
    return "" if count == 1 else f", {count} neighbouring slices together"


def _mixing(config: Mapping[str, Any]) -> list[str]:
    if not config["is_augmented"]:
        return ["images unchanged"]
    mixed = [("MixUp", config["mix_strength"]), ("CutMix", config["cut_share"])]
    said = [f"{name} up to {share:.0%}" for name, share in mixed if share]
    if config.get("transforms"):  # entries of before know none
        said.insert(0, f"images changed by {', '.join(config['transforms'].split())}")
    return [*said] if config["is_balanced"] else [*said, "labels not balanced"]


def _stopping(facts: Mapping[str, Any]) -> str:
    config = facts["config"]
    if not config["patience"]:
        return ""
    runs = ", ".join(
        f"{run['kept']} of {run['epochs']} ({run['watched']:.3f})"
        for run in facts["runs"]
    )
    return (
        f"It stopped early, {config['patience']} epochs after the best "
        f"{config['watch']} on {config['watched_share']:.0%} of the training patients, "
        f"set aside for that: kept epoch {runs}."
    )


def _search(metrics: Mapping[str, Any]) -> list[str]:
    found = metrics.get("search")
    if not found:
        return []
    chosen = ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in found["best"]["choices"].items()
    )
    said = (
        f"These choices were the best of {len(found['trials'])} tried, by a "
        f"cross-validated AUROC of {found['best']['auroc']:.3f} "
        f"({found['repeats']}x{found['folds']}, training patients alone): {chosen}."
    )
    return [said]


def _ensemble(facts: Mapping[str, Any]) -> list[str]:
    ensemble = facts["ensemble"]
    if not ensemble:
        return []
    if ensemble["keep"] == "average":
        return [f"{ensemble['seeds']} seeds; their mean logits answer."]
    said = (
        f"{ensemble['seeds']} seeds, distilled into one network at temperature "
        f"{ensemble['temperature']}, the teachers' share of the loss "
        f"{ensemble['teacher_share']:.0%}."
    )
    return [said]


def _views(metrics: Mapping[str, Any]) -> list[str]:
    views, measured = metrics["training"]["views"], metrics["views"]
    copies = [
        *(["its mirror image"] if views["flip"] else []),
        *([f"copies moved by {views['shift']} pixels"] if views["shift"] else []),
    ]
    if not copies:
        return []
    said = (
        f"Each slice is asked with {' and '.join(copies)} and the answers are averaged: "
        f"AUROC {measured['auroc']:.3f} on the validation split, "
        f"{measured['one_view_auroc']:.3f} without."
    )
    return [said]
