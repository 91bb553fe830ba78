"""Examples must not be decided: words like 例 that are left where everything says 議決."""

import re
from collections.abc import Iterator

from apportion.problem import Problem
from apportion.rulebook import Remark, RuleFile
from apportion.rulebook.book import DECIDED
from apportion.workspace import Workspace

# 条例（平成12年…） is no example: there the sign does not begin a word.
_EXAMPLE = re.compile(r"（(?:例|レイ)）|例示|架空|(?:^|[（、。\s])例(?:[（：、。\s]|$)")
_SHOWN = 5
"""So many lines are told; the others come when these are mended."""


def examples(workspace: Workspace) -> Iterator[Problem]:
    """Texts of ■請求書 and 根拠 that still say that they are an example, in one message."""
    book = workspace.book
    if book.state != DECIDED:
        return
    found = [line for file in book.files for line in _printed(file) if _EXAMPLE.search(line.text)]
    if found:
        places = list(dict.fromkeys(f"{line.source.short()}「{line.text}」" for line in found))
        more = "など" if places[_SHOWN:] else ""
        yield Problem(
            code="W253",
            source=found[0].source,
            what=f"状態が「議決」なのに、例の文が {len(places)} か所に残っています。",
            why="例の文が、決まったこととして請求書に印刷されます。",
            fix=f"決まった文に書き直してください: {'、'.join(places[:_SHOWN])}{more}。"
            "まだ決まっていないときは、状態を「案」か「例」に戻してください。",
        )


def _printed(file: RuleFile) -> Iterator[Remark]:
    """Lines that are printed as they are written: those of ■請求書, and 根拠."""
    for lines in file.invoice.values():
        yield from lines
    for own in (file.head, *(expense.own for expense in file.expenses)):
        yield from own.legal
