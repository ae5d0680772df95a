"""Run the ordeal in a data folder of its own, and print its figures as JSON.

python -m tests.chaos --jobs 50 --kills 10
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--outages", type=int, default=1, help="of each server")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-and-start", action="store_true", help="nothing else")
    asked = vars(parser.parse_args())
    is_stopped = asked.pop("stop_and_start")
    with own_folder():
        django.setup()
        from tests.chaos.ordeal import Ordeal  # noqa: PLC0415 (after the setup)
        from tests.chaos.restart import stop_and_start  # noqa: PLC0415 (as above)

        figures = stop_and_start() if is_stopped else Ordeal(**asked).run()
    sys.stdout.write(f"{json.dumps(figures)}\n")


@contextmanager
def own_folder() -> Iterator[None]:
    """Point this process and its children at a new data folder, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="anji-chaos-"))
    folder.chmod(0o711)  # root's PostgreSQL passes through
    os.environ["ANJI_TEST_VAR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
