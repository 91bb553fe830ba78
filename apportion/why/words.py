"""Changes in sentences: one thought each, true by itself, for the screen and for every paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from apportion.allocate.case import Case, LineResult
from apportion.core.model import FigureColumn, Member, total
from apportion.core.numbers import money
from apportion.core.problem import Findings, Source
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.explain.steps import number, period
from apportion.outcome.outcome import Outcome
from apportion.rules import spell
from apportion.rules.book import Scope
from apportion.rules.nodes import Name
from apportion.rules.tell.sentences import said
from apportion.why.difference import Cause, Diff, LineChange, summed_causes
from apportion.why.rule_changes import (
    RuleChange,
    block_changes,
    blocks_of,
    expense_changes,
    rule_changes,
)
from apportion.why.switches import CauseKind, Ingredients, Mixture

_SHOWN = 6
"""Bodies that a sentence names."""
_FIGURES = {CauseKind.OWN_FIGURE, CauseKind.OTHER_FIGURES}


def signed(yen: int) -> str:
    """`+1,234円`, `△1,234円`, `0円`."""
    return f"+{yen:,}円" if yen > 0 else money(yen)


def rate(yen: int, before: int) -> str:
    """`+12.7%`: a change as a part of what was; empty where nothing was."""
    if before <= 0:
        return ""
    tenths = _half_up(Fraction(abs(yen) * 1000, before))
    sign = "+" if yen > 0 else "△" if yen < 0 else ""
    return f"{sign}{tenths // 10:,}.{tenths % 10}%"


def fixed(value: Fraction, digits: int) -> str:
    """`23.50`: a figure that is only looked at, to so many decimals."""
    scaled = _half_up(abs(value) * 10**digits)
    whole, part = divmod(scaled, 10**digits)
    return f"{'△' if value < 0 and scaled else ''}{whole:,}.{part:0{digits}d}"


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def named(kinds: Sequence[CauseKind]) -> str:
    """`予算額`, `規則と数値`: what a cause is called."""
    names = [kind.value for kind in kinds if kind not in _FIGURES]
    figures = [kind for kind in kinds if kind in _FIGURES]
    both = ["数値"] if len(figures) == len(_FIGURES) else [kind.value for kind in figures]
    return "と".join([*names, *both])


def label(outcome: Outcome) -> str:
    """`令和7年度`, `令和7年度 補正予算（第1号）のあと`."""
    after = f" {outcome.edition.label}のあと" if outcome.edition else ""
    return f"{outcome.year.label}{after}"


class Reasons:
    """Why an amount changed, in sentences with the facts that changed."""

    def __init__(self, diff: Diff) -> None:
        self._diff = diff
        self._tell: Mapping[CauseKind, Callable[[LineChange, Mixture], Iterator[str]]] = {
            CauseKind.BUDGET: self._budget,
            CauseKind.REVISION: self._revision,
            CauseKind.BODIES: self._bodies,
            CauseKind.PART_YEAR: self._part_year,
            CauseKind.OWN_FIGURE: self._own_figure,
            CauseKind.OTHER_FIGURES: self._other_figures,
            CauseKind.RULE: self._rule,
        }

    def of(self, change: LineChange, cause: Cause) -> tuple[str, ...]:
        """Sentences of one cause of a change."""
        kind = cause.kinds[0]
        mixture = self._diff.mixture(change)
        if kind is CauseKind.MOVED:
            return (self._moved(change),)
        if mixture is None:
            return (self._whole(kind), *self._held(change))
        if kind is CauseKind.ROUNDING:
            return (_ROUNDED,)
        facts = [s for kind in cause.kinds for s in self._tell[kind](change, mixture)]
        several = len({_group(kind) for kind in cause.kinds}) > 1
        return (*facts, *([_TOGETHER] if several else []))

    def _whole(self, kind: CauseKind) -> str:
        after, before = self._diff.after, self._diff.before
        if kind is CauseKind.NEW:
            return f"{label(before)}にはなかった経費です。"
        if kind is CauseKind.GONE:
            return f"{label(after)}にはない経費です。"
        return "事業の負担金の合計に掛かる上限・下限による調整が変わりました。"

    def _moved(self, change: LineChange) -> str:
        pair = change.pair
        if pair.after is None:
            return "この経費は組み替えられ、ほかの経費に引き継がれました。"
        own = name_key(change.project)
        from_ = "、".join(f"「{_project(r, own)}{r.case.line.name}」" for r in pair.before)
        former = total(
            result.yen[p] for result in pair.before for p in _places(result, change.member)
        )
        return f"{from_}（この団体の負担金 {money(former)}）からの組替えです。"

    def _budget(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        before, after = mixture.before.money, mixture.after.money
        if before.first != after.first:
            yield f"予算額が{_yen(before.first)}から{_yen(after.first)}になりました。"
        for key in dict.fromkeys((*after.columns, *before.columns)):
            was, now = before.columns.get(key), after.columns.get(key)
            if was != now and self._counts(change, key):
                yield f"{key}が{_yen(was)}から{_yen(now)}になりました。"

    def _counts(self, change: LineChange, key: str) -> bool:
        """Whether a column of the budget is used by a rule of the line."""
        cases = [*(result.case for result in change.pair.before)]
        cases += [change.pair.after.case] if change.pair.after else []
        return any(_names_column(case, key) for case in cases)

    def _revision(self, _change: LineChange, mixture: Mixture) -> Iterator[str]:
        before, after = mixture.before.money, mixture.after.money
        if before.added != after.added:
            yield f"補正の額が{money(before.added)}から{money(after.added)}になりました。"
        keys = dict.fromkeys((*after.columns_added, *before.columns_added))
        for key in keys:
            was, now = (side.columns_added.get(key, 0) for side in (before, after))
            if was != now:
                yield f"{key}の補正の額が{money(was)}から{money(now)}になりました。"

    def _bodies(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        before, after = mixture.before.parts, mixture.after.parts
        came, went = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
        heirs = mixture.after.heirs
        merged = [code for code in went if heirs.get(code) in after]
        yield from self._merged(merged, heirs)
        grown = {heirs[code] for code in merged}
        joined = [self._member(code) for code in came if code not in grown]
        left = [self._member(code) for code in went if code not in merged]
        own = change.member.code
        for found, verb in ((joined, "加わりました"), (left, "抜けました")):
            if not found:
                continue
            itself = any(member.code == own for member in found)
            others = [member for member in found if member.code != own]
            if itself:
                also = f"（{_names(others)}も）" if others else ""
                yield f"{change.member.name}がこの経費の参加団体{_PARTICLE[verb]}{verb}{also}。"
            else:
                yield f"{_names(found)}が{verb}。"
        yield f"参加団体は{len(before)}団体から{len(after)}団体になりました。"

    def _merged(self, former: Sequence[str], heirs: Mapping[str, str]) -> Iterator[str]:
        for heir, own in grouped((heirs[code], code) for code in former).items():
            names = "、".join(self._member(code).name for code in own)
            yield f"{names}は、{self._member(heir).name}に引き継がれました。"

    def _part_year(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        before, after = mixture.before, mixture.after
        codes = sorted({*before.parts, *after.parts})
        parts = [(code, before.parts.get(code), after.parts.get(code)) for code in codes]
        changed = [own for own in parts if (own[1] or 1) != (own[2] or 1)]
        for _, was, now in (own for own in changed if own[0] == change.member.code):
            yield _period(change.member.name, was, now)
        others = [code for code, *_ in changed if code != change.member.code]
        if others:
            names = _names([self._member(code) for code in others])
            yield f"年度の途中の参加の期間が変わりました（{names}）。"
        if before.carry != after.carry:
            yield "年度の途中の参加で減った分の扱いが変わりました。"

    def _own_figure(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        code = change.member.code
        for name, was, now in self._figures(mixture, lambda c: c == code):
            yield f"{change.member.name}の{name}が、{was}から{now}になりました。"

    def _other_figures(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        code = change.member.code
        for name, was, now in self._figures(mixture, lambda c: c != code):
            yield f"ほかの参加団体の{name}の計が、{was}から{now}になりました。"

    def _figures(
        self, mixture: Mixture, wanted: Callable[[str], bool]
    ) -> Iterator[tuple[str, str, str]]:
        """Figures of some bodies on both sides, those that take part on both added up."""
        sides = (mixture.before, mixture.after)
        columns = [dict(side.case.figures) for side in sides]
        for key in dict.fromkeys((*columns[1], *columns[0])):
            sums = [_sum(side, key, wanted) for side in sides]
            if sums[0] != sums[1] or None in sums:
                used = [own.get(key) for own in columns]
                name = next(column.name for column in reversed(used) if column)
                dated = _dated(used)
                yield name, _figure(sums[0], dated[0]), _figure(sums[1], dated[1])

    def _rule(self, change: LineChange, mixture: Mixture) -> Iterator[str]:
        before, after = self._diff.before, self._diff.after
        exactly = [c for c in expense_changes(change.pair, before, after) if c.key in _EXACT]
        yield from map(key_change, exactly)
        blocks = block_changes(mixture.before.scope, mixture.after.scope, change.project)
        used = _whole_blocks([c for c in blocks if _speaks_of(mixture, c)], mixture)
        yield from map(block_change, used)
        if not exactly and not used:
            yield "規則の文は同じで、上限・下限のもとになる前年度の額が変わりました。"
        yield from self._held(change)

    def _held(self, change: LineChange) -> Iterator[str]:
        """What 上限 and 下限 took off or added on each side."""
        pair = change.pair
        for when, results in (("前", pair.before), ("後", (pair.after,))):
            for result in (own for own in results if own):
                for position in _places(result, change.member):
                    yield from _bound_words(when, result, position)

    def _member(self, code: str) -> Member:
        known = self._diff.after.tables.by_code
        return known[code] if code in known else self._diff.before.tables.by_code[code]


_ROUNDED = "正確な額と、円にそろえた負担金との差が変わりました。"
_TOGETHER = "片方だけを変えた計算はできない（規則が、前か後のどちらかにしかない団体や数値を使う）ので、合わせた額です。"
_PARTICLE = {"加わりました": "に", "抜けました": "から"}
_EXACT = {"対象", "差し引く", "負担割合", "団体別加減", "上限", "下限"}
"""Keys of a rule that exact amounts follow from."""


def _group(kind: CauseKind) -> object:
    """Own and others' figures are one thing to a reader."""
    return "数値" if kind in _FIGURES else kind


