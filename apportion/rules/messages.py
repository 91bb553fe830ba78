"""Messages about rule texts whose facts have to be found: likely words, mended lines, sums.

Each function gives a finished `Problem`, or the mend of one.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from apportion.core.mends import OR
from apportion.core.numbers import about, percent
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import fold, keeps, near, why
from apportion.rules.nodes import Ratio, Rest

_SHOWN = 12


def listed(words: Sequence[str]) -> str:
    """`「切捨て」「四捨五入」「切上げ」`, the first ones of a long list."""
    shown = "".join(f"「{word}」" for word in words[:_SHOWN])
    return shown if len(words) <= _SHOWN else f"{shown}など"


def meant(word: str, known: Sequence[str]) -> str | None:
    """Guess the known word that `word` stands for.

    A word of two signs is too short for `near`: there one wrong sign is forgiven if it leaves
    only one word to choose.
    """
    close = near(word, known)
    alike = [
        other
        for other in known
        if len(other) == len(word) > 1
        and sum(a != b for a, b in zip(word, other, strict=True)) == 1
    ]
    return close or (alike[0] if len(alike) == 1 else None)


def no_colon(source: Source, keys: Sequence[str]) -> Problem:
    """Report a line without a colon."""
    words = source.words
    key = next((key for key in keys if words.startswith(key)), "")
    rest = words.removeprefix(key).strip() if key else ""
    return tell("W204.words" if rest else "W204", source, key=key, rest=rest)


def unknown_key(source: Source, keys: Sequence[str], block: str, home: str) -> Problem:
    """Report a key that the block does not have; `home` is a block that does."""
    right = meant(source.words, keys)
    if right and len(source.words) <= len(right):
        reason = why(source.words, right)
        return tell(
            "W205.lookalike" if reason else "W205.near",
            source,
            block=block,
            reason=reason,
            right=right,
            new=right,
        )
    if home:
        return tell(
            "W205.block" if home.startswith("■") else "W205.head", source, block=block, home=home
        )
    return tell("W205", source, block=block, keys="、".join(keys))


def unknown_block(source: Source, kinds: Sequence[str]) -> Problem:
    """Report a heading of an unknown kind."""
    kind = source.words
    if begun := next((known for known in kinds if kind.startswith(known)), None):
        name = kind.removeprefix(begun).lstrip(":： ")
        return tell("W206.joined", source, begun=begun, new=f"{begun} {name}".strip())
    right = meant(kind, kinds)
    reason = why(kind, right) if right else ""
    return tell(
        "W206.lookalike" if reason else "W206.near" if right else "W206",
        source,
        kinds=listed(kinds),
        reason=reason,
        new=right,
    )


def repeated(source: Source, first: int) -> Problem:
    """Report a second line of a key that may stand once."""
    return tell("W208", source, first=first)


def repeated_block(source: Source, name: str, kind: str, first: int) -> Problem:
    """Report two blocks of one name."""
    return tell(
        "W210.expense" if kind == "経費" else "W210.basis" if kind == "基準" else "W210",
        source,
        name=name,
        first=first,
        new=f"{source.words}2",
    )


def missing(source: Source, block: str, form: str) -> Problem:
    """Report a key that a block must have."""
    key = form.partition(":")[0]
    return tell("W212.key", source, block=block, key=key, form=form)


def other_spelling(source: Source, spelled: str) -> Problem:
    """Report (a warning) the first line of a file that is not in its one spelling."""
    blank = not source.text.strip()
    return tell(
        "W248.extra" if blank and spelled else "W248.blanks" if blank else "W248",
        source,
        spelled=spelled,
    )


def sum_of_shares(
    source: Source, parts: Sequence[Ratio | Rest], mend: str, of: str = ""
) -> Problem:
    """Parts that should make 100%; `of` is 残りの where they are parts of what is left."""
    values = [part.value if isinstance(part, Ratio) else part.part for part in parts]
    terms = " + ".join(percent(value) for value in values)
    return tell(
        "W209", source, of=of, total=about(sum(values, Fraction(0))), terms=terms, mend=mend
    )


ADD_REST = "足りない分を負担する行を足してください。例: 負担割合: 残りを 均等割"


def rest_mend(source: Source, before: Fraction, *, new: str = "残り") -> str:
    """Mend of a sum: the last part becomes 残り, if the parts before it leave anything."""
    if before < 1:
        line = source.mended(new)
        return f"最後を「残り」にすると、ちょうど 100% になります: {line}"
    return "合計が 100% になるように、割合を減らしてください。"


def rest_of_mend(source: Source, before: Fraction) -> str:
    """Mend of 残りの parts: the last one becomes what the others leave of 100%."""
    if before < 1:
        new = f"残りの {percent(1 - before)}" if before else "残り"
        return f"合計を 100% にすると、次の行になります: {source.mended(new)}"
    return "「残りの」の割合の合計が 100% になるように、割合を減らしてください。"


def single_mend(source: Source, ratio: Source) -> str:
    """Mend of `均等割 50%` alone: no ratio, or the part of the money before the basis."""
    driver = source.text[source.column - 1 : ratio.column - 1].strip()
    part = f"経費の {ratio.words} だけを分けるときは「{ratio.words}を {driver}」"
    return f"次の行に直してください: {source.mended(driver)}（{part}）"


def no_ratios(source: Source, drivers: Sequence[Source], *, only_last: bool) -> Problem:
    """Report several bases, and some without a ratio; `only_last`: the others have theirs."""
    each = f"{100 // len(drivers)}%"
    parts = [f"{driver.words} {each}" for driver in drivers[:-1]]
    example = source.mended(" + ".join([*parts, f"{drivers[-1].words} 残り"]))
    return tell(
        "W236.last" if only_last else "W236",
        source,
        line=drivers[-1].mended(drivers[-1].words + " 残り"),
        example=example,
    )


def two_clauses(source: Source) -> Problem:
    """Report a second clause behind the first on one line."""
    before = source.text[: source.column - 1].strip().rstrip("、+＋ ")
    after = source.words.lstrip("、").strip()
    return tell("W247", source, before=before, after=after)


_WITH_NAMES = ("負担割合", "団体", "下限", "値", "対象")


def _says_more(wrong: str, words: Sequence[str], meant: str | None) -> bool:
    """Whether `wrong` has something in it that the word it comes near to would not say."""
    if meant:
        return not keeps(wrong, meant)
    return any(word in wrong or wrong in word for word in words)


def unreadable(source: Source, words: Sequence[str], form: str) -> Problem:
    """Report words that fit nothing here."""
    if (right := meant(source.words, words)) and not keeps(source.words, right):
        return tell("W226.more", source, possible=listed(words))
    return tell(
        "W226.words" if words else "W226",
        source,
        possible=listed(words),
        quoted="「に」や「、」の入った名前は「」で囲みます。"
        if form.startswith(_WITH_NAMES)
        else "",
        form=form,
    )


def unfinished(source: Source, words: Sequence[str], form: str) -> Problem:
    """Report a line that stops too early."""
    return tell("W225.words" if words else "W225", source, possible=listed(words), form=form)


def mistyped(source: Source, meant: str, reason: str = "") -> Problem:
    """Report a word that is nearly the one that must stand here."""
    reason = reason or why(source.words, meant)
    return tell("W227.reason" if reason else "W227", source, reason=reason, meant=meant, new=meant)


def choice(source: Source, words: Sequence[str], meant: str | None) -> Problem:
    """Report a value that is none of the possible ones."""
    if _says_more(source.words, words, meant):
        return tell("W214.more", source, possible=listed(words))
    likely = [meant] if meant else words
    lines = OR.join(source.mended(word) for word in likely)
    return tell("W214.near" if meant else "W214", source, possible=listed(words), lines=lines)


def comment_inside(source: Source) -> Problem:
    """Report a comment behind a rule."""
    return tell("W228", source, new="", comment=source.words.lstrip("※# "))


def unclosed(source: Source, left: str, right: str) -> Problem:
    """Report a bracket without its partner."""
    plain = source.words.replace("「", "").replace("」", "")
    closed = source.mended(plain) if left == "「" else source.mended(source.words + "）")
    return tell(
        "W230.quotes" if left == "「" else "W230", source, left=left, right=right, closed=closed
    )


_TENTHS = re.compile(r"([0-9０-９]+)割")


def no_unit(source: Source, units: Sequence[str]) -> Problem:
    """Report a bare number where a share or an amount must stand."""
    number = source.words
    mends = OR.join(source.mended(f"{number}{unit}") for unit in units)
    return tell("W221", source, number=number, mends=mends)


def wari(source: Source, value: Fraction) -> Problem:
    """`3割`, `5‰`."""
    return tell("W222", source, line=_TENTHS.sub(_tenths, source.mended(percent(value))))


def _tenths(found: re.Match[str]) -> str:
    return f"{int(found[1]) * 10}%"


def no_number(source: Source) -> Problem:
    """Digits that make no number: 1,00 or far too many."""
    digits = fold(source.words).replace(",", "")
    return tell(
        "W223.commas" if digits != fold(source.words) else "W223.number", source, new=digits
    )


def ambiguous_division(source: Source) -> Problem:
    """`÷ 1/2`: two readings."""
    return tell(
        "W233",
        source,
        new=f"({source.words})",
        apart=source.mended(source.words.replace("/", " ÷ ").replace("／", " ÷ ")),
    )
