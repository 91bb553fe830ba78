"""The order of rows, columns and files changes no amount."""

import csv
import io
import random
from pathlib import Path

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from tests import workspace

R7 = FiscalYear(2025)


def amounts(outcome: Outcome) -> dict[tuple[str, str, str], int]:
    return {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges}


def shuffle(path: Path, dice: random.Random) -> None:
    """Rows and columns of a CSV file in another order."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    order = list(range(len(rows[0])))
    dice.shuffle(order)
    body = rows[1:]
    dice.shuffle(body)
    text = io.StringIO()
    csv.writer(text).writerows([[row[i] for i in order] for row in (rows[0], *body)])
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def test_shuffled_tables_and_renamed_rule_files_give_the_same_amounts(tmp_path: Path) -> None:
    dice = random.Random(20250401)  # noqa: S311  a reproducible order, not a secret
    root = workspace.copy(tmp_path)
    for path in sorted(root.rglob("*.csv")):
        shuffle(path, dice)
    names = [f"{number}.txt" for number in range(20)]
    dice.shuffle(names)
    for path, name in zip(sorted((root / "rules/r7").glob("*.txt")), names, strict=False):
        path.rename(path.with_name(name))
    assert amounts(compute(root, R7)) == amounts(compute(workspace.SHIPPED, R7))
