"""Whether a map shows what the model used: two tests that a good one passes.

A map that stays the same when the weights are random shows the picture, not the model.
And where a map is right, the answer falls fast as its places are taken away, strongest
first, and rises fast as they are given back.

References:
    Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018.
    Petsiuk et al., RISE, BMVC 2018 (insertion and deletion).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.evaluation.changes import blurred
from diagnosis.inference.calibrate import calibrated
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.network import ServedNetwork, load_network
from diagnosis.inference.preprocess import network_input

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
STEPS = 10
BLUR = 24.0  # pixels of a side of 512: what is taken away is replaced by


@dataclass(frozen=True, slots=True)
class MapSanity:
    """What the maps of some images showed.

    Attributes:
        n: Images.
        random_head: Mean size of the rank correlation with the map of the same network
            under a random last layer; near 0 is good.
        random_weights: Likewise where every weight is random.
        deletion: Mean probability of the answer while the map's places are taken away,
            strongest first; lower is better than `deletion_random`, any order.
        insertion: Likewise while they are given back; higher is better.
    """

    n: int
    random_head: float
    random_weights: float
    deletion: float
    deletion_random: float
    insertion: float
    insertion_random: float


def map_sanity(
    squares: FloatArray,
    *,
    entry: ModelEntry,
    engine: Engine,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> MapSanity:
    """Return how an entry's maps stand both tests.

    Args:
        squares: Shape (N, S, S), or (N, slices, S, S), in [0, 1].
        entry: Holds the torch weights.
        engine: That serves.
        seed: Of the random weights and orders.
        progress: Told how many of the ways through the maps are done.
    """
    x = network_input(squares, entry.preprocessing)
    scores = [engine.run(x[index : index + 1]) for index in range(len(x))]
    answers = np.array([int(score.logits[0].argmax()) for score in scores])
    cams = np.stack(
        [s.cams[0, answer] for s, answer in zip(scores, answers, strict=True)]
    )
    head, whole = _random_networks(entry, seed=seed)
    generator = np.random.default_rng(seed)
    order = np.argsort(-cams.reshape(len(cams), -1), axis=1)
    any_order = np.argsort(generator.random(order.shape), axis=1)
    ways, areas = list(product((False, True), (order, any_order))), []
    for number, (given, ranks) in enumerate(ways, start=1):
        area = _area(
            squares, answers, ranks, cams.shape[1:], entry, engine, is_given=given
        )
        areas.append(area)
        progress(number, len(ways))
    return MapSanity(
        n=len(squares),
        random_head=_likeness(cams, _maps(head, x, answers)),
        random_weights=_likeness(cams, _maps(whole, x, answers)),
        deletion=areas[0],
        deletion_random=areas[1],
        insertion=areas[2],
        insertion_random=areas[3],
    )


def rank_correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Return Spearman's correlation of two maps; 0 where one is flat."""
    first, second = (values.ravel().argsort().argsort() for values in (a, b))
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _random_networks(
    entry: ModelEntry, *, seed: int
) -> tuple[ServedNetwork, ServedNetwork]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head, whole = load_network(entry), load_network(entry)
        head.network.head.reset_parameters()
        for module in whole.modules():
            reset = getattr(module, "reset_parameters", None)
            if callable(reset):
                reset()
    return head, whole


def _maps(network: ServedNetwork, x: FloatArray, answers: NDArray[np.intp]) -> Array:
    maps = []
    with torch.inference_mode():
        for index, answer in enumerate(answers):
            cams = network(torch.from_numpy(x[index : index + 1]))[2]
            maps.append(cams[0, answer].double().numpy())
    return np.stack(maps)


def _likeness(maps: NDArray[np.floating], others: Array) -> float:
    pairs = zip(maps, others, strict=True)
    return float(np.mean([abs(rank_correlation(a, b)) for a, b in pairs]))


def _area(
    squares: FloatArray,
    answers: NDArray[np.intp],
    order: NDArray[np.intp],
    grid: tuple[int, ...],
    entry: ModelEntry,
    engine: Engine,
    *,
    is_given: bool,
) -> float:
    """Return the mean probability of the answers over the steps of one way."""
    shares = np.linspace(0, 1, STEPS + 1)
    areas = []
    for square, answer, ranks in zip(squares, answers, order, strict=True):
        vague = _vague(square)
        rank_of = np.empty(len(ranks), dtype=int)
        rank_of[ranks] = np.arange(len(ranks))
        place = _enlarged(rank_of.reshape(grid), square.shape[-1])
        steps = [
            np.where((place < share * len(ranks)) == is_given, square, vague)
            for share in shares
        ]
        x = network_input(np.stack(steps), entry.preprocessing)
        p = calibrated(engine.run(x).logits, entry.calibration)[:, answer]
        areas.append(float(np.trapezoid(p, shares)))
    return float(np.mean(areas))


def _vague(square: FloatArray) -> FloatArray:
    if square.ndim == 2:
        return blurred(square, deviation=BLUR)
    return np.stack([blurred(one, deviation=BLUR) for one in square])


def _enlarged(cells: NDArray[np.intp], side: int) -> NDArray[np.intp]:
    rows, columns = (np.arange(side) * count // side for count in cells.shape)
    enlarged: NDArray[np.intp] = cells[np.ix_(rows, columns)]
    return enlarged
