"""What `run --year r7` costs, as ratios to its peers: `python tests/bench/bench_run.py`.

Best of several fresh processes, one after the other, of compiled modules, as pip installs them.
Nothing fails here: read the numbers.
"""

import compileall
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 5


def seconds(arguments: Sequence[str]) -> float:
    """Time of a fresh process."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Print seconds and ratios."""
    compileall.compile_dir(ROOT / "apportion", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        measured = {
            "python -c pass": ("-c", "pass"),
            "apportion --help": ("-m", "apportion", "--help"),
            "import pandas, openpyxl": ("-c", "import pandas, openpyxl"),
            "apportion run --year r7": ("-m", "apportion", "run", "--year", "r7"),
            "peer (pandas, openpyxl)": ("tests/bench/peer.py", folder),
        }
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(RUNS):
            for name, arguments in measured.items():
                times[name].append(seconds(arguments))
    found = {name: min(own) for name, own in times.items()}
    for name, best in found.items():
        run, told = (found[f"apportion {words}"] / best for words in ("run --year r7", "--help"))
        sys.stdout.write(f"{name:<28}{best:7.3f} s   run is {run:6.2f} x, --help {told:5.2f} x\n")


if __name__ == "__main__":
    main()
