"""Blocks of a rule file: each ■見出し with its lines becomes one node of the rulebook."""

from apportion.core.problem import tell
from apportion.core.text import name_key
from apportion.rules import messages
from apportion.rules.book import (
    NOTIFIED,
    ON_TOP,
    UNTAXED,
    Basis,
    Bind,
    Coefficients,
    Defaults,
    Expense,
    Group,
    Settlement,
    TierTable,
    stem,
)
from apportion.rules.nodes import Arith, Clause, Name, Number
from apportion.rules.read import clauses, forms, formulas, numbers, terms, who
from apportion.rules.read.names import Lexicon, LineError, as_name
from apportion.rules.read.numbers import PERCENT
from apportion.rules.read.scan import Item, Piece
from apportion.rules.read.section import Block, choice, remark
from apportion.rules.read.terms import adjust, assertion, deduct, plan

ALL_OTHERS = "ほかの経費すべて"
TAXES = (UNTAXED, NOTIFIED, "課税10%", ON_TOP)
READINGS = ("段の値をそのまま使う", "段ごとに積み上げる")
DIFFERENCES = ("還付と追徴", "翌年度で調整", "積立金に積む")
FIGURE_TIMES = ("賦課時", "決算年度")


def block_name(block: Block) -> Name | None:
    """Name of a block that needs one."""
    title = _title(block)
    return block.attempt(title, who.name) if title else None


def defaults(block: Block) -> Defaults:
    """Read what a file head and a 経費 may both say."""
    return Defaults(
        roster=block.one("名簿", who.name),
        legal=block.all("根拠", remark),
        notes=block.all("備考", remark),
        binds=_binds(block),
        rounding=block.one("端数", terms.rounding),
        proration=block.one("途中参加", terms.proration),
        dues=block.one("納期", plan),
        unsaid=block.all("未対応", terms.unsaid),
        bounds=(*block.all("上限", terms.upper), *block.all("下限", terms.lower)),
    )


def _binds(block: Block) -> tuple[Bind, ...]:
    """基礎数値; one word of the rules cannot mean two figures."""
    binds = block.all("基礎数値", numbers.bind)
    first: dict[str, Bind] = {}
    for bind in binds:
        other = first.setdefault(stem(bind.alias.text), bind)
        if other is not bind:
            block.problems.append(messages.repeated(bind.alias.source, other.source.line))
    return tuple(first.values())


def expense(block: Block) -> Expense | None:
    """■経費."""
    names = _names(block)
    found = _clauses(block)
    read = Expense(
        names=names or (),
        clauses=found,
        own=defaults(block),
        base=block.one("対象", formulas.base),
        deducts=block.all("差し引く", deduct),
        adjusts=block.all("団体別加減", adjust),
        smoothing=block.one("平準化", terms.smoothing),
        former_names=tuple(name for line in block.all("旧名", who.former) for name in line),
        tax=block.one("課税区分", choice(*TAXES)) or TAXES[0],
        tax_source=next((i.value.source for i in block.items.get("課税区分", ())), block.source),
        assertions=block.all("検算", assertion),
        source=block.source,
    )
    # Without its names the block would rule ほかの経費すべて.
    return None if names is None else read


def basis(block: Block, name: Name) -> Basis | None:
    """■基準."""
    formula = block.need("値", formulas.basis)
    decimals = block.one("端数", terms.decimals)
    unit = block.one("単位", _unit)
    if formula is None:
        return None
    return Basis(
        name=name, formula=formula, decimals=decimals, unit=unit or "", source=block.source
    )


def tier_table(block: Block, name: Name) -> TierTable | None:
    """■段階表."""
    by = block.need("区分", who.name)
    reading = block.need("読み方", choice(*READINGS))
    rows = formulas.tiers(block)
    unit = block.one("単位", _unit)
    if not block.rows:
        block.problems.append(tell("W212.rows", block.source, block=block.title, form=forms.STEP))
    if by is None or reading is None or not rows:
        return None
    return TierTable(
        name=name,
        by=by,
        marginal=reading == READINGS[1],
        rows=rows,
        unit=unit or "",
        source=block.source,
    )


def coefficients(block: Block, name: Name) -> Coefficients | None:
    """■係数表."""
    for item in block.idle:
        _coefficient(block, item)
    rows = tuple(row for item in block.rows if (row := _coefficient(block, item)))
    unit = block.one("単位", _unit)
    if not block.rows:
        block.problems.append(
            tell("W212.rows", block.source, block=block.title, form=forms.COEFFICIENT)
        )
    if not rows:
        return None
    in_percent = all(item.value.text.endswith(PERCENT) for item in block.rows)
    return Coefficients(
        name=name,
        rows=rows,
        percent=in_percent and all(isinstance(value, Number) for _, value in rows),
        unit=unit or "",
        source=block.source,
    )


def group(block: Block, name: Name) -> Group | None:
    """■グループ."""
    members = block.need("団体", who.circle)
    lead = block.one("代表", who.name)
    if members is None:
        return None
    return Group(name=name, members=members, lead=lead, source=block.source)


def settlement(block: Block) -> Settlement | None:
    """■精算."""
    difference = block.need("差額", choice(*DIFFERENCES))
    figures = block.one("基礎数値", choice(*FIGURE_TIMES)) or FIGURE_TIMES[0]
    legal = block.all("根拠", remark)
    if difference is None:
        return None
    return Settlement(difference=difference, figures=figures, legal=legal, source=block.source)


def _title(block: Block) -> Piece | None:
    """Give what stands behind ■経費 and the like; that nothing does is noted."""
    assert block.heading is not None
    if block.heading.name.text:
        return block.heading.name
    form = forms.HEADINGS[block.kind]
    block.problems.append(tell("W217", block.source, kind=block.kind, form=form))
    return None


def _names(block: Block) -> tuple[Name, ...] | None:
    """Budget lines of a 経費: none for ほかの経費すべて, None where they cannot be read."""
    title = _title(block)
    if title and name_key(title.text) == ALL_OTHERS:
        return ()
    return block.attempt(title, _line_names) if title else None


def _clauses(block: Block) -> tuple[Clause, ...]:
    """負担割合 of a 経費; their sum is judged only where every line could be read."""
    found = block.all("負担割合", clauses.clause)
    if "負担割合" not in block.items and not block.lexicon.draft:
        block.problems.append(messages.missing(block.source, block.title, forms.SPLIT))
    elif len(found) == len(block.items.get("負担割合", ())):
        fault = clauses.fault(found)
        block.problems += [fault] if fault else []
    return found


def _line_names(piece: Piece, lexicon: Lexicon) -> tuple[Name, ...]:
    names = who.names(piece, lexicon.lines)
    for name in names:
        if name_key(name.text) == ALL_OTHERS:
            rest = [other.text for other in names if other is not name]
            raise LineError(tell("W246", name.source, names="、".join(rest)))
    return names


def _coefficient(block: Block, item: Item) -> tuple[Name, Arith] | None:
    name = block.attempt(item.key, who.name)
    value = block.attempt(item.value, formulas.row)
    return (name, value) if name and value else None


def _unit(piece: Piece, _lexicon: Lexicon) -> str:
    return as_name(piece).text
