"""What `what-if` says: the cases beside the year as it stands, body by body, and how even they are."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from apportion.cli.book import written_book
from apportion.cli.layout import aligned, sentence
from apportion.core.dataclass import dataclass
from apportion.core.numbers import money
from apportion.core.year import Edition, FiscalYear
from apportion.explain.choice import certain, one_project
from apportion.tables.files import content
from apportion.why import typed
from apportion.why.cases import CaseRow, WhatIf, YearAsItStands, stands, what_if
from apportion.why.difference import compare
from apportion.why.drafts import BUDGET, FIGURES, ROSTER, RULES, DraftFile
from apportion.why.fairness import Alone, Evenness, paid, population, scale, spread
from apportion.why.sweep import STANDS, Judged, Judgement, Sweep, judged, limit, sweep
from apportion.why.words import differences, fixed, label, rate, signed
from apportion.workbook import reasons

_TABLES = {".csv", ".xlsx"}
TYPED = "案"
"""Name of the case that is made of options alone."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What a person supposes, as typed."""

    files: Sequence[Path] | None = None
    sets: Sequence[str] | None = None
    budgets: Sequence[str] | None = None
    rosters: Sequence[str] | None = None
    figures: Sequence[str] | None = None
    leaving: Sequence[str] | None = None
    joining: Sequence[str] | None = None
    alones: Sequence[str] | None = None
    sweep: str | None = None
    limit: str | None = None
    project: str | None = None
    xlsx: Path | None = None

    @property
    def fault(self) -> str:
        """What is missing in it; empty where it can be answered."""
        changed = (self.files, self.sets, self.budgets, self.rosters, self.figures)
        if self.limit is not None and self.sweep is None:
            return "--limit は、--sweep と一緒に使います。"
        if self.sweep is not None and (self.alones or self.xlsx):
            return "--sweep は、--alone や --xlsx とは一緒に使えません。"
        if any((*changed, self.leaving, self.joining, self.alones, self.sweep)):
            return ""
        options = "--file、--set、--budget、--roster、--figures、--leave、--join、--alone、--sweep"
        return f"変えるところを、{options} のどれかで指定してください。"


def answer(root: Path, year: FiscalYear, edition: Edition | None, supposed: Supposed) -> str:
    """The whole answer; raises `InputError` where something supposed cannot be computed."""
    base = stands(root, year, edition)
    common = list(drafts(base, supposed))
    project = _project(base, supposed.project)
    alones = [typed.alone(base.outcome.tables, text) for text in supposed.alones or ()]
    if supposed.sweep is not None:
        found = sweep(base, supposed.sweep, [*_of_files(supposed.files or ()), *common])
        return "\n".join(_swept(found, supposed.limit, project))
    files = [path.name for path in supposed.files or ()]
    cases = {
        path.name if files.count(path.name) == 1 else str(path): [*_of_files([path]), *common]
        for path in supposed.files or ()
    }
    made = what_if(base, cases or ({TYPED: common} if common else {}))
    if supposed.xlsx is not None:
        called = label(made.base)
        data = reasons.of_cases(made, called, project)
        return written_book(supposed.xlsx, root, reasons.title_of_cases(called), data)
    return "\n".join(_cases(made, alones, project))


def _project(base: YearAsItStands, text: str | None) -> str:
    """The 事業 whose amounts are shown; empty: all."""
    if text is None:
        return ""
    projects = [line.project for line in base.outcome.tables.charged]
    return certain(one_project(text, projects, "--project"))


def _of_files(files: Sequence[Path]) -> Iterator[DraftFile]:
    for path in files:
        yield DraftFile(RULES, path.name, content(path))


