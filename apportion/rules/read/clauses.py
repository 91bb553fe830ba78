"""負担割合: how the money of a 経費 is shared, clause by clause."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from apportion.core.numbers import percent
from apportion.core.problem import Problem, Source, tell
from apportion.rules import messages
from apportion.rules.book import stem
from apportion.rules.nodes import (
    Clause,
    Flat,
    Mode,
    Money,
    Name,
    OwnValue,
    PerUnit,
    RateOf,
    Ratio,
    Reckoned,
    Rest,
    SameAs,
    Share,
    Split,
    Weight,
    Who,
)
from apportion.rules.read import forms, formulas, numbers
from apportion.rules.read.names import Cursor, Lexicon, LineError, as_name
from apportion.rules.read.numbers import (
    BEFORE,
    NUMBER,
    QUANTITY,
    amount,
    digits_ahead,
    quantity,
    ratio,
)
from apportion.rules.read.scan import Piece
from apportion.rules.read.who import SHARE_FIRST, circle, payers


def fault(clauses: Sequence[Clause]) -> Problem | None:
    """Say what is wrong with the sum of the lines; None where nothing is.

    Where amounts are named as well, only the budget can tell whether all is shared out; then the
    percentages alone must not exceed 100%.
    """
    splits = [clause for clause in clauses if isinstance(clause, Split)]
    rests = [split.share for split in splits if isinstance(split.share, Rest)]
    parts = [part for split in splits if (part := _part(split)) is not None]
    total = sum((part.value for part in parts), Fraction(0))
    if rests:
        return _fault_of_rests(clauses, rests, total)
    amounts = len(parts) < len(clauses)
    if total == 1 or not parts or (amounts and total < 1):
        return None
    last = next(split for split in reversed(splits) if _part(split) is not None)
    return _wrong_sum(last, parts, total)


def _part(split: Split) -> Ratio | None:
    """Percentage of a line; a line without a share takes all."""
    if split.share is None:
        return Ratio(Fraction(1), split.source)
    return split.share if isinstance(split.share, Ratio) else None


def _fault_of_rests(
    clauses: Sequence[Clause], rests: Sequence[Rest], total: Fraction
) -> Problem | None:
    early = _early_rest(clauses)
    if early is not None:
        return tell("W238.below", early)
    last = rests[-1]
    if len(rests) > 1 and any(rest.part == 1 for rest in rests):
        return tell("W237.lines", last.source)
    before = sum((rest.part for rest in rests[:-1]), Fraction(0))
    if before + last.part != 1:
        mend = messages.rest_of_mend(last.source, before)
        return messages.sum_of_shares(last.source, rests, mend, of="残りの")
    return tell("W240", last.source, total=percent(total)) if total >= 1 else None


def _early_rest(clauses: Sequence[Clause]) -> Source | None:
    """Find a 残り with another share or amount below it."""
    early: Source | None = None
    for clause in clauses:
        if isinstance(clause, Split) and isinstance(clause.share, Rest):
            early = early or clause.share.source
        elif early is not None and not isinstance(clause, SameAs):
            return early
    return None


def _wrong_sum(last: Split, parts: Sequence[Ratio], total: Fraction) -> Problem:
    before = total - parts[-1].value
    if last.share is None:
        source = last.weights[0].source
        driver = source.text[source.column - 1 :][: source.length]
        mend = messages.rest_mend(source, before, new=f"残りを {driver}")
        return messages.sum_of_shares(last.source, parts, mend)
    mend = messages.rest_mend(last.share.source, before) if before else messages.ADD_REST
    return messages.sum_of_shares(last.share.source, parts, mend)


_AFTER = re.compile(r"[\s0-9+、,※#(]|残り")
_TIME = re.compile(r"年度|現在|実績|[0-9]日")
_GIVEN = re.compile(r"に")
_UNKNOWN = re.compile(r"(?!残り)[^\s+、,%「」()※]+?割(?=$|[\s0-9+、,※#(]|残り)")


def weights(cursor: Cursor, lexicon: Lexicon) -> tuple[Weight, ...]:
    """Every weight up to the end of the line; their ratios are checked."""
    start = cursor.skip()
    found = [_weight(cursor, lexicon)]
    while not cursor.done:
        cursor.take("+", "、")
        found.append(_weight(cursor, lexicon))
    checked = tuple(found)
    _check(checked, cursor.since(start).source)
    return checked


def refuse_second(cursor: Cursor) -> None:
    """`県に 50%、市町村に 残りを …`: a second clause needs a line of its own."""
    start = cursor.skip()
    if cursor.take("、"):
        raise LineError(messages.two_clauses(cursor.piece.cut(start, len(cursor.text)).source))


def _weight(cursor: Cursor, lexicon: Lexicon) -> Weight:
    start = cursor.skip()
    driver = _driver(cursor, lexicon)
    part = _ratio(cursor, lexicon)
    return Weight(driver, part, cursor.since(start).source)


def _driver(cursor: Cursor, lexicon: Lexicon) -> Name:
    if quoted := cursor.quoted():
        return quoted
    start = cursor.skip()
    if not cursor.known(lexicon.drivers, _AFTER) and not cursor.match(_UNKNOWN):
        raise _no_driver(cursor, lexicon)
    name = as_name(cursor.since(start))
    opened = cursor.skip()
    if cursor.take("("):
        inside = cursor.text[cursor.pos :].partition(")")[0]
        cursor.pos += len(inside) + 1
        source = cursor.since(opened).source
        dated = _TIME.search(inside) is not None
        raise LineError(
            tell(
                "W226.dated" if dated else "W226.weighed",
                source,
                basis=name.text,
                figure=stem(name.text),
            )
        )
    return name


def _no_driver(cursor: Cursor, lexicon: Lexicon) -> LineError:
    """Where a basis should stand: 残り before its basis, a name without 割, or に forgotten."""
    start = cursor.skip()
    if cursor.take("残り"):
        return LineError(tell("W239.alone", cursor.since(start).source))
    if cursor.known(lexicon.who, _GIVEN):
        return LineError(messages.two_clauses(cursor.piece.cut(start, len(cursor.text)).source))
    for known, ending, reason in (
        (lexicon.figures, "割", "割り方に使う基準の名は「割」で終わります。"),
        (lexicon.who, "に", "負担する団体の名のあとには「に」を付けます。"),
    ):
        if cursor.known(known, _AFTER):
            word = cursor.since(start)
            if comma := cursor.take(","):
                return LineError(tell("W229", comma.source, new="、"))
            return LineError(messages.mistyped(word.source, word.text + ending, reason))
    return cursor.error(*sorted(lexicon.drivers.keys))


def _ratio(cursor: Cursor, lexicon: Lexicon) -> Ratio | Rest | None:
    start = cursor.skip()
    if cursor.take("残り"):
        source = cursor.since(start).source
        if cursor.take("の"):
            ratio(cursor)
            raise LineError(tell("W239.words", cursor.since(start).source, new="残り"))
        return Rest(Fraction(1), source)
    if digits_ahead(cursor) and not lexicon.drivers.ends(cursor.text, start):
        return ratio(cursor)
    return None


def _check(found: tuple[Weight, ...], source: Source) -> None:
    ratios = [weight.ratio for weight in found]
    if len(found) == 1 and ratios[0] is None:
        return
    if None in ratios:
        drivers = [weight.driver.source for weight in found]
        last = None not in ratios[:-1] and not any(isinstance(r, Rest) for r in ratios)
        raise LineError(messages.no_ratios(source, drivers, only_last=last))
    rests = [ratio for ratio in ratios if isinstance(ratio, Rest)]
    if len(rests) > 1:
        raise LineError(tell("W237", rests[-1].source, line=rests[0].source.mended("30%")))
    if rests and ratios[-1] is not rests[0]:
        raise LineError(tell("W238", rests[0].source, line=_rest_last(found, source)))
    _check_sum(found, source, rests[0] if rests else None)


def _rest_last(found: tuple[Weight, ...], source: Source) -> str:
    """The line with a 残り that stands among others behind them."""
    ranked = sorted(found, key=lambda weight: isinstance(weight.ratio, Rest))
    return source.mended(" + ".join(weight.source.words for weight in ranked))


def _check_sum(found: tuple[Weight, ...], source: Source, rest: Rest | None) -> None:
    parts = [weight.ratio for weight in found if isinstance(weight.ratio, Ratio)]
    total = sum((part.value for part in parts), Fraction(0))
    if rest and total >= 1:
        raise LineError(tell("W240", rest.source, total=percent(total)))
    if rest or total == 1:
        return
    last = parts[-1]
    mend = (
        messages.single_mend(source, last.source)
        if len(parts) == 1
        else messages.rest_mend(last.source, total - last.value)
    )
    raise LineError(messages.sum_of_shares(source, parts, mend))


_UNIT = re.compile(rf"{BEFORE}\s*{QUANTITY}\s*につき")
_RATE = re.compile(rf"(.+?)の\s*({NUMBER}\s*(?:%|パーセント|割|‰|/\s*{NUMBER}|分の\s*{NUMBER})?)$")
_CUTS = {"端数切上げ": Mode.UP, "端数切捨て": Mode.DOWN}
_NO_NAME = re.compile(r"[%+=]|パーセント")
_SHARES = ("50%", "残り", "均等割")
_PART_OF = re.compile(r"[0-9]分$|残り$")

Form = Callable[[Who | None, Piece, Piece, Lexicon], Clause | None]


def clause(piece: Piece, lexicon: Lexicon) -> Clause:
    """One 負担割合."""
    cursor = Cursor(piece, forms.SPLIT)
    who = payers(cursor, lexicon)
    rest = cursor.rest
    for form in _FORMS:
        found = form(who, rest, piece, lexicon)
        if found is not None:
            return found
    return _split(who, rest, piece, lexicon)


def _same_as(who: Who | None, rest: Piece, piece: Piece, lexicon: Lexicon) -> SameAs | None:
    others = _before(rest, "の計と同額")
    return SameAs(who=who, of=circle(others, lexicon), source=piece.source) if others else None


def _own_value(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> OwnValue | None:
    name = _before(rest, "の額")
    return OwnValue(who=who, figure=_figure(name, rest), source=piece.source) if name else None


def _flat(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> Flat | None:
    each = _before(rest, "ずつ")
    if not each:
        return None
    cursor = Cursor(each, forms.EACH)
    money = amount(cursor)
    cursor.end()
    return Flat(who=who, amount=money, source=piece.source)


def _per_unit(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> PerUnit | None:
    cursor = Cursor(rest, forms.PER_UNIT)
    found = cursor.match(_UNIT)
    if found is None:
        return None
    figure = piece.cut(*found.span(1))
    size, counter = quantity(piece, found, 2)
    if not counter:
        raise LineError(messages.no_unit(size.source, ("件", "人")))
    if not size.value:
        raise LineError(tell("W223.zero", size.source))
    price, cut = amount(cursor), _unit_cut(cursor)
    return PerUnit(
        who=who,
        figure=_figure(figure, rest),
        size=size.value,
        counter=counter,
        price=price,
        cut=cut,
        source=piece.source,
    )


def _unit_cut(cursor: Cursor) -> Mode | None:
    """`(端数切上げ)` or nothing, and then the end."""
    mode = None
    if cursor.take("("):
        mode = _CUTS[cursor.need(*_CUTS).text]
        cursor.need(")")
    cursor.end()
    return mode


def _rate_of(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> RateOf | None:
    found = Cursor(rest, forms.RATE).match(_RATE)
    if found is None or _PART_OF.search(found[1]):
        return None
    figure = _figure(piece.cut(*found.span(1)), rest)
    cursor = Cursor(piece.cut(*found.span(2)), forms.RATE)
    return RateOf(who=who, figure=figure, ratio=ratio(cursor), source=piece.source)


def _split(who: Who | None, rest: Piece, piece: Piece, lexicon: Lexicon) -> Split:
    cursor = Cursor(rest, forms.SPLIT)
    if not rest.text:
        raise LineError(messages.unfinished(piece.source, _SHARES, forms.SPLIT))
    part = _reckoned(cursor, lexicon) or _share(cursor, lexicon)
    if isinstance(part, Reckoned):
        cursor.need("を")
    elif part is not None:
        cursor.take("を")
        refuse_second(cursor)
    found = () if part is not None and cursor.done else weights(cursor, lexicon)
    return Split(who=who, share=part, weights=found, source=piece.source)


def _reckoned(cursor: Cursor, lexicon: Lexicon) -> Reckoned | None:
    start = cursor.skip()
    formula = formulas.picked(cursor, lexicon)
    return Reckoned(formula, cursor.since(start).source) if formula else None


def _share(cursor: Cursor, lexicon: Lexicon) -> Share | None:
    """`50%`, `残り`, `残りの 50%`, `定額 27千円`; None where a basis stands first."""
    start = cursor.skip()
    first = cursor.match(SHARE_FIRST)
    if first and first.group() == "残り":
        return _rest(cursor, start)
    if first:
        money = amount(cursor)
        return Money(money.yen, cursor.since(start).source)
    if digits_ahead(cursor) and not lexicon.drivers.ends(cursor.text, start):
        return numbers.share(cursor)
    return None


def _rest(cursor: Cursor, start: int) -> Rest:
    part = cursor.take("の")
    word = cursor.since(start).source
    if part and digits_ahead(cursor):
        return Rest(ratio(cursor).value, cursor.since(start).source)
    if part or digits_ahead(cursor):
        raise LineError(tell("W239.words", word, new="残りを" if part else "残りの"))
    return Rest(Fraction(1), word)


def _figure(piece: Piece, clause: Piece) -> Name:
    """Name of a figure, which holds no share unless it is in 「」."""
    if not piece.text:
        raise LineError(messages.unreadable(clause.source, (), forms.PER_UNIT))
    if piece.text[0] != "「" and _NO_NAME.search(piece.text):
        raise LineError(messages.unreadable(piece.source, (), forms.PER_UNIT))
    return as_name(piece)


def _before(piece: Piece, suffix: str) -> Piece | None:
    """Cut off a suffix; None where the piece does not end with it."""
    if not piece.text.endswith(suffix):
        return None
    return piece.cut(piece.start, piece.end - len(suffix))


_FORMS: tuple[Form, ...] = (_same_as, _own_value, _flat, _per_unit, _rate_of)
