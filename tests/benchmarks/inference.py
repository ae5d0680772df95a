"""The serving engine beside plain eager torch, by the command that anyone may run."""

import json
import subprocess
import sys
from typing import Any

from tests.running import DATASETS_DIR, ROOT

LIMIT_S = 600


def measure() -> dict[str, Any]:
    """Return `bench_ct`'s own document; on real images where there are any."""
    manifest = DATASETS_DIR / "covid-ct" / "manifest.csv"
    images = ["--manifest", manifest, "--root", manifest.parent]
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "bench_ct",
            *(images if manifest.is_file() else []),
            "--json",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=LIMIT_S,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document
