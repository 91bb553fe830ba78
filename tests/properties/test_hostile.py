"""Whatever stands in the files of a workspace: problems with a place or a sound result, never a fall.

2,000 spoiled workspaces on every run, 20,000 with `pytest -m long`, 100,000 with HOSTILE=60 before it.
And no digit is changed in silence: an amount or a printed text changes with it, or a problem tells of it.
"""

import csv
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import openpyxl
import pytest

from apportion.core.problem import Problem, grave
from apportion.core.text import decode
from apportion.core.year import FiscalYear
from apportion.outcome.computation import conclude, examine
from apportion.outcome.workspace import load
from apportion.pipeline import run
from tests.properties import council

R7 = FiscalYear(2025)
NAMES = list(council.FILES)
BOOK = "members/r7/figures"
EDITED, BYTES, BOOKS = 160, 40, 60
PREFIX_STEP = 4
LONG = int(os.environ.get("HOSTILE", "12"))
DIGITS = 40

# What a hand, an input method, a PDF or another program puts in place of a sign.
ALIKE = (
    *(
        "ロ口",
        "ニ二",
        "カ力",
        "一ー-－―−‐",
        "エ工",
        "タ夕",
        "ト卜",
        "ハ八",
        "千チ",
        "ケヶ",
        "町村市県",
    ),
    *(
        "0０Oo○〇",
        "1１lI|",
        "5５",
        "%％",
        ":：",
        "、，,",
        "（(",
        "）)",
        "「｢",
        "」｣",
        "■□◆",
        "+＋",
        "×xX*",
    ),
    *("~～〜", "=＝", "年月日", "円千万億", "割害", "残り残", "髙高", "か\u3099が"),
)
ADDED = (
    *"0123456789%+-×÷^/()（）、，,「」:：■【】[]※#=±‰割残のをにずつ円千万億年月日人○－△\"'\\",
    *" 　\t\n\r\0\x07\x1b\x7f\x85\u200b\u200e\u202e\u2028\u2066\ufeff\ufffd\u3099\U00020bb7\U0001f600",
)


