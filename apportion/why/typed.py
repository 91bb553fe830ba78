"""Drafts that are typed and not written to a file: `事業/経費: 負担割合 = …`, `名簿: 団体 = ○`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.core.model import FigureColumn, Member, Tables
from apportion.core.problem import InputError, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import fold, name_key
from apportion.explain.choice import certain, find_member, meant
from apportion.outcome.charges import to_csv
from apportion.rules.book import COMMON
from apportion.tables.cells import MONEY
from apportion.why.drafts import BUDGET, FIGURES, ROSTER, RULES, DraftFile
from apportion.why.fairness import Alone

_SLASH = re.compile("[/／]")
_MONEY = re.compile(rf"(-?[0-9,]+(?:\.[0-9]+)?)({'|'.join(MONEY)})")
_PERCENT = re.compile(r"([+-][0-9]+(?:\.[0-9]+)?)%")
_OUT, _IN = {"抜ける", "空欄", "なし", ""}, {"加わる", "○"}


class Setting(NamedTuple):
    """One line of a rule: of which 事業 and 経費 (empty: the head of its file), key and value."""

    project: str
    line: str
    key: str
    value: str


def target(tables: Tables, text: str) -> tuple[str, str]:
    """事業 and 経費 (empty: the 事業 as a whole) that `施設予約事業/運用支援業務等` means."""
    if name_key(text) == COMMON:
        return COMMON, ""
    projects = list(dict.fromkeys(line.project for line in tables.charged))
    cuts = [match.start() for match in _SLASH.finditer(text)]
    for cut in [len(text), *reversed(cuts)]:
        chosen = meant(text[:cut].strip(), projects)
        if len(chosen) != 1:
            continue
        lines = [line.name for line in tables.charged if line.project == chosen[0]]
        rest = text[cut + 1 :].strip()
        found = meant(rest, lines) if rest else [""]
        if len(found) == 1:
            return chosen[0], found[0]
    known = "、".join(projects)
    raise InputError((tell("W905.target", Source(), text=text.strip(), known=known),))


def setting(tables: Tables, text: str) -> Setting:
    """What `--set` says."""
    where, key, value = _parts(text)
    if not key:
        raise InputError((tell("W905", Source(), text=text),))
    project, line = target(tables, where)
    return Setting(project, line, key, value)


def of_settings(settings: Sequence[Setting]) -> Iterator[DraftFile]:
    """A draft for each 事業; lines of one 経費 stand together, in the order in which they were typed."""
    for project, own in grouped((s.project, s) for s in settings).items():
        blocks = grouped((s.line, s) for s in own)
        lines = [f"事業: {project}"]
        for line in sorted(blocks, key=bool):  # the head first
            lines += [f"■経費 「{line}」"] if line else []
            lines += [f"{s.key}: {s.value}" for s in blocks[line]]
        yield DraftFile(RULES, "--set", "\n".join([*lines, ""]).encode())


def budget(tables: Tables, text: str) -> DraftFile:
    """`施設予約事業/運用支援業務等 = 50,000千円`, or `= +5%` of the budget (円未満切捨て)."""
    where, _, value = text.partition("=")
    project, name = target(tables, where)
    line = next((b for b in tables.charged if (b.project, b.name) == (project, name)), None)
    amount = _amount(value, line.amount if line else None)
    if line is None or amount is None:
        raise InputError((tell("W905.budget", Source(), text=text),))
    rows = [(line.project, line.name, amount)]
    return DraftFile(BUDGET, "--budget.csv", to_csv(("事業", "経費", "予算額（円）"), rows))


def _amount(value: str, before: int | None) -> int | None:
    said = fold(value).replace(" ", "")
    if (percent := _PERCENT.fullmatch(said)) and before is not None:
        return int(before * (1 + Fraction(percent[1]) / 100))
    money = _MONEY.fullmatch(said)
    yen = Fraction(money[1].replace(",", "")) * MONEY[money[2]] if money else None
    return int(yen) if yen is not None and yen.denominator == 1 else None


def roster(tables: Tables, text: str) -> DraftFile:
    """`施設予約: 豊根村 = 抜ける`, `= 加わる`, `= R7.10.1から`."""
    column, name, value = _parts(text)
    chosen = meant(column, [own.name for own in tables.rosters])
    if not name or len(chosen) != 1:
        known = "、".join(own.name for own in tables.rosters)
        raise InputError((tell("W905.roster", Source(), text=text, known=known),))
    return _cells(_member(tables, name), {chosen[0]: value}, "--roster.csv")


def leaving(tables: Tables, name: str) -> DraftFile:
    """A body that takes part in nothing any more."""
    columns = {own.name: "抜ける" for own in tables.rosters}
    return _cells(_member(tables, name), columns, "--leave.csv")


def joining(tables: Tables, text: str) -> DraftFile:
    """`豊根村: 施設予約` (several 名簿 with 、)."""
    name, _, columns = fold(text).partition(":")
    known = [own.name for own in tables.rosters]
    chosen = [meant(column.strip(), known) for column in columns.split("、")]
    if any(len(own) != 1 for own in chosen):
        raise InputError((tell("W905.join", Source(), text=text, known="、".join(known)),))
    cells = {own[0]: "加わる" for own in chosen}
    return _cells(_member(tables, name.strip()), cells, "--join.csv")


def _cells(member: Member, cells: Mapping[str, str], name: str) -> DraftFile:
    """A draft of 名簿 that says what these columns hold for a body."""
    words = (fold(value).strip() for value in cells.values())
    said = ["" if w in _OUT else "○" if w in _IN or w in "○〇◯" else w for w in words]
    # Columns that are not named stay as they are: a draft speaks of its own columns only.
    rows = [(member.code, member.name, *said)]
    return DraftFile(ROSTER, name, to_csv(("団体コード", "団体名", *cells), rows))


def figure(tables: Tables, text: str) -> DraftFile:
    """`国勢調査人口: 豊橋市 = 380,000`."""
    column, name, value = _parts(text)
    columns = {own.source.heading or own.name: own for own in tables.figures}
    chosen = meant(column, list(columns))
    if not name or not value or len(chosen) != 1:
        known = "、".join(columns)
        raise InputError((tell("W905.figure", Source(), text=text, known=known),))
    member = _member(tables, name)
    heading = _heading(columns[chosen[0]])
    rows = [(member.code, member.name, fold(value).replace(" ", "").replace(",", ""))]
    return DraftFile(FIGURES, "--figures.csv", to_csv(("団体コード", "団体名", heading), rows))


def alone(tables: Tables, text: str) -> Alone:
    """`一宮市 = 3,000千円`, `施設予約事業/一宮市 = 3,000千円`."""
    where, _, value = text.partition("=")
    amount = _amount(value, None)
    head, slash, name = where.rpartition("/")
    if amount is None:
        raise InputError((tell("W905.alone", Source(), text=text),))
    project = target(tables, head)[0] if slash else ""
    return Alone(_member(tables, name.strip()), project, amount)


def _heading(column: FigureColumn) -> str:
    """A heading that means the same column and has its values as they are kept, in 円."""
    inside = "、".join(part for part in (column.unit, column.as_of) if part)
    return f"{column.name}（{inside}）" if inside else column.name


def _member(tables: Tables, text: str) -> Member:
    return certain(find_member(tables, text))


def _parts(text: str) -> tuple[str, str, str]:
    """`where: key = value`, each without outer spaces."""
    folded = fold(text)
    colon = folded.find(":")
    sign = folded.find("=", colon + 1)
    if colon < 0 or sign < 0:
        return text.strip(), "", ""
    return text[:colon].strip(), text[colon + 1 : sign].strip(), text[sign + 1 :].strip()
