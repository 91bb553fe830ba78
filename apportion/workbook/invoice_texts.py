"""Words of the form 通知: addressee, reason, days and the texts of ■請求書."""

from collections.abc import Iterable
from datetime import date, timedelta

from apportion.language import days_before_due
from apportion.model import CITIES, Member
from apportion.outcome import Outcome
from apportion.rulebook.book import DECIDED, Scope
from apportion.year import parse_date

UNTAXED = "不課税"

_HEADS = {
    "県": "知事",
    "都": "知事",
    "道": "知事",
    "府": "知事",
    "町": "長",
    "村": "長",
    "特別区": "長",
    "組合": " 管理者",
    "広域連合": "長",
    **dict.fromkeys(CITIES, "長"),
}

NOT_A_BILL = {
    "例": "この文書は請求書ではありません。負担割合などの例から計算した額で、協議会の決定ではありません。",
    "案": "この文書は請求書ではありません。案にもとづく見込みの額で、議決までに変わることがあります。",
}
"""What the form says plainly while nothing is decided."""

_TAX = {
    False: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として計算しています。",
    True: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として取り扱います。"
    "適格請求書ではありません。",
}


def addressee(member: Member) -> str:
    """`愛知県知事　様`, `豊橋市長　様`, `○○組合 管理者　様`."""
    return f"{member.name}{_HEADS[member.kind]}　様"


class Words:
    """Texts of a form. `elsewhere` says who is billed where this form only shows the calculation."""

    def __init__(self, outcome: Outcome, elsewhere: str = "") -> None:
        self.outcome = outcome
        self.elsewhere = elsewhere
        self.decided = outcome.state == DECIDED and not elsewhere
        self._scope = _scope(outcome)

    def said(self, key: str) -> tuple[str, ...]:
        """Lines of ■請求書 under a key; nothing where it is not written."""
        return tuple(remark.text for remark in self._scope.invoice(key))

    def joined(self, key: str, otherwise: str = "") -> str:
        """The same as one text."""
        return "\n".join(self.said(key)) or otherwise

    @property
    def title(self) -> str:
        """Title of the form by 状態."""
        state = self.outcome.state
        if self.elsewhere and state == DECIDED:
            return "負担金計算書"
        return "負担金納入通知書 兼 請求書" if self.decided else f"負担金見込額（{state}）"

    @property
    def subject(self) -> str:
        """件名."""
        return self.joined("件名", f"{self.outcome.year.label} 負担金")

    @property
    def reason(self) -> str:
        """請求の事由 with 根拠."""
        legal = next((file.head.legal for file in self._scope.files if file.head.legal), ())
        words = "、".join(remark.text for remark in legal)
        reason = f"{self.outcome.year.label}の事業に要する経費の負担"
        return f"{reason}\n根拠: {words}" if words else reason

    @property
    def body(self) -> str:
        """What the form asks for; while nothing is decided, that it asks for nothing."""
        if self.outcome.state != DECIDED:
            return NOT_A_BILL[self.outcome.state]
        if self.elsewhere:
            return self.elsewhere
        otherwise = f"{self.outcome.year.label}の負担金を、次のとおり請求します。納期限までに納入してください。"
        return self.joined("本文", otherwise)

    @property
    def fiscal(self) -> str:
        """所属年度・科目."""
        year = self.outcome.year
        return f"{year.label}（{year.start}年度）　負担金収入"

    def number(self, number: int) -> str:
        """文書番号 with the number of the invoice as its branch; empty where none is written."""
        said = self.joined("文書番号")
        return f"{said}の{number}" if said and self.decided else ""

    def issued(self, days: Iterable[date | None]) -> date | None:
        """発行日: a date, or so many days before the first due date."""
        said = self.joined("発行日")
        first = min((day for day in days if day), default=None)
        before = days_before_due(said)
        if before is not None:
            return first - timedelta(days=before) if first else None
        return parse_date(said)

    def tax(self) -> str:
        """課税注記, or the words for 不課税 where every line is that."""
        results = self.outcome.results
        untaxed = all(result.case.expense.tax == UNTAXED for result in results)
        return self.joined("課税注記", _TAX[self.decided] if untaxed else "")


def _scope(outcome: Outcome) -> Scope:
    """The one 事業's own texts before 共通; with several 事業 on one form, 共通 comes first."""
    book = outcome.book
    own = tuple({id(r.case.file): r.case.file for r in outcome.results}.values())
    if len(own) == 1:
        return book.scope(own[0])
    return Scope((*book.common, *own))


def billed_elsewhere(outcome: Outcome, member: Member) -> str:
    """What the form of a member says whose amount is billed together with others; else empty."""
    own = outcome.by_member.get(member.code, ())
    if outcome.billed.get(member.code, ()) == own:
        return ""
    payers = (
        outcome.tables.by_code[code].name
        for code, charges in outcome.billed.items()
        if any(charge.member.code == member.code for charge in charges)
    )
    names = "、".join(dict.fromkeys(payers))
    return f"この文書は請求書ではありません。この額は、{names}にまとめて請求します。"
