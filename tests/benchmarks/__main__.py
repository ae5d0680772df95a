"""`make bench`: every benchmark, one after the other, each beside its alternative."""

import argparse
import importlib
import json
import sys

BENCHMARKS = {
    "reading": "54-slice study, from the first byte uploaded to its finding",
    "pages": "pages beside 200 open event streams",
    "stow": "STOW-RS beside Orthanc with its DICOMweb plug-in",
    "inference": "the serving engine beside plain eager torch",
}


def main() -> int:
    """Run the named benchmarks, all by default, and print one JSON line each."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.stderr.write(f"error: no benchmark is called {', '.join(unknown)}.\n")
        return 2
    for name in names:
        sys.stderr.write(f"{name}: {BENCHMARKS[name]}\n")
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sys.stdout.write(json.dumps({"benchmark": name, **module.measure()}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
