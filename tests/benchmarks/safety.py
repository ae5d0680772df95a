"""How long danger first takes: ordinary messages, and the worst that 50 KB can hold.

Times are of the processor, so that a busy machine does not change what they say.
"""

import json
import random
import time
from pathlib import Path

from consult.dialogue import read_request, take_turn
from tests.benchmarks.figures import quantile

CASES = Path(__file__).parents[1] / "consult" / "data"
LARGEST, ROUNDS, SEED = 50_000, 3, 3


def measure() -> dict[str, object]:
    """Return milliseconds: p50 and p99 of the written cases, and of each large message."""
    rows = [
        json.loads(line)
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    texts = [row.get("text") or "\n".join(row["turns"]) for row in rows]
    _milliseconds(texts[0])
    ordinary = [_milliseconds(text) for text in texts]
    large = {
        name: round(min(_milliseconds(f"{once} {text}") for once in range(ROUNDS)), 1)
        for name, text in _large(texts).items()
    }
    return {
        "messages": len(texts),
        "ordinary_p50_ms": round(quantile(ordinary, 50), 2),
        "ordinary_p99_ms": round(quantile(ordinary, 99), 2),
        "large_ms": large,
    }


def _milliseconds(text: str) -> float:
    began = time.process_time()
    take_turn(read_request({"text": text}))
    return (time.process_time() - began) * 1000


def _large(texts: list[str]) -> dict[str, str]:
    chance = random.Random(SEED)  # noqa: S311  # no secret, a fixed sequence
    words = " ".join(texts).split()
    return {
        "all_cases": _filled(chance, [f"{text}. " for text in texts]),
        "words_without_a_stop": _filled(chance, [f"{word} " for word in words]),
        "one_sentence_again": "我胸口痛，喘不上气。" * 1_700,
        "emoji": "\N{GRINNING FACE}" * 10_000,
        "marks": "!?.," * 12_500,
        "nots": "not " * 12_500,
    }


def _filled(chance: random.Random, pieces: list[str]) -> str:
    text = "".join(chance.choices(pieces, k=LARGEST))
    return text.encode()[:LARGEST].decode("utf-8", "ignore")
