"""Which rules changed: key by key, in the one spelling, for each 経費 that goes on and each block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.rules import spell
from apportion.rules.book import (
    UNTAXED,
    Basis,
    Coefficients,
    Defaults,
    Expense,
    Group,
    RuleFile,
    Scope,
    Settlement,
    TierTable,
)
from apportion.rules.nodes import Bound
from apportion.rules.tell.sentences import said
from apportion.why.pairing import LinePair, pairs

Said = dict[str, tuple[str, ...]]
"""Values of each key, in the one spelling."""


class RuleChange(NamedTuple):
    """A key of a block that says something else; nothing before: it came, nothing after: it went.

    `lines` are the 経費 that it rules; none: it stands in the head of a file or in a block (`block`,
    `■段階表 人口区分割`).
    """

    project: str
    lines: tuple[str, ...]
    block: str
    key: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def rule_changes(before: Outcome, after: Outcome) -> tuple[RuleChange, ...]:
    """All changes of rules: heads and blocks of each file, then the 経費 of each 事業."""
    former = {name_key(file.project.text): file for file in before.book.files}
    present = {name_key(file.project.text): file for file in after.book.files}
    lines = (result.case.line for side in (before, after) for result in side.results)
    names = {name_key(line.project): line.project for line in lines}
    found = [
        change._replace(project=names.get(key, change.project))
        for key in dict.fromkeys((*present, *former))
        for change in _of_file(former.get(key), present.get(key))
    ]
    paired = pairs(before.results, after.results)
    by_project = grouped((c.project, c) for pair in paired for c in _of_pair(pair, before, after))
    return (*found, *(change for own in by_project.values() for change in _together(own)))


def expense_changes(pair: LinePair, before: Outcome, after: Outcome) -> tuple[RuleChange, ...]:
    """What changed in the rules of one 経費, wherever it is said (名簿, 端数 … of the head too)."""
    if not pair.one_to_one or pair.after is None:
        return ()
    sides = ((before, pair.before[0].case), (after, pair.after.case))
    texts = [_effective(case.expense, outcome.book.scope(case.file)) for outcome, case in sides]
    line = pair.after.case.line
    found = _differences(*texts)
    return tuple(RuleChange(line.project, (line.name,), "", *change) for change in found)


def block_changes(before: Scope, after: Scope, project: str) -> tuple[RuleChange, ...]:
    """What changed in the ■ blocks that a rule can reach."""
    found = _differences_of_blocks(blocks_of(before.files), blocks_of(after.files))
    return tuple(RuleChange(project, (), block, *change) for block, change in found)


def _of_file(before: RuleFile | None, after: RuleFile | None) -> Iterator[RuleChange]:
    file = after or before
    assert file is not None
    heads = [_head(side) if side else {} for side in (before, after)]
    blocks = [blocks_of([side]) if side else {} for side in (before, after)]
    project = file.project.text
    if before and after:
        for change in _differences(*heads):
            yield RuleChange(project, (), "", *change)
    for block, change in _differences_of_blocks(*blocks):
        yield RuleChange(project, (), block, *change)


def _of_pair(pair: LinePair, before: Outcome, after: Outcome) -> Iterator[RuleChange]:
    """Changes of a 経費; what only its head says otherwise is told there."""
    cases = [result.case for result in (*pair.before, pair.after) if result]
    if not pair.one_to_one or not all(case.expense.clauses for case in cases):
        yield from _one_sided(pair)
        return
    own = {key for case in cases for key in _own(case.expense)}
    yield from (c for c in expense_changes(pair, before, after) if c.key in own)


def _one_sided(pair: LinePair) -> Iterator[RuleChange]:
    """The rule of a line that came or went; one of 0円 may have none."""
    for result in pair.before:
        line = result.case.line
        for key, texts in _own(result.case.expense).items():
            yield RuleChange(line.project, (line.name,), "", key, texts, ())
    if pair.after:
        line = pair.after.case.line
        for key, texts in _own(pair.after.case.expense).items():
            yield RuleChange(line.project, (line.name,), "", key, (), texts)


def _together(found: Sequence[RuleChange]) -> Iterator[RuleChange]:
    """One change for all 経費 of a 事業 that share it."""
    for own in grouped((change._replace(lines=()), change) for change in found).values():
        yield own[0]._replace(lines=tuple(line for change in own for line in change.lines))


Change = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A key, and what it said before and says after."""


def _differences(before: Said, after: Said) -> Iterator[Change]:
    for key in dict.fromkeys((*after, *before)):
        if before.get(key, ()) != after.get(key, ()):
            yield key, before.get(key, ()), after.get(key, ())


