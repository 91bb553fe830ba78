"""While the rules are an example, nothing that is written can be taken for a bill."""

from datetime import date
from pathlib import Path

import openpyxl

from apportion.outcome.outcome import Outcome

# Words of the shipped ■請求書 and 納期 that only a decided notice may show.
BILLING = ("例示銀行", "普通預金", "納期限までに", "令和7年7月31日", "令和8年1月30日", "納入通知書")

RULES = "規則の文"
"""The rule book in the summary tells 納期 as the rule that is decided on; it asks for nothing."""


def texts(path: Path) -> list[str]:
    """Every text and date of a workbook."""
    book = openpyxl.load_workbook(path, data_only=True)
    shown = [sheet for sheet in book if sheet.title != RULES]
    values = [v for sheet in shown for row in sheet.iter_rows(values_only=True) for v in row]
    assert not any(isinstance(value, date) for value in values)
    return [str(value) for value in values if value is not None]


def test_no_bank_no_due_date_and_the_stamp(issued: tuple[Path, Outcome]) -> None:
    folder = issued[0] / "outputs" / "r7"
    books = [folder / "負担金一覧.xlsx", *sorted((folder / "請求書").glob("*.xlsx"))[:3]]
    assert len(books) == 4
    for path in books:
        found = texts(path)
        assert not [text for text in found for word in BILLING if word in text], path.name
        assert any("協議会の決定ではありません" in text for text in found)
    assert "負担金見込額について（例）" in texts(books[1])
