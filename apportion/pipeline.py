"""The steps of a run in order: compute, render, read back, prove, publish."""

from pathlib import Path

from apportion import datafiles, manifest, proof
from apportion.computation import compute
from apportion.outcome import Outcome
from apportion.problem import ReconciliationError
from apportion.publish import staged
from apportion.year import FiscalYear

OUTPUTS = "outputs"
INVOICES = "請求書"
SUMMARY = "負担金一覧.xlsx"


def run(root: Path, year: FiscalYear, *, out: Path | None = None, strict: bool = False) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    outcome = compute(root, year, strict=strict)
    with staged(out or root / OUTPUTS / year.code) as folder:
        write(outcome, folder)
        found = proof.compare(folder, proof.computed(outcome), proof.billed(folder))
        if found:
            raise ReconciliationError("\n\n".join(map(str, found)))
        (folder / manifest.NAME).write_bytes(manifest.make(outcome, root, folder))
    return outcome


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of an outcome but the manifest."""
    # Loaded here: only a run that writes needs XlsxWriter.
    from apportion.workbook import collected, fill, invoice, summary  # noqa: PLC0415
    from apportion.workbook.plan import plan  # noqa: PLC0415

    invoices = folder / INVOICES
    invoices.mkdir()
    (folder / "data").mkdir()
    drawn = plan(outcome)
    files = {member.code: invoice.file_name(member) for member in outcome.members}
    ready = fill.prepared(drawn)
    for number, member in enumerate(outcome.members, start=1):
        content = fill.content(ready, drawn, member, number=number)
        (invoices / files[member.code]).write_bytes(content)
    for number, payer in enumerate(collected.needed(outcome), start=len(files) + 1):
        files[payer.code] = collected.file_name(payer)
        collected.write(drawn, payer, invoices / files[payer.code], number=number)
    summary.write(outcome, folder / SUMMARY)
    for name, data in datafiles.all_files(outcome, files).items():
        (folder / "data" / name).write_bytes(data)
