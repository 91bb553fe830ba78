"""What a run computed: the one structure that explanations, workbooks and data files read."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.instalments import Instalment, of_account
from apportion.core.dataclass import dataclass
from apportion.core.model import Member, Tables, Yen, total
from apportion.core.problem import Problem
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key
from apportion.core.year import SETTLED, Case, Edition, FiscalYear, wareki
from apportion.outcome.receipts import Receivables, Standing, collected
from apportion.outcome.settled import Settled
from apportion.rules.book import RuleBook

if TYPE_CHECKING:
    import pandas as pd


STATES = {
    "例": "計算例（協議会の決定ではありません）",
    "案": "案（決定前の見込み）",
    "議決": "議決済み",
}
"""What amounts are, by the 状態 of the year."""


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sides that were added up independently, in yen; `level` tells what they close.

    `of` (a 団体コード, folded names) and `against` (what the right side is) let a workbook add up the
    same figures once more; without `against` there is only the name.
    """

    level: str
    name: str
    left: int
    right: int
    of: tuple[str, ...] = ()
    against: str = ""

    @property
    def difference(self) -> int:
        """差: 0 or the run stops."""
        return self.left - self.right


class Notice(NamedTuple):
    """A paper that a payer holds: 文書番号, 整理番号 and 発行日."""

    document: str
    serial: str
    issued: date | None

    @property
    def named(self) -> str:
        """`令和7年7月16日付け 例協第12号の3（整理番号 R7-232017）`."""
        day = f"{wareki(self.issued)}付け " if self.issued else ""
        return f"{day}{self.document or '通知'}（整理番号 {self.serial}）"


NO_NOTICE = Notice("", "", None)


