"""The sheet 通知 of a small council, made for a test."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from tests.drawn import png
from tests.unit.workbook import council as three
from tests.unit.workbook.council import council

BILLING = (
    "\n■請求書\n発行者: 例示協議会 会長\n発行日: 令和7年7月1日\n文書番号: 7例協第12号\n"
    "件名: 令和7年度 例示協議会 負担金\n納入場所: 例示銀行\n振込先: 例示銀行 例示支店 普通 0000000\n"
    "口座名義: 例示協議会\n口座名義カナ: レイジキョウギカイ\n発行責任者: 例示係長\n担当者: 例示係\n"
    "公印: 省略\n備考: 手数料は団体の負担です。\n"
)
DUES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"


def decided(root: Path, *edits: tuple[str, str, str], state: str = "議決") -> Outcome:
    """The council of three with a full ■請求書; further edits of its files."""
    whole = ("rules/r7/00.txt", "根拠: 規約第1条\n", f"根拠: 規約第1条\n{DUES}{BILLING}")
    return council(root, state, [whole, *edits])


def content(outcome: Outcome, code: str = three.TOYOHASHI) -> bytes:
    """The invoice workbook of a member."""
    member = outcome.tables.by_code[code]
    number = outcome.members.index(member) + 1
    return Filler(plan(outcome)).content(member, number=number)


def sheet(outcome: Outcome, code: str = three.TOYOHASHI, *, values: bool = True) -> Worksheet:
    """Its form."""
    book = load_workbook(BytesIO(content(outcome, code)), data_only=values)
    found = book["通知"]
    assert isinstance(found, Worksheet)
    return found


def texts(form: Worksheet) -> list[str]:
    """Every text of a form."""
    return [cell for row in rows(form) for cell in row if isinstance(cell, str)]


def rows(form: Worksheet) -> Iterator[tuple[object, ...]]:
    """Rows of a form without their empty cells."""
    for row in form.iter_rows(values_only=True):
        found = tuple(cell for cell in row if cell is not None)
        if found:
            yield found


def add_seal(root: Path, picture: bytes | None = None) -> None:
    """The picture of a seal in its folder."""
    path = root / "rules/様式/公印.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png() if picture is None else picture)
