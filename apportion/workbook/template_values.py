"""What the placeholders of a template stand for on a bill."""

from collections.abc import Iterator, Mapping
from datetime import date

from apportion.workbook.bill import Bill, BillRow
from apportion.workbook.paper import STAMPS
from apportion.workbook.refs import Live
from apportion.workbook.template_names import PAYMENT, SAID, STATE, TAX_WORDS, TOTAL
from apportion.year import wareki

Value = str | int | date | Live
"""Text, whole yen, a day, or live yen."""


def values(bill: Bill) -> Mapping[str, Value]:
    """What the placeholders stand for on a bill; one that is not here is empty there."""
    words = bill.words
    fiscal, _, subject = words.fiscal.partition("　")
    reason, _, legal = words.reason.partition("\n根拠: ")
    return {
        STATE: STAMPS[words.outcome.state] or words.elsewhere,
        "表題": words.title,
        "金額の見出し": words.amount_label(bill.total.value),
        "宛先": bill.addressee,
        "団体名": bill.payer.name,
        "団体コード": bill.payer.code,
        "年度": words.outcome.year.label,
        "整理番号": bill.serial,
        "件名": bill.subject,
        "本文": bill.body,
        "請求の事由": reason,
        "根拠": legal,
        "所属年度": fiscal,
        "科目": subject,
        "課税注記": words.tax(),
        "備考": words.joined("備考"),
        "再発行": bill.replaces,
        "公印": "（公印省略）" if words.seal == "省略" else "",
        "登録番号": words.registered,
        **{key: words.joined(key) for key in SAID},
        **dict(_asked(bill)),
        **dict(_rows(bill)),
        **dict(_taxes(bill)),
    }


def _asked(bill: Bill) -> Iterator[tuple[str, Value]]:
    """What only a bill says: how and when to pay."""
    if not bill.words.decided:
        return
    yield "文書番号", bill.document
    yield from ((key, bill.words.joined(key)) for key in PAYMENT)
    if bill.issued is not None:
        yield "発行日", bill.issued
    for number, part in enumerate(bill.instalments, start=1):
        yield f"第{number}期", f"第{part.number}期"
        yield f"第{number}期金額", part.yen
        if part.day is not None:
            yield f"第{number}期納期限", part.day


def _rows(bill: Bill) -> Iterator[tuple[str, Value]]:
    """The breakdown and its sums."""
    yield TOTAL, bill.total
    yield "合計", bill.of_year
    for number, row in enumerate(bill.rows, start=1):
        yield f"内訳{number}事業", row.label
        yield from ((f"内訳{number}{key}", value) for key, value in _columns(row))
    whole = BillRow(label="", amount=bill.of_year, previous=bill.previous)
    yield from ((f"{key}合計", value) for key, value in _columns(whole) if key != "負担金額")


def _taxes(bill: Bill) -> Iterator[tuple[str, Value]]:
    """The total by rate; nothing where nobody of the council is charged 消費税."""
    words = []
    for row in bill.taxes:
        tax = f"（うち消費税額 {said(row.tax)}円）" if row.tax else ""
        words.append(f"{row.label} {said(row.amount)}円{tax}")
        yield ("課税対象額" if row.tax else "不課税額"), row.amount
        if row.tax:
            yield "消費税額", row.tax
    yield TAX_WORDS, "、".join(words)


def _columns(row: BillRow) -> Iterator[tuple[str, Value]]:
    yield "負担金額", row.amount
    if row.previous is not None:
        yield "前年度", row.previous
        change = row.amount.value - row.previous
        yield "増減", Live(f"{row.amount.formula}-({row.previous})", change)


def said(value: Value) -> str:
    """A value within a text: `1,234`, `△5`, `令和7年7月31日`."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return wareki(value)
    number = value.value if isinstance(value, Live) else value
    return f"{'△' if number < 0 else ''}{abs(number):,}"
