"""Words of a rule in their one spelling: names, numbers with their units, parts, who pays.

Every name stands in 「」 here; `bare` takes those away that reading does not need.
"""

import re
from collections.abc import Iterable

from apportion.problem import Source
from apportion.rulebook import Money, Name, Number, Ratio, Rest, Who
from apportion.text import fold

IN_A_LIST = re.compile("[、に]")
"""What keeps a name in 「」 where only names stand."""
AMONG_WORDS = re.compile(r"に|[^\w・]")
"""What keeps a name in 「」 among other words."""

_DIGITS = re.compile(r"([0-9][0-9,]*)((?:\.[0-9]+)?)")
_QUOTED = re.compile(r"「([^」]*)」")
_WIDE = str.maketrans({"(": "（", ")": "）", "~": "～"})


def words(source: Source) -> str:
    """What a source marks, folded."""
    return fold(source.text)[source.column - 1 :][: source.length]


def plain(text: str) -> str:
    """One name as it stands where nothing else does: folded, but with the brackets of prose."""
    return fold(text).translate(_WIDE)


def name(node: Name) -> str:
    """A name among other words."""
    return f"「{plain(node.text)}」"


def names(nodes: Iterable[Name]) -> str:
    """`東浦町、幸田町`."""
    return "、".join(map(name, nodes))


def bare(text: str, kept: re.Pattern[str]) -> str:
    """Take away the 「」 of every name in which `kept` finds nothing."""
    return _QUOTED.sub(lambda found: found[0] if kept.search(found[1]) else found[1], text)


def measure(text: str) -> str:
    """A number with its unit: no spaces, `%`, commas from 1,000 on; the unit stays the writer's."""
    close = "".join(fold(text).split()).replace("パーセント", "%")
    return _DIGITS.sub(lambda found: f"{int(found[1].replace(',', '')):,}{found[2]}", close)


def share(node: Ratio | Rest | Money | Number) -> str:
    """`50%`, `残り`, `残りの 50%`, `定額 27千円`."""
    found = measure(words(node.source))
    for before in ("残りの", "定額"):
        if found.startswith(before):
            return f"{before} {found.removeprefix(before)}"
    return found


def who(node: Who) -> str:
    """`市町村、愛知県（豊根村を除く）`."""
    without = f"（{names(node.excluded)}を除く）" if node.excluded else ""
    return names(node.names) + without
