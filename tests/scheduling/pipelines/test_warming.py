"""A worker knows what a search needs before the first one asks."""

import subprocess
import sys

from hospital.core.registry import registry
from hospital.env import BASE_DIR
from scheduling.selectors.rosters import SOLVE

PROGRAM = """
import sys, django
django.setup()
from django.utils.module_loading import import_string
print("hospital.urls" in sys.modules)
import_string(sys.argv[1])()
print("hospital.urls" in sys.modules)
"""


def test_no_search_waits_until_the_addresses_of_pages_are_loaded() -> None:
    warm = registry.job_kinds[SOLVE].warm

    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, warm],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.split() == ["False", "True"]
