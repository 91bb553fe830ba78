"""端数: who was given which yen and why, in words, with the exact numbers that show it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from apportion.allocate.case import LineResult
from apportion.allocate.rounding import Swap
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.sums import grouped, summed
from apportion.rules.nodes import Mode, RestOrder, Rounding

_UNITS = {1: "円", 10: "十円", 100: "百円", 1_000: "千円", 10_000: "万円"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One unit of the difference, or (`yen` 0) who would have been next.

    `exact` is the share before it is cut to `cut` yen; `remainder` over `denominator` is what
    the cut took away (negative: added). `passed` is the part of `yen` that the order alone would not
    give: of 事業ごと, so that sums over a 事業 are rounded once.
    """

    rank: int
    member: Member
    exact: Fraction
    cut: int
    remainder: int
    denominator: int
    yen: int
    why: str
    passed: int = 0


@dataclass(frozen=True)
class Ledger:
    """The ledger of one line, as `rounding.close` made it."""

    result: LineResult

    @property
    def total(self) -> int:
        """Yen that the cut amounts had to be brought to."""
        return self.result.base - self.result.carried - self.result.waived

    @cached_property
    def rule(self) -> str:
        """The rule that it goes by, in words."""
        return rule_words(self.result.case.rounding)

    @cached_property
    def cuts(self) -> int:
        """Sum of the cut amounts."""
        return sum(self.result.rounded.cuts)

    @property
    def difference(self) -> int:
        """端数円数: what cutting left over (negative: took too much)."""
        return self.total - self.cuts

    def rows(self) -> Iterator[LedgerRow]:
        """Everybody who was given (or gave back) a unit, in order, and who would have been next.

        Where units were passed on, everybody who took part in that instead.
        """
        given = self.result.rounded.ledger
        if self._swaps:
            named = {grant.position for grant in given} | self._swaps.keys()
            for position in (i for i in self._round if i in named):
                yield self._given_row(
                    position, self._places[position], self._given.get(position, 0)
                )
            return
        for grant in given:
            yield self._given_row(grant.position, grant.rank, grant.yen)
        if given and len(given) < len(self._round):
            yield self._given_row(self._round[len(given)], len(given) + 1, 0)

    @property
    def size(self) -> int:
        """Number of members in the order."""
        return len(self._round)

    def standing(self, position: int) -> LedgerRow | None:
        """A member's place in the order with all it was given; None where it stands in none."""
        if position not in self._places:
            return None
        yen = self._given.get(position, 0)
        why = self._passed_on(position) or self._reason(position)
        return self._row(position, self._places[position], yen, why)

    def _given_row(self, position: int, rank: int, yen: int) -> LedgerRow:
        return self._row(position, rank, yen, self._why(position, rank, yen))

    def _row(self, position: int, rank: int, yen: int, why: str) -> LedgerRow:
        result = self.result
        return LedgerRow(
            rank=rank,
            member=result.case.participants[position].member,
            exact=result.shares.exact(position),
            cut=result.rounded.cuts[position],
            remainder=self._left[position],
            denominator=result.shares.denominator,
            yen=yen,
            why=why,
            passed=self._passed.get(position, 0),
        )

    @cached_property
    def _given(self) -> Mapping[int, int]:
        return summed((grant.position, grant.yen) for grant in self.result.rounded.ledger)

    @cached_property
    def _swaps(self) -> Mapping[int, Swap]:
        """The last swap in which a position took part; the earlier ones it undid or followed."""
        swaps = self.result.rounded.swaps
        return {at: swap for swap in swaps for at in (swap.giver, swap.taker)}

    @cached_property
    def _passed(self) -> Mapping[int, int]:
        unit = (
            self.result.case.rounding.unit
            if self.difference > 0
            else -self.result.case.rounding.unit
        )
        return summed(
            pair for s in self.result.rounded.swaps for pair in ((s.taker, unit), (s.giver, -unit))
        )

    @cached_property
    def border(self) -> tuple[LedgerRow | None, LedgerRow | None]:
        """Who was the last to be given a unit, and who would have been next."""
        rows = list(self.rows())
        given = [row for row in rows if row.yen]
        waiting = [row for row in rows if not row.yen and not self._swaps]
        return (given[-1] if given else None), (waiting[0] if waiting else None)

    @cached_property
    def units(self) -> int:
        """How many units were given."""
        return sum(1 for row in self.rows() if row.yen)

    @cached_property
    def _amounts(self) -> tuple[int, ...]:
        return self.result.shares.numerators()

    @cached_property
    def _left(self) -> tuple[int, ...]:
        denominator = self.result.shares.denominator
        pairs = zip(self._amounts, self.result.rounded.cuts, strict=True)
        return tuple(amount - cut * denominator for amount, cut in pairs)

    @property
    def _rest(self) -> RestOrder:
        return self.result.case.rest.order

    @cached_property
    def _gives_back(self) -> bool:
        """Whether cutting took too much; a negative line mirrors a positive one."""
        return self.difference < 0 if self.total >= 0 else self.difference > 0

    @cached_property
    def _round(self) -> Sequence[int]:
        """Who is given one unit each before anybody is given a second one."""
        order = self.result.rounded.order
        if self._rest is not RestOrder.REMAINDER or not self._gives_back:
            return order
        return [i for i in order if (self._left[i] < 0 if self.total >= 0 else self._left[i] > 0)]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {position: place for place, position in enumerate(self._round, start=1)}

    @cached_property
    def _sizes(self) -> Sequence[int | Fraction]:
        """What the order goes by, where it does not go by remainders."""
        by_people = self._rest is RestOrder.POPULATION
        return self.result.case.rest.sizes if by_people else self._amounts

    @cached_property
    def _same_size(self) -> Counter[int | Fraction]:
        return Counter(self._sizes[i] for i in self._round)

    @cached_property
    def _same_left(self) -> dict[int, list[int]]:
        """Positions by what was left, each list in the order."""
        return grouped((self._left[position], position) for position in self._round)

    @cached_property
    def _same(self) -> Counter[tuple[int, int]]:
        return Counter((self._left[i], self._amounts[i]) for i in self._round)

    def _passed_on(self, position: int) -> str:
        """Why a unit was passed on, to or from a position; empty where none was."""
        swap = self._swaps.get(position)
        if swap is None:
            return ""
        low, high = (f"{yen:,}円" for yen in swap.within)
        within = low if low == high else f"{low}か{high}"
        gave, own = position == swap.giver, position == swap.cause
        if own:
            how = "加減すると" if gave else "加減しないと"
            return f"{how}、事業の計が正確な計の切捨てか切上げ（{within}）から外れる"
        way = "譲ると" if gave else "代わると"
        return f"ほかの団体に{way}、その団体の事業の計が正確な計の切捨てか切上げに収まる"

    def _why(self, position: int, rank: int, yen: int) -> str:
        if passed := self._passed_on(position):
            return passed
        turn = (rank - 1) // len(self._round)
        again = f"{turn + 1}巡目。" if turn else ""
        reason = again + self._reason(position)
        if not yen:
            return f"{reason}（次点、加減なし）"
        alone = self._rest in (RestOrder.PAYER, RestOrder.BIGGEST)
        part = not alone and abs(yen) < self.result.case.rounding.unit
        return f"{reason}（単位に満たない残り）" if part else reason

    def _reason(self, position: int) -> str:
        participants = self.result.case.participants
        if self._rest is RestOrder.PAYER:
            return f"規則により、差額は{participants[position].member.name}が負担"
        if self._rest is RestOrder.BIGGEST:
            name = participants[position].member.name
            return f"規則により、差額は正確な額が最も大きい{name}が負担"
        if self._rest is RestOrder.ROTATION:
            first = participants[self._round[0]].member.name
            return f"輪番の{self._places[position]}番目（{first}から）"
        if self._rest is RestOrder.REMAINDER:
            return self._by_remainder(position)
        same = self._same_size[self._sizes[position]]
        tie = f"（同じ{same}団体の中は、団体コードの小さい順）" if same > 1 else ""
        return f"{self._rest.value}の{self._places[position]}番目{tie}"

    def _by_remainder(self, position: int) -> str:
        back = self._gives_back
        what = "切り上げた額" if back else "端数"
        same = self._same_left[self._left[position]]
        if len(same) == 1:
            return f"{what}が{self._places[position]}番目に大きい"
        equal = self._same[self._left[position], self._amounts[position]]
        by_code = f"団体コードの{'大きい' if back else '小さい'}順"
        by_amount = f"正確な額の{'小さい' if back else '大きい'}順"
        if equal == len(same):
            group, rule = f"{what}も正確な額も同じ", by_code
        else:
            group = f"{what}が同じ"
            rule = by_amount if equal == 1 else f"{by_amount}、同額は{by_code}"
        place = self._places[position] - self._places[same[0]] + 1
        return f"{group}{len(same)}団体のうち、{rule}で{place}番目"


def rule_words(rounding: Rounding) -> str:
    """`円未満切捨て、差額は端数の大きい順`."""
    stage = "" if rounding.stage.value == "経費ごと" else f"（{rounding.stage.value}）"
    taker = rounding.payer.text if rounding.payer else ""
    way = cut_words(rounding.unit, rounding.mode)
    return f"{way}{stage}、差額は{taker}{rounding.rest.value}"


def cut_words(unit: int, mode: Mode) -> str:
    """`円未満切捨て`."""
    return f"{_UNITS.get(unit, f'{unit:,}円')}未満{mode.value}"


def decimal_text(value: Fraction, places: int = 3) -> str:
    """`2,092,353.309…`: cut after `places` decimals, `…` where more would follow."""
    scaled, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    whole, decimals = divmod(scaled, 10**places)
    sign = "△" if value < 0 else ""
    digits = f"{whole:,}.{decimals:0{places}}"
    return f"{sign}{digits}…" if rest else sign + digits.rstrip("0").rstrip(".")
