"""Every file that an outcome makes: workbooks and data, PDFs beside them, and an archive for each body."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from apportion.core.problem import Problem
from apportion.outcome.outcome import Outcome
from apportion.outputs.both import both
from apportion.outputs.data import REASONS, all_files, kind_of
from apportion.outputs.office import ARCHIVES, Hear, silent, write_archives, write_pdfs

if TYPE_CHECKING:
    from apportion.forms.slots import Template
    from apportion.why.difference import Diff

Tell = Callable[[str], Hear]
"""Who hears of the files of a task, by its name: `tell("PDF")` hears that 3 of 54 are ready."""

Work = Callable[[], Sequence[Problem]]
"""Writes a workbook, or finds what is to be told."""


def nobody(_task: str) -> Hear:
    """Where nobody waits."""
    return silent


def write(
    outcome: Outcome,
    folder: Path,
    tell: Tell = nobody,
    change: "Diff | None" = None,
    beside: Work = tuple,
) -> list[Problem]:
    """Every file of a run or a settlement but its 記録.json; `change` is told as well.

    Gives what was found `beside`, meanwhile.
    """
    kind = kind_of(outcome)
    (folder / kind.letters).mkdir()
    (folder / "data").mkdir()
    # A second process begins with the last ones, the largest of all.
    lists = (_write_data, _write_workings, _write_summary)
    work: list[Work] = [*_letters(outcome, folder / kind.letters), beside]
    work += [partial(own, outcome, folder) for own in lists]
    found = both(work, tell(kind.letters))
    if change:
        _write_reasons(change, folder)
    return [problem for own in found for problem in own]


def _write_data(outcome: Outcome, folder: Path) -> tuple[Problem, ...]:
    # Loaded here, as below: only what is written needs XlsxWriter.
    from apportion.workbook.letters import sent  # noqa: PLC0415

    for name, data in all_files(outcome, sent.asked_by(outcome)).items():
        (folder / "data" / name).write_bytes(data)
    return ()


def _write_workings(outcome: Outcome, folder: Path) -> tuple[Problem, ...]:
    """計算書."""
    from apportion.workbook.workings import book  # noqa: PLC0415

    (folder / kind_of(outcome).workings).write_bytes(book.make(outcome))
    return ()


def _write_summary(outcome: Outcome, folder: Path) -> tuple[Problem, ...]:
    """負担金一覧 or 精算一覧."""
    if outcome.settled:
        from apportion.workbook.summary.settled.book import make  # noqa: PLC0415
    else:
        from apportion.workbook.summary.book import make  # noqa: PLC0415
    (folder / kind_of(outcome).summary).write_bytes(make(outcome))
    return ()


def _letters(outcome: Outcome, folder: Path) -> list[Work]:
    """The workbook of each member, and behind them those to a 代表 or of one 期."""
    from apportion.workbook.letters import fill  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415
    from apportion.workbook.letters.sent import Letter, letters  # noqa: PLC0415

    fillers = {own.account: fill.Filler(plan(own), _own_form(own)) for own in outcome.papers}

    def written(letter: Letter) -> tuple[Problem, ...]:
        path, filler = folder / letter.file, fillers[letter.account]
        path.parent.mkdir(exist_ok=True)
        if letter.is_own:
            path.write_bytes(filler.content(letter.member, number=letter.number))
        elif outcome.settled:
            from apportion.workbook.letters import collected_settled  # noqa: PLC0415

            content = collected_settled.content(filler.plan, letter.member, number=letter.number)
            path.write_bytes(content)
        else:
            from apportion.workbook.letters import collected  # noqa: PLC0415

            collected.write(filler.plan, letter, path, template=filler.template)
        return ()

    return [partial(written, letter) for letter in letters(outcome)]


def _own_form(outcome: Outcome) -> "Template | None":
    """The form of the council; None where it has ours."""
    if not outcome.attached:
        return None
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415

    return chosen(outcome)


def _write_reasons(change: "Diff", folder: Path) -> None:
    from apportion.why.words import label  # noqa: PLC0415
    from apportion.workbook import reasons  # noqa: PLC0415

    labels = label(change.before), label(change.after)
    (folder / REASONS).write_bytes(reasons.of_diff(change, change.changes, labels))


def write_extras(
    outcome: Outcome, folder: Path, program: Path | None, tell: Tell, *, archives: bool
) -> None:
    """A PDF beside each workbook, and one zip of workbooks and PDFs for each municipality."""
    if program:
        write_pdfs(program, printed(outcome, folder), outcome.year.first_day, tell("PDF"))
    if archives:
        pack(outcome, folder)


def printed(outcome: Outcome, folder: Path) -> list[Path]:
    """The workbooks that have a PDF beside them, where there are any."""
    kind = kind_of(outcome)
    return [*sorted((folder / kind.letters).rglob("*.xlsx")), folder / kind.summary]


def pack(outcome: Outcome, folder: Path) -> None:
    """The archives, of what stands in the folder."""
    letters = folder / kind_of(outcome).letters
    write_archives(folder / ARCHIVES, _sent(outcome, letters), outcome.year.first_day)


def _sent(outcome: Outcome, folder: Path) -> dict[str, dict[str, Path]]:
    """Files that each municipality gets by their names, by the name of its archive; none without a letter.

    A 代表 gets the calculation of the bodies it pays for; 計算書 goes with all (指標一覧: 全団体).
    """
    from apportion.workbook.letters.naming import stem_of, subject  # noqa: PLC0415
    from apportion.workbook.letters.sent import letters  # noqa: PLC0415

    listed, workings = letters(outcome), folder.parent / kind_of(outcome).workings
    named = f"{workings.stem}_{subject(outcome)}{workings.suffix}"
    whole = {} if outcome.own_only else {named: workings}
    led = {one.member.code: outcome.pays_for(one.member.code) for one in listed if one.together}
    found = {}
    for member in dict.fromkeys(one.member for one in listed):
        codes = led.get(member.code, ())
        names = [
            one.file
            for one in listed
            if one.member is member or (one.is_own and one.member.code in codes)
        ]
        own = {path.name: path for name in names for path in _with_pdf(folder / name)}
        found[stem_of(outcome, member)] = own | whole
    return found


def _with_pdf(path: Path) -> list[Path]:
    return [found for found in (path, path.with_suffix(".pdf")) if found.is_file()]
