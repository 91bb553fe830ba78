"""How long checking r7 takes, as a multiple of starting Python: `python tests/bench/bench_check.py`.

A ratio says the same on a fast machine and on a slow one. Nothing fails here: read the numbers,
best of several fresh processes of compiled modules, as pip installs them.
"""

import compileall
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 7
LIBRARY = (
    "from pathlib import Path; from apportion.outcome.computation import examine;"
    "from apportion.outcome.workspace import load; from apportion.core.year import FiscalYear;"
    "examine(load(Path(), FiscalYear(2025)))"
)
MEASURED = {
    "python -c pass": ("-c", "pass"),
    "apportion --help": ("-m", "apportion", "--help"),
    "examine(load(r7))": ("-c", LIBRARY),
    "apportion check --year r7": ("-m", "apportion", "check", "--year", "r7"),
}


def best(arguments: Sequence[str]) -> float:
    """Seconds of the fastest of several fresh processes."""
    seconds = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def main() -> None:
    """Print seconds and ratios."""
    compileall.compile_dir(ROOT / "apportion", quiet=1)
    found = {name: best(arguments) for name, arguments in MEASURED.items()}
    start = found["python -c pass"]
    for name, seconds in found.items():
        sys.stdout.write(f"{name:<28}{seconds:7.3f} s {seconds / start:7.1f} x\n")


if __name__ == "__main__":
    main()
