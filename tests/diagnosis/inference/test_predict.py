"""From slices to an answer, on an untrained network."""

import io
import weakref
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.errors import DicomRefused
from diagnosis.inference.calibrate import probabilities
from diagnosis.inference.engines import Engine, FloatArray, Scores, TorchEngine
from diagnosis.inference.entry import (
    Aggregation,
    Calibration,
    Conformal,
    EntryError,
    FeatureReference,
    ModelEntry,
)
from diagnosis.inference.explain import overlay_png, saliency
from diagnosis.inference.predict import BATCH, aggregate, read_series, slices_to_read
from diagnosis.inference.preprocess import network_input, squared
from diagnosis.inference.series import Picture, SeriesInput
from tests.diagnosis.inference.entries import CHEST, PICTURE, series, slices


def test_onnx_and_torch_agree(entry: ModelEntry, engine: Engine) -> None:
    squares = np.stack([squared(grey, size=32) for grey in slices(3)])
    x = network_input(squares, entry.preprocessing)

    onnx = engine.run(x)
    torch = TorchEngine(entry, device="cpu", threads=1).run(x)

    assert np.abs(onnx.logits - torch.logits).max() < 1e-5
    assert np.abs(onnx.features - torch.features).max() < 1e-5
    assert np.abs(onnx.cams - torch.cams).max() < 1e-4


def test_class_activation_maps_average_to_the_logits(
    entry: ModelEntry, engine: Engine
) -> None:
    squares = np.stack([squared(grey, size=32) for grey in slices(2)])

    scores = engine.run(network_input(squares, entry.preprocessing))

    # logit = bias + mean of the map, so the difference is the bias: the same each time
    bias = scores.logits - scores.cams.mean(axis=(2, 3))
    assert np.abs(bias[0] - bias[1]).max() < 1e-5


def test_one_slice_is_read_as_the_network_says(
    entry: ModelEntry, engine: Engine
) -> None:
    greys = slices(1)
    x = network_input(squared(greys[0], size=32)[None], entry.preprocessing)
    expected = probabilities(engine.run(x).logits[0], temperature=2.0)

    reading = read_series(entry, engine, series(greys, PICTURE))

    assert list(reading.probabilities.values()) == pytest.approx(expected.tolist())
    assert reading.label == entry.labels[int(expected.argmax())]
    assert reading.probability == pytest.approx(expected.max())
    assert reading.is_calibrated
    assert not reading.abstained
    assert reading.reason == ""
    assert reading.saliency is not None
    assert reading.saliency.max() <= 1.0


def test_a_series_is_not_called_calibrated(entry: ModelEntry, engine: Engine) -> None:
    reading = read_series(entry, engine, series(slices(10)))

    assert not reading.is_calibrated
    assert reading.slices_read == 7
    assert reading.key_slice in range(1, 9)


def test_a_series_and_a_slice_each_keep_to_their_own_calibration(
    entry: ModelEntry, engine: Engine
) -> None:
    limit = Conformal(coverage=0.9, limit=0.0, achieved=0.9, patients=40)
    of_series = Calibration(
        8.0, 0.5, 0.5, conformal=replace(limit, limit=1.0, coverage=0.8), fitted_on=44
    )
    both = replace(
        entry,
        calibration=Calibration(
            2.0, 0.5, 0.5, conformal=limit, fitted_on=118, series=of_series
        ),
    )

    whole = read_series(both, engine, series(slices(10)))
    single = read_series(both, engine, series(slices(1), PICTURE))

    assert (whole.is_calibrated, whole.calibrated_on, whole.coverage) == (True, 44, 0.8)
    assert (single.is_calibrated, single.calibrated_on) == (True, 118)
    assert (len(whole.possible), len(single.possible)) == (2, 1)
    before = read_series(entry, engine, series(slices(10)))
    sharper = np.log(list(before.probabilities.values())) * 2.0 / 8.0
    expected = probabilities(sharper, temperature=1.0)
    assert list(whole.probabilities.values()) == pytest.approx(expected.tolist())


def test_attention_has_one_calibration_alone(entry: ModelEntry) -> None:
    twice = replace(entry.calibration, series=entry.calibration)

    with pytest.raises(EntryError, match="the one calibration is that of series"):
        replace(entry, calibration=twice, pooling="attention")


def test_the_same_series_is_read_the_same_twice(
    entry: ModelEntry, engine: Engine
) -> None:
    first, second = (read_series(entry, engine, series(slices(5))) for _ in range(2))

    assert first.probabilities == second.probabilities


def test_an_abstention_keeps_its_probabilities(
    entry: ModelEntry, engine: Engine
) -> None:
    reading = read_series(
        entry, engine, series(slices(3), replace(CHEST, body_part="BRAIN"))
    )

    assert reading.abstained
    assert reading.objections[0].code == "other_body_part"
    assert "BRAIN" in reading.reason
    assert set(reading.probabilities) == {"COVID", "NonCOVID"}
    assert sum(reading.probabilities.values()) == pytest.approx(1.0)
    assert reading.saliency is None


