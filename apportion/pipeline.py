"""The steps of a run and of a settlement: compute, write, read back, prove, record, swap; and `verify`."""

from pathlib import Path

from apportion.core.problem import InputError, OutputError, ReconciliationError, grave
from apportion.core.year import Edition, FiscalYear, folder_name
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, publish
from apportion.outputs.data import CHARGED, all_files, kind_of
from apportion.outputs.office import ARCHIVES, Hear, silent, write_archives, write_pdfs
from apportion.outputs.publish import OUTPUTS, staged
from apportion.outputs.verify import Verified, is_settlement, verify_run, verify_settlement
from apportion.years.issues import reissue
from apportion.years.issues.verify import issues_in, verify_issues
from apportion.years.settle.compute import settle

_PDF = "PDF（--pdf）"


def run(  # noqa: PLR0913  the options of a run
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    edition: Edition | None = None,
    strict: bool = False,
    pdf: bool = False,
    archives: bool = False,
    hear: Hear = silent,
) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    `edition` takes the budget after a 補正 (folder `outputs/<year>-補正1`).

    `pdf` adds a PDF beside each workbook (`hear` after each), `archives` one zip of
    workbooks and PDFs for each municipality.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    program = office.required(_PDF) if pdf else None
    target = out or root / OUTPUTS / folder_name(year, edition)
    ours = publish.of_run(year, edition)
    _refuse(target, root, ours)
    outcome = reissue.compared(compute(root, year, edition=edition, strict=strict), root)
    with staged(target, ours) as folder:
        write(outcome, folder)
        outcome = reissue.with_other_changes(outcome, root, folder / CHARGED.letters)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder)
        _extras(outcome, folder, program, hear, archives=archives)
        _record(outcome, root, folder)
    return outcome


def _extras(
    outcome: Outcome, folder: Path, program: Path | None, hear: Hear, *, archives: bool
) -> None:
    """A PDF beside each workbook, and one zip of workbooks and PDFs for each municipality."""
    kind, day = kind_of(outcome), outcome.year.first_day
    letters = folder / kind.letters
    if program:
        write_pdfs(program, [*sorted(letters.rglob("*.xlsx")), folder / kind.summary], day, hear)
    if archives:
        write_archives(folder / ARCHIVES, _sent(outcome, letters), day)


def run_settlement(
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    pdf: bool = False,
    archives: bool = False,
    hear: Hear = silent,
) -> Outcome:
    """Settle a year and write its folder (default `outputs/<year>-精算`); the rest is as with `run`."""
    program = office.required(_PDF) if pdf else None
    target = out or settlement_folder(root, year)
    ours = publish.of_run(year, publish.SETTLEMENT)
    _refuse(target, root, ours)
    outcome = settle(root, year)
    with staged(target, ours) as folder:
        write(outcome, folder)
        _prove(outcome, folder)
        _extras(outcome, folder, program, hear, archives=archives)
        _record(outcome, root, folder)
    return outcome


def settlement_folder(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / f"{year.code}-{publish.SETTLEMENT}"


def verify(folder: Path, root: Path, *, recalculate: bool = False, hear: Hear = silent) -> Verified:
    """What is wrong with sealed issues, with a settlement or with a run, and what holds.

    `recalculate`: LibreOffice computes every formula anew (`hear` hears of each file).
    Raises `OutputError` where the folder cannot be read at all, or where there is no LibreOffice.
    """
    if sealed := issues_in(folder):
        return verify_issues(sealed, recalculate=recalculate, hear=hear)
    if is_settlement(folder):
        return verify_settlement(folder, root, settle, recalculate=recalculate, hear=hear)
    return verify_run(folder, root, recalculate=recalculate, hear=hear)


def _refuse(target: Path, root: Path, ours: publish.Foreign) -> None:
    """Outputs never take the place of what is not theirs, nor lie among inputs or what was sealed."""
    sealed, wanted = (root / FOLDER).resolve(), target.resolve()
    if wanted.is_relative_to(sealed) or (sealed.is_dir() and sealed.is_relative_to(wanted)):
        message = (
            f"{target} には確定した請求があるので、書き出せません。\n"
            "  直し方: --out には、ほかのフォルダーを指定してください。"
        )
        raise OutputError(message)
    publish.refuse_inputs(target, root)
    publish.refuse_others(target, ours)


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of a run or a settlement but its 記録.json."""
    # Loaded here, as below: only what is written needs XlsxWriter.
    from apportion.workbook.letters import sent  # noqa: PLC0415
    from apportion.workbook.summary import book as summary_book  # noqa: PLC0415
    from apportion.workbook.summary.settled import book as settled_book  # noqa: PLC0415
    from apportion.workbook.workings import book as workings_book  # noqa: PLC0415

    kind = kind_of(outcome)
    (folder / kind.letters).mkdir()
    (folder / "data").mkdir()
    _write_letters(outcome, folder / kind.letters)
    summary = settled_book.make(outcome) if outcome.settled else summary_book.make(outcome)
    (folder / kind.summary).write_bytes(summary)
    (folder / kind.workings).write_bytes(workings_book.make(outcome))
    for name, data in all_files(outcome, sent.asked_by(outcome)).items():
        (folder / "data" / name).write_bytes(data)


def _write_letters(outcome: Outcome, folder: Path) -> None:
    """The workbook of each member, and behind them those to a 代表 or of one 期."""
    from apportion.workbook.letters import collected, collected_settled, fill  # noqa: PLC0415
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415
    from apportion.workbook.letters.sent import letters  # noqa: PLC0415

    drawn, template = plan(outcome), chosen(outcome)
    filler = fill.Filler(drawn, template)
    for letter in letters(outcome):
        path = folder / letter.file
        path.parent.mkdir(exist_ok=True)
        if letter.is_own:
            path.write_bytes(filler.content(letter.member, number=letter.number))
        elif outcome.settled:
            content = collected_settled.content(drawn, letter.member, number=letter.number)
            path.write_bytes(content)
        else:
            collected.write(drawn, letter, path, template=template)


def _prove(outcome: Outcome, folder: Path) -> None:
    found = proof.compare(folder, proof.computed(outcome, folder))
    if found:
        raise ReconciliationError("\n\n".join(map(str, found)))


def _sent(outcome: Outcome, folder: Path) -> dict[str, list[Path]]:
    """Files that each municipality gets, by the name of its archive; none where it gets no letter.

    A 代表 gets the calculation of the bodies it pays for; 計算書 goes with all (指標一覧: 全団体).
    """
    from apportion.workbook.letters import book  # noqa: PLC0415
    from apportion.workbook.letters.sent import letters  # noqa: PLC0415

    listed = letters(outcome)
    whole = [] if outcome.own_only else [folder.parent / kind_of(outcome).workings]
    led = {one.member.code: outcome.pays_for(one.member.code) for one in listed if one.together}
    found = {}
    for member in dict.fromkeys(one.member for one in listed):
        codes = led.get(member.code, ())
        names = [
            one.file
            for one in listed
            if one.member is member or (one.is_own and one.member.code in codes)
        ]
        own = [path for name in names for path in _with_pdf(folder / name)]
        found[book.file_name(member).removesuffix(".xlsx")] = [*own, *whole]
    return found


def _with_pdf(path: Path) -> list[Path]:
    return [found for found in (path, path.with_suffix(".pdf")) if found.is_file()]


def _record(outcome: Outcome, root: Path, folder: Path) -> None:
    (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
