"""A council's folder as it lies open on the page: each question of it, answered with plain data.

The page puts the files of the folder below `root` and says `changed` after each change. What was
examined is kept until then, so that 調べる, 金額 and なぜ speak of one computation.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from apportion import pipeline
from apportion.core import written
from apportion.core.model import Member
from apportion.core.problem import (
    Findings,
    InputError,
    OutputError,
    Problem,
    ReconciliationError,
    grave,
)
from apportion.core.text import decode, name_key
from apportion.core.year import FiscalYear, __version__, folder_name
from apportion.explain import explain
from apportion.explain.choice import find_lines, find_member
from apportion.outcome.checks.amounts import OwedSums
from apportion.outcome.computation import Examined, conclude, examine_edition
from apportion.outcome.issued import FOLDER, RECORD, Issues, is_begun
from apportion.outcome.outcome import STATES, Outcome
from apportion.outcome.rewriting import years
from apportion.outcome.workspace import load, rule_texts
from apportion.outputs import publish
from apportion.outputs.office import archive
from apportion.outputs.publish import OUTPUTS
from apportion.page import commands, editor, grids, plan, supposed, told
from apportion.page.compared import TwoSides, sides
from apportion.page.shown import shown as of_file
from apportion.tables.edit import encoded
from apportion.why.cases import YearAsItStands
from apportion.years.issues import reissue


class Desk:
    """The folder `root`; `ask` is the one door."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._year: FiscalYear | None = None
        self._examined: Examined | None = None
        self._outcome: Outcome | None = None
        self._saved: Outcome | None = None
        self._texts: dict[str, bytes] = {}
        self._compared: TwoSides | None = None

    def ask(self, question: str) -> str:
        """Answer `{"ask": "checked", "year": "r7", …}` with `{"value": …}` or `{"error": words}`."""
        facts: dict[str, Any] = json.loads(question)
        answer: told.Record
        try:
            answer = {"value": self._answers[facts.pop("ask")](self, **facts)}
        except InputError as error:
            answer = {"error": told.stopped(error), "problems": told.problems(error.problems)}
        except (OutputError, ReconciliationError) as error:
            answer = {"error": str(error)}
        except Exception as error:  # noqa: BLE001  a person gets a sentence, an engineer the place
            answer = {"error": written.unexpected(error)}
        return json.dumps(answer, ensure_ascii=False)

    def changed(self) -> None:
        """Files below `root` are others than before."""
        self._year = self._examined = self._outcome = self._compared = None

    def unpacked(self) -> told.Record:
        """A zip was unpacked: the folder in it that holds the rules is the folder that is looked at."""
        inside = [path for path in self._root.iterdir() if path.is_dir()]
        if not (self._root / "rules").is_dir() and len(inside) == 1:
            for path in list(inside[0].iterdir()):
                path.rename(self._root / path.name)
            inside[0].rmdir()
        self.changed()
        return {}

    def opened(self) -> told.Record:
        """The years that have rules, folders of outputs that are not what their record says, and issues begun."""
        self.changed()
        known = [{"code": year.code, "label": year.label} for year in reversed(years(self._root))]
        begun = [
            record.parent.relative_to(self._root).as_posix()
            for record in sorted((self._root / FOLDER).glob(f"*/*/{RECORD}"))
            if is_begun(record.parent)
        ]
        return {"version": __version__, "years": known, "torn": self._torn(), "begun": begun}

    def checked(self, year: str) -> told.Record:
        """調べる: every problem of a year, as `check` tells them."""
        examined = self._examine(year)
        found = (*examined.problems, *reissue.changes(examined, self._root))
        return {"problems": told.problems(found), "grave": grave(found)}

    def texts(self, year: str) -> told.Record:
        """規則: every rule text of a year, as it is saved, with its 事業."""
        found = self._texts = rule_texts(self._root, _year(year), Findings())
        read = {file.source.file: file for file in self._examine(year).workspace.book.files}
        return {
            "files": [
                {
                    "file": name,
                    "text": decoded.text if decoded else None,
                    "project": read[name].project.text if name in read else "",
                }
                for name, data in found.items()
                for decoded in [decode(data)]
            ]
        }

    def typed(self, file: str, text: str) -> bytes:
        """A rule text as it was typed, in the encoding, and with the line ends, of its file."""
        saved = self._texts[file]
        decoded = decode(saved)
        assert decoded is not None, file
        return saved if text == decoded.text else encoded(text, decoded)

    def phrases(self, year: str) -> told.Record:
        """規則: what can be written in a rule text."""
        return editor.written(self._examine(year).workspace.tables)

    def meanings(self, year: str) -> told.Record:
        """規則: what the lines of today mean."""
        return editor.meanings(self._examine(year).workspace.book)

    def paid(self, year: str, member: str) -> told.Record:
        """規則: what a body (its code) pays by each ■経費; the first of each where none is chosen."""
        outcome = self._computed(year)
        return editor.paid(outcome, outcome.tables.by_code.get(member))

    def tables(self, year: str) -> told.Record:
        """表: the tables of a year that are there."""
        return {"tables": grids.tables(self._root, _year(year))}

    def filled(self, file: str, cells: str) -> bytes:
        """A saved table with cells (JSON: row, column and text of each) as they were typed."""
        saved = self._texts.setdefault(file, (self._root / file).read_bytes())
        return grids.changed(file, saved, [tuple(cell) for cell in json.loads(cells)])

    def amounts(self, year: str, *, draft: bool = False) -> told.Record:
        """金額: members × 事業, their sums, and what 収入の部 holds.

        Of a `draft` also what it changes against the last amounts that were none.
        """
        outcome = self._computed(year)
        if not draft:
            self._saved = outcome
        keys = {name_key(r.case.line.project): r.case.line.project for r in outcome.results}
        sums = OwedSums(outcome.tables, outcome.results)
        return {
            "label": outcome.year.label,
            "state": STATES[outcome.state],
            "projects": [_project(outcome, sums, key, name) for key, name in keys.items()],
            "members": [self._member(outcome, member, keys) for member in outcome.members],
            "total": outcome.total,
            "equations": len(outcome.equations),
            "differences": sum(bool(one.difference) for one in outcome.equations),
        }

    def why(self, year: str, member: str, project: str | None = None) -> told.Record:
        """なぜ: how the charges of a member came about, for a 事業 or all."""
        outcome = self._computed(year)
        asked = find_member(outcome.tables, member)
        results = find_lines(outcome, project, None)
        if isinstance(asked, Problem) or isinstance(results, Problem):
            raise InputError(tuple(p for p in (asked, results) if isinstance(p, Problem)))
        return told.story(explain(outcome, asked, results))

    def comparable(self) -> told.Record:
        """前年度から: what can be compared with what."""
        return {"sides": sides(self._root)}

    def changes(self, before: str, after: str) -> told.Record:
        """Why amounts are others: for all, and for each body in short."""
        return self._comparison(before, after).everybody()

    def reasons(self, before: str, after: str, member: str) -> told.Record:
        """Why the amounts of one body are others, with all reasons."""
        return self._comparison(before, after).one(member)

    def levers(self, year: str) -> told.Record:
        """もしも: the shares that can be moved."""
        return {"levers": supposed.levers(self._standing(year))}

    def supposed(self, year: str, cases: list[dict[str, Any]]) -> told.Record:
        """もしも: every body in each case beside the year as it stands."""
        return supposed.rows(self._standing(year), cases)

    def forms(self) -> told.Record:
        """一年: the commands, as forms."""
        return {"forms": commands.forms()}

    def performed(self, words: list[str]) -> told.Record:
        """Run a command; what it said and which files it changed."""
        try:
            return commands.performed(self._root, words)
        finally:
            self.changed()

    def shown(self, file: str) -> told.Record:
        """A file of the folder, to be looked at."""
        return of_file(file, (self._root / file).read_bytes())

    def written(self, year: str) -> told.Record:
        """書き出す: run below `root`, and the steps in which the folder is changed likewise."""
        chosen = _year(year)
        before = publish.hashes(self._root)
        outcome = pipeline.run(self._root, chosen)
        return {
            "folder": f"{OUTPUTS}/{folder_name(chosen, None)}",
            "steps": plan.steps(before, publish.hashes(self._root)),
            "members": len(outcome.members),
            "total": outcome.total,
            "equations": len(outcome.equations),
        }

    def packed(self, year: str, below: str, names: str) -> bytes:
        """Files and folders that lie `below` (JSON: their paths there) as one zip, for who only reads."""
        top = self._root / below
        found = (top / name for name in json.loads(names))
        inside = (file for path in found for file in (path, *path.rglob("*")) if file.is_file())
        files = {file.relative_to(top).as_posix(): file for file in inside}
        return archive(files, _year(year).first_day)

    def _member(self, outcome: Outcome, member: Member, keys: Iterable[str]) -> told.Record:
        """What a member pays for each 事業 and in all, and the change against what is saved."""
        own, before = outcome.by_project[member.code], self._before(outcome)
        change = (
            [own.get(key, 0) - before.by_project.get(member.code, {}).get(key, 0) for key in keys]
            if before
            else None
        )
        return {
            "code": member.code,
            "name": member.name,
            "yen": [own.get(key) for key in keys],
            "total": outcome.total_of(member.code),
            "invoiced": outcome.billed_to(member.code),
            "change": change,
            "changed": sum(change) if change is not None else None,
        }

    def _before(self, outcome: Outcome) -> Outcome | None:
        """The last amounts of the same year that were no draft."""
        return self._saved if self._saved and self._saved.year == outcome.year else None

    def _comparison(self, before: str, after: str) -> TwoSides:
        if self._compared is None or self._compared.asked != (before, after):
            self._compared = TwoSides(self._root, before, after)
        return self._compared

    def _standing(self, year: str) -> YearAsItStands:
        outcome = self._computed(year)
        return YearAsItStands(workspace=self._examine(year).workspace, outcome=outcome)

    def _torn(self) -> list[str]:
        """Folders of runs whose files are others than their record says: writing was cut short."""
        found = []
        for folder in sorted((self._root / OUTPUTS).glob("*/")):
            record = publish.read(folder)
            if record and record["出力"] != publish.outputs(folder):
                found.append(f"{OUTPUTS}/{folder.name}")
        return found

    def _examine(self, code: str) -> Examined:
        year = _year(code)
        if self._examined is None or self._year != year:
            self.changed()
            workspace, issues = load(self._root, year), Issues.of(self._root, year)
            self._examined, self._year = examine_edition(workspace, None, issues), year
        return self._examined

    def _computed(self, code: str) -> Outcome:
        examined = self._examine(code)
        if grave(examined.problems):
            raise InputError(examined.problems)
        if self._outcome is None:
            self._outcome = conclude(examined)
        return self._outcome

    _answers: dict[str, Callable[..., told.Record]] = {  # noqa: RUF012  written nowhere else
        "opened": opened,
        "unpacked": unpacked,
        "checked": checked,
        "texts": texts,
        "amounts": amounts,
        "why": why,
        "phrases": phrases,
        "meanings": meanings,
        "paid": paid,
        "tables": tables,
        "comparable": comparable,
        "changes": changes,
        "reasons": reasons,
        "levers": levers,
        "supposed": supposed,
        "forms": forms,
        "performed": performed,
        "shown": shown,
        "written": written,
    }


def _year(code: str) -> FiscalYear:
    year = FiscalYear.parse(code)
    assert year is not None, code
    return year


def _project(outcome: Outcome, sums: OwedSums, key: str, name: str) -> told.Record:
    """A 事業: what members pay, what 収入の部 must hold and holds."""
    income = sum(line.amount for line in sums.income(name))
    return {
        "name": name,
        "yen": sum(own.get(key, 0) for own in outcome.by_project.values()),
        "due": sums.due(name),
        "income": income,
        "difference": sums.due(name) - income,
    }
