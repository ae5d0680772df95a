"""Every choice of a training run."""

from dataclasses import dataclass

OPTIMIZERS = ("adamw", "sgd")
FIGURES = ("loss", "auroc")
TRANSFORMS = (  # of torchvision.transforms.v2
    "RandomHorizontalFlip",
    "RandomAffine",
    "RandomPerspective",
    "GaussianBlur",
    "GaussianNoise",
    "RandomErasing",
)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Every choice of a training run.

    Attributes:
        optimizer: `adamw`, or `sgd` with Nesterov's momentum.
        is_balanced: Every label has the same say, however many images it has.
        mix_strength: Largest share of another image blended in (MixUp); 0 is none.
        cut_share: Largest share of the area taken from another image (CutMix); 0 is
            none. Where both are asked for, chance picks one for each batch.
        patience: Epochs without a better figure on patients set aside before it stops
            and keeps the best; 0 learns every epoch and keeps the last.
        watch: That figure: `loss` or `auroc`.
        watched_share: Of each label's training patients, set aside to be watched.
        lora_rank: Of thin layers that learn in the place of the network's own, which
            stay as they begin; 0 learns them all.
        transforms: Names of TRANSFORMS, a space between, applied to each image in the
            place of our own changes; none is ours.
        is_half: bf16 where a layer allows it.
    """

    epochs: int = 75
    batch_size: int = 16
    optimizer: str = "adamw"
    learning_rate: float = 3e-3
    momentum: float = 0.9
    weight_decay: float = 0.1
    is_balanced: bool = True
    label_smoothing: float = 0.05
    mix_strength: float = 0.0
    cut_share: float = 0.0
    average_decay: float = 0.99
    patience: int = 0
    watch: str = "loss"
    watched_share: float = 0.15
    seed: int = 0
    device: str = "cpu"
    threads: int = 2
    is_augmented: bool = True
    clip_norm: float = 5.0
    is_half: bool = False
    lora_rank: int = 0
    transforms: str = ""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 2:
            message = "training takes one epoch and a batch of two at least"
            raise ValueError(message)
        if self.optimizer not in OPTIMIZERS:
            message = f"training.optimizer is none of: {', '.join(OPTIMIZERS)}"
            raise ValueError(message)
        if unknown := set(self.transforms.split()) - set(TRANSFORMS):
            message = (
                f"training.transforms knows no {', '.join(sorted(unknown))}; "
                f"known: {', '.join(TRANSFORMS)}"
            )
            raise ValueError(message)
        if self.watch not in FIGURES:
            message = f"training.watch is none of: {', '.join(FIGURES)}"
            raise ValueError(message)
        shares = (self.mix_strength, self.cut_share, self.watched_share)
        if not all(0 <= share <= 0.5 for share in shares) or not self.watched_share:
            message = (
                "training.mix_strength and cut_share are 0 to 0.5, "
                "watched_share is above 0 and at most 0.5"
            )
            raise ValueError(message)
        if self.patience < 0 or self.lora_rank < 0:
            message = "training.patience and lora_rank are 0 or more"
            raise ValueError(message)
