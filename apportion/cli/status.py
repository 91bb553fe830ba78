"""`status`: where a year stands, on one screen."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.layout import GAP, aligned
from apportion.cli.options import Root, beside, read_day, read_year, typer
from apportion.core.year import SETTLED, FiscalYear, wareki

if TYPE_CHECKING:
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
    return " ".join(filter(None, (day, act.state, f"（{reason}）" if reason else "")))


def _sealed(act: "ActStanding") -> str:
    if act.issue is None:
        gone = f"（第{act.withdrawn[-1].number}回は取消）" if act.withdrawn else ""
        return f"まだ確定していません{gone}"
    record = act.issue.record
    what = "決算による負担金 " if act.case == SETTLED else ""
    return (
        f"第{act.issue.number}回として確定 {record['団体数']}団体 {what}{record['負担金額_円']:,}円"
    )


def _terms(found: "YearStatus") -> Iterator[str]:
    if not found.terms:
        return
    basis = (
        f"確定した第{found.basis.number}回"
        if found.basis
        else "今の表からの計算（まだ確定していません）"
    )
    paid = (
        f"、納入は{wareki(found.paid_until)}まで" if found.paid_until else "、納入の表はありません"
    )
    yield f"請求と納入　{basis}{paid}"
    rows = [("期", "納期限", *(f"{GAP * 3}{head}" for head in _MONEY), "未納の団体")]
    rows += [
        (
            f"第{term.number}期",
            wareki(term.day) if term.day else "別に通知",
            *(f"{yen:13,}円" for yen in (term.owed, term.paid, term.open)),
            f"{term.bodies}団体",
        )
        for term in found.terms
    ]
    yield from (f"{GAP}{line}" for line in aligned(rows))
    if found.repay:
        yield f"{GAP}納めすぎと還付の残り: {found.repay:,}円"


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
    lines = [_step(step, found.year, root) for step in found.steps]
    yield from (f"{GAP}{line}" for line in lines or ["ありません。"])


def _step(step: "NextStep", year: FiscalYear, root: Path) -> str:
    """What to do, and the command that does it."""
    case = f" --case {step.about}" if step.about else ""
    what, day = step.about or "当初", f"（{wareki(step.until)}）" if step.until else ""
    ending = f" --year {year}{case}"
    open_ = f"{step.number}団体 {step.yen:,}円"
    words, command = {
        "check": (f"誤り {step.number}件を直す", f"check --year {year}"),
        "decide": (f"{what}が議決されたら{day}", f"decide{ending} --date 議決の日 --note 備考"),
        "seal": (f"{what}{day}を確かめて確定する", f"seal{ending} --note 備考"),
        "changed": (
            f"額の違う {step.number}団体: 表を戻すか、訂正として決める",
            f"check --year {year}",
        ),
        "resettled": (
            f"差額の違う {step.number}団体: 表を戻すか、精算し直す",
            f"settle --year {year}",
        ),
        "overdue": (f"{what}{day}の未納 {open_}を督促する", f"show payments --year {year}"),
        "due": (f"{what}の納期限{day}を待つ: {open_}", f"show payments --year {year}"),
        "settle": ("決算額を書いて精算する", f"settle --year {year}"),
        "new-year": (f"次の年度の規則と名簿を作る{day}", f"new-year {step.about}"),
    }[step.kind]
    return f"{words}: apportion {command}{beside(root)}"
