"""`verify`: a folder of outputs against itself and a fresh computation of its inputs."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, Level, OutputError, Problem, Source, tell
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charges import ChargeRow, read_charges
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER, Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import SettlementRow, read_settlement
from apportion.outputs import engines, fresh, proof, publish, recalculation
from apportion.outputs.data import CHARGED, SETTLED, Kind
from apportion.outputs.engines import Engine
from apportion.outputs.office import Hear, silent
from apportion.tables.payments import files as payments_files

Verified = tuple[tuple[Problem, ...], str]
"""Everything that is wrong, and (if nothing is) a sentence that says what holds."""

Settle = Callable[[Path, FiscalYear, Issues], Outcome]
"""Settles a year upon what was sealed."""


def verify_run(
    folder: Path,
    root: Path,
    *,
    recalculate: bool = False,
    hear: Hear = silent,
    issues: Issues | None = None,
) -> Verified:
    """A run's folder. `issues` are the sealed ones that it looked at (default: those in `root`).

    `recalculate`: every formula is computed anew (`hear` hears of each file). Raises `OutputError`
    where the folder cannot be read at all, or where there is no program for that.
    """
    programs = engines.found(_RECALCULATE) if recalculate else ()
    record, year = _manifest(folder)
    return _verified(
        _Run(folder, root, record, year, issues or Issues.of(root, year)), programs, hear
    )


def verify_settlement(
    folder: Path,
    root: Path,
    settle: Settle,
    *,
    recalculate: bool = False,
    hear: Hear = silent,
    issues: Issues | None = None,
) -> Verified:
    """A settlement's folder; `settle` computes it anew. Else as `verify_run`."""
    programs = engines.found(_RECALCULATE) if recalculate else ()
    record, year = _manifest(folder)
    known = issues or Issues.of(root, year)
    return _verified(_Settlement(folder, root, record, year, known, settle), programs, hear)


_RECALCULATE = "再計算（--recalculate）"


def _manifest(folder: Path) -> tuple[dict[str, Any], FiscalYear]:
    """記録.json of a folder, and its year; `OutputError` where there is none."""
    record = publish.read(folder)
    year = FiscalYear.parse(str(record["年度"])) if record else None
    if record is None or year is None:
        message = (
            f"{folder} に 記録.json がないか、読めません。\n"
            "  直し方: outputs/r7 のような、run が書いたフォルダーを指定してください。"
        )
        raise OutputError(message)
    return record, year


@dataclass(frozen=True)
class _Written(ABC):
    """A folder with its 記録.json, and what a run and a settlement do each in their own way."""

    kind: ClassVar[Kind]

    folder: Path
    root: Path
    record: Mapping[str, Any]
    year: FiscalYear
    issues: Issues

    @abstractmethod
    def expected(self) -> proof.Expected:
        """What its data make its workbooks say; `OutputError` where they cannot be read."""

    @abstractmethod
    def computed(self) -> Outcome:
        """The same from the inputs of today; raises `InputError`."""

    @abstractmethod
    def differing(self, outcome: Outcome) -> Iterator[Problem]:
        """What its data say otherwise than the outcome."""

    @abstractmethod
    def holds(self, outcome: Outcome) -> str:
        """What holds where nothing is wrong."""

    def later(self) -> Iterator[Problem]:
        """Inputs that may come after it."""
        return iter(())

    def data(self) -> bytes:
        """The file that the workbooks must agree with."""
        try:
            return (self.folder / self.kind.data).read_bytes()
        except OSError as error:
            raise self.unreadable() from error

    def unreadable(self) -> OutputError:
        """That its data cannot be read."""
        return OutputError(
            f"{self.folder / self.kind.data} を読めません。\n"
            f"  直し方: もう一度 apportion {self.kind.command} を実行してください。"
        )


def _verified(written: _Written, programs: Sequence[Engine], hear: Hear) -> Verified:
    """Files against data, formulas, hashes and inputs against 記録.json, data against a computation."""
    folder, root, record = written.folder, written.root, written.record
    findings, held = Findings(), ""
    findings.extend(proof.compare(folder, written.expected()))
    if programs:
        known = {problem.source.place() for problem in findings.problems}
        wrong, held = _recalculated(folder, record, programs, hear)
        findings.extend(p for p in _again(written, wrong) if p.source.place() not in known)
    told = {p.source.file for p in findings.problems if p.level is Level.ERROR}
    findings.extend(_again(written, _hashes(folder, record, told)))
    findings.extend(_again(written, _inputs(root, record, written.issues)))
    findings.extend(written.later())
    try:
        outcome = written.computed()
    except InputError as error:
        findings.extend(error.problems)
        return findings.problems, ""
    told = {problem.source.file for problem in findings.problems} - {written.kind.data}
    findings.extend(p for p in written.differing(outcome) if p.source.file not in told)
    return findings.problems, written.holds(outcome) + held


