"""Words of the form 通知: addressee, reason, days and the texts of ■請求書, by 状態."""

from collections.abc import Iterable
from datetime import date, timedelta

from apportion import picture, stationery
from apportion.language import days_before_due, reissue
from apportion.language.printed import UNITS
from apportion.model import CITIES, Member
from apportion.outcome import Outcome, Reissue
from apportion.picture import Picture
from apportion.rulebook.book import DECIDED, STATES, Scope
from apportion.workbook.document import ELSEWHERE, NO_BILL, Document, Said, document_of
from apportion.workbook.taxes import has_untaxed, is_taxed, taxed_names
from apportion.year import parse_date

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

_TAX = {
    False: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として計算しています。",
    True: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として取り扱います。"
    "適格請求書ではありません。",
}
_REST = "そのほかの負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）です。"


def addressee(member: Member) -> str:
    """`愛知県知事　様`, `豊橋市長　様`, `○○組合 管理者　様`."""
    return f"{member.name}{_HEADS[member.kind]}　様"


class Words:
    """Texts of a form. `elsewhere` says who is billed where this form only shows the calculation.

    `document` is what the form is; by default what the outcome makes of it.
    """

    def __init__(
        self, outcome: Outcome, elsewhere: str = "", document: Document | None = None
    ) -> None:
        self.outcome = outcome
        self.elsewhere = elsewhere
        self.document = document or document_of(outcome)
        self.decided = outcome.state == DECIDED and not elsewhere
        self.taxed = any(is_taxed(outcome, result) for result in outcome.results)
        self._scope = _scope(outcome)

    def said(self, key: str) -> tuple[str, ...]:
        """Lines of ■請求書 under a key; nothing where it is not written."""
        return tuple(remark.text for remark in self._scope.invoice(key))

    def joined(self, key: str, otherwise: str = "") -> str:
        """The same as one text."""
        return "\n".join(self.said(key)) or otherwise

    @property
    def _said(self) -> Said:
        calculation = self.elsewhere and self.outcome.state == DECIDED
        return self.document.said[ELSEWHERE if calculation else self.outcome.state]

    def _own(self, key: str, otherwise: str) -> str:
        """A text of ■請求書 where it is for this kind of form, or else the form's own."""
        usual = otherwise.format(year=self.outcome.year.label)
        return self.joined(key, usual) if self.document.own_texts else usual

    @property
    def title(self) -> str:
        """Title of the form by 状態."""
        return self._said.title

    def amount_label(self, yen: int) -> str:
        """What the total is called: paid, or given back."""
        own = self._said.more if yen > 0 else self._said.back if yen < 0 else ""
        return own or self._said.amount

    @property
    def subject(self) -> str:
        """件名."""
        return self._own("件名", self.document.subject)

    @property
    def reason(self) -> str:
        """請求の事由 with 根拠."""
        legal = next((file.head.legal for file in self._scope.files if file.head.legal), ())
        words = "、".join(remark.text for remark in legal)
        reason = f"{self.outcome.year.label}の事業に要する経費の負担"
        return f"{reason}\n根拠: {words}" if words else reason

    @property
    def lead(self) -> str:
        """What the form is for."""
        lead = self._said.lead
        if self.decided:
            return self._own("本文", lead)
        return lead.format(year=self.outcome.year.label)

    @property
    def warning(self) -> str:
        """That the form asks for nothing, where it does not."""
        if self.outcome.state == DECIDED:
            return self.elsewhere
        billed = self.elsewhere.removeprefix(NO_BILL)
        plain = self.document.not_a_bill[self.outcome.state]
        return "\n".join(filter(None, (plain, billed)))

    @property
    def fiscal(self) -> str:
        """所属年度・科目."""
        year = self.outcome.year
        return f"{year.label}（{year.start}年度）　負担金収入"

    def reissue(self, payer: Member) -> Reissue | None:
        """That the bill of a payer is issued again: by ■請求書, or since it has changed."""
        if not self.decided or self.outcome.settled:
            return None
        written = reissue(self.joined("再発行"))
        return Reissue(*written) if written else self.outcome.reissued.get(payer.code)

    def serial(self, payer: Member, ending: str = "") -> str:
        """整理番号: `R7-232017`."""
        return f"{self.outcome.year.code.upper()}-{payer.code}{ending}{self.document.serial}"

    def number(self, number: int) -> str:
        """文書番号 with the number of the invoice as its branch; empty where none is written."""
        said = self.joined("文書番号") if self.document.own_texts else ""
        return f"{said}の{number}" if said and self._is_sent else ""

    def issued(self, days: Iterable[date | None]) -> date | None:
        """発行日: a date, or so many days before the first due date; never before its 補正.

        What ■請求書 says is the day of the bill, and not that of a 精算書.
        """
        if self.outcome.settled:
            return None
        said = self.joined("発行日")
        first = min((day for day in days if day), default=None)
        before = days_before_due(said)
        if before is not None:
            day = first - timedelta(days=before) if first else None
        else:
            day = parse_date(said) if self._is_sent else None
        revision = self.outcome.revision
        too_early = day and revision and (revision.day is None or day < revision.day)
        return None if too_early else day

    @property
    def seal(self) -> str:
        """画像, 省略 or 空欄; what is no bill bears no seal."""
        return self.joined("公印") if self.decided else ""

    @property
    def seal_picture(self) -> Picture | None:
        """The seal itself, where it is to be printed."""
        path = stationery.path_of(self.joined(stationery.SEAL))
        content = self.outcome.attached.get(path) if path else None
        found = picture.read(content) if content and self.seal == "画像" else None
        return found if isinstance(found, Picture) else None

    @property
    def registered(self) -> str:
        """登録番号 on a bill with 消費税, in whichever file it is written."""
        files = (*self._scope.files, *self.outcome.book.files)
        said = Scope(files).invoice("登録番号") if self.decided and self.taxed else ()
        return said[0].text if said else ""

    def tax(self) -> str:
        """課税注記, or the words that 課税区分 asks for."""
        if not self.taxed:
            return self.joined("課税注記", _TAX[self.decided])
        names = "、".join(taxed_names(self.outcome))
        rest = _REST if has_untaxed(self.outcome) else ""
        return self.joined("課税注記", f"10%対象（消費税等を含む額）は、{names}です。{rest}")

    @property
    def _is_sent(self) -> bool:
        """Whether this is a letter of its own: a bill, or the notice of what is to be expected."""
        return self.decided or self.outcome.state == STATES[1]


