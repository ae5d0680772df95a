"""What no tool checks about how the house is built."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"torch", "torchvision", "transformers", "ortools", "numpy", "pydicom"}
WEB_PROCESS = """
import json, sys
import hospital.asgi
from django.urls import get_resolver
get_resolver().reverse_dict
from django.template.loader import get_template
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def contracts() -> dict[str, list[str]]:
    """The import contracts, by name, with the packages that they cover."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {
        contract["name"]: contract.get("containers", contract.get("source_modules", []))
        for contract in settings["tool"]["importlinter"]["contracts"]
    }


@pytest.mark.slow
def test_web_process_loads_no_heavy_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WEB_PROCESS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "django" in loaded
    assert loaded & HEAVY == set()


def test_every_app_is_under_an_import_contract(contracts: dict[str, list[str]]) -> None:
    covered = set(contracts["Floors inside an app"])

    ours = {
        config.name
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT)
        and ".venv" not in Path(config.path).parts
    }

    assert ours - covered == {"hospital.core"}


def test_pure_packages_exist(contracts: dict[str, list[str]]) -> None:
    for package in contracts["Pure packages know no framework"]:
        assert (ROOT / package.replace(".", "/") / "__init__.py").is_file(), package


def foreign_addresses(text: str) -> list[str]:
    """Return what the text would make a browser ask of a foreign host."""
    asked = r"""(?:src|href|action)=["']?(https?://[^"'\s>]+)|url\(["']?(https?://[^"')]+)"""
    hits = [next(filter(None, match)) for match in re.findall(asked, text)]
    return [hit for hit in hits if "localhost" not in hit]


def test_foreign_addresses_are_found() -> None:
    found = foreign_addresses('<img src="https://fonts.example/a.png">')

    assert found == ["https://fonts.example/a.png"]


def test_no_page_asks_for_anything_outside_the_hospital() -> None:
    files = [
        path
        for folder, endings in (("templates", {".html"}), ("static", {".css", ".js"}))
        for path in (ROOT / folder).rglob("*")
        if path.suffix in endings and "build" not in path.parts
    ]

    assert files
    for path in files:
        assert foreign_addresses(path.read_text()) == [], path
