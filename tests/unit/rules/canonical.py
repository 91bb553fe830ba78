"""A second opinion on what is canonical: the grammar of `canonical.lark`, line by line."""

from functools import lru_cache
from pathlib import Path

from lark import Lark, UnexpectedInput

_STARTS = {
    "経費": "expense",
    "基準": "basis",
    "段階表": "steps",
    "係数表": "coefficients",
    "グループ": "group",
    "請求書": "invoice",
    "精算": "settlement",
}
_GRAMMAR = Lark(
    Path(__file__).with_suffix(".lark").read_text(encoding="utf-8"),
    start=["head", "heading", *_STARTS.values()],
    parser="earley",
    lexer="dynamic_complete",
)


def faults(text: str) -> list[str]:
    """Lines of a rule text that the grammar does not know; empty lines never stand together."""
    assert text.endswith("\n")
    lines = text.removesuffix("\n").split("\n")
    found, start, before = [], "head", ""
    for line in lines:
        if line.startswith("■"):
            start = _STARTS[line[1:].split(" ")[0]]
        if line and not line.startswith(("※", "#", "＃")):
            found += [] if _known(line, "heading" if line.startswith("■") else start) else [line]
        elif not line and not before:
            found.append("（空の行）")
        before = line
    return found if lines[-1] else [*found, "（終わりの空の行）"]


@lru_cache(maxsize=10_000)
def _known(line: str, start: str) -> bool:
    try:
        _GRAMMAR.parse(line, start=start)
    except UnexpectedInput:
        return False
    return True