def key_change(change: RuleChange) -> str:
    """`負担割合が「均等割」から「人口割」に変わりました。`."""
    was, now = ("、".join(f"「{text}」" for text in side) for side in (change.before, change.after))
    if not was:
        return f"{change.key}{now}が加わりました。"
    if not now:
        return f"{change.key}{was}がなくなりました。"
    return f"{change.key}が{was}から{now}に変わりました。"


def block_change(change: RuleChange) -> str:
    """`■グループ 新規団体が加わりました。`, or which of its lines says something else."""
    if change.key:
        return f"{change.block}の{key_change(change)}"
    return f"{change.block}が{'加わりました' if change.after else 'なくなりました'}。"


def _whole_blocks(changes: Sequence[RuleChange], mixture: Mixture) -> list[RuleChange]:
    """Changes of blocks; one that came or went is a single change without a key."""
    here = [_headings(side.scope) for side in (mixture.before, mixture.after)]
    found: dict[tuple[str, str], RuleChange] = {}
    for change in changes:
        was, now = (change.block in headings for headings in here)
        key = change.key if was and now else ""
        one = change if key else change._replace(key="", before=(), after=("",) if now else ())
        found[change.block, key] = one
    return list(found.values())


def _headings(scope: Scope) -> set[str]:
    return set(blocks_of(scope.files))


