"""Lines of 単価方式: amounts that come from the member's own figures, in yen and exact."""

from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Participant, Reading
from apportion.allocate.rounding import cut
from apportion.allocate.who import Circle
from apportion.allocate.words import Words
from apportion.model import Member
from apportion.rulebook import Flat, Name, OwnValue, PerUnit, RateOf

YEN = "円"

UnitClause = Flat | PerUnit | RateOf | OwnValue


@dataclass(frozen=True, slots=True)
class Quantities:
    """Amounts of ずつ, につき, の% and の額 lines."""

    circle: Circle
    words: Words

    def amounts(self, clause: UnitClause, who: tuple[int, ...]) -> list[Fraction]:
        """Exact yen of each member of `who`, prorated."""
        self._check_unit(clause)
        participants = [self.circle.participants[i] for i in who]
        return [self._amount(clause, participant) for participant in participants]

    def reading(self, clause: UnitClause, who: tuple[int, ...]) -> Reading | None:
        """The figure that the amounts come from; None where the rule itself says them (ずつ)."""
        if isinstance(clause, Flat):
            return None
        members = [self.circle.participants[i].member for i in who]
        return self.words.reading(clause.figure, members)

    def _amount(self, clause: UnitClause, participant: Participant) -> Fraction:
        return participant.part * self._whole_year(clause, participant.member)

    def _whole_year(self, clause: UnitClause, member: Member) -> Fraction:
        if isinstance(clause, Flat):
            return clause.amount.yen
        value = self.words.value(clause.figure, member) or Fraction(0)
        if isinstance(clause, RateOf):
            return value * clause.ratio.value
        if isinstance(clause, OwnValue):
            return value
        units = value / clause.size
        if clause.cut is not None:
            units = Fraction(cut(units.numerator, units.denominator, clause.cut))
        return units * clause.price.yen

    def _check_unit(self, clause: UnitClause) -> None:
        if isinstance(clause, Flat):
            return
        wanted = clause.counter if isinstance(clause, PerUnit) else YEN
        unit = self.words.unit(clause.figure)
        if unit is not None and unit != wanted:
            self._wrong_unit(clause.figure, unit, wanted)

    def _wrong_unit(self, name: Name, unit: str, wanted: str) -> None:
        self.words.findings.add(
            "W507",
            name.source,
            f"「{name.text}」の単位は{f'「{unit}」' if unit else '決まっていません'}が、"
            f"この行は「{wanted}」として使っています。",
            why="単位が違うと、金額が何倍にもなります。",
            fix=f"この行の単位を「{unit}」に直してください。"
            if unit and wanted != YEN
            else "金額の列（円、千円）を使うか、■基準などに「単位: 円」と書いてください。",
        )
