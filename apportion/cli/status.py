"""`status`: where a year stands, on one screen."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.layout import GAP, aligned
from apportion.cli.options import Root, beside, read_day, read_year, typer
from apportion.core.numbers import money
from apportion.core.problem import Level, Problem
from apportion.core.year import SETTLED, FiscalYear, wareki

if TYPE_CHECKING:
    from apportion.outcome.issued import Issue
    from apportion.years.status import ActStanding, NextStep, YearStatus

_MONEY = ("請求額", "納入額", "未納額")
_SHOWN = 5
"""Bodies that are named; the others are counted."""

Asked = Annotated[
    FiscalYear | None,
    typer.Option(
        "--year", parser=read_year, metavar="年度", help="年度。省くと、いちばん新しい年度。"
    ),
]
On = Annotated[
    date | None,
    typer.Option("--date", parser=read_day, metavar="日付", help="いつの時点か。省くと今日。"),
]


def status(year: Asked = None, root: Root = Path(), on: On = None) -> None:
    """年度がどこまで進み、次に何をするかを、一つの画面に出します。"""
    chosen = year or newest(root)
    today = on or date.today()  # noqa: DTZ011  the day of the office
    typer.echo(overview(root, chosen, today) if chosen else nothing_here())


def newest(root: Path) -> FiscalYear | None:
    """The last year that has rules."""
    from apportion.outcome.rewriting import years  # noqa: PLC0415  the engine, as in `compute`

    return max(years(root), default=None)


def nothing_here() -> str:
    """What to do where there is no workspace."""
    return (
        "ここには rules フォルダーがありません。\n"
        "規則と名簿のあるフォルダーで実行するか、--dir で指定してください。\n"
        "新しく始めるとき: apportion init フォルダー\n"
        "使い方: apportion --help"
    )


def overview(root: Path, year: FiscalYear, on: date) -> str:
    """The screen."""
    from apportion.years.status import status  # noqa: PLC0415  the engine, as in `compute`

    found = status(root, year, on)
    return "\n".join(
        [
            f"{year.label}　{wareki(on)}現在",
            *_acts(found),
            *_withdrawn(found),
            *_terms(found),
            *_changed(found),
            *_steps(found, root),
        ]
    )


def _acts(found: "YearStatus") -> Iterator[str]:
    yield "決まったことと、確定した請求"
    rows = [(act.name, _state(act), _sealed(act)) for act in found.acts]
    yield from (f"{GAP}{line}" for line in aligned(rows))


def _state(act: "ActStanding") -> str:
    day = wareki(act.act.day) if act.act and act.act.day else ""
    reason = act.act.reason if act.act else ""
    state = act.state
    if act.behind and act.act and act.act.state != state:
        state = f"{state}（決定の表は{act.act.state}、規則ファイルが{state}）"
    return " ".join(filter(None, (day, state, f"（{reason}）" if reason else "")))


def _sealed(act: "ActStanding") -> str:
    if act.issue is None:
        return f"まだ確定していません{_forecast(act)}"
    record, difference = act.issue.record, act.difference
    if difference is None:
        what = f"{record['負担金額_円']:,}円"
    else:
        what = f"決算による負担金 {record['負担金額_円']:,}円、差額 {money(difference)}"
    return f"第{act.issue.number}回として確定 {record['団体数']}団体 {what}"


def _forecast(act: "ActStanding") -> str:
    found = act.forecast
    if found is None:
        return ""
    what = "差額 " if act.case == SETTLED else ""
    return f"（今の計算 {found.bodies}団体 {what}{money(found.yen)}）"


def _withdrawn(found: "YearStatus") -> Iterator[str]:
    for act in found.acts:
        for issue, by in act.withdrawn:
            yield f"{GAP}取消 第{issue.number}回（{act.name}）は、第{by.number}回（{by.words}）で取り消しました"


def _terms(found: "YearStatus") -> Iterator[str]:
    if not found.terms:
        return
    paid = (
        f"、納入は{wareki(found.paid_until)}まで" if found.paid_until else "、納入の表はありません"
    )
    yield f"請求と納入　{_basis(found.basis)}{paid}"
    rows = [("期", "納期限", *(f"{GAP * 3}{head}" for head in _MONEY), "未納の団体")]
    rows += [
        (
            term.label,
            wareki(term.day) if term.day else "別に通知",
            *(f"{yen:13,}円" for yen in (term.owed, term.paid, term.open)),
            f"{term.bodies}団体",
        )
        for term in found.terms
    ]
    yield from (f"{GAP}{line}" for line in aligned(rows))
    if found.offset or found.repay:
        yield f"{GAP}納めすぎ: ほかの期に充当できる額 {found.offset:,}円、還付する額 {found.repay:,}円"


def _basis(issue: "Issue | None") -> str:
    from apportion.years.status import paper_days  # noqa: PLC0415  the engine, as in `compute`

    if issue is None:
        return "今の表からの計算（まだ確定していません）"
    days = [wareki(day) for day in paper_days(issue)]
    dated = f"（書類は{'から'.join(dict.fromkeys((days[0], days[-1])))}付け）" if days else ""
    return f"確定した第{issue.number}回{dated}"


def _changed(found: "YearStatus") -> Iterator[str]:
    after = "確定のあとで表や規則が変わり、今の計算では"
    yield from _bodies(f"{after}額の違う団体", found.changed)
    yield from _bodies(f"精算の{after}差額の違う団体", found.resettled)


def _bodies(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"{GAP}{line}" for line in lines[:_SHOWN])
    if lines[_SHOWN:]:
        yield f"{GAP}ほか {len(lines) - _SHOWN}団体"


def _steps(found: "YearStatus", root: Path) -> Iterator[str]:
    yield "次にすること"
    if not found.steps:
        yield f"{GAP}ありません。"
    for step in found.steps:
        words, command = _of_act(step, found) if step.act else _words(step, found)
        yield f"{GAP}{words}: apportion {command}{beside(root)}" if command else f"{GAP}{words}"
        yield from (f"{GAP * 3}{line}" for line in _details(step, found.problems))


_LEVELS = {"check": Level.ERROR, "cautions": Level.WARNING}


def _details(step: "NextStep", problems: Sequence[Problem]) -> Iterator[str]:
    """What the step is about, the first ones."""
    level = _LEVELS.get(step.kind)
    if step.kind == "due":
        return
    told = (problem for problem in problems if problem.level is level)
    lines = [f"{p.what.splitlines()[0]}（{p.source.short()}）" for p in told]
    lines = lines or [f"{name} {yen:,}円" for name, yen in step.of]
    yield from lines[:_SHOWN]
    if lines[_SHOWN:]:
        yield f"ほか {len(lines) - _SHOWN}{'件' if level else '団体'}"


def _of_act(step: "NextStep", found: "YearStatus") -> tuple[str, str]:
    """That something is to be decided, until when, and the command, with its day where it is known."""
    act, year, until = step.act, found.year, _until(step, found.today)
    assert act is not None
    case = f" --case {act.case}" if act.case else ""
    written = act.act if act.act and act.act.state == "議決" else None
    day = wareki(written.day) if written and written.day else "議決の日"
    note = written.reason if written and written.reason and " " not in written.reason else "備考"
    decide = f"decide --year {year}{case} --date {day} --note {note}"
    draft = "精算の案を作って確かめる" if act.forecast else "決算額を書き、精算の案を作る"
    return {
        "settle": (f"{draft}{until}", f"settle --year {year}"),
        "seal": (f"{act.name}を確かめて確定する{until}", decide),
        "decide": (f"{act.name}が議決されたら、確定する{until}", decide),
    }[step.kind]


def _until(step: "NextStep", today: date) -> str:
    """`（発行日 令和7年6月2日まで）`."""
    if step.until is None:
        return ""
    day = " ".join(filter(None, (step.about if step.act else "", wareki(step.until))))
    return f"（{day}まで）" if step.until >= today else f"（{day}は過ぎています）"


def _words(step: "NextStep", found: "YearStatus") -> tuple[str, str]:
    year, until = found.year, _until(step, found.today)
    day = f"（{wareki(step.until)}）" if step.until else ""
    open_, paid = f"{step.number}団体 {step.yen:,}円", f"show payments --year {year}"
    return {
        "check": (f"誤り {step.number}件を直す", f"check --year {year}"),
        "cautions": (f"注意 {step.number}件を確かめる", f"check --year {year}"),
        "send": (f"第{step.number}回の書類を送る{day}: {step.about}", ""),
        "changed": (
            f"額の違う {step.number}団体: 表を戻すか、訂正として決める",
            f"check --year {year}",
        ),
        "resettled": (
            f"差額の違う {step.number}団体: 表を戻すか、精算し直す",
            f"settle --year {year}",
        ),
        "offset": (f"納めすぎを充当する {open_}", paid),
        "repay": (f"納めすぎを還付する {open_}", paid),
        "overdue": (f"{step.about}{day}の未納 {open_}を督促する", paid),
        "due": (f"{step.about}の納期限{day}を待つ: {open_}", paid),
        "new-year": (f"次の年度の規則と名簿を作る{until}", f"new-year {step.about}"),
    }[step.kind]
