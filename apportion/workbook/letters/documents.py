"""The kinds of paper that a body gets, each with its words: 請求, 変更, 精算; by 状態 and by which way money goes."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.year import Edition, wareki
from apportion.outcome.outcome import Outcome
from apportion.rules.book import DECIDED

ELSEWHERE = "計算"
"""Key of the texts where 議決 holds and the amount is billed to another payer."""
NO_BILL = "この文書は請求書ではありません。"

T = TypeVar("T")

PAY, BACK, NOTHING = "納入", "還付", "なし"
"""Which way the framed amount goes."""


def way_of(yen: int) -> str:
    """Which way an amount goes."""
    return PAY if yen > 0 else BACK if yen < 0 else NOTHING


class Said(NamedTuple):
    """Title of the form, the name of the framed amount, what the form is for, and what is to be done.

    本文 of ■請求書 stands in the place of `lead`, where the paper `has_own`; never in that of `asks`.
    """

    title: str
    amount: str
    lead: str
    asks: str = ""
    has_own: bool = True


class Headings(NamedTuple):
    """Headings of the breakdown: the amounts, those they are compared with, and the difference.

    `in_time`: what was before stands first.
    """

    now: str
    before: str
    change: str
    in_time: bool = False

    @property
    def shown(self) -> tuple[str, str, str]:
        """From left to right."""
        return self.in_order(self.now, self.before, self.change)

    def in_order(self, now: T, before: T, change: T) -> tuple[T, T, T]:
        """The three in the order of the columns."""
        return (before, now, change) if self.in_time else (now, before, change)


Texts = Mapping[tuple[str, str], Said]
"""By 状態 (例, 案, 議決) or ELSEWHERE, and by PAY, BACK, NOTHING; "" where all ways are alike."""


class Receipt(NamedTuple):
    """What a body has paid of a year until a day, and what it owes in that year now."""

    until: date
    paid: int
    owed: int


_ALL_PAID = "還付額は、これまでに請求した額をすべて納入いただいた場合の額です。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Words of one kind of paper.

    `key` stands before the keys of ■請求書 that are of this kind (変更件名). `subject` is 件名 where
    ■請求書 has none, `reason` why, with the `act` behind it where there is one. `serial` ends 整理番号,
    `unknown` explains 「－」 among the amounts compared with, `notes` other signs. `not_a_bill` is
    said, by 状態, while nothing is decided. `budget` is what 内訳 shares out. `repaid` is what to know
    of a repayment where nobody's payments are known.
    """

    key: str
    subject: str
    reason: str
    said: Texts
    columns: Headings
    not_a_bill: Mapping[str, str]
    unknown: str = ""
    notes: tuple[str, ...] = ()
    act: str = ""
    serial: str = ""
    budget: str = "予算額"
    repaid: str = ""

    def of(self, state: str, way: str) -> Said:
        """What it says."""
        return self.said.get((state, way)) or self.said[state, ""]

    def repayment(self, receipt: Receipt | None) -> str:
        """What to know of a repayment: what a body gets by what it has paid."""
        if receipt is None or not self.repaid:
            return self.repaid
        until, paid, owed = receipt
        back = f"実際にお返しする額は {paid - owed:,}円です。"
        if paid <= owed:
            back = f"お返しする額はなく、{owed - paid:,}円が未納です。"
        return f"{_ALL_PAID}{wareki(until)}までの納入は {paid:,}円、変更後の年額は {owed:,}円で、{back}"


_BY_NOTICE = "手続は、別に通知します。"

INVOICE = Document(
    key="",
    subject="{year} 負担金",
    reason="{year}の事業に要する経費の負担",
    said={
        (DECIDED, PAY): Said(
            "負担金納入通知書 兼 請求書",
            "納入金額",
            "{year}の負担金を、次のとおり請求します。納期限までに納入してください。",
        ),
        (DECIDED, BACK): Said(
            "負担金還付通知書",
            "還付額",
            f"{{year}}の負担金は、計算した額が0円を下回るため、次の額をお返しします。{_BY_NOTICE}",
            has_own=False,
        ),
        (DECIDED, NOTHING): Said(
            "負担金通知書",
            "負担金額",
            "{year}の負担金の額は、次のとおり0円です。納入いただく額はありません。",
            has_own=False,
        ),
        (ELSEWHERE, ""): Said(
            "負担金計算書", "負担金額", "{year}の負担金の額と計算は、次のとおりです。"
        ),
        ("案", ""): Said(
            "負担金見込額について（案）",
            "負担金見込額",
            "{year}の負担金の見込額を、次のとおりお知らせします。予算の見積りにお使いください。",
        ),
        ("例", ""): Said(
            "負担金見込額について（例）",
            "負担金見込額",
            "{year}の負担金の見込額を、次のとおり例として計算しました。",
        ),
    },
    columns=Headings("本年度（円）", "前年度（円）", "増減（円）"),
    unknown="「－」は、前年度の額がないか、分からないことを示します。",
    not_a_bill={
        "例": f"{NO_BILL}負担割合などの例から計算した額で、協議会の決定ではありません。",
        "案": f"{NO_BILL}案にもとづく見込みの額で、議決までに変わることがあります。",
    },
)


