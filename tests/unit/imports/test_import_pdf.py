"""A PDF gives what its text gives: by rules or by gaps; without text it is refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apportion.core.problem import Findings, InputError
from apportion.core.year import FiscalYear
from apportion.imports.budget import BudgetProposal, document, propose
from tests.unit.imports.importing import FOLDER, OTHER, PUBLISHED, R7, R8
from tests.unit.imports.printed import joined, pdf, scanned
from tests.workspace import SHIPPED

FORMS = {
    "r7_款と項": FiscalYear(2025),
    "r7_総括": FiscalYear(2025),
    "h30_空白で並ぶ": FiscalYear(2018),
    "h28_科目と比較": FiscalYear(2016),
    "r2_ほかの表": FiscalYear(2020),
}


def read(root: Path, data: bytes | str, year: FiscalYear) -> BudgetProposal:
    path = root / ("d.txt" if isinstance(data, str) else "d.pdf")
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return propose(root, path, year)


def rows(proposal: BudgetProposal) -> list[tuple[tuple[str, ...], ...]]:
    return [sheet.merged.rows for sheet in proposal.sheets]


def printed(text: str) -> str:
    """A document as it is on paper: without the marks of its copy, a heading in one line."""
    lines = [line for line in text.split("\n") if not re.fullmatch(r"[-|\t ]{3,}", line)]
    bare = [document.plain(line) if "\t" not in line else line for line in lines]
    return "\n".join(
        document.plain(line.replace("\t", " ")) if "【予算額" in line else line for line in bare
    )


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_in_a_pdf_gives_the_same_lines(name: str, ruled: bool, tmp_path: Path) -> None:  # noqa: FBT001
    text = (FOLDER / "estimates" / f"{name}.txt").read_text(encoding="utf-8")
    expected = rows(read(tmp_path, text, FORMS[name]))
    assert rows(read(tmp_path, pdf(text, ruled=ruled), FORMS[name])) == expected


def test_the_published_budget_in_a_pdf_is_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "d.pdf"
    path.write_bytes(pdf(printed(PUBLISHED[R7].read_text(encoding="utf-8"))))
    proposal = propose(SHIPPED, path, R7)
    assert not proposal.differs
    assert [sheet.total for sheet in proposal.sheets] == [385_422_000] * 2


def test_the_own_form_of_another_council(tmp_path: Path) -> None:
    expected = rows(read(tmp_path, OTHER, R8))
    assert rows(read(tmp_path, pdf(OTHER), R8)) == expected


def test_a_wrong_figure_is_told_with_its_page_and_row(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(
            tmp_path, pdf(OTHER.replace("図書館事業	500	500", "図書館事業	501	500")), R8
        )
    assert "1ページ!29行目" in caught.value.problems[0].source.place()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (scanned(), "画像のPDF"),
        (b"%PDF-1.7\nbroken", "壊れているか"),
        (b"", "壊れているか"),
        (joined(["BT /F1 8 Tf 40 700 Td <0041> Tj ET"]), "読める形の予算の文書ではありません"),
    ],
)
def test_a_pdf_that_is_not_read_says_why(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, data, R8)


DATA = pdf("\n".join(OTHER.split("\n")[:12]))


@settings(deadline=None)  # pdfminer is loaded by the first; what takes long is refused by its steps
@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=8))
def test_no_bytes_make_it_stumble(place: int, wrong: bytes) -> None:
    spoiled = DATA[:place] + wrong + DATA[place + len(wrong) :]
    document.lines("d.pdf", spoiled, Findings())