def _differences_of_blocks(
    before: Mapping[str, Said], after: Mapping[str, Said]
) -> Iterator[tuple[str, Change]]:
    for block in dict.fromkeys((*after, *before)):
        for change in _differences(before.get(block, {}), after.get(block, {})):
            yield block, change


def _kept(texts: Mapping[str, Sequence[str]]) -> Said:
    return {key: tuple(own) for key, own in texts.items() if own}


def _defaults(own: Defaults) -> Said:
    return _kept(
        {
            "名簿": [said(spell.name(own.roster))] if own.roster else [],
            "基礎数値": [said(spell.bind(bind)) for bind in own.binds],
            **_bounds(own.bounds),
            "端数": [said(spell.rounding(own.rounding))] if own.rounding else [],
            "途中参加": [said(spell.proration(own.proration))] if own.proration else [],
            "納期": [said(spell.plan(own.dues))] if own.dues else [],
            "根拠": [remark.text for remark in own.legal],
            "未対応": [spell.unsaid(clause) for clause in own.unsaid],
        }
    )


def _bounds(bounds: Sequence[Bound]) -> dict[str, list[str]]:
    return {
        "上限": [said(spell.bound(bound)) for bound in bounds if bound.upper],
        "下限": [said(spell.bound(bound)) for bound in bounds if not bound.upper],
    }


def _own(expense: Expense) -> Said:
    return _kept(
        {
            "対象": [said(spell.formula(expense.base))] if expense.base else [],
            "差し引く": [said(spell.deduct(deduct)) for deduct in expense.deducts],
            "負担割合": [said(spell.clause(clause)) for clause in expense.clauses],
            "団体別加減": [said(spell.adjust(adjust)) for adjust in expense.adjusts],
            "平準化": [said(spell.smoothing(expense.smoothing))] if expense.smoothing else [],
            "課税区分": [expense.tax] if expense.tax != UNTAXED else [],
            **_defaults(expense.own),
        }
    )


def _effective(expense: Expense, scope: Scope) -> Said:
    """What holds for a 経費, said by itself or by a head."""
    roster, dues, proration = scope.roster(expense), scope.dues(expense), scope.proration(expense)
    general = Defaults(
        roster=roster,
        legal=scope.legal(expense),
        binds=scope.binds(expense),
        rounding=scope.rounding(expense),
        proration=proration,
        dues=dues,
        bounds=expense.own.bounds,
    )
    # A 端数 that nobody wrote has no words of its own.
    written = general.rounding is not None and bool(general.rounding.source.text)
    own = general if written else replace(general, rounding=None)
    return {**_own(expense), **_defaults(own)}


def _head(file: RuleFile) -> Said:
    rounding = file.due_rounding
    return {
        "状態": (file.state,),
        **_defaults(file.head),
        **_kept(
            {
                "会計": [file.account.text] if file.account else [],
                "期割の端数": [said(spell.due_rounding(rounding))] if rounding else [],
                "休日": [file.holiday] if file.holiday else [],
            }
        ),
    }


def blocks_of(files: Sequence[RuleFile]) -> dict[str, Said]:
    """Blocks other than ■経費 and ■請求書, by heading."""
    found: dict[str, Said] = {}
    for file in files:
        for basis in file.bases:
            found[f"■基準 {basis.name.text}"] = _basis(basis)
        for tiers in file.tiers:
            found[f"■段階表 {tiers.name.text}"] = _tiers(tiers)
        for table in file.coefficients:
            found[f"■係数表 {table.name.text}"] = _coefficients(table)
        for group in file.groups:
            found[f"■グループ {group.name.text}"] = _group(group)
        if file.settlement:
            found["■精算"] = _settlement(file.settlement)
    return found


def _basis(block: Basis) -> Said:
    decimals = block.decimals
    return _kept(
        {
            "値": [said(spell.value(block.formula))],
            "端数": [said(spell.decimals(decimals))] if decimals else [],
            "単位": [block.unit] if block.unit else [],
        }
    )


def _tiers(block: TierTable) -> Said:
    rows = {
        spell.measure(spell.words(row.source)): [said(spell.formula(row.value))]
        for row in block.rows
    }
    reading = "段ごとに積み上げる" if block.marginal else "段の値をそのまま使う"
    return _kept({"区分": [said(spell.name(block.by))], "読み方": [reading], **rows})


def _coefficients(block: Coefficients) -> Said:
    return {said(spell.name(name)): (said(spell.formula(value)),) for name, value in block.rows}


def _group(block: Group) -> Said:
    lead = [said(spell.name(block.lead))] if block.lead else []
    return _kept({"団体": [said(spell.who(block.members))], "代表": lead})


def _settlement(block: Settlement) -> Said:
    return _kept({"差額": [block.difference], "基礎数値": [block.figures] if block.figures else []})