def _bound_words(when: str, result: LineResult, position: int) -> Iterator[str]:
    if not result.held:
        return
    effect = result.shares.exact(position) - result.free.exact(position)
    own = next((held for held in result.held if held.position == position), None)
    about = f"{'' if effect.denominator == 1 else '約'}{money(abs(int(effect)))}"
    side_of = "少ない" if effect < 0 else "多い"
    if own:
        kind = "上限" if own.bound.upper else "下限"
        limit = f"{said(spell.limit(own.bound))}、{money(int(own.limit))}"
        yield f"{when}は{kind}（{limit}）で止まり、{kind}がないときより{about}{side_of}額です。"
    elif effect:
        yield f"{when}は、上限・下限で止まった団体の分を割り直したため、それがないときより{about}{side_of}額です。"


def short(changes: Sequence[LineChange], before: str) -> tuple[str, ...]:
    """Two sentences for a paper of one body: how much more or less it is, and mostly why."""
    paid, yen = sum(own.before for own in changes), sum(own.yen for own in changes)
    if not yen:
        return (f"{before}と同じ額です。",)
    verb = "増えました" if yen > 0 else "減りました"
    part = rate(abs(yen), paid).removeprefix("+")
    told = f"{before}より{money(abs(yen))}{f'（{part}）' if part else ''}{verb}。"
    largest = "、".join(
        f"{named(c.kinds)} {signed(c.yen)}" for c in summed_causes(changes)[:_MOSTLY]
    )
    return told, f"おもな理由は、{largest}です。"


_MOSTLY = 3


def remarks(diff: Diff | None) -> dict[str, tuple[str, ...]]:
    """Sentences for the paper of each body, by 団体コード; none where nothing is compared."""
    if diff is None:
        return {}
    before = label(diff.before)
    return {code: short(own, before) for code, own in diff.by_member.items()}


def perhaps_renamed(changes: Sequence[LineChange]) -> str:
    """How lines that only have another name can be matched; empty where none came or none went."""
    kinds = {kind for change in changes for cause in change.causes for kind in cause.kinds}
    if not {CauseKind.NEW, CauseKind.GONE} <= kinds:
        return ""
    return "名前だけが変わった経費は、規則の■経費に「旧名」を書くと、廃止と新規でなく、理由に分けて示されます。"


