"""`verify`: a folder of outputs against itself, the budget and a fresh computation of its inputs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from apportion import datafiles, manifest, proof
from apportion.computation import compute
from apportion.datafiles import ChargeRow
from apportion.findings import Findings
from apportion.model import BudgetLine
from apportion.outcome import Outcome
from apportion.problem import InputError, OutputError, Problem, Source
from apportion.reconcile import beside
from apportion.year import FiscalYear

CHARGES = "data/charges.csv"


def verify(folder: Path, root: Path) -> tuple[tuple[Problem, ...], str]:
    """Everything that is wrong with `folder`, and (if nothing is) one sentence that says what holds.

    Raises `OutputError` where the folder cannot be read at all.
    """
    record = manifest.read(folder)
    year = FiscalYear.parse(str(record["年度"])) if record else None
    if record is None or year is None:
        message = (
            f"{folder} に 記録.json がありません。\n"
            "  直し方: outputs/r7 のような、run が書いたフォルダーを指定してください。"
        )
        raise OutputError(message)
    findings = Findings()
    rows = _rows(folder)
    findings.extend(proof.compare(folder, proof.charged(rows), _bills(folder)))
    findings.extend(_hashes(folder, record, findings))
    findings.extend(_inputs(root, record))
    try:
        outcome = compute(root, year)
    except InputError as error:
        findings.extend(error.problems)
        return findings.problems, ""
    findings.extend(_budget(rows, outcome))
    findings.extend(_fresh(rows, outcome))
    return findings.problems, _holds(folder, outcome, len(record["出力"]))


def _holds(folder: Path, outcome: Outcome, files: int) -> str:
    return (
        f"{folder}: {files} ファイル、{len(outcome.members)} 団体、{outcome.total:,}円。\n"
        "ファイルどうし、予算、入力からの再計算の三つと、1円まで一致しています。"
    )


def _rows(folder: Path) -> Sequence[ChargeRow]:
    try:
        return list(datafiles.read_charges((folder / CHARGES).read_bytes()))
    except OSError as error:
        message = f"{folder / CHARGES} を読めません。\n  直し方: もう一度 apportion run を実行してください。"
        raise OutputError(message) from error


def _bills(folder: Path) -> Mapping[str, int]:
    """Empty where data/invoices.csv is damaged: its hash tells that already."""
    try:
        return proof.billed(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _hashes(folder: Path, record: Mapping[str, Any], findings: Findings) -> Iterator[Problem]:
    """Files that are not what the run wrote; a file whose wrong cell is known already is left out."""
    written, found = record["出力"], manifest.outputs(folder)
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


def _inputs(root: Path, record: Mapping[str, Any]) -> Iterator[Problem]:
    for name, digest in record["入力"].items():
        if manifest.digest(root / name) != digest:
            yield Problem(
                code="W611",
                source=Source(file=name),
                what=f"{name} が、出力のあとで変わっています。",
                why="出力はその前の内容で計算されています。",
                fix="変えたことが正しければ、もう一度 apportion run を実行してください。",
            )


def _budget(rows: Sequence[ChargeRow], outcome: Outcome) -> Iterator[Problem]:
    """Σ charges of the file against the budget, line by line."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        sums[row.project, row.line] = sums.get((row.project, row.line), 0) + row.yen
    for result in outcome.results:
        line = result.case.line
        budget = sum(result.yen) if line.amount is None else line.amount - beside(result)
        charged = sums.get((line.project, line.name), 0)
        if charged != budget:
            yield _off_budget(line, charged, budget)


def _off_budget(line: BudgetLine, charged: int, budget: int) -> Problem:
    return Problem(
        code="W605",
        source=Source(file=CHARGES),
        what=f"「{line.project}」の「{line.name}」の負担金の計 {charged:,}円 が、"
        f"予算の {budget:,}円 と合いません（差 {charged - budget:,}円）。",
        why=f"予算額は {line.source.short()} にあります。",
        fix="もう一度 apportion run を実行してください。",
    )


def _fresh(rows: Sequence[ChargeRow], outcome: Outcome) -> Iterator[Problem]:
    """Each row of the file against a fresh computation."""
    expected = {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges}
    for number, row in enumerate(rows, start=2):
        computed = expected.pop((row.code, row.project, row.line), None)
        if computed != row.yen:
            shown = "負担なし" if computed is None else f"{computed:,}円"
            yield _not_fresh(number, f"{row.name}の「{row.line}」", f"{row.yen:,}円", shown)
    for (code, _, line), yen in expected.items():
        yield _not_fresh(0, f"{code} の「{line}」", "ありません", f"{yen:,}円")


def _not_fresh(number: int, what: str, written: str, computed: str) -> Problem:
    cell = f"J{number}" if number else ""
    heading = "負担金額_円" if number else ""
    return Problem(
        code="W606",
        source=Source(file=CHARGES, line=number, cell=cell, heading=heading),
        what=f"{what}が、入力から計算し直した額と違います（ファイル {written}、再計算 {computed}）。",
        why="ファイルの金額が、規則と予算から計算した金額ではありません。",
        fix="もう一度 apportion run を実行してください。",
    )
