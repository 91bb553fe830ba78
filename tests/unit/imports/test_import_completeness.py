"""The lines that would be written are all that the document prints, or nothing is written."""

from pathlib import Path

import pytest

from apportion.core.problem import Findings, Source
from apportion.imports.budget import completeness, document, joining, propose, reading
from apportion.imports.budget.words import AmountColumn
from tests.unit.imports.importing import OTHER, R8

PLAN = """令和8年度 共同協議会 事業計画及び予算

1 電算事業 【予算額：900千円（令和7年度：800千円）】
（1）住民票事業 【予算額：600千円（令和7年度：500千円）】
（2）図書館事業 【予算額：300千円（令和7年度：300千円）】
2 事務局費 【予算額：500千円（令和7年度：450千円）】
項目	令和8年度	令和7年度
旅費	200	200
通信費	300	250
計	500	450
3 予備費 【予算額：100千円（令和7年度：100千円）】

【収入の部】
単位：円
大項目	中項目	令和8年度 当初予算	令和7年度	備考
負担金収入	住民票事業	600,000	500,000
	図書館事業	300,000	300,000
繰越金		600,000	550,000
合計		1,500,000	1,350,000

【支出の部】
単位：円
大項目	中項目	令和8年度 当初予算	令和7年度	備考
電算事業		900,000	800,000
	住民票事業	600,000	500,000
	図書館事業	300,000	300,000
事務局費		500,000	450,000
	旅費	200,000	200,000
	通信費	300,000	250,000
予備費		100,000	100,000
合計		1,500,000	1,350,000
"""


def rows(root: Path, text: str) -> list[tuple[str, ...]]:
    (root / "d.txt").write_text(text, encoding="utf-8")
    sheet = propose(root, root / "d.txt", R8).sheets[0]
    return [tuple(row[:6]) for row in sheet.merged.rows]


def test_headings_without_parts_and_items_without_a_project_are_lines(tmp_path: Path) -> None:
    assert rows(tmp_path, PLAN) == [
        ("電算事業", "住民票事業", "", "住民票事業", "600", "500"),
        ("電算事業", "図書館事業", "", "図書館事業", "300", "300"),
        ("事務局費", "事務局費", "", "旅費", "200", "200"),
        ("事務局費", "事務局費", "", "通信費", "300", "250"),
        ("予備費", "予備費", "", "予備費", "100", "100"),
    ]


def test_items_beside_a_project_stay_with_the_heading_of_both(tmp_path: Path) -> None:
    text = PLAN.replace(
        "900千円（令和7年度：800千円）】\n",
        "1,000千円（令和7年度：850千円）】\n項目\t令和8年度\t令和7年度\n印刷費\t100\t50\n\n",
    )
    text = text.replace(
        "電算事業\t\t900,000\t800,000\n",
        "電算事業\t\t1,000,000\t850,000\n\t印刷費\t100,000\t50,000\n",
    )
    text = text.replace("1,500,000\t1,350,000", "1,600,000\t1,400,000")
    text = text.replace("繰越金\t\t600,000\t550,000", "繰越金\t\t700,000\t600,000")
    assert rows(tmp_path, text)[:3] == [
        ("電算事業", "電算事業", "", "印刷費", "100", "50"),
        ("電算事業", "住民票事業", "", "住民票事業", "600", "500"),
        ("電算事業", "図書館事業", "", "図書館事業", "300", "300"),
    ]


@pytest.mark.parametrize("column", [AmountColumn.NOW, AmountColumn.BEFORE])
def test_a_line_that_is_lost_is_named_with_both_sums(column: AmountColumn) -> None:
    findings = Findings()
    found = reading.read(document.lines("d.txt", PLAN.encode(), findings), R8, "d.txt", findings)
    assert found is not None
    entries = tuple(found.budget(joining.Names((), set())))
    completeness.judge(entries, found.spending, Source(file="d.txt"), findings)
    assert not findings.problems
    completeness.judge(entries[:-1], found.spending, Source(file="d.txt"), findings)
    told = [p for p in findings.problems if f"の{column.value}の" in p.what]
    assert [p.code for p in told] == ["W813"]
    assert "予備費 100,000円" in told[0].why
    assert ("1,500,000円" if column is AmountColumn.NOW else "1,350,000円") in told[0].what


def test_a_table_without_a_total_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text(OTHER.replace("合計\t\t1,800\t1,710\t90\t", "", 1), encoding="utf-8")
    assert "W814" in {problem.code for problem in propose(tmp_path, path, R8).problems}
