"""Batches of a migration leave the tables and the state that its steps leave."""

from collections.abc import Sequence

import pytest
from django.db import connection, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AlterField,
    CreateModel,
    Migration,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from hospital.core.batches import AtOnce, in_batches

BOOK = ("id", models.AutoField(primary_key=True))
STEPS = [
    CreateModel("Shelf", [BOOK]),
    CreateModel("Book", [BOOK, ("shelf", models.ForeignKey("lib.Shelf", models.CASCADE))]),
    AddField("Book", "pages", models.IntegerField(default=0)),
    AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__gte=0), name="pages")),
    AlterField("Book", "pages", models.BigIntegerField(default=0)),
]  # fmt: skip


class Library(Migration):
    def __init__(self, operations: Sequence[Operation]) -> None:
        super().__init__("first_rows", "lib")
        self.operations = list(operations)


def columns(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = %s ORDER BY column_name",
            [table],
        )
        return cursor.fetchall()


def test_what_goes_together_is_one_operation() -> None:
    batches = in_batches(STEPS)

    assert [type(batch) for batch in batches] == [AtOnce, AtOnce, AlterField]
    assert [one for batch in batches[:2] for one in batch.operations] == STEPS[:4]
    assert in_batches(STEPS[2:3]) == STEPS[2:3]


@pytest.mark.django_db
def test_tables_come_and_go_as_step_by_step() -> None:
    plain, batched = Library(STEPS), Library(in_batches(STEPS))

    with connection.schema_editor() as editor:
        state = batched.apply(ProjectState(), editor)

    assert state == plain.mutate_state(ProjectState())
    assert columns("lib_book") == [
        ("id", "integer"),
        ("pages", "bigint"),
        ("shelf_id", "integer"),
    ]
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "lib_book")
    assert found["pages"]["check"]
    with connection.schema_editor() as editor:
        batched.unapply(ProjectState(), editor)
    assert columns("lib_book") == columns("lib_shelf") == []
