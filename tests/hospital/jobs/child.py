"""A child for tests: says what it was asked, or never ends."""

import json
import os
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    if "never_ends" in asked:
        Path(asked["never_ends"]).write_text(str(os.getpid()))
        signal.pause()
    if "fails" in asked:
        sys.exit(3)
    del asked["began"]
    json.dump({"asked": asked}, sys.stdout)
