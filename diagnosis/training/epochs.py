"""One epoch of learning: every image once, in a new order."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from diagnosis.inference.entry import Preprocessing
from diagnosis.training.batches import batches
from diagnosis.training.checkpoint import Run
from diagnosis.training.distil import Teacher
from diagnosis.training.examples import Examples
from diagnosis.training.optimizing import class_weights, cross_entropy
from diagnosis.training.team import Team
from diagnosis.training.trainconfig import TrainConfig


@dataclass(frozen=True, slots=True)
class Epochs:
    """What every epoch needs.

    Attributes:
        spread: The run's network, with its gradients averaged over the team.
    """

    run: Run
    spread: nn.Module
    examples: Examples
    labels: int
    preprocessing: Preprocessing
    config: TrainConfig
    teacher: Teacher | None
    team: Team

    def one(self) -> float:
        """Learn every image once; return the mean loss."""
        run, config = self.run, self.config
        weights = class_weights(
            self.examples.labels, labels=self.labels, config=config
        ).to(config.device)
        mean, deviation = (
            self.preprocessing.mean,
            self.preprocessing.standard_deviation,
        )
        run.network.train()
        losses = []
        for grey, targets in batches(
            self.examples, self.labels, config, run.generator, self.team
        ):
            x = ((grey - mean) / deviation).to(config.device)
            with torch.autocast(
                torch.device(config.device).type, torch.bfloat16, enabled=config.is_half
            ):
                logits = self.spread(x)[0].float()
            loss = cross_entropy(logits, targets.to(config.device), weights)
            if self.teacher:
                loss = self.teacher.beside(loss, logits, x)
            run.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(run.network.parameters(), config.clip_norm)
            run.optimizer.step()
            run.schedule.step()
            run.average.update_parameters(run.network)
            losses.append(loss.item())
        self.team.agree(run.network, run.average)
        return self.team.mean(float(np.mean(losses)), device=config.device)