def change(edition: Edition, day: date | None) -> Document:
    """負担金変更通知書 of a 補正, 加入 … of that day."""
    budget = edition.label
    return Document(
        key="変更",
        subject=f"{{year}} 負担金の変更　{budget}",
        reason=f"{{year}} {budget}による負担金の変更",
        act=f"{budget}　{wareki(day)}" if day else budget,
        said=_changed(budget),
        columns=Headings("変更後（円）", "変更前（円）", "増減（円）", in_time=True),
        notes=("増減の△は、減ることを示します。期の額の△は、お返しする額です。",),
        not_a_bill=INVOICE.not_a_bill,
        serial=f"-{edition}",
        repaid=f"{_ALL_PAID}未納の額があるときは、還付額から差し引きます。",
    )


def _changed(budget: str) -> Texts:
    told = f"{{year}}の負担金の額は、{budget}により次のとおり変わる見込みです。"
    decided = Said(
        "負担金変更通知書",
        "今回納入いただく額",
        f"{{year}}の負担金の額を、{budget}により次のとおり変更します。",
    )
    back = f"請求した額が変更後の額を超えるため、還付額をお返しします。{_BY_NOTICE}"
    lead = f"{{year}}の負担金の額は、{budget}により次のとおり変わります。"
    return {
        (DECIDED, PAY): decided,
        (DECIDED, BACK): decided._replace(amount="還付額", asks=back),
        (DECIDED, NOTHING): decided._replace(asks="今回納入いただく額はありません。"),
        (ELSEWHERE, ""): Said("負担金変更計算書", "変更後の金額", lead),
        ("案", ""): Said("負担金変更見込額について（案）", "変更後の見込額", told),
        ("例", ""): Said("負担金変更見込額について（例）", "変更後の見込額", f"{told}計算例です。"),
    }


CHANGED = "変更後の金額（年額）"
"""Name of the framed amount where a 補正 leaves no 期 to be paid or given back."""

_SETTLED = "{year}の決算により、負担金を次のとおり精算します。"
_EXPECTED = "{year}の決算による負担金の精算の見込みは、次のとおりです。"
_EXAMPLE = "{year}の決算による負担金の精算を、次のとおり例として計算しました。"
_ELSEWHERE = "{year}の決算による負担金の精算は、次のとおりです。"
_BOTH, _EITHER = "追徴・還付額", "追徴・還付の見込"


def _settled(state: str, title: str, lead: str, more: str, back: str, none: str) -> Texts:
    return {
        (state, PAY): Said(title, more, lead),
        (state, BACK): Said(title, back, lead),
        (state, NOTHING): Said(title, none, lead),
    }


SETTLEMENT = Document(
    key="精算",
    subject="{year} 負担金の精算",
    reason="{year}の決算による負担金の精算",
    said={
        (DECIDED, PAY): Said("負担金精算書", "追徴額", _SETTLED),
        (DECIDED, BACK): Said(
            "負担金精算書", "還付額", _SETTLED, f"還付額をお返しします。{_BY_NOTICE}"
        ),
        (DECIDED, NOTHING): Said(
            "負担金精算書", _BOTH, _SETTLED, "納入いただく額も、お返しする額もありません。"
        ),
        **_settled(ELSEWHERE, "負担金精算計算書", _ELSEWHERE, "追徴額", "還付額", _BOTH),
        **_settled("案", "負担金精算書（案）", _EXPECTED, "追徴の見込額", "還付の見込額", _EITHER),
        **_settled("例", "負担金精算書（例）", _EXAMPLE, "追徴の見込額", "還付の見込額", _EITHER),
    },
    columns=Headings("精算額（円）", "請求済額（円）", "差額（円）", in_time=True),
    notes=("差額の△は、請求した額が精算額より多かったことを示します。",),
    not_a_bill=INVOICE.not_a_bill,
    serial="-精算",
    budget="決算額",
)


def document_of(outcome: Outcome) -> Document:
    """The kind of an outcome: the invoice, the notice of what a 補正 changes, or the 精算書."""
    if outcome.settled:
        return SETTLEMENT
    revision = outcome.revision
    return change(revision.edition, revision.day) if revision else INVOICE