def differences(diff: Diff) -> Iterator[str]:
    """What is other between two outcomes, before any amount: rules, budget, who takes part, figures."""
    for change in rule_changes(diff.before, diff.after):
        where = (
            f"（{'、'.join(change.lines)}）"
            if change.lines
            else f" {change.block}"
            if change.block
            else ""
        )
        yield f"{change.project}{where}: {key_change(change)}"
    for mixture in diff.mixtures.values():
        was, now = mixture.before.case.line.amount, mixture.after.case.line.amount
        if was != now:
            line = mixture.after.case.line
            yield f"{line.project}（{line.name}）: 予算額が{_yen(was)}から{_yen(now)}になります。"
    yield from _rosters(diff)
    yield from _other_values(diff)


def _rosters(diff: Diff) -> Iterator[str]:
    tables, former = diff.after.tables, diff.before.tables.roster_by_name
    for key, column in tables.roster_by_name.items():
        was = former[key].entries if key in former else {}
        joined = [tables.by_code[c] for c in column.entries if c not in was]
        left = [tables.by_code[c] for c in was if c not in column.entries]
        dated = [tables.by_code[c] for c, e in column.entries.items() if c in was and was[c] != e]
        for members, verb in (
            (joined, "加わります"),
            (left, "抜けます"),
            (dated, "参加する期間が変わります"),
        ):
            if members:
                particle = "に" if verb == "加わります" else "から" if verb == "抜けます" else "で"
                yield f"名簿「{column.name}」{particle}、{_names(members)}が{verb}。"


def _other_values(diff: Diff) -> Iterator[str]:
    tables = diff.after.tables
    former = {(name_key(c.name), c.as_of): c for c in diff.before.tables.figures}
    for column in tables.figures:
        was = former.get((name_key(column.name), column.as_of))
        if was is None:
            yield f"基礎数値「{column.name}」が加わります。"
            continue
        changed = [c for c, v in column.values.items() if was.values.get(c) != v]
        if changed:
            names = _names([tables.by_code[code] for code in changed])
            yield f"基礎数値「{column.name}」が変わります（{names}）。"


def _project(result: LineResult, own: str) -> str:
    project = result.case.line.project
    return "" if name_key(project) == own else f"{project} "


def _places(result: LineResult, member: Member) -> list[int]:
    position = result.position_of.get(member.code)
    return [] if position is None else [position]


def _names_column(case: Case, key: str) -> bool:
    expense = case.expense
    texts = [expense.base.source.text if expense.base else ""]
    texts += [deduct.source.text for deduct in expense.deducts]
    figures = {figure for figure, _ in case.figures}
    return key in figures or any(key in name_key(text) for text in texts)


def _yen(amount: int | None) -> str:
    return "空欄" if amount is None else money(amount)


def _names(members: Sequence[Member]) -> str:
    names = [member.name for member in members]
    if len(names) <= _SHOWN:
        return "、".join(names)
    return "、".join(names[:_SHOWN]) + f"など{len(names)}団体"


def _period(name: str, was: Fraction | None, now: Fraction | None) -> str:
    """How much of the year a body takes part; None: not at all."""
    if was is None:
        return f"{name}の参加は、1年のうち{_part(now)}です。"
    if now is None:
        return f"{name}の前の参加は、1年のうち{_part(was)}でした。"
    return f"{name}の参加する期間が、1年のうち{_part(was)}から{_part(now)}になりました。"


def _part(part: Fraction | None) -> str:
    return "全部" if part in {None, 1} else period(part or Fraction(1))


def _sum(side: Ingredients, key: str, wanted: Callable[[str], bool]) -> Fraction | None:
    """A figure of the bodies wanted that take part, added up; None where it is not known."""
    figures = side.figures(Findings())
    name = Name(key, Source())
    if figures.find(name) is None:
        return None
    members = [p.member for p in side.case.participants if wanted(p.member.code)]
    values = [figures.value(name, member) for member in members]
    return sum((value for value in values if value is not None), Fraction(0)) if values else None


def _dated(used: Sequence[FigureColumn | None]) -> list[tuple[str, str]]:
    """Unit of each column, and its date where the two are of different ones."""
    dates = {column.as_of for column in used if column}
    return [
        ("", "") if column is None else (column.unit, column.as_of if len(dates) > 1 else "")
        for column in used
    ]


def _figure(value: Fraction | None, column: tuple[str, str]) -> str:
    unit, date = column
    if value is None:
        return "なし"
    return number(value, unit) + (f"（{date}）" if date else "")


def _speaks_of(mixture: Mixture, change: RuleChange) -> bool:
    """Whether a rule of the line names a block."""
    name = change.block.partition(" ")[2]
    stem = name.removesuffix("割")
    texts = [
        clause.source.text
        for side in (mixture.before, mixture.after)
        for clause in side.case.expense.clauses
    ]
    return bool(name) and any(stem in text for text in texts)
