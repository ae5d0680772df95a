"""Migrations of many small steps: the models are made anew once a batch, not each step.

Django renders a model, and every model it leads to, after each operation on it. That
was most of what the tables of an empty database took.
"""

from collections.abc import Sequence
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

ADDITIONS = (AddConstraint, AddField, AddIndex, AddTrigger, RemoveTrigger)


class AtOnce(Operation):
    """Some operations in a row. None of them may change a model that another creates."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # a cached property: made anew when asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def in_batches(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations, with those in a row that may go together as one."""
    batches: list[Operation] = []
    for kind, group in groupby(operations, key=_kind):
        row = list(group)
        batches += [AtOnce(row)] if kind and len(row) > 1 else row
    return batches


def _kind(operation: Operation) -> str:
    """Return what goes together; nothing for what stays by itself."""
    if isinstance(operation, CreateModel):
        return "creates"
    return "adds" if isinstance(operation, ADDITIONS) else ""