@dataclass(frozen=True, kw_only=True)
class Former:
    """What held before a 補正: yen by 団体コード and folded 事業, and all instalments.

    `issue` is the sealed issue that they were read from (第1回); empty: they are computed. `notices`
    are the papers that payers hold since, by 団体コード and 会計 (empty where bills are not divided).
    """

    charges: Mapping[str, Mapping[str, Yen]]
    instalments: tuple[Instalment, ...]
    issue: str = ""
    notices: Mapping[tuple[str, str], Notice] = field(default_factory=dict)

    def named(self, code: str, account: str) -> str:
        """The paper that a payer holds, in words; empty where it is not known."""
        held = self.notices.get((code, account), NO_NOTICE)
        return held.named if held.serial else ""

    def of(self, account: str, projects: Container[str]) -> "Former":
        """The part of a 会計, which has these folded 事業."""
        return replace(
            self,
            charges={code: _only(own, projects) for code, own in self.charges.items()},
            instalments=tuple(part for part in self.instalments if part.account == account),
        )

    @cached_property
    def by_payer(self) -> Mapping[str, Sequence[Instalment]]:
        """Instalments by 団体コード."""
        return grouped((part.code, part) for part in self.instalments)


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A 補正: its edition and day, what held before, and the instalments that stay for that day."""

    edition: Edition
    day: date | None
    former: Former
    stays: frozenset[Instalment]


def _only(owed: Mapping[str, Yen], projects: Container[str]) -> dict[str, Yen]:
    return {key: yen for key, yen in owed.items() if key in projects}


class Reissue(NamedTuple):
    """That a bill is issued again, for which time, and the words for the bill that it replaces.

    `held` is that bill; `kept` are the papers of one 期 that still hold, by the instalment that they
    ask for.
    """

    times: int
    former: str
    held: Notice = NO_NOTICE
    kept: Mapping[Instalment, Notice] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Charges of one year with everything that led to them.

    `results` stand in budget order, `members` (who is charged) in code order. `billed` are the
    charges by who is invoiced: the member, or the 代表 that pays for its group. `files` are the
    paths of the inputs below the workspace. `problems` are the 注意 and お知らせ of the input; errors
    never get this far. `attached` are the files under rules/様式 that ■請求書 names, by path.
    `revision` is the 補正 that this is the outcome of, None for the first budget. `reissued` are the
    payers, by 団体コード and 会計, whose bill is another one than they got before. `settled` holds the
    differences where this is 精算: the charges are those of 決算額 then. `remarks` are sentences for
    the paper of a member, by 団体コード. `claims` are what payments are for, where that are not its own
    instalments. `account` is the 会計 that it is the part of; empty: it is the whole year.
    """

    year: FiscalYear
    tables: Tables
    book: RuleBook
    results: tuple[LineResult, ...]
    billed: Mapping[str, tuple[Charge, ...]]
    instalments: tuple[Instalment, ...]
    equations: tuple[Equation, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    attached: Mapping[str, bytes] = field(default_factory=dict)
    revision: Revision | None = None
    reissued: Mapping[tuple[str, str], Reissue] = field(default_factory=dict)
    settled: Settled | None = None
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: Receivables | None = None
    account: str = ""

    @cached_property
    def papers(self) -> "tuple[Outcome, ...]":
        """The outcome as it is told to the bodies: itself, or a part for each 会計."""
        accounts = () if self.account else self.book.accounts
        return tuple(map(self.of_account, accounts)) or (self,)

    def of_account(self, account: str) -> "Outcome":
        """The part of a 会計; itself where bills are not divided."""
        if account == self.account:
            return self
        return self._parts[account]

    @cached_property
    def _parts(self) -> Mapping[str, "Outcome"]:
        return {account: self._part(account) for account in self.book.accounts}

    def _part(self, account: str) -> "Outcome":
        own = [r for r in self.results if self.book.account(r.case.file) == account]
        keys = {key for key, of in self.book.account_of_each.items() if of == account}
        revision, settled = self.revision, self.settled
        if revision:
            stays = frozenset(part for part in revision.stays if part.account == account)
            former = revision.former.of(account, keys)
            revision = replace(revision, former=former, stays=stays)
        return replace(
            self,
            account=account,
            results=tuple(own),
            billed=of_account(self.billed, self.book, account),
            instalments=tuple(part for part in self.instalments if part.account == account),
            revision=revision,
            settled=settled.of(keys) if settled else None,
            reissued={key: one for key, one in self.reissued.items() if key[1] == account},
            remarks={},  # they tell of the year as a whole
        )

    def reissue_of(self, code: str) -> Reissue | None:
        """That the bill of a payer is issued again."""
        return self.reissued.get((code, self.account))

    @property
    def edition(self) -> Edition | None:
        """補正1 …; None for the first budget."""
        return self.revision.edition if self.revision else None

    @property
    def case(self) -> Case:
        """What it is of: 補正1 …, 精算, or (None) the first budget."""
        return SETTLED if self.settled else self.edition

    @property
    def state(self) -> str:
        """例, 案 or 議決: the least binding of all rule files."""
        return self.book.state

    @property
    def stamps(self) -> tuple[str, ...]:
        """What every paper says of its state, and of clauses that are not in its amounts."""
        return self.book.stamps

    @property
    def own_only(self) -> bool:
        """Whether a member gets its own figures alone (■請求書, 指標一覧: 自団体のみ)."""
        said = (file.invoice.get("指標一覧", ()) for file in self.book.files)
        return any(remark.text == "自団体のみ" for remarks in said for remark in remarks)

    @property
    def settlement(self) -> Settled:
        """What was settled; asked only of 精算."""
        assert self.settled is not None
        return self.settled

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """All charges, in budget order and within a line in code order; 0円 included."""
        return tuple(charge for result in self.results for charge in result.charges())

    @cached_property
    def by_member(self) -> dict[str, tuple[Charge, ...]]:
        """Charges of each member code, in budget order."""
        found = grouped((charge.member.code, charge) for charge in self.charges)
        return {code: tuple(found[code]) for code in sorted(found)}

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Who is charged, in code order."""
        return tuple(charges[0].member for charges in self.by_member.values())

    @cached_property
    def payers(self) -> tuple[Member, ...]:
        """Who is invoiced, in code order: the members, or the 代表 of their group."""
        return tuple(self.tables.by_code[code] for code in self.billed)

    def billed_to(self, code: str) -> Yen:
        """Yearly amount that a payer is invoiced for."""
        return total(charge.yen for charge in self.billed.get(code, ()))

    def pays_for(self, code: str) -> frozenset[str]:
        """団体コード of the bodies that a payer is invoiced for; the same of a settlement."""
        if self.settled:
            return frozenset(row.member.code for row in self.settled.by_payer.get(code, ()))
        return frozenset(charge.member.code for charge in self.billed.get(code, ()))

    def total_of(self, code: str) -> Yen:
        """Yearly total of a member."""
        return total(charge.yen for charge in self.by_member.get(code, ()))

    @cached_property
    def past(self) -> Mapping[str, Mapping[str, Yen]] | None:
        """Last year's yen by 団体コード of today and folded 事業; None without that table."""
        if self.tables.previous is None:
            return None
        paid = grouped(
            (self.tables.heir(code).code, (project, charge.yen))
            for (code, project, _), charge in self.tables.previous.items()
        )
        if self.account:
            of = self.book.account_of_each
            paid = {
                code: [p for p in own if of.get(p[0]) == self.account] for code, own in paid.items()
            }
        return {code: summed(own) for code, own in paid.items()}

    def paid_before(self, code: str, project: str) -> Yen | None:
        """Last year's yen of a member for a 事業; None where nobody knows.

        That is a 事業 or a body that the table of last year does not name. A body that it names
        elsewhere took no part in the 事業: 0.
        """
        past, key = self.past or {}, name_key(project)
        if code not in past or not any(key in own for own in past.values()):
            return None
        return past[code].get(key, total(()))

    @cached_property
    def compared(self) -> Mapping[str, Mapping[str, Yen]] | None:
        """What the charges are compared with: those before the 補正, else those of last year."""
        return self.revision.former.charges if self.revision else self.past

    @cached_property
    def by_project(self) -> Mapping[str, Mapping[str, Yen]]:
        """Yen of each member code by folded 事業."""
        owed = grouped((c.member.code, (name_key(c.line.project), c.yen)) for c in self.charges)
        return {code: summed(own) for code, own in owed.items()}

    def as_former(self) -> Former:
        """What this outcome billed, for a 補正 to be compared with."""
        return Former(charges=self.by_project, instalments=self.instalments)

    def before(self, code: str, project: str) -> Yen | None:
        """Yen of a member for a 事業 that are compared with; None where nobody knows."""
        if self.revision is None:
            return self.paid_before(code, project)
        own = self.revision.former.charges.get(code, {})
        return own.get(name_key(project), total(()))

    @cached_property
    def total(self) -> Yen:
        """Sum of all charges."""
        return total(charge.yen for charge in self.charges)

    def instalments_of(self, code: str) -> Iterator[Instalment]:
        """Instalments of a member, by date."""
        return iter(self._by_payer.get(code, ()))

    @cached_property
    def _by_payer(self) -> Mapping[str, Sequence[Instalment]]:
        return grouped((part.code, part) for part in self.instalments)

    @cached_property
    def receivables(self) -> Receivables:
        """What payments are for: what was sealed last, else the first budget as computed."""
        return self.claims or Receivables(
            instalments=self.instalments, edition=self.edition, yearly=self.total
        )

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """What is paid of what is receivable."""
        return collected(self.receivables, self.tables)

    def to_frame(self) -> "pd.DataFrame":
        """Tidy table, one row per member and 経費: see `frame.charges_frame`."""
        from apportion.outcome.frame import charges_frame  # noqa: PLC0415  pandas loads only when asked for

        return charges_frame(self.year, self.charges)
