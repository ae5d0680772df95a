"""What goes into service, in spite of what, and the way back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Barrier

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils.translation import override

from diagnosis.evaluation.kept import FORMAT, keep_beside
from diagnosis.inference.store import load_entry
from diagnosis.models import ModelActivation, ModelEvaluation
from diagnosis.services.activation import (
    activate_model,
    ensure_active_model,
    roll_back_model,
)
from diagnosis.services.shadow import running_shadow, start_shadow
from diagnosis.training.compare import Difference
from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput
from tests.rows import make_person

pytestmark = pytest.mark.django_db
GATE = """
[[conditions]]
figure = "figures.auroc"
at_least = 0.8

[comparison]
not_worse_by = 0.02
"""


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


def evaluated(low: float, *, against: ModelActivation, digest: str) -> None:
    ModelEvaluation.objects.create(
        name="tiny",
        version="2",
        digest=digest,
        against=str(against),
        against_digest=against.digest,
        data="labels of a test",
        data_digest="0" * 64,
        comparison={"ci95": [low, 0.2]},
    )


def digest_of(version: str) -> str:
    with transaction.atomic():
        made = activate_model(
            name="tiny", version=version, activated_by=None, note="only to look"
        )
        digest = made.digest
        transaction.set_rollback(True)
    return digest


def test_a_model_that_misses_its_gate_needs_a_reason_which_is_kept(
    model_store: Path, administrator: User
) -> None:
    active = activate_model(name="tiny", version="1", activated_by=None)
    (model_store / "tiny" / "gate.toml").write_text(GATE)

    with pytest.raises(InvalidInput) as refused:
        activate_model(name="tiny", version="2", activated_by=administrator, note="  ")
    after_refusal = ModelActivation.objects.count()
    made = activate_model(
        name="tiny",
        version="2",
        activated_by=administrator,
        note="The first one fails on our scanner.",
    )

    assert refused.value.code == "gate_not_met"
    assert list(refused.value.fields) == ["note"]
    assert (active.is_override, after_refusal) == (False, 1)
    assert made.is_override
    assert made.note == "The first one fails on our scanner."
    assert [(each["figure"], each["found"]) for each in made.gate] == [
        ("figures.auroc", None),
        ("comparison", None),
    ]


@pytest.mark.parametrize(("low", "is_override"), [(-0.01, False), (-0.05, True)])
def test_the_comparison_with_what_serves_decides(
    model_store: Path,
    administrator: User,
    low: float,
    is_override: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    active = activate_model(name="tiny", version="1", activated_by=None)
    digest = digest_of("2")
    (model_store / "tiny" / "gate.toml").write_text("[comparison]\nnot_worse_by = 0.02")
    evaluated(low, against=active, digest=digest)

    made = activate_model(
        name="tiny", version="2", activated_by=administrator, note="why"
    )

    assert made.is_override is is_override
    assert [(each["value"], each["found"]) for each in made.gate] == [(-0.02, low)]


@pytest.mark.parametrize(
    ("low", "is_known", "is_override"),
    [(-0.01, True, False), (-0.05, True, True), (-0.01, False, True)],
)
def test_a_comparison_kept_beside_the_entry_counts_for_the_files_compared(
    model_store: Path,
    administrator: User,
    low: float,
    is_known: bool,  # noqa: FBT001 (a parameter of the test)
    is_override: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    ours, theirs = (load_entry(model_store, "tiny", number) for number in "21")
    (model_store / "tiny" / "gate.toml").write_text("[comparison]\nnot_worse_by = 0.02")
    difference = Difference(0.8, 0.78, 0.02, (low, 0.2), 0.9, n=40, patients=20)
    compared = {
        "against": theirs.reference,
        "against_digest": theirs.digest if is_known else "0" * 64,
        **asdict(difference),
    }
    measured = {"format": FORMAT, "digest": ours.digest, "comparison": compared}
    keep_beside(model_store, ours, measured)

    made = activate_model(
        name="tiny", version="2", activated_by=administrator, note="why"
    )

    assert made.is_override is is_override
    assert made.gate[0]["found"] == (low if is_known else None)


def test_a_model_without_a_gate_needs_a_reason(
    model_store: Path, administrator: User
) -> None:
    (model_store / "tiny" / "gate.toml").unlink()

    with pytest.raises(InvalidInput, match="has no gate") as refused:
        activate_model(name="tiny", version="2", activated_by=administrator)
    after_refusal = ModelActivation.objects.count()
    made = activate_model(
        name="tiny", version="2", activated_by=administrator, note="The only one."
    )

    assert (refused.value.code, after_refusal) == ("no_gate", 0)
    assert (made.is_override, made.gate) == (True, [])


def test_the_way_back_is_one_step_and_never_barred(
    model_store: Path, administrator: User
) -> None:
    first = activate_model(name="tiny", version="1", activated_by=None)
    activate_model(name="tiny", version="2", activated_by=administrator)
    (model_store / "tiny" / "gate.toml").write_text(GATE)

    with override("zh-hans"):  # kept so that every page says it in its language
        back = roll_back_model(activated_by=administrator)

    assert (back.digest, back.is_override) == (first.digest, False)
    assert back.note == "Rolled back."
    assert ModelActivation.objects.latest() == back


def test_the_way_back_does_not_lead_to_other_files(
    model_store: Path, administrator: User
) -> None:
    ModelActivation.objects.create(name="tiny", version="1", digest="0" * 64)
    activate_model(name="tiny", version="2", activated_by=administrator)

    with pytest.raises(InvalidInput) as refused:
        roll_back_model(activated_by=administrator)

    assert refused.value.code == "wrong_digest"
    assert str(ModelActivation.objects.latest()) == "tiny/2"


def test_a_gate_that_cannot_be_read_lets_nothing_through(model_store: Path) -> None:
    (model_store / "tiny" / "gate.toml").write_text("[[conditions")

    with pytest.raises(InvalidInput, match=r"gate\.toml cannot be read"):
        activate_model(name="tiny", version="1", activated_by=None, note="why")


def test_an_activation_is_never_changed_nor_lost(model_store: Path) -> None:
    row = activate_model(name="tiny", version="1", activated_by=None)

    for change in (
        lambda: ModelActivation.objects.update(note="another reason"),
        row.delete,
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()

    assert ModelActivation.objects.get().note == ""


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_together_put_the_default_into_service_once(
    model_store: Path,
) -> None:
    together = Barrier(4)

    def started(_number: int) -> str:
        together.wait()
        try:
            return str(ensure_active_model())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(started, range(4)))

    assert found == ["tiny/1"] * 4
    assert ModelActivation.objects.count() == 1


def test_one_candidate_runs_in_shadow_until_it_goes_into_service(
    model_store: Path, administrator: User
) -> None:
    with pytest.raises(Conflict, match="beside another"):
        start_shadow(name="tiny", version="2", started_by=administrator)
    activate_model(name="tiny", version="1", activated_by=None)
    with pytest.raises(Conflict, match="beside another"):
        start_shadow(name="tiny", version="1", started_by=administrator)
    start_shadow(name="tiny", version="2", started_by=administrator)
    with pytest.raises(Conflict, match="end that first"):
        start_shadow(name="tiny", version="2", started_by=administrator)

    activate_model(name="tiny", version="2", activated_by=administrator)

    assert running_shadow() is None