def drafts(base: YearAsItStands, supposed: Supposed) -> Iterator[DraftFile]:
    """What holds in every case: --set and the changes of tables."""
    tables = base.outcome.tables
    yield from typed.of_settings([typed.setting(tables, text) for text in supposed.sets or ()])
    for of, texts, read in (
        (BUDGET, supposed.budgets or (), typed.budget),
        (ROSTER, supposed.rosters or (), typed.roster),
        (FIGURES, supposed.figures or (), typed.figure),
    ):
        for text in texts:
            path = Path(text)
            table = path.suffix.lower() in _TABLES
            yield DraftFile(of, path.name, content(path)) if table else read(tables, text)
    yield from (typed.leaving(tables, text) for text in supposed.leaving or ())
    yield from (typed.joining(tables, text) for text in supposed.joining or ())


def _cases(found: WhatIf, alones: Sequence[Alone], project: str) -> Iterator[str]:
    count = f"{len(found.cases)}案" if found.cases else "現行のまま"
    yield f"{label(found.base)}　もしも（{count}）{_of(project)}"
    for name, outcome in found.cases.items():
        yield ""
        yield f"◆{name}"
        for text in differences(compare(found.base, outcome)):
            yield from sentence(1, text)
        rows = found.rows(name, project)
        yield from _summary(rows)
        yield ""
        yield from (f"  {line}" for line in aligned([_HEAD, *map(_row, rows), _sum(rows)], _RIGHT))
    yield from _evenness(found, project)
    yield from _apart(found, alones)
    yield ""
    yield "年度のファイルは変えていません。何も書いていません。"


_RIGHT = range(1, 7)
_HEAD = ("団体", "現行", "この案", "増減", "率", "1人当たり", "順位")


def _row(own: CaseRow) -> tuple[str, ...]:
    each = "－" if own.each is None else f"{fixed(own.each, 1)}円"
    percent = rate(own.change, own.before) or "－"
    return own.member.name, *_amounts(own.before, own.yen), percent, each, str(own.place)


def _sum(rows: Sequence[CaseRow]) -> tuple[str, ...]:
    before, yen = sum(own.before for own in rows), sum(own.yen for own in rows)
    return "計", *_amounts(before, yen), rate(yen - before, before) or "－", "", ""


def _amounts(before: int, yen: int) -> tuple[str, str, str]:
    return money(before), money(yen), signed(yen - before)


def _summary(rows: Sequence[CaseRow]) -> Iterator[str]:
    more = sorted((r for r in rows if r.change > 0), key=lambda r: (-r.change, r.member.code))
    less = sorted((r for r in rows if r.change < 0), key=lambda r: (r.change, r.member.code))
    for word, own in (("増える", more), ("減る", less)):
        most = ""
        if own:
            first = own[0]
            part = rate(first.change, first.before)
            most = f"、最も{word}のは{first.member.name} {signed(first.change)}{f'（{part}）' if part else ''}"
        yield from sentence(1, f"{word}団体 {len(own)}{most}")


def _evenness(found: WhatIf, project: str) -> Iterator[str]:
    """How even the year and the cases are."""
    for column, words in (
        (population(found.base), "人口1人当たり"),
        (scale(found.base), "標準財政規模1,000円当たり"),
    ):
        if column is None:
            continue
        unit = 1000 if column.unit == "円" else 1
        sides = {"現行": found.base, **found.cases}
        rows = [(name, s) for name, o in sides.items() if (s := spread(o, column, project))]
        if not rows:
            continue
        yield ""
        dated = f"（{column.as_of}）" if column.as_of else ""
        yield f"{words}の負担　{column.name}{dated}"
        table = [_SPREAD, *(_spread(name, s, unit) for name, s in rows)]
        yield from (f"  {line}" for line in aligned(table))


_SPREAD = ("", "平均", "最小", "最大", "最大は最小の", "ジニ係数")


def _spread(name: str, own: Evenness, unit: int) -> tuple[str, ...]:
    def yen(value: Fraction) -> str:
        return f"{fixed(value * unit, 2)}円"

    times = "－" if own.ratio is None else f"{fixed(own.ratio, 2)}倍"
    return (
        name,
        yen(own.mean),
        f"{yen(own.low)} {own.lowest.name}",
        f"{yen(own.high)} {own.highest.name}",
        times,
        fixed(own.gini, 3),
    )