def _scope(outcome: Outcome) -> Scope:
    """The one 事業's own texts before 共通; with several 事業 on one form, 共通 comes first."""
    book = outcome.book
    own = tuple({id(r.case.file): r.case.file for r in outcome.results}.values())
    if len(own) == 1:
        return book.scope(own[0])
    return Scope((*book.common, *own))


def by_instalment(outcome: Outcome) -> bool:
    """Whether each 期 has a bill of its own: decided, 請求の単位: 期ごと, and not a 変更通知."""
    asked = any(line.text == UNITS[1] for line in _scope(outcome).invoice("請求の単位"))
    return asked and outcome.state == DECIDED and outcome.revision is None


def billed_elsewhere(outcome: Outcome, member: Member) -> str:
    """What the form of a member says whose amount is billed on another form; else empty."""
    if by_instalment(outcome) and member.code in outcome.billed:
        return f"{NO_BILL}この額は、期ごとの請求書で請求します。"
    own = outcome.by_member.get(member.code, ())
    if outcome.billed.get(member.code, ()) == own:
        return ""
    payers = (
        outcome.tables.by_code[code].name
        for code, charges in outcome.billed.items()
        if any(charge.member.code == member.code for charge in charges)
    )
    names = "、".join(dict.fromkeys(payers))
    return f"{NO_BILL}この額は、{names}にまとめて請求します。"
