"""What a form is: every word that an invoice and other letters with the same layout say differently.

How to make another kind of letter (変更通知書 is one here, 精算書 is another):

- one `Document` with its texts; `{year}` in them stands for 令和7年度;
- `Words(outcome, elsewhere, document)` says the rest (issuer, 口座, 担当者 …) and chooses the texts
  by 状態; without `document` it is the one of the outcome (`document_of`);
- a `Bill` with these words and its own rows (`BillRow.amount` now, `BillRow.previous` before),
  `total` (what is framed, under `Said.amount`) and notes; `invoice_form.fill(sheet, bill)` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from apportion.outcome import Outcome

ELSEWHERE = "計算"
"""Key of the texts where 議決 holds and the amount is billed to another payer."""
NO_BILL = "この文書は請求書ではありません。"


class Said(NamedTuple):
    """Title of the form, the name of the framed amount, and the sentence below the title.

    `more` and `back` name it where it is above and below 0, if not alike; it stands without a sign.
    """

    title: str
    amount: str
    lead: str
    more: str = ""
    back: str = ""


class Columns(NamedTuple):
    """Headings of the breakdown: the amounts, those they are compared with, and the difference."""

    now: str
    before: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Words of one kind of form.

    `said` is by 状態 (例, 案, 議決) and ELSEWHERE. `subject` is 件名 where ■請求書 has none;
    `own_texts` tells whether its 件名, 本文 and 文書番号 are for this kind. `serial` ends 整理番号,
    `unknown` explains 「－」 among the amounts compared with. `not_a_bill` is said, by 状態, while
    nothing is decided. `budget` is what 内訳 shares out.
    """

    subject: str
    said: Mapping[str, Said]
    columns: Columns
    unknown: str
    not_a_bill: Mapping[str, str]
    own_texts: bool = False
    serial: str = ""
    budget: str = "予算額"


INVOICE = Document(
    subject="{year} 負担金",
    said={
        "議決": Said(
            "負担金納入通知書 兼 請求書",
            "納入金額",
            "{year}の負担金を、次のとおり請求します。納期限までに納入してください。",
        ),
        ELSEWHERE: Said("負担金計算書", "負担金額", "{year}の負担金の額と計算は、次のとおりです。"),
        "案": Said(
            "負担金見込額について（案）",
            "負担金見込額",
            "{year}の負担金の見込額を、次のとおりお知らせします。予算の見積りにお使いください。",
        ),
        "例": Said(
            "負担金見込額について（例）",
            "負担金見込額",
            "{year}の負担金の見込額を、次のとおり例として計算しました。",
        ),
    },
    columns=Columns("本年度（円）", "前年度（円）", "増減（円）"),
    unknown="「－」は、前年度の額がないか、分からないことを示します。",
    not_a_bill={
        "例": f"{NO_BILL}負担割合などの例から計算した額で、協議会の決定ではありません。",
        "案": f"{NO_BILL}案にもとづく見込みの額で、議決までに変わることがあります。",
    },
    own_texts=True,
)


def change(number: int) -> Document:
    """負担金変更通知書 of 補正予算（第n号）."""
    budget = f"補正予算（第{number}号）"
    told = f"{{year}}の負担金の額は、{budget}により次のとおり変わる見込みです。"
    return Document(
        subject=f"{{year}} 負担金の変更　{budget}",
        said={
            "議決": Said(
                "負担金変更通知書 兼 請求書",
                "変更後の金額",
                f"{{year}}の負担金の額を、{budget}により次のとおり変更します。"
                "納期限の表の変更後の額を、それぞれの納期限までに納入してください。",
            ),
            ELSEWHERE: Said(
                "負担金変更計算書",
                "変更後の金額",
                f"{{year}}の負担金の額は、{budget}により次のとおり変わります。",
            ),
            "案": Said("負担金変更見込額について（案）", "変更後の見込額", told),
            "例": Said("負担金変更見込額について（例）", "変更後の見込額", f"{told}計算例です。"),
        },
        columns=Columns("変更後（円）", "変更前（円）", "増減（円）"),
        unknown="",
        not_a_bill=INVOICE.not_a_bill,
        serial=f"-補正{number}",
    )


SETTLEMENT = Document(
    subject="{year} 負担金の精算",
    said={
        "議決": Said(
            "負担金精算書",
            "追徴・還付額",
            "{year}の決算により、負担金を次のとおり精算します。",
            "追徴額",
            "還付額",
        ),
        ELSEWHERE: Said(
            "負担金精算計算書",
            "追徴・還付額",
            "{year}の決算による負担金の精算は、次のとおりです。",
            "追徴額",
            "還付額",
        ),
        "案": Said(
            "負担金精算書（案）",
            "追徴・還付の見込",
            "{year}の決算による負担金の精算の見込みは、次のとおりです。",
            "追徴の見込額",
            "還付の見込額",
        ),
        "例": Said(
            "負担金精算書（例）",
            "追徴・還付の見込",
            "{year}の決算による負担金の精算を、次のとおり例として計算しました。",
            "追徴の見込額",
            "還付の見込額",
        ),
    },
    columns=Columns("精算額（円）", "請求済額（円）", "差額（円）"),
    unknown="",
    not_a_bill=INVOICE.not_a_bill,
    serial="-精算",
    budget="決算額",
)


def document_of(outcome: Outcome) -> Document:
    """The form of an outcome: the invoice, the notice of what a 補正 changes, or the 精算書."""
    if outcome.settled:
        return SETTLEMENT
    return change(outcome.case.number) if outcome.case else INVOICE
