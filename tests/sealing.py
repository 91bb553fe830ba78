"""A council of three bodies whose year is decided, to be sealed by a test.

利用料 1,200,000 (均等割 30% 120,000 each, 人口割 70% of 75,000 people) and 事務費 30,000 (10,000 each):
あおば市 690,000, みどり町 354,000, こだま村 186,000.
"""

import re
import shutil
from pathlib import Path

from openpyxl import load_workbook

from apportion.core.year import FiscalYear
from apportion.outcome.issued import Issue
from apportion.pipeline import run
from apportion.years.issues.seal import Note, seal
from tests.workspace import edit

R7 = FiscalYear(2025)
AOBA, MIDORI, KODAMA = "990019", "990027", "990035"
FIGURES, RULES = "members/r7/figures.csv", "rules/r7/10_yoyaku.txt"
INVOICE = """
■請求書
住所: 予約市1番地
発行者: 予約協議会
代表者: 会長
文書番号: 予協第12号
発行日: 令和7年6月2日
納入場所: 予約銀行
振込先: 普通 0000000
口座名義: 予約協議会
担当者: 会計担当
"""


BANK = "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,R7.7.31,690000\n"
PEOPLE = "団体コード,団体名,人口（人、令和7年1月1日現在）\n990019,あおば市,49000\n"
PAPER = """令和7年度 予約協議会 補正予算（第1号）
歳入（単位：千円）
科目\t補正前の額\t補正額\t計\t説明
負担金収入\t1,230\t300\t1,530\t利用の増
歳入合計\t1,230\t300\t1,530
歳出（単位：千円）
款\t項\t補正前の額\t補正額\t計
事業費\t\t1,230\t300\t1,530
\t利用料\t1,200\t310\t1,510
\t事務費\t30\t△10\t20
歳出合計\t\t1,230\t300\t1,530
"""


def decided(root: Path) -> Path:
    """A workspace whose rules are 議決."""
    shutil.copytree(Path(__file__).parent / "errors" / "base", root)
    edit(root / RULES, "状態: 案", "状態: 議決")
    edit(root / RULES, "年度: 令和7年度\n", "年度: 令和7年度\n納期: 第1期 令和7年7月31日 残り\n")
    with (root / RULES).open("ab") as file:
        file.write(INVOICE.encode())
    return root


def awaiting(root: Path) -> None:
    """The rules of a decided council are 案 again, say how it settles, and what comes in a year lies beside them."""
    edit(root / RULES, "状態: 議決", "状態: 案")
    with (root / RULES).open("ab") as file:
        file.write("\n■精算\n差額: 還付と追徴\n".encode())
    for name, text in (("納入.csv", BANK), ("人口.csv", PEOPLE), ("補正.txt", PAPER)):
        (root / name).write_text(text, "utf-8")


def spent(root: Path) -> None:
    """The tables get a column 決算額, as in the budget."""
    for table in ("budget", "income"):
        path = root / f"rules/r7/{table}.csv"
        text = path.read_text("utf-8-sig").replace("予算額（円）", "予算額（円）,決算額（円）")
        path.write_text(re.sub(r"(,\d+)(?=\n)", r"\1\1", text), "utf-8")


def issued(root: Path, note: str = "総会議決") -> Issue:
    """The workspace is run and sealed."""
    run(root, R7)
    return seal(root, R7, Note(note))


def twice(root: Path) -> Path:
    """A council that sealed twice and ran since."""
    issued(decided(root))
    people(root, 45_000, 25_000, 5_000)
    issued(root, "臨時総会議決")
    run(root, R7)
    return root


def people(root: Path, aoba: int, midori: int, kodama: int) -> None:
    """Populations from now on."""
    path = root / FIGURES
    text = path.read_text(encoding="utf-8-sig")
    for name, number in (("あおば市", aoba), ("みどり町", midori), ("こだま村", kodama)):
        text = re.sub(rf"(?<={name},)\d+", str(number), text)
    path.write_text(text, encoding="utf-8")


def again(root: Path, code: str, folder: str = "outputs/r7") -> str:
    """What the invoice of a body says of being issued again; empty where it says nothing."""
    named = root / folder / "請求書" / f"{code}.xlsx"
    (path,) = [named] if named.is_file() else (root / folder / "請求書").glob(f"{code}_*.xlsx")
    form = load_workbook(path)["通知"]
    texts = [str(cell.value) for row in form.iter_rows() for cell in row if cell.value]
    return next((text for text in texts if text.startswith("再発行")), "")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