def full_width(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign


def edited(text: str, random: Random) -> str:
    """One sign inserted, deleted, doubled, or replaced with what looks like it or is wider."""
    place = random.randrange(len(text))
    sign = text[place]
    alike = next((group for group in ALIKE if sign in group), "")
    new: str = random.choice(
        [
            random.choice(ADDED) + sign,
            random.choice(ADDED),
            random.choice(alike or ADDED),
            full_width(sign),
            sign + sign,
            "",
        ]
    )
    return text[:place] + new + text[place + 1 :]


def places(problem: Problem, root: Path) -> None:
    """A problem leads to where it is: a file or folder, a line of it, a stretch of that line."""
    source = problem.source
    assert source.place(), problem
    assert problem.what, problem
    assert str(problem)
    path = root / source.file
    assert path.exists() or path.with_suffix(".xlsx").exists() or problem.code == "W102", problem
    if source.text:
        decoded = decode(path.read_bytes())
        assert decoded is not None
        assert decoded.text.split("\n")[source.line - 1] == source.text
        assert 1 <= source.column <= len(source.text) + 1


def withstand(root: Path) -> None:
    """Check the workspace as `check` does, and compute it where nothing is wrong."""
    examined = examine(load(root, R7))
    for problem in examined.problems:
        places(problem, root)
    if not grave(examined.problems):
        conclude(examined)  # proves every equation


def spoil(root: Path, name: str, spoiled: Iterator[bytes]) -> None:
    """Try each spoiled content of one file, and put the sound one back."""
    for data in spoiled:
        (root / name).write_bytes(data)
        try:
            withstand(root)
        except Exception as error:
            error.add_note(f"{name}: {data!r}")
            raise
    (root / name).write_bytes(council.FILES.get(name, "").encode())


def edits(name: str, count: int) -> Iterator[bytes]:
    random = Random(f"{name} edits")  # noqa: S311  the same cases on every machine
    for _ in range(count):
        yield edited(council.FILES[name], random).encode("utf-8", "surrogatepass")


def any_bytes(name: str, count: int) -> Iterator[bytes]:
    random = Random(f"{name} bytes")  # noqa: S311  the same cases on every machine
    sound = council.FILES[name].encode()
    for _ in range(count):
        start, end = sorted(random.choices(range(len(sound)), k=2))
        noise = random.randbytes(random.randrange(40))
        yield random.choice(
            [noise, b"\xff\xfe" + noise, sound[:start] + noise + sound[start:], sound[start:end]]
        )


def prefixes(name: str, step: int) -> Iterator[bytes]:
    text = council.FILES[name]
    return (text[:end].encode() for end in range(0, len(text), step))


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return council.write(tmp_path)


def test_the_council_is_sound(root: Path) -> None:
    examined = examine(load(root, R7))
    assert [problem.code for problem in examined.problems] == ["W858"]
    assert conclude(examined).total == 1_099_451


def test_2000_cases_are_tried() -> None:
    cut = sum(len(range(0, len(text), PREFIX_STEP)) for text in council.FILES.values())
    assert cut + len(NAMES) * (EDITED + BYTES) + BOOKS >= 2000
    assert len(NAMES) * (EDITED + BYTES) * LONG + BOOKS * LONG >= 18_000
    assert sum(map(len, council.FILES.values())) >= 1500


@pytest.mark.parametrize("name", NAMES)
def test_single_signs(root: Path, name: str) -> None:
    spoil(root, name, edits(name, EDITED))


@pytest.mark.parametrize("name", NAMES)
def test_bytes(root: Path, name: str) -> None:
    spoil(root, name, any_bytes(name, BYTES))


@pytest.mark.parametrize("name", NAMES)
def test_beginnings(root: Path, name: str) -> None:
    spoil(root, name, prefixes(name, PREFIX_STEP))


def test_workbooks(root: Path) -> None:
    spoil_book(root, BOOKS)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_many_more(root: Path, name: str) -> None:
    spoil(root, name, prefixes(name, 1))
    spoil(root, name, edits(name, EDITED * LONG))
    spoil(root, name, any_bytes(name, BYTES * LONG))


@pytest.mark.long
def test_many_more_workbooks(root: Path) -> None:
    spoil_book(root, BOOKS * LONG)


def spoil_book(root: Path, count: int) -> None:
    """The figures as a workbook of which some bytes are wrong or missing."""
    sound = book(council.FILES[f"{BOOK}.csv"])
    (root / f"{BOOK}.csv").unlink()
    random = Random("book")  # noqa: S311  the same cases on every machine
    spoiled = (damaged(sound, random) for _ in range(count))
    spoil(root, f"{BOOK}.xlsx", spoiled)


def damaged(sound: bytes, random: Random) -> bytes:
    place = random.randrange(len(sound))
    noise = random.randbytes(random.randrange(4))
    return random.choice([sound[:place], sound[:place] + noise + sound[place + len(noise) :]])


def book(text: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in text.splitlines():
        sheet.append(row.replace('"', "").split(","))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_the_same_cases_every_time() -> None:
    for make in (edits, any_bytes):
        assert list(make(NAMES[0], 20)) == list(make(NAMES[0], 20))
        assert any(left != right for left, right in pairwise(make(NAMES[0], 20)))


UNDECIDED = "the papers of an example or a draft have no 発行日"
OTHER_YEARS = (
    "a day only says in which years the body is there; the names at that time are 承継先コード's"
)
NOT_SHARED = "nothing of a row 積立金等 is shared"
CANNOT_MATTER = {
    ("rules/r7/00.txt", "発行日: 納期限の15日前"): UNDECIDED,
    ("rules/r7/budget.csv", "積立金等,特定財源（千円）"): NOT_SHARED,
    ("members/members.csv", "有効期間から"): OTHER_YEARS,
    ("members/members.csv", "有効期間まで"): OTHER_YEARS,
}
"""Where a digit may be another one and nothing changes: the line of a rule, or the column of a table."""


def digits(count: int, others: int) -> Iterator[tuple[str, int, str]]:
    """Places of digits in all files (`count` of them), with so many other digits each."""
    random = Random("digits")  # noqa: S311  the same ones on every machine
    found = [
        (n, i) for n, text in council.FILES.items() for i, s in enumerate(text) if s in "0123456789"
    ]
    for name, place in random.sample(found, min(count, len(found))):
        own = int(council.FILES[name][place])
        for more in random.sample(range(1, 10), others):
            yield name, place, str((own + more) % 10)


def column(name: str, place: int) -> str:
    """The line of a rule, or the heading of the cell, in which a place is; in 積立金等 with that word."""
    text = council.FILES[name]
    line = text[:place].count("\n")
    if not name.endswith(".csv"):
        return text.split("\n")[line]
    before = next(csv.reader([text[text.rfind("\n", 0, place) + 1 : place + 1]]))
    heading = text.split("\n")[0].split(",")[len(before) - 1]
    return f"積立金等,{heading}" if before[0] == "積立金等" else heading


def told(root: Path) -> tuple[object, ...]:
    """What is said of the workspace, and the amounts where it can be computed."""
    examined = examine(load(root, R7))
    said = tuple(map(str, examined.problems))
    if grave(examined.problems):
        return said
    outcome = conclude(examined)
    charges = [(charge.line.name, charge.member.name, charge.yen) for charge in outcome.charges]
    return (said, charges, outcome.instalments)


def printed(root: Path) -> dict[str, bytes]:
    """All that is written, but for the hashes of the inputs."""
    shutil.rmtree(root / "outputs", ignore_errors=True)
    run(root, R7)
    found: dict[str, bytes] = {}
    for path in sorted((root / "outputs").rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found |= {f"{path.name} {part}": book.read(part) for part in book.namelist()}
        elif path.is_file() and path.name != "記録.json":
            found[path.name] = path.read_bytes()
    return {name: re.sub(rb"[0-9a-f]{64}", b"", data) for name, data in found.items()}


def no_digit_in_silence(root: Path, cases: Iterator[tuple[str, int, str]]) -> None:
    said, papers = told(root), printed(root)
    silent = []
    for name, place, new in cases:
        text = council.FILES[name]
        (root / name).write_bytes(f"{text[:place]}{new}{text[place + 1 :]}".encode())
        same = told(root) == said and printed(root) == papers
        if same and (name, column(name, place)) not in CANNOT_MATTER:
            silent.append((name, column(name, place), text[place], new))
        (root / name).write_bytes(text.encode())
    assert not silent


def test_no_digit_is_changed_in_silence(root: Path) -> None:
    no_digit_in_silence(root, digits(DIGITS, 1))


@pytest.mark.long
def test_no_digit_at_all_is_changed_in_silence(root: Path) -> None:
    no_digit_in_silence(root, digits(10**6, 9))


@pytest.mark.parametrize("key", CANNOT_MATTER)
def test_what_cannot_matter_is_there_and_does_not(root: Path, key: tuple[str, str]) -> None:
    name, where = key
    places = [
        i
        for i, sign in enumerate(council.FILES[name])
        if sign.isdigit() and column(name, i) == where
    ]
    assert places
    text = council.FILES[name]
    place = places[min(3, len(places) - 1)]  # of a day, in its year
    said, new = told(root), str((int(text[place]) + 1) % 10)
    (root / name).write_bytes(f"{text[:place]}{new}{text[place + 1 :]}".encode())
    assert told(root) == said
