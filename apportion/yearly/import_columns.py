"""Which columns of a table from elsewhere are taken, and under which heading they go in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apportion.problem import InputError, Problem, Source
from apportion.tables.cells import MONEY
from apportion.tables.grid import Cell, Kind
from apportion.tables.headings import Measure, measure
from apportion.text import fold, name_key
from apportion.yearly.import_source import CODES, NAMES, Column, Given

_OTHERS = (*CODES, *NAMES, "備考", "よみ", "区分", "郡", "会員区分", "都道府県名")


@dataclass(frozen=True, slots=True)
class Taken:
    """A column of the file and the heading it gets; `measure` is None in a roster."""

    column: Column
    heading: str
    measure: Measure | None = None


def figures(given: Given, wanted: Sequence[str], year: str) -> tuple[Taken, ...]:
    """Columns for figures: those named, else all whose headings have a unit and a 時点.

    `wanted` holds `見出し` or `見出し=名前（単位、時点）`. Raises `InputError`.
    """
    chosen = _chosen(given, wanted) if wanted else [(c, c.name) for c in _candidates(given)]
    taken = tuple(_taken(column, heading) for column, heading in chosen)
    dated = tuple(each for each in taken if _complete(each.measure))
    if not dated or (wanted and len(dated) < len(taken)):
        wrong = next((each for each in taken if not _complete(each.measure)), None)
        raise InputError((_no_unit(given, wrong.column.name if wrong else "", year),))
    return dated


def rosters(given: Given, wanted: Sequence[str], known: Sequence[str]) -> tuple[Taken, ...]:
    """Columns for rosters: those named, else all whose headings are rosters already."""
    keys = {name_key(name) for name in known}
    chosen = (
        _chosen(given, wanted)
        if wanted
        else [(c, c.name) for c in _candidates(given) if name_key(c.name) in keys]
    )
    if not chosen:
        raise InputError((_no_roster(given, known),))
    return tuple(Taken(column, heading) for column, heading in chosen)


def _candidates(given: Given) -> Iterator[Column]:
    return (c for c in given.columns if c.name and name_key(c.name) not in _OTHERS)


def _chosen(given: Given, wanted: Sequence[str]) -> list[tuple[Column, str]]:
    return [_one(given, words) for words in wanted]


def _one(given: Given, words: str) -> tuple[Column, str]:
    # A heading may hold a = of its own; the last one parts it from the new heading.
    source, equals, heading = fold(words).rpartition("=")
    at = len(source)
    source, heading = (words[:at].strip(), words[at + 1 :].strip()) if equals else (words, words)
    found = [column for column in given.columns if column.called(source)]
    if len(found) != 1:
        raise InputError((_unclear(given, source, len(found)),))
    return found[0], heading


def _taken(column: Column, heading: str) -> Taken:
    return Taken(column, heading, measure(Cell(heading, Kind.PLAIN, 1, 1)))


def _complete(found: Measure | None) -> bool:
    """Whether a heading has a unit and a 時点."""
    return found is not None and bool(found.as_of)


def _no_unit(given: Given, name: str, year: str) -> Problem:
    shown = name or next((column.name for column in _candidates(given)), "計")
    return Problem(
        code="W841",
        source=Source(file=given.grid.file, sheet=given.grid.sheet),
        what=f"「{shown}」の列の単位と時点が分かりません。"
        if name
        else "単位と時点のある見出しの列がありません。",
        why=f"基礎数値の見出しには、単位といつの値かが要ります。この表の見出し: {_shown(given)}",
        fix="取り込む列を指定してください: "
        f"apportion import figures {given.grid.file} --year {year} "
        f'--column "{shown}=人口（人、令和7年1月1日現在）"',
    )


def _no_roster(given: Given, known: Sequence[str]) -> Problem:
    first = next((column.name for column in _candidates(given)), "参加")
    return Problem(
        code="W841",
        source=Source(file=given.grid.file, sheet=given.grid.sheet),
        what="いまの名簿と同じ見出しの列がありません。",
        why=f"いまの名簿: {'、'.join(known) or 'なし'}。この表の見出し: {_shown(given)}",
        fix=f'取り込む列を --column "{first}=名簿の名前" の形で指定してください。',
    )


def _unclear(given: Given, name: str, count: int) -> Problem:
    return Problem(
        code="W841",
        source=Source(file=given.grid.file, sheet=given.grid.sheet),
        what=f"「{name}」の列が{f'{count}列' if count else ''}あります。"
        if count
        else f"「{name}」の列がありません。",
        why=f"この表の見出し: {_shown(given)}",
        fix="見出しが2段のときは、上の段と続けて書くと一つに決まります（「人口計」など）。"
        if count
        else "表の見出しのとおりに書いてください。",
    )


def _shown(given: Given) -> str:
    names = Counter(column.name for column in given.columns)
    shown = (column.joined if names[column.name] > 1 else column.name for column in given.columns)
    return "、".join(filter(None, shown))


def same_unit(new: str, old: str) -> bool:
    """Whether numbers in `new` can go into a column in `old`."""
    return new == old or (new in MONEY and old in MONEY)
