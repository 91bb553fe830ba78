"""Messages about shares: the sum that must be 100%, and 残り."""

from collections.abc import Sequence
from fractions import Fraction

from apportion.language.messages.base import about, appended, mended, percent, problem, said
from apportion.problem import Problem, Source
from apportion.rulebook import Ratio, Rest


def sum_of_shares(
    source: Source, parts: Sequence[Ratio | Rest], mend: str, of: str = ""
) -> Problem:
    """Parts that should make 100%; `of` is 残りの where they are parts of what is left."""
    values = [part.value if isinstance(part, Ratio) else part.part for part in parts]
    terms = " + ".join(percent(value) for value in values)
    return problem(
        "W209",
        source,
        f"{of}割合の合計が 100% になっていません（いまは {about(sum(values, Fraction(0)))}）。",
        f"書かれた割合を足すと {terms} です。合計は、ちょうど 100% でなければなりません。",
        mend,
    )


ADD_REST = "足りない分を負担する行を足してください。例: 負担割合: 残りを 均等割"


def rest_mend(source: Source, before: Fraction, *, new: str = "残り") -> str:
    """Mend of a sum: the last part becomes 残り, if the parts before it leave anything."""
    if before < 1:
        line = mended(source, new)
        return f"最後を「残り」にすると、ちょうど 100% になります: {line}"
    return "合計が 100% になるように、割合を減らしてください。"


def rest_of_mend(source: Source, before: Fraction) -> str:
    """Mend of 残りの parts: the last one becomes what the others leave of 100%."""
    if before < 1:
        new = f"残りの {percent(1 - before)}" if before else "残り"
        return f"合計を 100% にすると、次の行になります: {mended(source, new)}"
    return "「残りの」の割合の合計が 100% になるように、割合を減らしてください。"


def single_mend(source: Source, ratio: Source) -> str:
    """Mend of `均等割 50%` alone: no ratio, or the part of the money before the basis."""
    driver = source.text[source.column - 1 : ratio.column - 1].strip()
    part = f"経費の {said(ratio)} だけを分けるときは「{said(ratio)}を {driver}」"
    return f"次の行に直してください: {mended(source, driver)}（{part}）"


def no_ratios(source: Source, drivers: Sequence[Source], *, only_last: bool) -> Problem:
    """Report several bases, and some without a ratio; `only_last`: the others have theirs."""
    each = f"{100 // len(drivers)}%"
    parts = [f"{said(driver)} {each}" for driver in drivers[:-1]]
    example = mended(source, " + ".join([*parts, f"{said(drivers[-1])} 残り"]))
    return problem(
        "W236",
        source,
        "割合の書かれていない基準があります。",
        "基準を二つ以上使うときは、それぞれの割合を書きます。最後の一つは「残り」でもかまいません。",
        f"次の行に直してください: {appended(drivers[-1], ' 残り')}"
        if only_last
        else f"決まりの割合を書いてください。例: {example}",
    )


def two_clauses(source: Source) -> Problem:
    """Report a second clause behind the first on one line."""
    before = source.text[: source.column - 1].strip().rstrip("、+＋ ")
    after = said(source).lstrip("、").strip()
    return problem(
        "W247",
        source,
        "一つの行に、二つの負担割合があります。",
        "一つの行には、一組の団体の負担だけを書きます。",
        f"二つの行に分けてください: {before} と 負担割合: {after}",
    )


def several_rests(source: Source, mend: str) -> Problem:
    """Report more than one 残り."""
    return problem(
        "W237",
        source,
        "「残り」が二つ以上あります。",
        "「残り」は、ほかの割合や金額を引いたあとの全部です。一つだけ書けます。",
        mend,
    )


def one_rest(source: Source) -> str:
    """Mend of several 残り on a line: all but the last become percentages."""
    return (
        f"「残り」は最後の一つだけにし、ほかには割合を書いてください。例: {mended(source, '30%')}"
    )


def in_this_order(source: Source, parts: Sequence[Source]) -> str:
    """Mend of a line whose parts stand in the wrong order."""
    return f"次の行に直してください: {mended(source, ' + '.join(map(said, parts)))}"


MOVE_DOWN = "この行を、ほかの負担割合の行より下に移してください。"


def late_rest(source: Source, mend: str) -> Problem:
    """Report 残り before other shares."""
    return problem(
        "W238",
        source,
        "「残り」のあとに、ほかの割合や金額があります。",
        "「残り」は、それより前の割合や金額を引いたあとの全部です。最後に書きます。",
        mend,
    )


def rest_of(source: Source, new: str) -> Problem:
    """Report 残りの without a ratio, `残り 50%` without の, or 残りの behind a basis."""
    return problem(
        "W239",
        source,
        f"「{said(source)}」という書き方は使えません。",
        "残りの全部は「残りを 均等割」、一部は「残りの 50%を 均等割」と書きます。"
        "基準のあとでは「人口割 残り」と書きます。",
        f"次の行に直してください: {mended(source, new)}",
    )


def rest_alone(source: Source) -> Problem:
    """`均等割 30%、残りを 人口割`: 残り in front of its basis."""
    return problem(
        "W239",
        source,
        "「残り」が基準の前にあります。",
        "基準を並べるときは、割合と「残り」を基準のあとに書きます。",
        "次のような行に直してください: 負担割合: 均等割 30% + 人口割 残り",
    )


def nothing_left(source: Source, total: Fraction) -> Problem:
    """100% and more is gone before 残り."""
    return problem(
        "W240",
        source,
        f"「残り」に残るものがありません（ほかの割合が {percent(total)} です）。",
        "「残り」より前の割合だけで 100% 以上になっています。",
        "前の割合を減らすか、「残り」の部分を消してください。",
    )
