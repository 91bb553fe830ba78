"""Largest remainder over a nation: numpy int64 against plain integers, both exact; then 事業ごと.

python -m tests.bench.bench_engine
"""

import random
import statistics
import time
from collections.abc import Callable

from apportion.allocate import vector
from apportion.allocate.rounding import RestRule, Rounded, Shares, close, cut_all
from apportion.allocate.twoway import together
from apportion.core.problem import Findings
from apportion.rules.nodes import Mode
from tests.lined import council, line

MEMBERS, LINES, ROUNDS = 1_741, 100, 5


def plain(shares: Shares) -> Rounded:
    """As a council is computed."""
    cuts = cut_all(shares, 1, Mode.DOWN)
    return close(shares, cuts, shares.scale, 1, RestRule())


def lines() -> list[Shares]:
    """Lines of one rule over populations of 300 to 3,800,000."""
    dice = random.Random(7)  # noqa: S311  the same figures every time
    weights = tuple(dice.randint(300, 3_800_000) for _ in range(MEMBERS))
    return [Shares(10**8 + 7919 * i, weights, sum(weights)) for i in range(LINES)]


def seconds(work: Callable[[Shares], object], listed: list[Shares]) -> float:
    """Time of all lines."""
    begin = time.perf_counter()
    for shares in listed:
        work(shares)
    return time.perf_counter() - begin


def main() -> None:
    """Medians of interleaved rounds."""
    listed = lines()
    assert all(vector.largest_remainder(s) == plain(s) for s in listed[:5])
    pairs = [
        (seconds(plain, listed), seconds(vector.largest_remainder, listed)) for _ in range(ROUNDS)
    ]
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"plain {slow * 1000:.0f} ms, int64 {fast * 1000:.0f} ms: {fast / slow:.2f} x plain")  # noqa: T201
    for members, many in ((54, 30), (MEMBERS, 1_000)):
        told = enumerate(council(members, many))
        alone = [line(f"経費{n:04}", total, own) for n, (total, own) in told]
        begin = time.perf_counter()
        together(alone, Findings())
        print(f"事業ごと {members} x {many}: {(time.perf_counter() - begin) * 1000:.1f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
