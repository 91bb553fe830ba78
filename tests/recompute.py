"""What `apportion explain --json` says, worked out again with + - * / and the stated cut.

It knows the format only, and none of the program's code: an accountant could do the same.
"""

import csv
import json
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

Record = dict[str, Any]

UNITS = {"円": 1, "千円": 1_000}
TABLES = ("budget.csv", "figures.csv", "previous.csv")


@lru_cache(maxsize=100_000)
def number(text: str) -> Fraction:
    return Fraction(text)


def charge(record: Record) -> int:
    """Yen of one charge; asserts that every step on the way follows from those before it."""
    known: dict[str, Fraction] = {}
    for step in record["steps"]:
        if step["value"] is None:
            continue
        value = number(step["value"])
        if step["terms"]:
            assert value == worked(step, known), (record["line"], step["key"])
        assert step["key"] not in known
        known[step["key"]] = value
    if record["rest"]:
        assert known["added"] == added(record["rest"]), record["line"]
    return int(known["charge"]) if record["taking_part"] else 0


def worked(step: Record, known: dict[str, Fraction]) -> Fraction:
    values = [product(term, known) for term in step["terms"]]
    if step.get("by") == "乗":
        [term] = step["terms"]
        total = raised(*(operand_value(operand, known) for operand in term["times"]))
    elif "by" in step:
        total = {"大きい方": max, "小さい方": min}[step["by"]](values)
    else:
        total = sum(values, Fraction(0))
    return cut(total, **step["cut"]) if "cut" in step else total


def raised(base: Fraction, exponent: Fraction) -> Fraction:
    """Exact for a whole exponent, else to 50 digits, as 別表 are made with a few of them."""
    if exponent.denominator == 1:
        return base ** int(exponent)
    with localcontext() as context:
        context.prec = 60
        tall, wide = (Decimal(x.numerator) / Decimal(x.denominator) for x in (base, exponent))
        found = tall**wide
        context.prec = 50
        return Fraction(+found)


def product(term: Record, known: dict[str, Fraction]) -> Fraction:
    made = Fraction(1)
    for operand in term["times"]:
        made *= operand_value(operand, known)
    for operand in term.get("over", ()):
        made /= operand_value(operand, known)
    return -made if term.get("minus") else made


def operand_value(operand: Record, known: dict[str, Fraction]) -> Fraction:
    value = number(operand["value"])
    assert "step" not in operand or known[operand["step"]] == value, operand
    return value


def cut(value: Fraction, unit: int | str, mode: str) -> Fraction:
    if value < 0:
        return -cut(-value, unit, mode)
    size = Fraction(unit)
    units = value / size
    whole = units.numerator // units.denominator
    up = {"切捨て": False, "切上げ": units > whole, "四捨五入": units - whole >= Fraction(1, 2)}
    return (whole + up[mode]) * size


def added(rest: Record) -> int:
    """What the order gives a member of this rank: one unit each, round and round, then the rest."""
    assert rest["difference"] == rest["total"] - rest["cuts"]
    own, difference = rest["own"], rest["difference"] - rest["unallocated"]
    if own is None or not difference:
        return 0
    if rest["rule"].endswith("が負担"):
        return int(difference)
    whole, small = divmod(abs(difference), rest["unit"])
    assert rest["units"] == whole + bool(small)
    turns = range(own["rank"], rest["units"] + 1, rest["size"])
    yen = len(turns) * rest["unit"]
    if small and turns and turns[-1] == rest["units"]:
        yen += small - rest["unit"]
    return int((yen if difference > 0 else -yen) + own.get("passed", 0))


def facts(record: Record) -> dict[str, Fraction]:
    """Numbers that a cell of a table is said to hold, by `file!cell`."""
    found: dict[str, Fraction] = {}
    for step in record["steps"]:
        operands = [o for t in step["terms"] for o in (*t["times"], *t.get("over", ()))]
        own = [] if step["terms"] or step["value"] is None else [step]
        for fact in (*own, *operands):
            place = fact.get("source", "")
            if "step" not in fact and place.partition("!")[0].endswith(TABLES):
                assert found.setdefault(place, number(fact["value"])) == number(fact["value"])
    return found


def in_cell(root: Path, place: str) -> Fraction:
    """The number that stands in `file!C12`, in the unit of its heading."""
    file, _, cell = place.partition("!")
    rows = _rows(root / file)
    column = ord(cell[0]) - ord("A")
    heading, text = rows[0][column], rows[int(cell[1:]) - 1][column]
    unit = heading.rpartition("（")[2].removesuffix("）").partition("、")[0]
    return Fraction(text) * UNITS.get(unit, 1)


@lru_cache
def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def as_json(record: Record) -> Record:
    """The record as a program on the other side reads it."""
    read: Record = json.loads(json.dumps(record, ensure_ascii=False))
    return read
