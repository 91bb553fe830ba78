"""The steps of a run in order: compute, render, read back, prove, deliver, publish."""

from pathlib import Path

from apportion.core.problem import InputError, OutputError, ReconciliationError, grave
from apportion.core.year import Edition, FiscalYear, folder_name
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, publish
from apportion.outputs.data import all_files
from apportion.outputs.office import ARCHIVES, Tell, silent, write_archives, write_pdfs
from apportion.outputs.proof import INVOICES, SUMMARY
from apportion.outputs.publish import OUTPUTS, staged
from apportion.years.issues import reissue


def run(  # noqa: PLR0913  the options of a run
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    case: Edition | None = None,
    strict: bool = False,
    pdf: bool = False,
    archives: bool = False,
    tell: Tell = silent,
) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    `case` takes the budget after a 補正 (folder `outputs/<year>-補正1`).

    `pdf` adds a PDF beside each invoice workbook (`tell` hears of each), `archives` one zip of
    workbooks and PDFs for each municipality.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    program = office.required("PDF（--pdf）") if pdf else None
    target = out or root / OUTPUTS / folder_name(year, case)
    refuse_sealed(target, root)
    outcome = reissue.compared(compute(root, year, case=case, strict=strict), root)
    with staged(target) as folder:
        write(outcome, folder)
        outcome = reissue.with_other_changes(outcome, root, folder / INVOICES)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder)
        if program:
            books = sorted((folder / INVOICES).rglob("*.xlsx"))
            write_pdfs(program, books, year.first_day, tell)
        if archives:
            sent = _sent(outcome, folder / INVOICES)
            write_archives(folder / ARCHIVES, sent, year.first_day)
        (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
    return outcome


def _prove(outcome: Outcome, folder: Path) -> None:
    found = proof.compare(folder, proof.computed(outcome), proof.billed(folder))
    if found:
        raise ReconciliationError("\n\n".join(map(str, found)))


def refuse_sealed(target: Path, root: Path) -> None:
    """Outputs never take the place of what was sealed, nor of a folder around it."""
    sealed, wanted = (root / FOLDER).resolve(), target.resolve()
    if wanted.is_relative_to(sealed) or (sealed.is_dir() and sealed.is_relative_to(wanted)):
        message = (
            f"{target} には確定した請求があるので、書き出せません。\n"
            "  直し方: --out には、ほかのフォルダーを指定してください。"
        )
        raise OutputError(message)


def _sent(outcome: Outcome, invoices: Path) -> dict[str, list[Path]]:
    """Files that each municipality gets, by the name of its archive.

    The bill to a 代表 goes with its own calculation.
    """
    from apportion.workbook.letters import book  # noqa: PLC0415  as below

    everyone = {member.code: member for member in (*outcome.members, *outcome.payers)}
    return {
        book.file_name(member).removesuffix(".xlsx"): sorted(invoices.rglob(f"{code}_*"))
        for code, member in everyone.items()
    }


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of an outcome but the manifest."""
    # Loaded here: only a run that writes needs XlsxWriter.
    from apportion.workbook.letters import book, collected, fill  # noqa: PLC0415
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415
    from apportion.workbook.summary import book as summary_book  # noqa: PLC0415

    invoices = folder / INVOICES
    invoices.mkdir()
    (folder / "data").mkdir()
    drawn = plan(outcome)
    template = chosen(outcome)
    ready = fill.prepared(drawn, template)
    for number, member in enumerate(outcome.members, start=1):
        content = fill.content(ready, drawn, member, number=number)
        (invoices / book.file_name(member)).write_bytes(content)
    for number, sent in enumerate(collected.sent(outcome), start=len(outcome.members) + 1):
        path = invoices / sent.file
        path.parent.mkdir(exist_ok=True)
        collected.write(drawn, sent, path, number=number, template=template)
    summary_book.write(outcome, folder / SUMMARY)
    for name, data in all_files(outcome, collected.files(outcome)).items():
        (folder / "data" / name).write_bytes(data)
