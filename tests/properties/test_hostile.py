"""Whatever stands in the files of a workspace: problems with a place or a sound result, never a fall.

2,000 spoiled workspaces on every run, 20,000 with `pytest -m long`.
"""

import io
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
from tests.properties import council

R7 = FiscalYear(2025)
NAMES = list(council.FILES)
BOOK = "members/r7/figures"
EDITED, BYTES, BOOKS = 160, 40, 60
PREFIX_STEP = 4
LONG = 12

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
