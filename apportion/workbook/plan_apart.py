"""What single members owe beside the sharing: columns of 指標一覧.

Where the rule gives a member a percentage of 対象額 (`県に 25%`), the cell is that formula; what a
bound or a fixed amount gives is a value, and the column says so.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from apportion.allocate.case import LineResult
from apportion.rulebook import Ratio, Split
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_figures import uses
from apportion.workbook.plan_layout import Line
from apportion.workbook.plan_weights import Shared

_MOST = 10**15
"""Product up to which a cell holds every digit."""


def apart_columns(
    columns: Columns, shared: Sequence[Shared], lines: Mapping[int, Line], codes: Sequence[str]
) -> dict[int, Column]:
    """Yen that each member owes beside the sharing, by number of the 経費; only where there are."""
    found = {}
    for line in shared:
        aparts = line.sharing.apart
        if any(aparts):
            live = {
                place: formula
                for place, code in enumerate(codes)
                if aparts[place] and (formula := _formula(lines[line.number], code, aparts[place]))
            }
            note = uses([line.number]) + _why(line.result, len(live), sum(map(bool, aparts)))
            texts = ("個別に決まる額\n（円）", note)
            found[line.number] = columns.add(f"個別{line.number}", texts, aparts, singles=live)
    return found


def _formula(line: Line, code: str, apart: int) -> str:
    """`=INT('内訳'!$E$6*25/100)`, with 団体別加減; empty where the amount is no percentage."""
    result = line.result
    ratio, position = _ratio(result, code), result.position_of[code]
    adjusted = sum(adjustment.yen[position] for adjustment in result.case.adjustments)
    if ratio is None or result.base * ratio != apart - adjusted:
        return ""
    over = 100 if (ratio * 100).denominator == 1 else ratio.denominator
    if result.base * ratio * over >= _MOST:
        return ""
    more = f"{adjusted:+d}" if adjusted else ""
    return f"=INT({line.base}*{ratio * over}/{over}){more}"


def _ratio(result: LineResult, code: str) -> Fraction | None:
    """Part of 対象額 that the rule gives a member alone; None where it says something else."""
    position = result.position_of[code]
    parts = [part for part in result.case.parts if part.amount and position in part.who]
    ratios = [
        part.clause.share.value
        for part in parts
        if isinstance(part.clause, Split) and isinstance(part.clause.share, Ratio)
    ]
    return sum(ratios, Fraction(0)) if parts and len(ratios) == len(parts) else None


def _why(result: LineResult, live: int, whole: int) -> str:
    """Why the column has values; nothing where all of it is live."""
    if live == whole:
        return ""
    return "\n値（上限・下限で決まる額）" if result.held else "\n値（定額・加減など）"
