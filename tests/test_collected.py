"""A group's 代表 is billed for the group; its members get the calculation, not a bill."""

from pathlib import Path

import openpyxl
import pytest

from apportion.pipeline import run, verify
from tests import small
from tests.test_meaning import people, previous

RULES = (
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
    "■経費 運営費\n負担割合: 均等割\n■グループ 北部\n団体: B町、C村\n代表: B町\n"
)


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """301 yen over three: A市 101, B町 and C村 100 each, billed to B町; decided."""
    root = tmp_path_factory.mktemp("led")
    small.write(root, RULES, {"運営費": 301}, people(A市=5, B町=3, C村=2))
    rules = root / "rules/r7/10.txt"
    rules.write_text(rules.read_text("utf-8").replace("状態: 案", "状態: 議決"), "utf-8")
    run(root, small.R7)
    return root


def form(root: Path, name: str) -> list[object]:
    book = openpyxl.load_workbook(root / "outputs/r7/請求書" / name, data_only=True)
    return [v for row in book["通知"].iter_rows(values_only=True) for v in row if v is not None]


def test_the_lead_is_billed_for_its_group(led: Path) -> None:
    said = form(led, f"{small.code(2)}_B町_令和7年度負担金_請求.xlsx")
    assert "負担金納入通知書 兼 請求書" in said
    assert {"B町", "C村", "第1期"} <= {text for text in said if isinstance(text, str)}
    assert said.count(200) == 3  # the framed amount, the sum of the breakdown, and the 事業
    assert said.count(100) == 6  # B町, C村, both as its own part and the other's, two instalments
    assert {"共同事業", "B町の分", "代表して納入いただく1団体の分"} <= set(map(str, said))


def test_members_of_the_group_get_the_calculation(led: Path) -> None:
    for name in (
        f"{small.code(2)}_B町_令和7年度負担金.xlsx",
        f"{small.code(3)}_C村_令和7年度負担金.xlsx",
    ):
        said = form(led, name)
        assert "負担金計算書" in said
        assert any("B町にまとめて請求します" in str(text) for text in said)
        assert "納期限" not in said
    assert "負担金納入通知書 兼 請求書" in form(led, f"{small.code(1)}_A市_令和7年度負担金.xlsx")


def test_invoices_name_the_lead_and_verify_holds(led: Path) -> None:
    rows = (led / "outputs/r7/data/invoices.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[1:3] + row.split(",")[5:] for row in rows[3:]] == [
        [small.code(2), "B町", "100", f"{small.code(2)}_B町_令和7年度負担金_請求.xlsx"]
    ] * 2
    assert verify(led / "outputs/r7", led)[0] == ()


def test_the_lead_reads_last_year_and_the_tax_of_its_group(tmp_path: Path) -> None:
    """B町 and C村 pay 100 each; of 200 with 10%, 18.18… are tax: 18; each by itself 9 + 9 too."""
    rules = RULES.replace("負担割合: 均等割\n", "負担割合: 均等割\n課税区分: 課税10%\n")
    root = small.write(
        tmp_path,
        f"{rules}■請求書\n発行者: 会長\n登録番号: T9000000000000\n振込先: 例示銀行\n",
        {"運営費": 301},
        people(A市=5, B町=3, C村=2),
    )
    previous(root, "運営費", [("A市", 90), ("B町", 80)])
    path = root / "rules/r7/10.txt"
    path.write_text(path.read_text("utf-8").replace("状態: 案", "状態: 議決"), "utf-8")
    run(root, small.R7)
    book = openpyxl.load_workbook(
        root / f"outputs/r7/請求書/{small.code(2)}_B町_令和7年度負担金_請求.xlsx", data_only=True
    )
    found = [
        tuple(cell for cell in row if cell is not None)
        for row in book["通知"].iter_rows(values_only=True)
    ]
    assert ("B町", 100, 80, 20) in found
    assert ("C村", 100, "－", "－") in found
    assert ("合計", 200, 80, 120) in found
    assert ("10%対象（税込）", 200, 18) in found
    assert ("不課税", 0, "－") in found


def test_a_bound_on_the_whole_project_is_a_line_of_its_own_in_the_workbooks(tmp_path: Path) -> None:
    rules = (
        "基礎数値: 人口（令和2年10月1日現在）\n"
        "上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
        "■経費 運営費\n負担割合: 人口割\n■経費 事務費\n負担割合: 均等割\n"
    )
    root = small.write(
        tmp_path, rules, {"運営費": 1000, "事務費": 300}, people(A市=5, B町=3, C村=2)
    )
    previous(root, "運営費", [("A市", 500), ("B町", 400), ("C村", 300)])
    run(root, small.R7)
    book = openpyxl.load_workbook(
        root / f"outputs/r7/請求書/{small.code(1)}_A市_令和7年度負担金.xlsx", data_only=True
    )
    rows = [row for row in book["内訳"].iter_rows(values_only=True) if "激変緩和調整" in row]
    assert [row[-1] for row in rows] == [-50]
    assert 550 in form(root, f"{small.code(1)}_A市_令和7年度負担金.xlsx")
