"""A room of the tests' own: one kind of job whose effects can be counted."""

from django.apps import AppConfig

from hospital.core.registry import JobKind, add_job_kind


class ChaosConfig(AppConfig):
    name = "tests.chaos.app"
    label = "chaos"

    def ready(self) -> None:
        add_job_kind(
            JobKind(
                kind="chaos.write_a_row",
                pipeline="tests.chaos.app.pipelines.write_a_row",
                title="Write a row",
                max_attempts=30,
            )
        )
        add_job_kind(
            JobKind(
                kind="chaos.write_a_row_slowly",
                pipeline="tests.chaos.app.pipelines.write_a_row_slowly",
                title="Write a row slowly",
            )
        )
