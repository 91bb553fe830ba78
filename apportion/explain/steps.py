"""What an explanation is made of: numbers, each with its formula, its words and its place.

A step that has terms is their sum, brought to a unit where a `Cut` says so; nothing but + - * /
and that cut is needed to work it out again. A step without terms is a fact: what a table or a rule
says, or (the place in an order) what the rounding decided.
"""

from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.instalments import Instalment
from apportion.case_name import CaseName
from apportion.ledger import LedgerRow
from apportion.model import BudgetLine, Member, Yen
from apportion.problem import Source
from apportion.rulebook import Mode, Remark
from apportion.year import FiscalYear

YEN = "円"
BODIES = "団体"
RATE = "割合"
"""Unit of parts: 30%, 1/3."""
PERIOD = "期間"
"""Unit of the part of the year that a member takes part: 6/12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One number of a formula, exact in its unit; `step` names the earlier step it comes from."""

    value: Fraction
    unit: str = YEN
    label: str = ""
    source: Source = Source()
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A product of `factors` divided by each of `divisors`; `minus`: it is taken off."""

    factors: tuple[Operand, ...]
    divisors: tuple[Operand, ...] = ()
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Bringing a number to a multiple of `unit`; a negative one mirrors the positive one."""

    unit: int
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of an explanation. Without a value it is a heading: a rule as it is written.

    `words` say it as a sentence; `depth` is 0 for what holds of the 経費, more inside a rule.
    """

    key: str
    label: str
    value: Fraction | None = None
    unit: str = YEN
    terms: tuple[Term, ...] = ()
    cut: Cut | None = None
    words: str = ""
    source: Source = Source()
    depth: int = 0

    def operand(self, label: str = "") -> Operand:
        """This step as a number of a later formula."""
        assert self.value is not None
        label = label or self.label
        return Operand(value=self.value, unit=self.unit, label=label, step=self.key)


def term(*factors: Operand, over: tuple[Operand, ...] = (), minus: bool = False) -> Term:
    """A product, divided by `over`."""
    return Term(factors=factors, divisors=over, minus=minus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """差額 of a 経費: what cutting left over of `total` yen, who is given it, and this member's part.

    `units` is the number of grants, `size` that of the members in the order, `own` this member's
    place in it (None: it stands in none), `last` who was the last to be given, `following` the next.
    """

    rule: str
    total: int
    cuts: int
    unit: int
    units: int
    size: int
    own: LedgerRow | None
    last: LedgerRow | None
    following: LedgerRow | None
    unallocated: int = 0

    @property
    def difference(self) -> int:
        """Yen that cutting left over (negative: took too much)."""
        return self.total - self.cuts


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStory:
    """How one member's charge for one 経費 came about.

    `rules` are the lines that gave it, `place` where a reader begins: the first of them, or the
    roster that the member is not in.
    """

    line: BudgetLine
    yen: Yen
    taking_part: bool
    legal: tuple[Remark, ...]
    place: Source
    rules: tuple[Source, ...] = ()
    steps: tuple[Step, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStory:
    """The lines of one 事業 that were asked for; `yen` is the member's sum over all of its lines."""

    name: str
    yen: Yen
    lines: tuple[LineStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a member is charged what it is charged, in yen.

    `asked` is a body that `member` succeeded, or `member` itself. `owed` is its own charges,
    `invoiced` what it is invoiced for by `instalments` under the rules `dues`: the two differ where
    a 代表 pays (`payers`) or where it pays for others (`others`). `case` is the 補正 it is told for.
    """

    year: FiscalYear
    state: str
    asked: Member
    member: Member
    owed: Yen
    invoiced: Yen
    instalments: tuple[Instalment, ...]
    dues: tuple[Source, ...]
    payers: tuple[tuple[Member, Yen], ...]
    others: tuple[tuple[Member, Yen], ...]
    projects: tuple[ProjectStory, ...]
    case: CaseName | None = None
