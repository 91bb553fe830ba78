"""No document and no list from elsewhere makes `import` work out of all proportion.

Where a time is looked at, it is as a ratio: to that of a sound document, or of a list an eighth as long.
"""

import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from apportion.core.problem import Findings, InputError
from apportion.imports.budget import document, pdf_gate, propose
from apportion.imports.tables import propose_figures
from apportion.years import payments
from tests import small
from tests.small import R7
from tests.unit.imports.printed import joined, pdf

RULES = "納期: 第1期 令和7年7月31日 残り\n\n■経費 利用料\n負担割合: 均等割\n"
HEADS = (
    "令和7年度 事業計画及び予算\n支出の部\n（単位：千円）\n",
    "令和7年度 歳入歳出予算\n歳出\n（単位：千円）\n款 項 目 本年度 前年度 比較\n",
    "",
)
UNITS = ("・", " ", "a ", "1 ", "1,", "【", "（単位：", "第1号", "1款", "I", "本年度 前年度 ", "計")
SIZE = 9_000
PAGE = "BT /F1 8 Tf 40 800 Td <6b73> Tj ET\n"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    return small.write(tmp_path, RULES, {"利用料": 1_000_000}, figures)


def seconds(work: Callable[[], object]) -> float:
    """What it takes until its answer, or its refusal."""
    before = time.process_time()
    try:
        work()
    except InputError as error:
        assert error.problems  # noqa: PT017  either way is right here
    return time.process_time() - before


@pytest.mark.parametrize("head", HEADS, ids=["plan", "estimates", "nothing"])
@pytest.mark.parametrize("unit", UNITS)
def test_no_line_takes_longer_than_its_length_says(root: Path, head: str, unit: str) -> None:
    path = root / "d.txt"

    def took(line: str) -> float:
        path.write_text(f"{head}{line}\n経費 1\n", "utf-8")
        return min(seconds(lambda: propose(root, path, R7)) for _ in range(2))

    sound = took("令和七年度の予算による。" * (SIZE // 12))
    for before, after in (("", ""), ("経費 ", "あ"), ("x", "1")):
        assert took(before + unit * (SIZE // len(unit)) + after) < 25 * sound + 0.1


def refused(data: bytes, name: str = "d.pdf") -> list[str]:
    findings = Findings()
    assert document.lines(name, data, findings) == ()
    return [problem.code for problem in findings.problems]


@pytest.mark.parametrize(
    "text",
    ["あ" * 10_001, "経費\t1\n" * 10_001, "あ" * 2_000_000],
    ids=["a line", "lines", "bytes"],
)
def test_a_text_that_is_no_budget_is_refused(text: str) -> None:
    assert refused(text.encode(), "d.txt") == ["W801"]


def compressed(content: bytes) -> bytes:
    """A page that unfolds to this."""
    folded = zlib.compress(content)
    head = f"<</Filter/FlateDecode/Length {len(folded)}>>stream\n".encode()
    return joined([""]).replace(b"<</Length 0>>stream\n", head + folded)


def font(old: str, new: str) -> bytes:
    """A page whose font says something else."""
    data = joined([PAGE])
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


HOSTILE: dict[str, Callable[[], bytes]] = {
    "words": lambda: joined(["q Q " * 50_000]),
    "words that unfold": lambda: compressed(b"q Q " * 20_000_000),
    "blanks that unfold": lambda: compressed(b" " * 200_000_000),
    "signs": lambda: joined([PAGE.replace("6b73", "6b73" * 90_000)]),
    "rules": lambda: joined(["1 1 m 9 9 l S\n" * 20_000]),
    "brackets": lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000,
    "objects": lambda: b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 40_000,
    "widths": lambda: font("/W[1[", "/W[1 2000000000 500 1["),
    "pages": lambda: joined([PAGE]).replace(b"[6 0 R]", b"[" + b"6 0 R " * 90_000 + b"]"),
    "places": lambda: joined([PAGE]).replace(b"xref\n0 8", b"xref\n0 2000000000"),
    "old ways of compressing": lambda: compressed(b"").replace(
        b"/FlateDecode", b"/LZWDecode" + b" " * 300_000
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_pdf_that_is_no_document_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_gate, "MOST_STEPS", 80_000)  # a tenth of all, here and below
    data, rows = HOSTILE[kind](), pdf("経費\t1,234\n" * 400)
    sound = seconds(lambda: document.lines("d.pdf", rows, Findings()))
    before = time.process_time()
    assert refused(data) == ["W801"]
    assert time.process_time() - before < 25 * sound


def test_a_document_after_a_hostile_one_is_read_as_ever() -> None:
    refused(joined([f"{10**9} w " * 400_000]))
    findings = Findings()
    found = document.lines("d.pdf", pdf("区分\t本年度\n委託料\t1,234"), findings)
    assert [line.text for line in found] == ["区分 本年度", "委託料 1,234"]
    assert not findings.problems


def longer(root: Path, work: Callable[[Path], object], head: str, row: str) -> float:
    """How much longer a list of eight times as many rows takes."""

    def took(count: int) -> float:
        path = root / "l.csv"
        path.write_text(head + row * count, "utf-8")
        return min(seconds(lambda: work(path)) for _ in range(2))

    return took(8_000) / took(1_000)


@pytest.mark.parametrize("row", ["甲市,1,R7.7.1,1\n", "未知町,1,R7.7.1,1\n", "甲市,1,R7.7.1,-1\n"])
def test_payments_take_as_long_as_their_rows(root: Path, row: str) -> None:
    head = "団体名,期,納入日,納入額（円）\n"
    assert longer(root, lambda path: payments.propose(root, path, R7), head, row) < 20


@pytest.mark.parametrize(
    "row", ["団体名,人口（人、令和7年1月1日現在）\n", "未知町,1\n", "甲市,1\n"]
)
def test_tables_take_as_long_as_their_rows(root: Path, row: str) -> None:
    head = "団体名,人口（人、令和7年1月1日現在）\n"
    assert longer(root, lambda path: propose_figures(root, path, R7, ()), head, row) < 20
