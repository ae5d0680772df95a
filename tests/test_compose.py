"""The scale-out house, checked where no container engine is."""

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from hospital.core.supervisor.roles import WORKERS
from hospital.env import BASE_DIR

Compose = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> Compose:
    return YAML(typ="safe").load(BASE_DIR / "docker-compose.yml")


def queues(service: Compose) -> set[str]:
    options = " ".join(service.get("command", []))
    found = re.search(r"--queues=(\S+)", options)
    return set(found.group(1).split(",")) if found else set()


def dockerfile() -> str:
    return Path(BASE_DIR / "Dockerfile").read_text()


def test_file_keeps_the_compose_specification(compose: Compose) -> None:
    schema = resources.files("check_jsonschema") / (
        "builtin_schemas/vendor/compose-spec.json"
    )

    validator = jsonschema.validators.validator_for({})(json.loads(schema.read_text()))

    assert [error.message for error in validator.iter_errors(compose)] == []


def test_every_role_is_there(compose: Compose) -> None:
    assert set(compose["services"]) == {
        "migrate",
        "web",
        "worker-stat",
        "worker-cpu",
        "worker-gpu",
        "worker-solver",
        "worker-questions",
        "worker-language",
        "beat",
        "postgres",
        "redis",
    }
    assert compose["services"]["worker-gpu"]["profiles"] == ["gpu"]


def test_every_lasting_role_has_a_health_check(compose: Compose) -> None:
    lasting = set(compose["services"]) - {"migrate"}

    checks = {name: compose["services"][name]["healthcheck"] for name in lasting}

    assert all(check["test"][0] == "CMD" for check in checks.values())


def test_workers_serve_the_supervisors_queues_without_a_gpu(compose: Compose) -> None:
    expected = {queue for worker in WORKERS for queue in worker.queues}

    served = set[str]().union(
        *(
            queues(service)
            for service in compose["services"].values()
            if "profiles" not in service
        )
    )

    assert served == expected
    assert queues(compose["services"]["worker-stat"]) == {"stat"}


def test_nothing_but_the_web_role_is_published_and_that_on_loopback(
    compose: Compose,
) -> None:
    published = {
        name: service["ports"]
        for name, service in compose["services"].items()
        if "ports" in service
    }

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_roles_share_one_image_and_one_environment(compose: Compose) -> None:
    ours = ["migrate", "web", "worker-stat", "worker-cpu", "worker-gpu", "beat"]

    images = {compose["services"][name]["image"] for name in ours}
    environments = [compose["services"][name]["environment"] for name in ours]

    assert images == {"anji:latest"}
    assert all(environment == environments[0] for environment in environments)


def test_every_variable_is_one_that_the_settings_read(compose: Compose) -> None:
    settings = (BASE_DIR / "hospital" / "settings.py").read_text()
    names = compose["services"]["web"]["environment"]

    unread = [name for name in names if f'"{name}"' not in settings]

    assert unread == []


def test_no_password_is_written_down(compose: Compose) -> None:
    words = [compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]]
    words.append(compose["services"]["web"]["environment"]["DATABASE_URL"])

    assert all("${POSTGRES_PASSWORD:?" in word for word in words)


def test_image_is_built_by_the_makefiles_own_steps() -> None:
    steps = re.findall(r"^RUN make (\S+)", dockerfile(), flags=re.MULTILINE)
    makefile = (BASE_DIR / "Makefile").read_text()

    assert steps == ["install", "built"]
    for step in steps:
        assert re.search(rf"^{step}:", makefile, flags=re.MULTILINE)


def test_image_runs_as_an_ordinary_user() -> None:
    assert re.findall(r"^USER (\S+)", dockerfile(), flags=re.MULTILINE) == ["anji"]
