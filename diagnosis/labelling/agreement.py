"""How far two readers agree beyond chance.

References:
    Cohen, A coefficient of agreement for nominal scales, 1960.
    Fleiss, Cohen and Everitt, Large sample standard errors of kappa, 1969.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from diagnosis.watching.estimates import Z95, Estimate, share

Pair = tuple[str, str]  # the answer of the first and of the second reader


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the first reader said one label where the second said another.

    Attributes:
        labels: In the project's order.
        counts: A row a label of the first reader, a column a label of the second.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def agreed(self) -> int:
        return sum(self.counts[place][place] for place in range(len(self.labels)))


def confusion(pairs: Sequence[Pair], labels: Sequence[str]) -> Confusion:
    """Return the table of two readers' answers."""
    counted = Counter(pairs)
    rows = tuple(tuple(counted[a, b] for b in labels) for a in labels)
    return Confusion(tuple(labels), rows)


def agreement(table: Confusion) -> Estimate | None:
    """Return the share of studies on which both said the same; None of nothing."""
    return share(table.agreed, table.total)


def kappa(table: Confusion) -> Estimate | None:
    """Return Cohen's kappa with its interval.

    Where all agree the formula leaves chance no room; the lower end is then that of
    Wilson's interval of the agreement.

    Returns:
        None where it says nothing: nothing was read by both, or one of them gave one
        label alone, so that chance agrees as often.
    """
    n = table.total
    if n == 0:
        return None
    places = range(len(table.labels))
    p = [[table.counts[i][j] / n for j in places] for i in places]
    first = [sum(p[i]) for i in places]
    second = [sum(p[i][j] for i in places) for j in places]
    observed = sum(p[i][i] for i in places)
    chance = sum(first[i] * second[i] for i in places)
    if max(first) == 1.0 or max(second) == 1.0:
        return None
    value = (observed - chance) / (1 - chance)
    agreeing = sum(
        p[i][i] * (1 - (first[i] + second[i]) * (1 - value)) ** 2 for i in places
    )
    differing = (1 - value) ** 2 * sum(
        p[i][j] * (second[i] + first[j]) ** 2 for i in places for j in places if i != j
    )
    loss = (value - chance * (1 - value)) ** 2
    variance = max(agreeing + differing - loss, 0.0) / (n * (1 - chance) ** 2)
    half = Z95 * sqrt(variance)
    low = value - half
    agreed = agreement(table)
    if table.agreed == n and agreed:
        low = (agreed.low - chance) / (1 - chance)
    return Estimate(value, max(low, -1.0), min(value + half, 1.0), n)


def of_label(table: Confusion, label: str) -> Estimate | None:
    """Return of how many studies both gave a label, among those where either did."""
    place = table.labels.index(label)
    either = (
        sum(table.counts[place])
        + sum(row[place] for row in table.counts)
        - table.counts[place][place]
    )
    return share(table.counts[place][place], either)
