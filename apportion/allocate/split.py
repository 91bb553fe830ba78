"""One 負担割合 line of 総額方式 to weights: each driver's values, prorated, and their parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from apportion.allocate.case import DriverUse, Part
from apportion.allocate.shares import integers
from apportion.allocate.who import Circle
from apportion.allocate.words import Words
from apportion.model import LOCAL, PREFECTURES, Member
from apportion.rulebook import Coefficients, Ratio, Split, Weight
from apportion.rulebook.book import stem

PEOPLE = frozenset({"人", "世帯", "戸"})
"""Units whose figure of a 県 is the sum over its towns."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """Makes parts of 総額方式. `carry`: what proration takes off stays open (繰越)."""

    circle: Circle
    words: Words
    carry: bool

    _made: dict[int, Part] = field(default_factory=dict)

    def part(self, clause: Split, who: tuple[int, ...]) -> Part:
        """Weights of a clause among `who`; its money is not known yet."""
        if id(clause) not in self._made:
            self._made[id(clause)] = self._part(clause, who)
        return self._made[id(clause)]

    def _part(self, clause: Split, who: tuple[int, ...]) -> Part:
        if clause.weights:
            drivers = tuple(
                self._driver(weight, ratio, who)
                for weight, ratio in zip(clause.weights, ratios(clause.weights), strict=True)
            )
        else:
            drivers = (self._alone(clause, who),)
        columns = zip(*(driver.shares for driver in drivers), strict=True)
        weights, total = integers([sum(column, Fraction(0)) for column in columns])
        return Part(
            clause=clause,
            who=who,
            amount=Fraction(0),
            drivers=drivers,
            weights=weights,
            total=total,
        )

    def _alone(self, clause: Split, who: tuple[int, ...]) -> DriverUse:
        """`県に 50%`: one member bears the money, no driver is named."""
        if len(who) > 1:
            self._no_way(clause, len(who))
        return self._use("", Fraction(1), (Fraction(1),) * len(who), who)

    def _driver(self, weight: Weight, ratio: Fraction, who: tuple[int, ...]) -> DriverUse:
        members = [self.circle.participants[i].member for i in who]
        name = weight.driver.text
        if self._counts_twice(weight, members):
            return self._use(name, ratio, (Fraction(0),) * len(who), who)
        found = [self.words.value(weight.driver, member) for member in members]
        values = tuple(value or Fraction(0) for value in found)
        if None not in found:
            self._check_values(weight, values, members)
        made = self._use(name, ratio, values, who)
        return replace(
            made,
            origin=self.words.origin(weight.driver),
            reading=self.words.reading(weight.driver, members),
        )

    def _use(
        self,
        name: str,
        ratio: Fraction,
        values: tuple[Fraction, ...],
        who: tuple[int, ...],
    ) -> DriverUse:
        """A driver with the shares that its values make; all values 0 make no shares."""
        parts = [self.circle.participants[i].part for i in who]
        prorated = [value * part for value, part in zip(values, parts, strict=True)]
        whole = sum(values if self.carry else prorated, Fraction(0))
        shares = tuple(ratio * value / whole if whole else Fraction(0) for value in prorated)
        return DriverUse(name=name, ratio=ratio, values=values, shares=shares, whole=whole)

    def _counts_twice(self, weight: Weight, members: Sequence[Member]) -> bool:
        """The population of a 県 is the sum of its towns: one 人口割 would count people twice."""
        homes = {m.code[:2] for m in members if m.kind in PREFECTURES}
        if not any(m.kind in LOCAL and m.code[:2] in homes for m in members):
            return False
        column = next((c for c in self.words.figures(weight.driver) if c.unit in PEOPLE), None)
        if column is not None:
            self.words.findings.add(
                "W506",
                weight.source,
                f"「{weight.driver.text}」に、県とその県内の市町村が一緒に入っています。",
                why=f"県の{column.name}は市町村の合計なので、同じ人を二度数えることになります。",
                fix="県の割合を決めて、2行に分けてください。例: 「負担割合: 県に 25%」と"
                "「負担割合: 市町村に 残りを 人口割」",
            )
        return column is not None

    def _check_values(
        self, weight: Weight, values: Sequence[Fraction], members: Sequence[Member]
    ) -> None:
        name = weight.driver.text
        below = [m.name for value, m in zip(values, members, strict=True) if value < 0]
        if below:
            self.words.findings.add(
                "W505",
                weight.source,
                f"「{name}」が負の値になる団体があります（{'、'.join(below[:5])}）。",
                why="負の値では負担を分けられません。",
                fix="その団体の基礎数値か、■基準の式を直してください。",
            )
        elif self._is_fixed_table(name) and sum(values) != 1:
            self._not_whole(weight, sum(values, Fraction(0)))
        elif not any(values):
            self.words.findings.add(
                "W504",
                weight.source,
                f"「{name}」が、この行のすべての団体で0です。",
                why="分ける基準がすべて0なので、誰がいくら負担するかが決まりません。",
                fix="基礎数値を確かめるか、ほかの割り方（均等割など）に直してください。",
            )

    def _is_fixed_table(self, name: str) -> bool:
        table = self.words.scope.tables.get(stem(name))
        return isinstance(table, Coefficients) and table.percent

    def _not_whole(self, weight: Weight, whole: Fraction) -> None:
        table = self.words.scope.tables[stem(weight.driver.text)]
        self.words.findings.add(
            "W509",
            table.source,
            f"係数表「{table.name.text}」の割合の合計が 100% になっていません"
            f"（いまは {whole * 100}%）。",
            why="すべての行が%の係数表は、決まった割合の表です。参加団体の合計は、ちょうど 100% で"
            "なければなりません。",
            fix="割合を直すか、参加しない団体の行を除いてください。",
        )

    def _no_way(self, clause: Split, count: int) -> None:
        self.words.findings.add(
            "W503",
            clause.source,
            f"割り方がないのに、{count}団体が当たります。",
            why="割り方（均等割など）を書かない行は、1団体だけが負担するときの書き方です。",
            fix=f"行の終わりに割り方を書いてください。例: {_with_way(clause)}",
        )


def _with_way(clause: Split) -> str:
    return clause.source.mended(f"{clause.source.words.removesuffix('を')}を 均等割")


def ratios(weights: Sequence[Weight]) -> list[Fraction]:
    """Part of each weight: stated, or (残り, or a single weight without one) what the others leave."""
    stated = [w.ratio.value if isinstance(w.ratio, Ratio) else None for w in weights]
    left = 1 - sum((ratio for ratio in stated if ratio is not None), Fraction(0))
    return [left if ratio is None else ratio for ratio in stated]
