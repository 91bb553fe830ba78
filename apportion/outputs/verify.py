"""`verify`: a folder of outputs against itself, the budget and a fresh computation of its inputs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from apportion.core.problem import Findings, InputError, OutputError, Problem, Source
from apportion.core.year import Edition, FiscalYear
from apportion.outcome import charges
from apportion.outcome.charges import ChargeRow
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER, Issues
from apportion.outcome.outcome import Outcome
from apportion.outputs import fresh, office, proof, publish, recalculation
from apportion.outputs.office import Tell, silent
from apportion.tables.payments import files as payments_files

CHARGES = fresh.CHARGES


def verify(
    folder: Path,
    root: Path,
    *,
    recalculate: bool = False,
    tell: Tell = silent,
    issues: Issues | None = None,
) -> tuple[tuple[Problem, ...], str]:
    """Everything that is wrong with `folder`, and (if nothing is) one sentence that says what holds.

    `recalculate`: LibreOffice computes every formula anew (`tell` hears of each file). `issues` are
    the sealed ones that the run looked at (default: those in `root`).
    Raises `OutputError` where the folder cannot be read at all, or where there is no LibreOffice.
    """
    program = office.required("再計算（--recalculate）") if recalculate else None
    record, year = read_manifest(folder)
    issues, findings = issues or Issues.of(root, year), Findings()
    rows = _rows(folder)
    findings.extend(proof.compare(folder, proof.charged(rows), _bills(folder)))
    held = recalculated(folder, record, program, tell, findings) if program else ""
    findings.extend(hashes(folder, record, findings))
    findings.extend(inputs(root, record, issues))
    findings.extend(_payments(root, record))
    try:
        case = Edition.parse(str(record.get("ケース")))
        outcome = compute(root, year, case=case, issues=issues)
    except InputError as error:
        findings.extend(error.problems)
        return findings.problems, ""
    told = {problem.source.file for problem in findings.problems}
    differing = fresh.compare(folder, rows, outcome)
    findings.extend(p for p in differing if p.source.file == CHARGES or p.source.file not in told)
    return findings.problems, _holds(folder, outcome, len(record["出力"])) + held


def read_manifest(folder: Path) -> tuple[dict[str, Any], FiscalYear]:
    """記録.json of a folder, and its year; `OutputError` where there is none."""
    record = publish.read(folder)
    year = FiscalYear.parse(str(record["年度"])) if record else None
    if record is None or year is None:
        message = (
            f"{folder} に 記録.json がありません。\n"
            "  直し方: outputs/r7 のような、run が書いたフォルダーを指定してください。"
        )
        raise OutputError(message)
    return record, year


def recalculated(
    folder: Path, record: Mapping[str, Any], program: Path, tell: Tell, findings: Findings
) -> str:
    """Compare all formulas that the run wrote; the sentence that says what holds if none differs."""
    names = [
        name for name in record["出力"] if name.endswith(".xlsx") and (folder / name).is_file()
    ]
    known = {problem.source.place() for problem in findings.problems}
    wrong, compared = recalculation.compare(folder, names, program, tell)
    findings.extend(problem for problem in wrong if problem.source.place() not in known)
    return f"\nLibreOffice ですべての式を計算し直した値とも一致しています（{compared}）。"


def _holds(folder: Path, outcome: Outcome, files: int) -> str:
    return (
        f"{folder}: {files} ファイル、{len(outcome.members)} 団体、{outcome.total:,}円。\n"
        "ファイルどうし、予算、入力からの再計算の三つと、1円まで一致しています。"
    )


def _rows(folder: Path) -> Sequence[ChargeRow]:
    try:
        return list(charges.read_charges((folder / CHARGES).read_bytes()))
    except OSError as error:
        message = f"{folder / CHARGES} を読めません。\n  直し方: もう一度 apportion run を実行してください。"
        raise OutputError(message) from error


def _bills(folder: Path) -> Mapping[str, int]:
    """Empty where data/invoices.csv is damaged: its hash tells that already."""
    try:
        return proof.billed(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def hashes(folder: Path, record: Mapping[str, Any], findings: Findings) -> Iterator[Problem]:
    """Files that are not what the run wrote; a file whose wrong cell is known already is left out."""
    written, found = record["出力"], publish.outputs(folder)
    told = {problem.source.file for problem in findings.problems}
    for name in sorted(written.keys() | found.keys()):
        if written.get(name) == found.get(name) or name in told:
            continue
        if name not in found:
            code, what = "W603", f"{name} がありません。"
        elif name not in written:
            code, what = "W604", f"{name} は、この実行が書いたファイルではありません。"
        else:
            code, what = "W602", f"{name} が、書いたあとで変わっています。"
        yield Problem(
            code=code,
            source=Source(file=name),
            what=what,
            why="記録.json にある内容と違います。金額のほかの所（宛名、口座など）が変わったのかもしれません。",
            fix="もう一度 apportion run を実行してください。手で直す必要があるときは、規則か表を直します。",
        )


def inputs(root: Path, record: Mapping[str, Any], issues: Issues) -> Iterator[Problem]:
    """Inputs that are not what they were when the outputs were made."""
    sealed = f"{FOLDER}/{record['年度']}/"
    paid = payments_files(str(record["年度"]))
    for name, digest in record["入力"].items():
        if name in paid:
            continue
        own = name.removeprefix(sealed)
        place = root / name if own == name else issues.folder / own
        if publish.digest(place) != digest:
            yield Problem(
                code="W611",
                source=Source(file=name),
                what=f"{name} が、出力のあとで変わっています。",
                why="出力はその前の内容で計算されています。",
                fix="変えたことが正しければ、もう一度 apportion run を実行してください。",
            )


def _payments(root: Path, record: Mapping[str, Any]) -> Iterator[Problem]:
    """Payments that came later: no bill follows from them, only 収納状況 is of before."""
    for name in payments_files(str(record["年度"])):
        if publish.digest(root / name) != record["入力"].get(name, ""):
            yield Problem(
                code="W918",
                source=Source(file=name),
                what=f"{name} が、出力のあとで変わっています。",
                why="請求書と金額は変わりません。負担金一覧の収納状況だけが、その前のものです。",
                fix="収納状況を新しくするときは、もう一度 apportion run を実行してください。",
            )
