from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings


def test_livez_asks_nobody(client: Client) -> None:
    response = client.get("/livez")

    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


@pytest.mark.django_db
def test_readyz_names_what_it_asked(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": "ok", "tables": "ok", "broker": "ok"},
    }


@pytest.mark.django_db
def test_readyz_without_a_broker_is_unavailable(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "failed"
    assert str(tmp_path) not in response.text


@pytest.mark.django_db
def test_health_command_tells_a_container_engine(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("health")
    healthy = capsys.readouterr().out
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    with pytest.raises(SystemExit) as end:
        call_command("health")

    assert healthy == "healthy\n"
    assert end.value.code == "error: broker failed"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_read_only(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
