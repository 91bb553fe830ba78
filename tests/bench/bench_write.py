"""Writing 54 invoices, as ratios to deflating and writing the same bytes.

python tests/bench/bench_write.py
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.naming import file_name
from apportion.workbook.letters.plan import Plan, plan
from apportion.workbook.sheets.package import deflated, joined, parts_of

ROOT = Path(__file__).parents[2]
ROUNDS = 5


def filled(drawn: Plan, folder: Path) -> None:
    """As `run` writes them."""
    filler = Filler(drawn)
    for number, member in enumerate(drawn.outcome.members, start=1):
        content = filler.content(member, number=number)
        (folder / file_name(drawn.outcome, member)).write_bytes(content)


def floor(files: dict[str, dict[str, bytes]], folder: Path) -> None:
    """The same parts deflated and written: nothing that writes them can do with less."""
    for name, parts in files.items():
        package = joined(deflated(part, data) for part, data in parts.items())
        (folder / name).write_bytes(package)


def seconds(work: Callable[[], None]) -> float:
    """Time of one round."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    """Medians of interleaved rounds."""
    drawn = plan(compute(ROOT, FiscalYear(2025)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(drawn, folder)
        files = {
            path.name: {k: part.content() for k, part in parts_of(path.read_bytes()).items()}
            for path in folder.iterdir()
        }
        work: dict[str, Callable[[], None]] = {
            "floor": lambda: floor(files, folder),
            "filled": lambda: filled(drawn, folder),
        }
        times: dict[str, list[float]] = {title: [] for title in work}
        for _ in range(ROUNDS):
            for title, do in work.items():
                times[title].append(seconds(do))
    base = statistics.median(times["floor"])
    for title, found in times.items():
        middle = statistics.median(found)
        print(f"{title:16} {middle * 1000:8.1f} ms  {middle / base:5.2f} x floor")  # noqa: T201


if __name__ == "__main__":
    main()
