"""How a whole run grows: made-up councils of 30 経費 with ever more members.

python tests/bench/bench_scale.py [MEMBERS…]

`check` instead of numbers checks one of 1,700 members and 1,000 経費. Memory is that of the larger
one of the two processes.
"""

import compileall
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = 30
SIZES = (60, 120, 240, 480)
CHECKED = (1_700, 1_000)
RULES = (
    "書式: 1\n事業: 共同事業\n年度: 令和7年度\n状態: 案\n名簿: 全員\n根拠: 規約第1条\n\n"
    "■経費 ほかの経費すべて\n負担割合: 均等割 30% + 人口割 70%\n"
)


def code(number: int) -> str:
    """団体コード with its check digit."""
    digits = f"{11_000 + number}"
    whole = sum(int(digit) * weight for digit, weight in zip(digits, (6, 5, 4, 3, 2), strict=True))
    return f"{digits}{(11 - whole % 11) % 10}"


def council(root: Path, size: int, count: int = LINES) -> None:
    """A workspace of so many members and 経費."""
    codes = [code(n) for n in range(size)]
    rows = [f"{code},町{n}" for n, code in enumerate(codes)]
    lines = [f"運営,共同事業,,経費{n},{10_000_019 * (n + 1)},\n" for n in range(count)]
    total = sum(10_000_019 * (n + 1) for n in range(count))
    files = {
        "rules/r7/10.txt": RULES,
        "rules/r7/budget.csv": f"区分,事業,項,経費,予算額（円）,備考\n{''.join(lines)}",
        "rules/r7/income.csv": f"区分,事業,科目,予算額（円）,備考\n運営,共同事業,負担金収入,{total},\n",
        "members/members.csv": "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード\n"
        + "".join(f"{row},,町,,会員,,,\n" for row in rows),
        "members/r7/roster.csv": "団体コード,団体名,全員\n" + "".join(f"{r},○\n" for r in rows),
        "members/r7/figures.csv": "団体コード,団体名,人口（人、令和2年10月1日現在）\n"
        + "".join(f"{row},{1_013 + 997 * n}\n" for n, row in enumerate(rows)),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def seconds(command: str, size: int, count: int) -> float:
    """Time of a command on a new council."""
    with tempfile.TemporaryDirectory() as folder:
        council(Path(folder), size, count)
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "apportion", command, "--year", "r7", "--dir", folder],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - begin


def main(sizes: tuple[int, ...], command: str = "run", count: int = LINES) -> None:
    """Print seconds, the growth from size to size, and the most memory of any process so far."""
    compileall.compile_dir(ROOT / "apportion", quiet=1)
    before = 0.0
    for size in sizes:
        found = seconds(command, size, count)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        growth = f"{found / before:5.2f} x" if before else ""
        sys.stdout.write(f"{size:5} members {found:7.2f} s {growth:>8} {memory:6.0f} MB\n")
        sys.stdout.flush()
        before = found


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        main(CHECKED[:1], "check", CHECKED[1])
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
