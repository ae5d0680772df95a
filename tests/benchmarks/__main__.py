"""`make bench`: every benchmark, one after the other, each beside its alternative."""

import argparse
import importlib
import json
import sys

from tests.benchmarks.data import AbsentDataError

BENCHMARKS = {
    "reading": "54-slice study, from the first byte uploaded to its finding",
    "pages": "pages beside 200 open event streams",
    "stow": "STOW-RS beside Orthanc with its DICOMweb plug-in",
    "inference": "the serving engine beside plain eager torch",
    "gathering": "batches across jobs beside each job by itself",
    "abstention": "what the model withholds of images that are not its own",
    "chat": "patients' messages answered, alone and 20 a second beside 200 streams",
    "triage": "vignettes escalated, harmful requests refused, other questions answered",
    "retrieval": "finding passages beside BM25 alone and vectors alone",
    "safety": "danger first: ordinary messages and the worst of 50 KB",
    "repairs": "sick calls, conflicts, stops and cells, beside the time they may take",
    "rosters": "the search for rosters beside plain CP-SAT and plain HiGHS",
}


def main() -> int:
    """Run the named benchmarks, all by default, and print one JSON line each.

    Options go to the benchmark named, if it has any: `rosters --help`.
    """
    parser = argparse.ArgumentParser(prog="make bench", add_help=False)
    parser.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    chosen, further = parser.parse_known_args()
    names = chosen.names or list(BENCHMARKS)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.stderr.write(f"error: no benchmark is called {', '.join(unknown)}.\n")
        return 2
    for name in names:
        sys.stderr.write(f"{name}: {BENCHMARKS[name]}\n")
        module = importlib.import_module(f"tests.benchmarks.{name}")
        try:
            figures = module.measure(further) if further else module.measure()
        except AbsentDataError as absent:
            figures = {"skipped": str(absent)}
        sys.stdout.write(json.dumps({"benchmark": name, **figures}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
