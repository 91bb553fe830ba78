"""Words of the form 通知: addressee, reason, days and the texts of ■請求書, by 状態."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.model import Member
from apportion.core.year import Edition, parse_date
from apportion.forms.files import SEAL, Picture, path_of, read
from apportion.forms.slots import ISSUER
from apportion.outcome.outcome import Outcome, Reissue
from apportion.rules.book import DECIDED, NOTIFIED, STATES, Scope
from apportion.rules.read import days_before_due, reissue
from apportion.rules.read.terms import BRANCH, EDITION, HEADS_OF_AMOUNTS, MARK, TIMES, UNITS
from apportion.workbook.letters.documents import (
    BACK,
    ELSEWHERE,
    NO_BILL,
    PAY,
    Document,
    Said,
    document_of,
)

TAXED, UNTAXED = "10%対象（税込）", "不課税"


class TaxRow(NamedTuple):
    """Yen of one rate, and the tax within them (1円未満切捨て); untaxed ones have None."""

    label: str
    amount: int
    tax: int | None


def is_taxed(outcome: Outcome, result: LineResult) -> bool:
    """Whether what members pay for a line contains 消費税.

    A 激変緩和調整, which has no rule of its own, is taxed where all its 事業 is.
    """
    expense, file = result.case.expense, result.case.file
    if expense.clauses:
        return expense.taxed
    own = [other.case for other in outcome.results if other.case.file is file]
    return any(case.expense.taxed for case in own) and not any(
        case.expense.clauses and not case.expense.taxed for case in own
    )


def taxed_names(outcome: Outcome) -> Iterator[str]:
    """Taxed 経費, each with its 事業: several 事業 have a 事務費."""
    lines = (result.case.line for result in outcome.results if is_taxed(outcome, result))
    yield from dict.fromkeys(f"{line.project}の{line.name}" for line in lines)


def _is_plain(outcome: Outcome, result: LineResult) -> bool:
    """Whether what members pay for a line contains no 消費税, and no notice is needed for it."""
    return not is_taxed(outcome, result) and result.case.expense.tax != NOTIFIED


def tax_rows(total: int, taxed: int) -> tuple[TaxRow, TaxRow]:
    """The rates of a bill whose `taxed` yen contain 10%."""
    return TaxRow(TAXED, taxed, tax_within(taxed)), TaxRow(UNTAXED, total - taxed, None)


def tax_within(amount: int) -> int:
    """Tax within yen that contain 10%; of a repayment likewise, with its sign."""
    # // goes down, so what is given back is cut without its sign.
    tax = abs(amount) * 10 // 110
    return -tax if amount < 0 else tax


_TAX = {
    False: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として計算しています。",
    True: "この負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）として取り扱います。",
}
_NOT_QUALIFIED = "適格請求書ではありません。"
_NOTICE = {
    False: "{names}は、消費税法基本通達5-5-3 により、資産の譲渡等の対価に当たらないもの（不課税）として"
    "計算しています。",
    True: "{names}は、資産の譲渡等の対価に当たらないもの（不課税）とし、課税仕入れに当たりません。"
    "消費税法基本通達5-5-3 により通知します。",
}
_REST = "そのほかの負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）です。"


def addressee(member: Member) -> str:
    """`愛知県知事　様`, `豊橋市長　様`, `○○組合 管理者　様`."""
    return f"{member.head}　様"


class Words:
    """Texts of a form. `elsewhere` says who is billed where this form only shows the calculation."""

    def __init__(self, outcome: Outcome, elsewhere: str = "") -> None:
        self.outcome = outcome
        self.elsewhere = elsewhere
        self.document: Document = document_of(outcome)
        self.decided = outcome.state == DECIDED and not elsewhere
        self.taxed = any(is_taxed(outcome, result) for result in outcome.results)
        self._scope = _scope(outcome)

    def said(self, key: str) -> tuple[str, ...]:
        """Lines of ■請求書 under a key; nothing where it is not written."""
        return tuple(remark.text for remark in self._scope.invoice(key))

    def joined(self, key: str, otherwise: str = "") -> str:
        """The same as one text."""
        return "\n".join(self.said(key)) or otherwise

    def own(self, key: str) -> str:
        """A text of ■請求書 that is for this kind of paper (変更件名); empty where there is none."""
        return self.joined(f"{self.document.key}{key}")

    def of(self, way: str) -> Said:
        """What the form says by 状態 and by which way the framed amount goes."""
        calculation = self.elsewhere and self.outcome.state == DECIDED
        return self.document.of(ELSEWHERE if calculation else self.outcome.state, way)

    @property
    def subject(self) -> str:
        """件名."""
        account = f"（{self.outcome.account}）" if self.outcome.account else ""
        usual = self.document.subject.format(year=self.outcome.year.label)
        return self.own("件名") or f"{usual}{account}"

    @property
    def legal(self) -> str:
        """根拠."""
        legal = next((file.head.legal for file in self._scope.files if file.head.legal), ())
        return "、".join(remark.text for remark in legal)

    @property
    def reason(self) -> str:
        """事由, with the act of the council behind it."""
        reason = self.document.act or self.document.reason
        return reason.format(year=self.outcome.year.label)

    def reason_label(self, way: str) -> str:
        """What 事由 is called."""
        if self.document.key:
            return f"{self.document.key}の事由"
        named = {PAY: "請求の事由", BACK: "還付の事由"} if self.decided else {}
        return named.get(way, "負担の事由")

    def lead(self, way: str) -> str:
        """What the form is for."""
        said = self.of(way)
        own = self.own("本文") if self.decided and said.has_own else ""
        return own or said.lead.format(year=self.outcome.year.label)

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
        """所属年度・科目, with the 会計 where bills are divided."""
        year, account = self.outcome.year, self.outcome.account
        return f"{year.label}（{year.start}年度）　{account and f'{account}　'}負担金収入"

    def reissue(self, payer: Member) -> Reissue | None:
        """That the bill of a payer is issued again: by ■請求書, or since it has changed."""
        if not self.decided:
            return None
        written = None if self.outcome.settled else reissue(self.joined("再発行"))
        return Reissue(*written) if written else self.outcome.reissue_of(payer.code)

    def serial(self, payer: Member, ending: str = "") -> str:
        """整理番号: `R7-232017`, of a bill that is issued again `R7-232017-再1`.

        Where bills are divided the 会計 follows the code: `R7-232017-介護保険特別会計`.
        """
        again = self.reissue(payer)
        ending += self.document.serial + (f"-再{again.times}" if again else "")
        account = f"-{self.outcome.account}" if self.outcome.account else ""
        return f"{self.outcome.year.code.upper()}-{payer.code}{account}{ending}"

    def number(self, payer: Member, place: int, yen: int) -> str:
        """文書番号 of the paper of a payer over `yen`; empty where none is written for its kind.

        `place` among all papers is its branch. What is issued again has a number of its own.
        """
        again, bills = self.reissue(payer), not self.outcome.settled
        other = "再発行文書番号" if again and bills else "還付文書番号" if yen < 0 else ""
        own = self.joined(other) if other and not self.outcome.edition else ""
        said = own or self.own("文書番号")
        if not said or not self._is_sent:
            return ""
        if BRANCH not in MARK.findall(said):
            said += f"の{{{{{BRANCH}}}}}"
        times = again.times if again else 0
        edition = self.outcome.edition
        known = {BRANCH: place, TIMES: times, EDITION: _number(edition)}
        number = MARK.sub(lambda found: str(known[found[1]]), said)
        return f"{number}（再{times}）" if again and not (own and bills) else number

    def issued(self, payer: Member, days: Iterable[date | None]) -> date | None:
        """発行日: a day, or so many days before the first due date; never before its 補正."""
        said = self._issue_day(payer)
        before = days_before_due(said)
        if before is None:
            return parse_date(said) if self._is_sent else None
        first = min((day for day in days if day and self.decided), default=None)
        day = first - timedelta(days=before) if first else None
        revision = self.outcome.revision
        too_early = day and revision and (revision.day is None or day < revision.day)
        return None if too_early else day

    def _issue_day(self, payer: Member) -> str:
        """What ■請求書 says of the day: a paper of another kind, or issued again, has a day of its own.

        Of the first bills only the days before a 納期限 hold for a 変更通知書; where 再発行 is written
        by hand, 発行日 is meant for it.
        """
        own, usual = self.own("発行日"), self.joined("発行日")
        if self.reissue(payer) and not self.outcome.settled:
            return self.joined("再発行日") or (usual if self.said("再発行") else "")
        if self.outcome.revision and not own and days_before_due(usual) is not None:
            return usual
        return own

    @property
    def seal(self) -> str:
        """画像, 省略 or 空欄; what is no bill bears no seal."""
        return self.joined("公印") if self.decided else ""

    @property
    def seal_picture(self) -> Picture | None:
        """The seal itself, where it is to be printed."""
        path = path_of(self.joined(SEAL))
        content = self.outcome.attached.get(path) if path else None
        found = read(content) if content and self.seal == "画像" else None
        return found if isinstance(found, Picture) else None

    @property
    def registered(self) -> str:
        """登録番号 on a bill with 消費税, in whichever file it is written."""
        files = (*self._scope.files, *self.outcome.book.files)
        said = Scope(files).invoice("登録番号") if self.decided and self.taxed else ()
        return said[0].text if said else ""

    def tax(self) -> str:
        """課税注記, or the words that 課税区分 asks for; the notice of 通達5-5-3 always."""
        written, notice = self.joined("課税注記"), self._notice
        if written:
            return "\n".join(filter(None, (written, notice)))
        rest = _REST if any(_is_plain(self.outcome, r) for r in self.outcome.results) else ""
        if self.taxed:
            names = "、".join(taxed_names(self.outcome))
            return f"10%対象（消費税等を含む額）は、{names}です。{notice}{rest}"
        qualified = _NOT_QUALIFIED if self.decided else ""
        return f"{notice}{rest}{qualified}" if notice else _TAX[self.decided] + qualified

    @property
    def _notice(self) -> str:
        """That and why 経費 are not taxed, where the bill is the notice of it."""
        results = self.outcome.results
        own = [r.case.line for r in results if r.case.expense.tax == NOTIFIED]
        others = any(r.case.expense.tax != NOTIFIED and r.case.expense.clauses for r in results)
        names = dict.fromkeys(f"{line.project}の{line.name}" for line in own)
        listed = "、".join(names) if others else "この負担金"
        return _NOTICE[self.decided].format(names=listed) if own else ""

    @property
    def issuer(self) -> tuple[str, ...]:
        """Who asks, line by line: where it is, its name, who stands for it, its 登録番号."""
        said = (line for key in ISSUER for line in self.said(key))
        return (*said, *([f"登録番号 {self.registered}"] if self.registered else ()))

    @property
    def in_yen_signs(self) -> bool:
        """Whether ￥ stands before the framed amount, and not 金 … 円."""
        return self.joined("金額の表し方") == HEADS_OF_AMOUNTS[1]

    @property
    def _is_sent(self) -> bool:
        """Whether this is a letter of its own: a bill, or the notice of what is to be expected."""
        return self.decided or self.outcome.state == STATES[1]


def _scope(outcome: Outcome) -> Scope:
    """The one 事業's own texts before 共通; with several 事業 on one form, 共通 comes first.

    Where nothing is computed it may be any file that says it.
    """
    book = outcome.book
    own = tuple({id(r.case.file): r.case.file for r in outcome.results}.values()) or book.files
    if len(own) == 1:
        return book.scope(own[0])
    common = book.common_of(outcome.account) if outcome.account else book.common
    return Scope((*common, *own))


def by_instalment(outcome: Outcome) -> bool:
    """Whether each 期 has a bill of its own: decided, 請求の単位: 期ごと, and not a 変更通知."""
    asked = any(line.text == UNITS[1] for line in _scope(outcome).invoice("請求の単位"))
    return asked and outcome.state == DECIDED and outcome.revision is None


def _by_term(outcome: Outcome, payer: Member) -> bool:
    """Whether a payer gets a bill for each 期: not who has nothing to pay."""
    return any(part.yen > 0 for part in outcome.instalments_of(payer.code)) and by_instalment(
        outcome
    )


def billed_elsewhere(outcome: Outcome, member: Member) -> str:
    """What the form of a member says whose amount is billed on another form; else empty."""
    if _by_term(outcome, member):
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


def _number(edition: Edition | None) -> str:
    """What stands for {補正} in a 文書番号: 1, or 加入1 where it is no 補正."""
    if edition is None:
        return "0"
    return str(edition.number) if edition.has_columns else str(edition)
