"""`verify`: a folder of outputs against itself, a fresh computation of its inputs, and the same made anew."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import (
    Findings,
    InputError,
    Level,
    OutputError,
    Problem,
    Source,
    grave,
    tell,
)
from apportion.core.year import SETTLED, Case, Edition, FiscalYear
from apportion.outcome.charges import ChargeRow, read_charges
from apportion.outcome.issued import FOLDER, RECORD, Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import SettlementRow, read_settlement
from apportion.outputs import anew, engines, fresh, proof, publish, recalculation
from apportion.outputs.data import CHARGED, Kind
from apportion.outputs.data import SETTLED as OF_SETTLEMENT
from apportion.outputs.engines import Engine
from apportion.outputs.office import Hear, silent
from apportion.tables.payments import files as payments_files

Verified = tuple[tuple[Problem, ...], str]
"""Everything that is wrong, and (if nothing is) a sentence that says what holds."""

Compute = Callable[[Path, FiscalYear, Case, Issues], Outcome]
"""What the papers of a year, of a 補正 or of 精算 are made from, upon what was sealed before."""


def verify_outputs(
    folder: Path,
    root: Path,
    compute: Compute,
    *,
    recalculate: bool = False,
    hear: Hear = silent,
    issues: Issues | None = None,
) -> Verified:
    """A folder of a run or of a settlement.

    `issues` are the sealed ones that it looked at (default: those that `root` had then).
    `recalculate`: every formula is computed anew (`hear` hears of each file). Raises `OutputError`
    where the folder cannot be read at all, or where there is no program for that.
    """
    programs = engines.found(RECALCULATE) if recalculate else ()
    record, year = _manifest(folder)
    case: Case = (
        SETTLED if record.get("ケース") == SETTLED else Edition.parse(record.get("ケース", ""))
    )
    known = issues or _known_then(Issues.of(root, year), record, case)
    kind = _Settlement if case == SETTLED else _Run
    return _verified(kind(folder, root, record, year, case, known, compute), programs, hear)


def _known_then(issues: Issues, record: Mapping[str, Any], case: Case) -> Issues:
    """The issues without those that were sealed after the run, which would have named them."""
    later = (one for one in issues.history(case) if f"{one.path}/{RECORD}" not in record["入力"])
    first = next(later, None)
    return replace(issues, before=first.number) if first else issues


RECALCULATE = "再計算（--recalculate）"


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
    case: Case
    issues: Issues
    compute: Compute

    @abstractmethod
    def expected(self) -> proof.Expected:
        """What its data make its workbooks say; `OutputError` where they cannot be read."""

    def computed(self) -> Outcome:
        """The same from the inputs of today, with the sentences that it was given; raises `InputError`."""
        outcome = self.compute(self.root, self.year, self.case, self.issues)
        told = self.record.get(publish.REMARKS, {})
        return replace(outcome, remarks={code: tuple(texts) for code, texts in told.items()})

    @abstractmethod
    def differing(self, outcome: Outcome) -> Iterator[Problem]:
        """What its data say otherwise than the outcome."""

    @abstractmethod
    def holds(self, outcome: Outcome) -> str:
        """What holds where nothing is wrong."""

    def later(self) -> Iterator[Problem]:
        """Inputs that may come after it: no bill follows from payments."""
        for name in payments_files(str(self.record["年度"])):
            if publish.digest(self.root / name) != self.record["入力"].get(name, ""):
                yield tell("W918", Source(file=name), name=name)

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
    """Files against data, formulas, inputs against 記録.json, and all against what is made anew."""
    findings, held, failed = Findings(), "", _Failed()
    findings.extend(failed.reading(lambda: proof.compare(written.folder, written.expected())))
    if programs:
        known = {problem.source.place() for problem in findings.problems}
        wrong, held = _recalculated(written.folder, written.record, programs, hear)
        findings.extend(p for p in _again(written, wrong) if p.source.place() not in known)
    try:
        outcome = written.computed()
    except InputError as error:
        findings.extend(_uncomputed(written, findings))
        findings.extend(error.problems)
    else:
        amounts = failed.reading(lambda: [*written.differing(outcome)])
        findings.extend(p for p in amounts if p.source.file == written.kind.data)
        findings.extend(_anew(written, outcome, findings, amounts))
        told = {problem.source.file for problem in findings.problems}
        findings.extend(p for p in amounts if p.source.file not in told)
        held = "".join(
            (written.holds(outcome), anew.not_made(written.folder, written.record), held)
        )
    if failed.error and not grave(findings.problems):
        raise failed.error
    return findings.problems, held


def _had_payments(written: _Written) -> bool:
    """Whether the table of payments was an input."""
    return not written.record["入力"].keys().isdisjoint(payments_files(written.year.code))


def _unpaid(outcome: Outcome) -> Outcome:
    """The outcome before anything was paid."""
    return replace(outcome, tables=replace(outcome.tables, payments=()), claims=None)


@dataclass
class _Failed:
    """The first file that could not be read: what is made anew tells of it, and of others too."""

    error: OutputError | None = None

    def reading(self, step: Callable[[], Iterable[Problem]]) -> tuple[Problem, ...]:
        """What a step finds; nothing where it cannot read what it needs."""
        try:
            return tuple(step())
        except OutputError as error:
            self.error = self.error or error
            return ()


def _uncomputed(written: _Written, findings: Findings) -> Iterator[Problem]:
    """What 記録.json alone can tell, where nothing can be made anew."""
    told = {p.source.file for p in findings.problems if p.level is Level.ERROR}
    yield from _again(written, _strange(written.folder))
    yield from _again(written, _hashes(written.folder, written.record, told))
    yield from _again(written, _inputs(written))
    yield from written.later()


def _anew(
    written: _Written, outcome: Outcome, findings: Findings, amounts: Sequence[Problem]
) -> Iterator[Problem]:
    """What is not as it is made anew; `amounts` are those that differ."""
    inputs = [*_inputs(written), *_unlisted(written, outcome)]
    paid = [*written.later()]
    beside = anew.FolderFound(
        folder=written.folder,
        root=written.root,
        record=written.record,
        changed=[problem.source.file for problem in inputs],
        paid=bool(paid) and _had_payments(written),
        told={(p.source.file, p.source.sheet, p.source.cell) for p in findings.problems},
    )
    found = anew.compare(beside, outcome if _had_payments(written) else _unpaid(outcome))
    # Where other inputs give other amounts, other papers only follow from that.
    follows = {"W607"} if inputs and amounts else set()
    own = (p for p in (*_strange(written.folder), *found) if p.code not in follows)
    yield from _again(written, (*own, *inputs))
    yield from paid


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
        edition = self.case if isinstance(self.case, Edition) else None
        changed = bool(bills) and proof.is_notice(str(self.record.get("状態")), edition)
        return proof.Bills(proof.charged(self.rows), bills, changed)

    def differing(self, outcome: Outcome) -> Iterator[Problem]:
        return fresh.compare(self.folder, self.rows, outcome)

    def holds(self, outcome: Outcome) -> str:
        return (
            f"{self.folder}: {len(self.record['出力'])} ファイル、"
            f"{len(outcome.members)} 団体、{outcome.total:,}円。\n"
            "ファイルどうし、予算、入力からの再計算の三つと、1円まで一致しています。"
        )


class _Settlement(_Written):
    kind = OF_SETTLEMENT

    @cached_property
    def rows(self) -> Sequence[SettlementRow]:
        """Of data/settlement.csv."""
        try:
            return read_settlement(self.data())
        except (ValueError, csv.Error) as error:
            raise self.unreadable() from error

    def expected(self) -> proof.Expected:
        return proof.Differences(self.rows)

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


def _strange(folder: Path) -> Iterator[Problem]:
    """Links, and folders without a file: neither has a hash."""
    for name, kind in publish.strange(folder):
        yield tell("W604.link" if kind == "link" else "W604.folder", Source(file=name), name=name)


def _inputs(written: _Written) -> Iterator[Problem]:
    """Inputs that are not what they were when the outputs were made."""
    record = written.record
    sealed = f"{FOLDER}/{record['年度']}/"
    paid = payments_files(str(record["年度"]))
    for name, digest in record["入力"].items():
        if name in paid:
            continue
        own = name.removeprefix(sealed)
        place = written.root / name if own == name else written.issues.folder / own
        if publish.digest(place) != digest:
            yield tell("W611", Source(file=name), name=name)


def _unlisted(written: _Written, outcome: Outcome) -> Iterator[Problem]:
    """Inputs of today that there were not when the outputs were made."""
    known = {*written.record["入力"], *payments_files(str(written.record["年度"]))}
    for name in outcome.files:
        if name not in known and not name.startswith(f"{FOLDER}/"):
            yield tell("W611", Source(file=name), name=name)
