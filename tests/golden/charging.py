"""From a budget and the rosters to charges, in the second derivations of all years.

Only the register, the rosters and the populations are read, from `members/`; the budgets and their
rules are typed in `derive_r7.py` and `derive_years.py`. `derivation.md` tells how the figures come
about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path

from tests.golden.splits import PREFECTURE, Member, Shares, Split, equally

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHINSEI = "電子申請・届出システム事業"
SHISETSU = "施設予約事業"
CALS = "電子調達（CALS/EC）事業"
BUPPIN = "電子調達（物品等）事業"
HEADINGS = ("団体コード", "事業", "経費", "正確額_円", "負担金額_円")

Charge = tuple[str, str, str, Fraction, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A finest line of the budget with its rule."""

    name: str
    thousands: int
    split: Split = equally
    roster: str | None = None
    rest_to_prefecture: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A 事業 with the roster that its lines use when they name none."""

    name: str
    roster: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year: its folder, the date of its census and its budget."""

    folder: str
    census: str
    projects: tuple[Project, ...]


# --- rounding, reading and charging ------------------------------------------------------------------------


def rounded(shares: Shares, *, rest_to_prefecture: bool) -> dict[str, int]:
    """Whole yen: floors, and the rest by largest remainder or to the prefecture."""
    yen = {code: floor(share) for code, share in shares.items()}
    rest = int(sum(shares.values())) - sum(yen.values())
    if rest_to_prefecture:
        yen[PREFECTURE] += rest
        return yen
    order = sorted(shares, key=lambda code: (yen[code] - shares[code], -shares[code], code))
    for code in order[:rest]:
        yen[code] += 1
    return yen


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV, with or without BOM."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key: (value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def register(root: Path, year: Year) -> dict[str, Member]:
    """The members by code, with their population."""
    table = rows(root / "members" / year.folder / "figures.csv")
    heading = f"国勢調査人口（人、{year.census}現在）"
    figures = {row["団体コード"]: row[heading] for row in table}
    return {
        code: Member(code, row["団体名"], int(text.replace(",", "")) if text else None)
        for row in rows(root / "members/members.csv")
        for code in [row["団体コード"]]
        for text in [figures.get(code, "")]
    }


def rosters(root: Path, year: Year) -> dict[str, list[Member]]:
    """The participants by roster, in the order of codes."""
    known = register(root, year)
    table = sorted(
        rows(root / "members" / year.folder / "roster.csv"), key=lambda row: row["団体コード"]
    )
    names = {line.roster or project.roster for project in year.projects for line in project.lines}
    return {
        name: [known[row["団体コード"]] for row in table if takes_part(row[name])] for name in names
    }


def takes_part(cell: str) -> bool:
    """Whether a cell says so; nobody joins or leaves within these years."""
    if cell not in {"", "○"}:
        message = f"a roster cell that this derivation does not know: {cell}"
        raise ValueError(message)
    return cell == "○"


def line_charges(
    project: Project, line: Line, taking_part: dict[str, list[Member]]
) -> list[Charge]:
    """The charges of one 経費."""
    members = taking_part[line.roster or project.roster]
    shares = line.split(Fraction(line.thousands * 1000), members)
    yen = rounded(shares, rest_to_prefecture=line.rest_to_prefecture)
    return [(code, project.name, line.name, shares[code], yen[code]) for code in sorted(shares)]


def year_charges(root: Path, year: Year) -> list[Charge]:
    """All charges: code, 事業, 経費, exact amount, yen; in budget order, then by code."""
    taking_part = rosters(root, year)
    return [
        charge
        for project in year.projects
        for line in project.lines
        for charge in line_charges(project, line, taking_part)
    ]


def as_csv(found: Sequence[Charge]) -> str:
    """The charges as CSV text; an exact amount is `a` or `a/b`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(found)
    return text.getvalue()


def write(name: str, found: Sequence[Charge]) -> None:
    """The charges as a file beside this one."""
    (HERE / name).write_bytes(as_csv(found).encode("utf-8-sig"))


def line_of(found: Sequence[Charge], project: str, line: str) -> list[Charge]:
    """The charges of one 経費."""
    return [charge for charge in found if charge[1:3] == (project, line)]
