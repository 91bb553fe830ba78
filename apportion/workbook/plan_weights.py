"""Columns of 指標一覧 that hold weights, and what single members owe beside the sharing.

Lines that weigh their members alike have one column of weights together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import LineResult
from apportion.workbook.plan_columns import Column, Columns, Number
from apportion.workbook.plan_figures import uses
from apportion.workbook.plan_mix import Linear, Mix, linear
from apportion.workbook.plan_sharing import MOST_WEIGHT, Sharing
from apportion.workbook.refs import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One 経費 whose amounts are formulas; without `mix` its weights are shown as values."""

    number: int
    result: LineResult
    sharing: Sharing
    mix: Mix | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Columns of facts: figures by number of the 経費, attendance by its cells."""

    figures: Mapping[int, Column]
    attendances: Mapping[tuple[int, ...], Column]


def weight_columns(columns: Columns, shared: Sequence[Shared], facts: Facts) -> dict[int, Column]:
    """Column of weights of each 経費, by its number; plain 均等割 has that of 参加."""
    recipes = {line.number: _recipe(line, facts) for line in shared}
    groups: dict[tuple[int, ...], list[Shared]] = {}
    for line in shared:
        recipe = recipes[line.number]
        weights = recipe.weights if recipe else line.sharing.weights
        groups.setdefault(weights, []).append(line)
    found: dict[int, Column] = {}
    count = 0
    for weights, lines in groups.items():
        column = facts.attendances.get(weights)
        if column is None:
            count += 1
            column = _weights(columns, count, lines, facts, recipes[lines[0].number])
        found |= dict.fromkeys((line.number for line in lines), column)
    return found


def apart_columns(columns: Columns, shared: Sequence[Shared]) -> dict[int, Column]:
    """Yen that each member owes beside the sharing, by number of the 経費; only where there are."""
    found = {}
    for line in shared:
        if any(line.sharing.apart):
            own = columns.new(f"個別{line.number}", "個別に決まる額\n（円）", uses([line.number]))
            found[line.number] = columns.fill(own, line.sharing.apart)
    return found


def _recipe(line: Shared, facts: Facts) -> Linear | None:
    """Formula of the weights, where there is one that stays exact."""
    figure = facts.figures.get(line.number)
    if line.mix is None or figure is None:
        return None
    found = linear(line.mix, figure.values)
    return found if sum(found.weights) < MOST_WEIGHT else None


def _weights(
    columns: Columns, count: int, lines: Sequence[Shared], facts: Facts, recipe: Linear | None
) -> Column:
    name, note = f"重み{count}", uses(line.number for line in lines)
    mix = lines[0].mix
    if recipe is None or mix is None:
        own = columns.new(name, "重み（値）", note)
        return columns.fill(own, lines[0].sharing.weights)
    figure, attendance = facts.figures[lines[0].number], facts.attendances[mix.attendance]
    own = columns.new(name, _label(mix), note, _constants(recipe, attendance, figure))
    formulas = (
        f"={attendance.at(i)}*({own.first}+{own.second}*{figure.at(i)})"
        for i in range(len(recipe.weights))
    )
    return columns.fill(own, map(Live, formulas, recipe.weights))


def _constants(recipe: Linear, attendance: Column, figure: Column) -> tuple[Number, Number]:
    """定数1 and 定数2 of the formula at the head of `plan_mix`."""
    if not recipe.a:
        return recipe.constants
    below = f"/{recipe.common}" if recipe.common > 1 else ""
    people = f"SUMPRODUCT({attendance.name},{figure.name})"
    first, second = recipe.constants
    return (
        Live(f"={recipe.a}*{people}{below}", first),
        Live(f"={recipe.b}*SUM({attendance.name}){below}", second),
    )


def _label(mix: Mix) -> str:
    assert mix.figure is not None
    equal = f"均等割 {_percent(mix.equal)}\n" if mix.equal else ""
    return f"{equal}{mix.figure.name} {_percent(mix.figure.ratio)}"


def _percent(ratio: Fraction) -> str:
    hundredths = ratio * 100
    return f"{hundredths}%" if hundredths.denominator == 1 else str(ratio)