def _apart(found: WhatIf, alones: Sequence[Alone]) -> Iterator[str]:
    """Whether a body is better off by itself."""
    if alones:
        yield ""
        yield "単独で行う場合との比較"
    for alone in alones:
        of = f"{alone.project}を" if alone.project else "すべての事業を"
        for name, outcome in {"現行": found.base, **found.cases}.items():
            yen = paid(outcome, alone.member.code, alone.project)
            less = alone.yen - yen
            better = (
                "同じ額です"
                if not less
                else f"単独のほうが{money(-less)}安くなります"
                if less < 0
                else f"共同のほうが{money(less)}安くなります"
            )
            text = f"{alone.member.name}が{of}単独で行うと{money(alone.yen)}、{name}では{money(yen)}です。{better}。"
            yield from sentence(1, text)


def _of(project: str) -> str:
    return f"　{project}の負担金" if project else ""


def _swept(found: Sweep, condition: str | None, project: str) -> Iterator[str]:
    judgement = judged(found, limit(condition), project) if condition else None
    first, last = found.positions[0].text, found.positions[-1].text
    count = len(found.positions)
    yield f"{label(found.base)}　もしも: {first}から{last}まで（{count}とおり）{_of(project)}"
    yield from sentence(1, f"動かす経費: {'、'.join(found.lines)}")
    yield ""
    rows = [_position(found, number, project) for number in range(count)]
    table = [_POSITION, *rows]
    if judgement:
        signs = ["上限", *("×" if own.over else "○" for own in judgement.positions)]
        table = [(*own, sign) for own, sign in zip(table, signs, strict=True)]
    yield from (f"  {line}" for line in aligned(table))
    if judgement:
        yield ""
        yield from _search(judgement, condition or "")
    yield ""
    yield "年度のファイルは変えていません。何も書いていません。"


_POSITION = ("値", "増える", "減る", "最大の増", "最大の減", "1人当たり")


def _position(found: Sweep, number: int, project: str) -> tuple[str, ...]:
    position = found.positions[number]
    rows = WhatIf(base=found.base, cases={"": position.outcome}).rows("", project)
    ranked = sorted(rows, key=lambda own: (own.change, own.member.code))
    column = population(found.base)
    even = spread(position.outcome, column, project) if column else None
    return (
        position.text,
        f"{sum(own.change > 0 for own in rows)}団体",
        f"{sum(own.change < 0 for own in rows)}団体",
        _most(ranked[-1]) if ranked[-1].change > 0 else "－",
        _most(ranked[0]) if ranked[0].change < 0 else "－",
        f"{fixed(even.low, 1)}円から{fixed(even.high, 1)}円" if even else "－",
    )


def _most(own: CaseRow) -> str:
    return f"{own.member.name} {signed(own.change)}"


def _search(found: Judgement, text: str) -> Iterator[str]:
    """The smallest change that holds, and its neighbour that does not."""
    if found.nearest == STANDS:
        yield from sentence(0, f"いまのままで、{text}を超える団体はありません。")
        yield from sentence(1, _verdict(found.as_it_stands))
        return
    if found.nearest is None:
        yield from sentence(0, f"どの値でも、{text}を超える団体があります。")
        best = min(found.positions, key=lambda own: own.highest[1] if own.highest else 0)
        yield from sentence(1, _verdict(best))
        return
    beside = found.as_it_stands if found.beside == STANDS else found.positions[found.beside]
    best = found.positions[found.nearest]
    text = f"{text}を超える団体がなくなる、いちばん小さい変更は{best.text}です。"
    yield from sentence(0, text)
    yield from sentence(1, _verdict(best))
    yield from sentence(1, _verdict(beside))


def _verdict(own: Judged) -> str:
    name = own.text or "現行"
    if own.highest is None:
        return f"{name}: 比べる負担金のある団体がありません。"
    member, times = own.highest
    over = f"超える団体は{len(own.over)}、" if own.over else "超える団体はありません。"
    return f"{name}: {over}最も高いのは{member.name}の{fixed(times * 100, 2)}%です。"
