"""Papers of a 補正 and of 決算 become columns of the tables; what does not agree is refused.

The council of `tests/sealing`: 利用料 1,200千円 and 事務費 30千円.
"""

from pathlib import Path

import pytest

from apportion.core.problem import Findings, InputError
from apportion.core.year import SETTLED, Case, Edition
from apportion.imports.budget import later
from apportion.outcome.computation import compute
from apportion.outcome.workspace import load
from apportion.tables.revision import revised
from tests import sealing
from tests.program import apportion
from tests.sealing import AOBA, PAPER, R7

FIRST = Edition(1)
CLOSED = """令和7年度 決算書
収入の部（単位：円）
科目\t予算現額\t決算額\t差引
負担金収入\t1,230,000\t1,230,000\t0
支出の部（単位：円）
項目\t予算現額\t支出済額\t不用額
利用料\t1,200,000\t1,190,001\t9,999
事務費\t30,000\t－\t30,000
合計\t1,230,000\t1,190,001\t39,999
"""


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return sealing.decided(tmp_path / "council")


def proposed(root: Path, text: str, case: Case = FIRST) -> later.LaterProposal:
    (root.parent / "文書.txt").write_text(text, "utf-8")
    return later.propose(root, root.parent / "文書.txt", R7, case)


def codes(root: Path, text: str, case: Case = FIRST) -> list[str]:
    with pytest.raises(InputError) as raised:
        proposed(root, text, case)
    return [f"{problem.code} {problem.what}" for problem in raised.value.problems]


def test_a_revision_becomes_a_column(root: Path) -> None:
    """利用料 1,510,000: 30 % equally (151,000 each), 1,057,000 by people: 2/3; 事務費 20,000 / 3."""
    before = (root / "rules/r7/budget.csv").read_text("utf-8-sig").splitlines()
    (root.parent / "d.txt").write_text(PAPER, "utf-8")
    words = ("import", "budget", str(root.parent / "d.txt"), "--year", "r7", "--case", "補正1")
    done = apportion(*words, "--yes", "--dir", str(root))
    assert done.code == 0, done.stderr
    assert "支出の部の「補正第1号」 2行、計 300,000円" in done.stdout
    now = (root / "rules/r7/budget.csv").read_text("utf-8-sig").splitlines()
    assert len(now) == len(before)
    assert "補正第1号（円）" in now[0]
    outcome = compute(root, R7, edition=FIRST)
    own = {c.line.name: c.yen for c in outcome.by_member[AOBA]}
    assert own["利用料"] in (151_000 + 704_666, 151_000 + 704_667)
    assert outcome.total == 1_530_000
    again = apportion(*words, "--yes", "--dir", str(root))
    assert (again.code, "いまの表と同じ" in again.stdout) == (0, True), again.stderr
    assert apportion("undo", "--yes", "--dir", str(root)).code == 0
    assert (root / "rules/r7/budget.csv").read_text("utf-8-sig").splitlines() == before


def test_accounts_become_a_column(root: Path) -> None:
    later.write(proposed(root, CLOSED, SETTLED))
    tables = load(root, R7).tables
    assert tables
    assert [line.columns["決算額"] for line in tables.budget] == [1_190_001, 0]
    assert [line.columns["決算額"] for line in tables.income] == [1_230_000]


def test_a_second_revision_begins_with_the_first(root: Path) -> None:
    later.write(proposed(root, PAPER))
    text = """歳出（単位：千円）
項\t補正前の額\t補正額\t計
利用料\t1,510\t5\t1,515
合計\t1,530\t5\t1,535
"""
    later.write(proposed(root, text, Edition(2)))
    tables = load(root, R7).tables
    assert tables
    after = revised(tables, Edition(2), Findings())
    assert after
    assert [line.amount for line in after.budget] == [1_515_000, 20_000]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1,200\t310\t1,510", "1,200\t310\t1,511", "1,511,000円 になりません"),
        ("1,200\t310\t1,510", "1,201\t310\t1,511", "文書では 1,201,000円、表では 1,200,000円"),
        ("△10\t20", "10\t40", "補正額の計が"),
        ("歳出（単位：千円）", "（単位：千円）", "行が、年度の表にありません"),
        ("歳入（単位：千円）", "歳入", "単位が分かりません"),
        ("令和7年度", "令和6年度", "令和6年度 のもの"),
        ("（第1号）", "（第2号）", "「補正第1号」ではありません"),
        ("\t事務費\t30", "\t通信費\t30", "「通信費」の行が、年度の表にありません"),
        ("\t事務費\t30\t△10\t20\n", "", "補正額の計が"),
        ("△10", "若干", "「若干」を、額として読めません"),
        ("款\t項\t補正前", "款\t項\t前々年度\t補正前", "額"),
        ("説明", "前年度額", "「前年度額」が何の列か"),
        ("\t利用料\t1,200\t310\t1,510", "\t利用料\t1,200\t310\t", "どれかがありません"),
        ("\t事務費", "\t利用料\t1,200\t310\t1,510\n\t事務費", "文書に二つあります"),
    ],
)
def test_what_does_not_agree_is_refused(root: Path, old: str, new: str, words: str) -> None:
    """W849, with its place; nothing is written."""
    before = sealing.contents(root)
    assert old in PAPER
    found = codes(root, PAPER.replace(old, new, 1))
    assert any(words in text for text in found), found
    assert {text[:4] for text in found} == {"W849"}
    assert sealing.contents(root) == before


def test_a_paper_of_another_form_is_refused(root: Path) -> None:
    assert codes(root, CLOSED)[0].startswith("W849 読める表がありません")
    assert codes(root, PAPER, SETTLED) != []
