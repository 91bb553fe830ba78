"""Tables, lists and documents as offices really make them: the right value is read, or it is refused.

A folder of `tests/doors/` is laid over a small council (`base`) or the shipped one (`aichi`), its
commands are typed, and `expected` says what is right. A refusal passes where the right value cannot
be known, never where a person sees it plainly (`refusal_ok`).
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import workspace
from tests.program import Done, apportion

FOLDER = Path(__file__).parent / "doors"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/case.json"))

Expected = Mapping[str, Any]


def typed(root: Path, command: Sequence[str]) -> Done:
    done = apportion(*command, folder=root)
    assert "Traceback" not in done.stderr
    return done


def laid(root: Path, name: str) -> Mapping[str, Any]:
    """The workspace of a case in `root`."""
    case: Mapping[str, Any] = json.loads((FOLDER / name / "case.json").read_text(encoding="utf-8"))
    if case["base"] == "aichi":
        workspace.copy(root)
    else:
        shutil.copytree(FOLDER / "base", root)
    for path in case["remove"]:
        (root / path).unlink()
    if (FOLDER / name / "input").exists():  # the council itself may be the case
        shutil.copytree(FOLDER / name / "input", root, dirs_exist_ok=True)
    return case


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def cell(root: Path, expected: Expected) -> None:
    found = (row for row in rows(root / expected["file"]) if row.get("団体名") == expected["key"])
    assert next((row.get(expected["column"]) for row in found), None) in expected["right"]


def charged(root: Path) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows(root / "outputs/r7/data/charges.csv"):
        sums[row["団体名"]] = sums.get(row["団体名"], 0) + int(row["負担金額_円"])
    return sums


def charges(root: Path, expected: Expected) -> None:
    assert charged(root) == expected["right"]


def charges_total(root: Path, expected: Expected) -> None:
    assert sum(charged(root).values()) == expected["right"]


def terms(root: Path, expected: Expected) -> None:
    listed = rows(root / "outputs/r7/data/invoices.csv")
    own = [row["請求額_円"] for row in listed if row["団体名"] == expected["key"]]
    assert own == expected["right"]


VALUES: Mapping[str, Callable[[Path, Expected], None]] = {
    "cell": cell,
    "cell_or_say": cell,
    "charges": charges,
    "charges_total": charges_total,
    "terms": terms,
}
"""Kinds of right values; each may be refused instead where `refusal_ok` says so."""


def said(done: Done, expected: Expected) -> None:
    """What the screen must say, or must not."""
    text, kind = done.stdout + done.stderr, expected["type"]
    words = expected.get("words", ())
    if kind == "rc":
        assert done.code == expected["rc"]
    elif kind == "not_say":
        assert not [word for word in words if word in text]
    elif kind == "say":
        assert done.code or all(word in text for word in words)
    elif kind == "say_any":
        assert any(word in text for word in words)
    elif kind == "refuse_say":
        assert done.code
        assert all(word in text for word in words)
    else:
        assert kind == "refuse_say_any"
        assert done.code
        assert any(word in text for word in words)


@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees_is_read_or_refused(name: str, tmp_path: Path) -> None:
    root = tmp_path / "council"
    case = laid(root, name)
    done = [typed(root, command) for command in case["commands"]]
    expected = case["expected"]
    check = VALUES.get(expected["type"])
    if check is None:
        said(done[expected["cmd"]], expected)
    elif not any(each.code for each in done):
        check(root, expected)
    elif expected["type"] == "cell_or_say":  # a refusal must name what is seen
        assert any(word in done[expected["cmd"]].stderr for word in expected["words"])
    else:
        assert expected.get("refusal_ok", True)


def test_there_are_cases() -> None:
    assert len(CASES) >= 42
