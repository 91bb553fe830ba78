"""`verify outputs/r7-精算`: a settlement against itself and a fresh computation of its inputs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from apportion.core.problem import Findings, InputError, Problem, Source
from apportion.outcome.issued import Issues
from apportion.outputs import office, proof_settled, publish
from apportion.outputs.data import DATA
from apportion.outputs.office import Tell, silent
from apportion.outputs.proof_settled import Row
from apportion.outputs.verify import hashes, inputs, read_manifest, recalculated
from apportion.years.settle.compute import settle


def is_settlement(folder: Path) -> bool:
    """Whether a folder of outputs is a settlement."""
    record = publish.read(folder)
    return record is not None and record.get("ケース") == publish.SETTLEMENT


def verify(
    folder: Path, root: Path, *, recalculate: bool = False, tell: Tell = silent
) -> tuple[tuple[Problem, ...], str]:
    """Everything that is wrong, and (if nothing is) a sentence that says what holds.

    `recalculate`: LibreOffice computes every formula anew (`tell` hears of each file).
    Raises `OutputError` where the folder cannot be read at all, or where there is no LibreOffice.
    """
    program = office.required("再計算（--recalculate）") if recalculate else None
    record, year = read_manifest(folder)
    findings, rows = Findings(), proof_settled.written(folder)
    findings.extend(_settle(proof_settled.compare(folder, rows)))
    again = recalculated
    held = again(folder, record, program, tell, findings) if program else ""
    findings.extend(_settle(hashes(folder, record, findings)))
    findings.extend(_settle(inputs(root, record, Issues.of(root, year))))
    try:
        outcome = settle(root, year)
    except InputError as error:
        findings.extend(error.problems)
        return findings.problems, ""
    findings.extend(_fresh(rows, proof_settled.computed(outcome)))
    return findings.problems, _holds(folder, record, rows) + held


def _settle(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems with the command that writes this folder."""
    for problem in problems:
        yield replace(problem, fix=problem.fix.replace("apportion run", "apportion settle"))


def _fresh(rows: Sequence[Row], fresh: Sequence[Row]) -> Iterator[Problem]:
    """Rows that the inputs of today do not give."""
    now = {(row.code, *row.key): row for row in fresh}
    for number, row in enumerate(rows, start=2):
        other = now.pop((row.code, *row.key), None)
        if other != row:
            yield _differs(number, row, other)
    for row in now.values():
        yield _differs(0, None, row)


def _differs(number: int, row: Row | None, fresh: Row | None) -> Problem:
    known = row or fresh
    assert known is not None
    return Problem(
        code="W606",
        source=Source(file=DATA, line=number),
        what=f"「{known.project}」の「{known.line}」（{known.code}）が、入力から計算し直した額と違います"
        f"（ファイル {_words(row)}、計算 {_words(fresh)}）。",
        why="出力を書いたあとで、入力か出力が変わっています。",
        fix="もう一度 apportion settle を実行してください。",
    )


def _words(row: Row | None) -> str:
    if row is None:
        return "なし"
    billed, settled, _ = row.amounts
    return f"請求済額 {billed:,}円、精算額 {settled:,}円"


def _holds(folder: Path, record: Mapping[str, Any], rows: Sequence[Row]) -> str:
    members = len({row.code for row in rows})
    difference = sum(row.amounts[2] for row in rows)
    sign = "△" if difference < 0 else ""
    return (
        f"{folder}: {len(record['出力'])} ファイル、{members} 団体、差額 {sign}{abs(difference):,}円。\n"
        "ファイルどうしと、入力からの再計算が、1円まで一致しています。"
    )
