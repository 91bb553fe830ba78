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
        found = proof.compare(folder, proof.computed(outcome))
        if found:
            raise ReconciliationError("\n\n".join(map(str, found)))
        (folder / manifest.NAME).write_bytes(manifest.make(outcome, root, folder))
    return outcome


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of an outcome but the manifest."""
    # Loaded here: only a run that writes needs XlsxWriter.
    from apportion.workbook import invoice, summary  # noqa: PLC0415
    from apportion.workbook.plan import plan  # noqa: PLC0415

    (folder / INVOICES).mkdir()
    (folder / "data").mkdir()
    drawn = plan(outcome)
    files = {member.code: invoice.file_name(member) for member in outcome.members}
    for number, member in enumerate(outcome.members, start=1):
        invoice.write(drawn, member, folder / INVOICES / files[member.code], number=number)
    summary.write(outcome, folder / SUMMARY)
    tables = {
        "charges.csv": datafiles.charges_csv(outcome),
        "invoices.csv": datafiles.invoices_csv(outcome, files),
        "reconciliation.csv": datafiles.reconciliation_csv(outcome),
        "rotation.csv": datafiles.rotation_csv(outcome),
    }
    for name, data in tables.items():
        if data is not None:
            (folder / "data" / name).write_bytes(data)
