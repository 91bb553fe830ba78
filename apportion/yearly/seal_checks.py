"""Why outputs cannot be sealed: what is not decided, not made from these inputs, or not new."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from apportion import manifest
from apportion.case_name import CaseName, label, place
from apportion.delivery import ARCHIVES
from apportion.outcome import Outcome
from apportion.problem import Problem, Source
from apportion.proof import INVOICES
from apportion.rulebook.book import DECIDED
from apportion.tables.revision import cases
from apportion.year import FiscalYear, wareki
from apportion.yearly.reissue import beside
from apportion.yearly.sealed import OUTPUTS, Sealed


def refusals(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """Rule files that are not 議決, and outputs that are not those of the inputs of today."""
    yield from _undecided(outcome)
    record = manifest.read(outputs)
    if record is None:
        yield _missing(outcome, root, outputs)
        return
    now = {name: manifest.digest(root / name) for name in outcome.files}
    made = record["入力"]
    changed = sorted(name for name in made.keys() | now.keys() if made.get(name) != now.get(name))
    if changed:
        yield _stale(outcome, root, outputs, changed)


def unchanged(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """That nothing is different from what was sealed last."""
    comparison = beside(outcome, root)
    if comparison is None:
        return
    last = comparison.issues[-1]
    following = _following(outcome)
    if following and not comparison.changed():
        yield _forgotten(last, outcome, following)
        return
    same = _sent(last.record[OUTPUTS]) == _sent(manifest.outputs(outputs))
    if same and not comparison.changed_inputs():
        yield _nothing_new(last)


def misdated(day: date | None, before: Sequence[Sealed], year: FiscalYear) -> Iterator[Problem]:
    """That the day given for an issue is before that of a former one, or far from its year."""
    former = next((one for one in reversed(before) if one.day), None)
    # Half a year around the year: 総会 decide before it begins, late bills come after its end.
    first, last = date(year.start - 1, 10, 1), date(year.start + 1, 9, 30)
    if day and not first <= day <= last:
        yield _misdated(
            Source(),
            day,
            f"{year.label}の請求の確定は、{wareki(first)}から{wareki(last)}までです。",
        )
    elif day and former and former.day and day < former.day:
        yield _misdated(
            Source(file=former.path), day, f"前に確定した{former.label}より前の日になっています。"
        )


def _misdated(source: Source, day: date, why: str) -> Problem:
    return Problem(
        code="W884",
        source=source,
        what=f"確定の日（{wareki(day)}）が合いません。",
        why=why,
        fix="--date に議決の日を書いてください。分からないときは、--date を書かなくてもかまいません。",
    )


def _following(outcome: Outcome) -> CaseName | None:
    """The next 補正 that the tables hold; None where the outcome is of the last one."""
    later = (case for case in cases(outcome.tables) if case.number > place(outcome.case))
    return next(later, None)


def _forgotten(last: Sealed, outcome: Outcome, following: CaseName) -> Problem:
    named = f"apportion seal --year {outcome.year} --case {following} --note 備考"
    return Problem(
        code="W873",
        source=Source(file=last.path),
        what=f"{label(outcome.case)}の請求は、{last.label}で確定したものと同じ額です。",
        why=f"{following.column}の列がありますが、--case を書かないと、その前の額を確定することになります。"
        if outcome.case is None
        else f"{following.column}の列がありますが、--case {outcome.case} は、その前の額です。",
        fix=f"{following.label}のあとの額は、--case {following} を付けて run と seal を実行してください: "
        f"{named}",
    )


def _sent(hashes: Mapping[str, str]) -> dict[str, str]:
    """Those of the files that payers get."""
    return {name: x for name, x in hashes.items() if name.startswith((INVOICES, ARCHIVES))}


def _undecided(outcome: Outcome) -> Iterator[Problem]:
    for file in outcome.book.files:
        if file.state != DECIDED:
            place = file.state_source
            line = place.mended(DECIDED) if place.text else f"状態: {DECIDED}"
            yield Problem(
                code="W870",
                source=place,
                what=f"状態が「{file.state}」なので、確定できません。",
                why="確定するのは、すべての規則ファイルが議決になったものだけです。",
                fix="議決のあとで、次の行に直し、もう一度 apportion run を実行してから確定してください: "
                f"{line}",
            )


def _missing(outcome: Outcome, root: Path, outputs: Path) -> Problem:
    return Problem(
        code="W871",
        source=Source(file=outputs.relative_to(root).as_posix()),
        what="確定する出力がありません。",
        why="確定は、run が書いて人が確かめた出力を、その入力と一緒に控えます。",
        fix=f"次を実行し、内容を確かめてから確定してください: {_run(outcome)}",
    )


def _stale(outcome: Outcome, root: Path, outputs: Path, changed: list[str]) -> Problem:
    return Problem(
        code="W872",
        source=Source(file=(outputs / manifest.NAME).relative_to(root).as_posix()),
        what="この出力は、今の入力から作ったものではありません。",
        why=f"出力のあとで変わったもの: {'、'.join(changed)}",
        fix=f"次を実行し、内容を確かめてから確定してください: {_run(outcome)}",
    )


def _nothing_new(last: Sealed) -> Problem:
    return Problem(
        code="W873",
        source=Source(file=last.path),
        what=f"{last.label}のあとで、変わったものがありません。",
        why="計算に使う入力も、送る請求書も、確定したものと1バイトも違いません。",
        fix="そのままで確定しています。確かめるには、次を実行してください: "
        f"apportion verify {last.path}",
    )


def _run(outcome: Outcome) -> str:
    return f"apportion run --year {outcome.year}" + (f" --case {outcome.case}" * bool(outcome.case))