def test_the_grey_zone_withholds(entry: ModelEntry, engine: Engine) -> None:
    undecided = replace(
        entry, calibration=Calibration(temperature=1.0, grey_low=0.0, grey_high=1.0)
    )

    reading = read_series(undecided, engine, series(slices(1), PICTURE))

    assert [one.code for one in reading.objections] == ["grey_zone"]


def test_what_is_unlike_the_training_images_is_withheld(
    entry: ModelEntry, engine: Engine
) -> None:
    nothing_is_near = FeatureReference(
        mean=(0.0,) * 8,
        components=(),
        variances=(),
        residual_variance=1.0,
        max_distance=0.0,
    )
    strange = replace(
        entry, calibration=replace(entry.calibration, reference=nothing_is_near)
    )

    reading = read_series(strange, engine, series(slices(1), PICTURE))

    assert [one.code for one in reading.objections] == ["unlike_training"]


def test_colour_is_withheld(entry: ModelEntry, engine: Engine) -> None:
    reading = read_series(entry, engine, series(slices(1), PICTURE, colour=0.5))

    assert [one.code for one in reading.objections] == ["colour"]


def test_progress_may_stop_the_work(entry: ModelEntry, engine: Engine) -> None:
    class Stopped(Exception):
        pass

    shares: list[float] = []

    def stop(share: float) -> None:
        shares.append(share)
        raise Stopped

    with pytest.raises(Stopped):
        read_series(entry, engine, series(slices(40)), progress=stop)

    assert shares == [8 / 28]


def test_a_long_series_is_never_whole_in_memory(
    entry: ModelEntry, engine: Engine
) -> None:
    alive: list[int] = []
    most, largest = [], []

    def load(_: object) -> Picture:
        grey = slices(1)[0]
        alive.append(1)
        most.append(len(alive))
        weakref.finalize(grey, alive.pop)
        return Picture(grey)

    class Watched:
        name = engine.name

        def run(self, x: FloatArray) -> Scores:
            largest.append(len(x))
            return engine.run(x)

    read_series(entry, Watched(), SeriesInput(CHEST, (load,) * 300))

    assert sum(largest) == entry.aggregation.max_slices
    assert max(largest) == BATCH
    assert max(most) <= 2  # the slice in hand, and the one before it


def refused(_: object) -> None:
    raise DicomRefused("pixels_unreadable")


def test_a_lost_slice_is_told(entry: ModelEntry, engine: Engine) -> None:
    whole = series(slices(3))
    damaged = SeriesInput(CHEST, (*whole.slices[:1], refused, *whole.slices[1:]))  # type: ignore[arg-type]  # never returns

    reading = read_series(entry, engine, damaged)

    assert [one.code for one in reading.objections] == ["slices_unreadable"]
    assert "1 slices" in reading.reason


def test_no_slice_is_no_reading(entry: ModelEntry, engine: Engine) -> None:
    with pytest.raises(DicomRefused):
        read_series(entry, engine, SeriesInput(CHEST, (refused,)))  # type: ignore[arg-type]  # never returns


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, [0]),
        (2, [0]),
        (10, [1, 2, 3, 4, 5, 6, 7]),
        (1000, [150, 383, 616, 849]),
    ],
)
def test_the_middle_of_a_series_is_read(count: int, expected: list[int]) -> None:
    chosen = slices_to_read(count, Aggregation(central_share=0.7, max_slices=7))
    few = slices_to_read(count, Aggregation(central_share=0.7, max_slices=4))

    assert (few if count == 1000 else chosen) == expected


def test_the_loudest_slices_make_the_series() -> None:
    logits = np.array([[4, 0], [0, 2], [2, 0], [0, 8]], dtype=np.float32)

    half = aggregate(logits, positive=0, aggregation=Aggregation(top_share=0.5))

    assert half.tolist() == [3.0, 0.0]


def test_saliency_drops_what_speaks_against() -> None:
    assert saliency(np.array([[-3.0, 1.0, 4.0]], dtype=np.float32)).tolist() == [
        [0.0, 0.25, 1.0]
    ]
    assert saliency(np.full((2, 2), -1, dtype=np.float32)).max() == 0.0


def test_overlay_has_the_aspect_of_its_image() -> None:
    strong = np.zeros((4, 4), dtype=np.float32)
    strong[1, 1] = 1.0

    png = overlay_png(strong, rows=300, columns=600)

    with Image.open(io.BytesIO(png)) as image:
        alpha = np.asarray(image)[..., 3]
    assert alpha.shape == (256, 512)
    assert alpha[96, 192] > 150
    assert alpha[-1, -1] == 0