def _again(written: _Written, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems with the command that writes this folder."""
    for problem in problems:
        again = problem.fix.replace("apportion run", f"apportion {written.kind.command}")
        yield replace(problem, fix=again)


class _Run(_Written):
    kind = CHARGED

    @cached_property
    def rows(self) -> Sequence[ChargeRow]:
        """Of data/charges.csv."""
        return read_charges(self.data())

    def expected(self) -> proof.Expected:
        try:
            bills = proof.billed(self.folder)
        except (OSError, ValueError, KeyError, TypeError):
            bills = {}  # data/invoices.csv is damaged: its hash tells that already
        edition = Edition.parse(str(self.record.get("ケース")))
        changed = bool(bills) and proof.is_notice(str(self.record.get("状態")), edition)
        return proof.Bills(proof.charged(self.rows), bills, changed)

    def computed(self) -> Outcome:
        edition = Edition.parse(str(self.record.get("ケース")))
        return compute(self.root, self.year, edition=edition, issues=self.issues)

    def differing(self, outcome: Outcome) -> Iterator[Problem]:
        return fresh.compare(self.folder, self.rows, outcome)

    def holds(self, outcome: Outcome) -> str:
        return (
            f"{self.folder}: {len(self.record['出力'])} ファイル、"
            f"{len(outcome.members)} 団体、{outcome.total:,}円。\n"
            "ファイルどうし、予算、入力からの再計算の三つと、1円まで一致しています。"
        )

    def later(self) -> Iterator[Problem]:
        """Payments: no bill follows from them, only 収納状況 is of before."""
        for name in payments_files(str(self.record["年度"])):
            if publish.digest(self.root / name) != self.record["入力"].get(name, ""):
                yield tell("W918", Source(file=name), name=name)


@dataclass(frozen=True)
class _Settlement(_Written):
    kind = SETTLED

    settle: Settle

    @cached_property
    def rows(self) -> Sequence[SettlementRow]:
        """Of data/settlement.csv."""
        try:
            return read_settlement(self.data())
        except (ValueError, csv.Error) as error:
            raise self.unreadable() from error

    def expected(self) -> proof.Expected:
        return proof.Differences(self.rows)

    def computed(self) -> Outcome:
        return self.settle(self.root, self.year, self.issues)

    def differing(self, outcome: Outcome) -> Iterator[Problem]:
        return fresh.compare_settled(self.rows, outcome)

    def holds(self, _outcome: Outcome) -> str:
        members = len({row.code for row in self.rows})
        difference = sum(row.difference for row in self.rows)
        sign = "△" if difference < 0 else ""
        return (
            f"{self.folder}: {len(self.record['出力'])} ファイル、"
            f"{members} 団体、差額 {sign}{abs(difference):,}円。\n"
            "ファイルどうしと、入力からの再計算が、1円まで一致しています。"
        )


def _recalculated(
    folder: Path, record: Mapping[str, Any], programs: Sequence[Engine], hear: Hear
) -> tuple[tuple[Problem, ...], str]:
    """Formulas that give other values, and the sentence that says what holds if none does."""
    names = [
        name for name in record["出力"] if name.endswith(".xlsx") and (folder / name).is_file()
    ]
    wrong, compared = recalculation.compare(folder, names, programs, hear)
    return wrong, f"\n{compared}"


def _hashes(folder: Path, record: Mapping[str, Any], told: AbstractSet[str]) -> Iterator[Problem]:
    """Files that are not what was written, but those of which something is `told` already."""
    written, found = record["出力"], publish.outputs(folder)
    for name in sorted(written.keys() | found.keys()):
        if written.get(name) == found.get(name) or name in told:
            continue
        yield tell(
            "W603" if name not in found else "W604" if name not in written else "W602",
            Source(file=name),
            name=name,
        )


def _inputs(root: Path, record: Mapping[str, Any], issues: Issues) -> Iterator[Problem]:
    """Inputs that are not what they were when the outputs were made."""
    sealed = f"{FOLDER}/{record['年度']}/"
    paid = payments_files(str(record["年度"]))
    for name, digest in record["入力"].items():
        if name in paid:
            continue
        own = name.removeprefix(sealed)
        place = root / name if own == name else issues.folder / own
        if publish.digest(place) != digest:
            yield tell("W611", Source(file=name), name=name)
