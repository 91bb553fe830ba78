"""Messages about rows: steps of a 段階表, instalments of a 納期."""

import re
from fractions import Fraction

from apportion.language.messages.base import mended, plain, problem, said
from apportion.problem import Problem, Source
from apportion.rulebook import Tier

_EDGES = re.compile(r"(.+?)(以上|超|を超え)(.+?)(未満|以下)")


def backwards(source: Source) -> Problem:
    """Report a step that holds no number."""
    turned = _EDGES.sub(r"\3\2\1\4", said(source))
    return problem(
        "W244",
        source,
        "この段に入る数がありません。",
        "左の数が右の数より小さくなければなりません。",
        f"左と右の数を確かめてください。例: {mended(source, turned)}",
    )


def gap(below: Tier, above: Tier) -> Problem:
    """Report numbers between two steps that belong to none."""
    return problem(
        "W241",
        above.source,
        "前の段とのあいだが空いています。",
        f"{_upper(below)} と {_lower(above)} のあいだの数が、どの段にも入りません。",
        f"境をそろえるか、次の段を足してください: {_between(below, above)}: （値）",
    )


def overlap(below: Tier, above: Tier) -> Problem:
    """Report numbers that belong to two steps."""
    return problem(
        "W242",
        above.source,
        f"{below.source.line}行目の段と重なっています。",
        f"「{_upper(below)}」と「{_lower(above)}」の両方に入る数があります。",
        _apart(below, above),
    )


def other_counter(tier: Tier, counter: str) -> Problem:
    """Report rows with different counters."""
    return problem(
        "W243",
        tier.source,
        f"段の単位が「{tier.counter or 'なし'}」で、ほかの段の「{counter or 'なし'}」と違います。",
        "一つの段階表では、どの段も同じ単位で書きます。",
        f"次の行に直してください: {_recounted(tier, counter)}",
    )


def instalment_twice(source: Source, number: int, free: int) -> Problem:
    """Report two instalments of one number; `free` is one that nobody has."""
    return problem(
        "W245",
        source,
        f"第{number}期が二つあります。",
        "一つの納期の行では、期の番号は一度だけ使います。",
        f"次の行に直してください: {mended(source, f'第{free}期')}",
    )


def _apart(below: Tier, above: Tier) -> str:
    """The lower step with an end, or else the upper one begun where the lower ends."""
    if below.high is None:
        end = "未満" if above.low_included else "以下"
        line = mended(below.source, f"{_lower(below)}{_number(above.low, above)}{end}")
        return f"{below.source.line}行目を次のように直してください: {line}"
    if above.high is not None and above.high <= below.high:
        return "この段を消すか、境の数を直してください。"
    begin = f"{_number(below.high, below)}{'超' if below.high_included else '以上'}"
    line = mended(above.source, begin + ("" if above.high is None else _upper(above)))
    return f"次の行に直してください: {line}"


def _recounted(tier: Tier, counter: str) -> str:
    """The line with the counter of the others."""
    return mended(
        tier.source,
        re.sub(rf"(?<=[0-9０-９千万億]){re.escape(tier.counter)}", counter, said(tier.source)),
    )


def _number(bound: Fraction | None, tier: Tier) -> str:
    assert bound is not None
    return f"{plain(bound)}{tier.counter}"


def _upper(tier: Tier) -> str:
    if tier.high is None:
        return "上の限りのない段"
    return f"{plain(tier.high)}{tier.counter}{'以下' if tier.high_included else '未満'}"


def _lower(tier: Tier) -> str:
    if tier.low is None:
        return "下の限りのない段"
    return f"{plain(tier.low)}{tier.counter}{'以上' if tier.low_included else '超'}"


def _between(below: Tier, above: Tier) -> str:
    """Bracket of the missing step (`10,000人以上30,000人未満`); only two bounds leave a gap."""
    assert below.high is not None
    assert above.low is not None
    first, last = (f"{plain(bound)}{below.counter}" for bound in (below.high, above.low))
    after = "超" if below.high_included else "以上"
    return f"{first}{after}{last}{'未満' if above.low_included else '以下'}"
