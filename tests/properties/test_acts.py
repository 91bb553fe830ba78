"""Acts by chance, in right and wrong order, days and years, half done, taken back: done whole, or refused.

The table 決定 and the issues that hold are kept here as two lists; from them follows what is lawful. A council of
two owes by people and in equal parts; 補正 changes the budget, 訂正 the people of みどり町.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apportion.core.problem import InputError
from apportion.core.year import Edition, act_name
from apportion.outcome.issued import Issue, Issues
from apportion.pipeline import decide, run, verify
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note
from apportion.years.issues.withdraw import withdraw
from apportion.years.status import status
from tests.sealing import contents
from tests.small import R7, revise, save, write

DUES = (date(2025, 7, 31), date(2025, 10, 31), date(2026, 1, 30))
MAY = date(2025, 5, 30)
LAST = date(2028, 3, 31)
"""Nothing of the year is withdrawn later."""
PEOPLE = "人口（人、令和2年10月1日現在）"
RULES = (
    "納期: 第1期 令和7年7月31日 1/3、第2期 令和7年10月31日 1/3、第3期 令和8年1月30日 1/3\n"
    "\n■経費 事務費\n負担割合: 均等割\n\n■経費 保守費\n負担割合: 人口割\n"
    "\n■請求書\n発行者: 協議会\n住所: 一番地\n代表者: 会長\n発行日: 令和7年6月2日\n"
    "納入場所: 銀行\n振込先: 普通 0000000\n口座名義: 協議会\n"
)
BUDGET = {"事務費": 1_001, "保守費": 2_000}


class Step(NamedTuple):
    """取消, or an act: which number after the last one of its kind, how many days after the newest issue.

    `days` None: on the next 納期限. `half`: it is typed and computed as 案, and not decided.
    """

    kind: str
    ahead: int
    days: int | None
    yen: tuple[int, int]
    people: int
    half: bool = False


class Act(NamedTuple):
    """A row of the table 決定; one that is only typed has no day."""

    case: Edition | None
    day: date | None


@dataclass
class Model:
    """The rows of the table, and the issues that hold with their numbers."""

    rows: list[Act] = field(default_factory=list)
    standing: list[tuple[int, Act]] = field(default_factory=list)
    made: int = 0
    changes: dict[Edition | None, int] = field(default_factory=dict)

    def is_lawful(self, act: Act) -> bool:
        """Whether it can be decided now: in its place, in its time, upon what is sealed."""
        cases = [row.case for row in self.rows]
        at = cases.index(act.case) if act.case in cases else len(cases)
        day, days = act.day, [row.day for row in self.rows]
        assert day
        sealed = [own.case for _, own in self.standing]
        return (
            _follows(act.case, cases[:at])
            and max([*filter(None, days[:at]), _first_day(act.case)]) <= day <= R7.last_day
            and all(day <= other for other in days[at + 1 :] if other)
            and all(case in sealed for case in cases[:at])
            and not any(case in sealed for case in cases[at + 1 :])
            and all(own.day <= day for _, own in self.standing if own.day)
        )

    def decided(self, act: Act) -> None:
        """It stands in the table and among the issues."""
        cases = [row.case for row in self.rows]
        if act.case in cases:
            self.rows[cases.index(act.case)] = act
        else:
            self.rows.append(act)
        self.made += 1
        self.standing.append((self.made, act))

    def total(self, case: Edition | None) -> int:
        """The budget after an act."""
        cases = [row.case for row in self.rows]
        counted = cases[: cases.index(case) + 1]
        return sum(BUDGET.values()) + sum(self.changes.get(own, 0) for own in counted)


def _follows(case: Edition | None, above: list[Edition | None]) -> bool:
    """Whether what must stand above an act does."""
    if not isinstance(case, Edition):
        return not above
    former = Edition(case.number - 1, case.kind) if case.number > 1 else None
    return None in above and former in above


def _first_day(case: Edition | None) -> date:
    return R7.first_day if case else date(2024, 10, 1)


KINDS = st.sampled_from(("当初", "補正", "補正", "補正", "訂正", "訂正", "取消"))
STEPS = st.builds(
    Step,
    kind=KINDS,
    ahead=st.sampled_from((1, 1, 1, 1, 0, 2)),
    days=st.none()
    | st.integers(0, 60)
    | st.integers(0, 60)
    | st.integers(-60, 200)
    | st.sampled_from((-366, -365, 365, 366, 3_650)),
    yen=st.tuples(st.integers(-200, 900), st.integers(-400, 900)),
    people=st.integers(1, 99),
    half=st.sampled_from((False, False, False, True)),
)
BEGUN = Step("当初", 1, 0, (0, 0), 31)
SEQUENCES = st.builds(
    list.__add__, st.sampled_from(([BEGUN], [BEGUN], [])), st.lists(STEPS, min_size=4, max_size=8)
)


def council(root: Path) -> Path:
    people = {"あおば市": {PEOPLE: 50}, "みどり町": {PEOPLE: 31}}
    write(root, RULES, BUDGET, people)
    return root


def acted(step: Step, model: Model) -> Act:
    """The act of a step."""
    newest = (model.standing[-1][1].day if model.standing else None) or MAY
    if step.days is None:
        day = next((due for due in DUES if due >= newest), newest)
    else:
        day = newest + timedelta(days=step.days)
    known = [row.case for row in model.rows]
    last = max((c.number for c in known if c and c.kind == step.kind), default=0)
    return Act(None if step.kind == "当初" else Edition(max(last + step.ahead, 1), step.kind), day)


def typed(root: Path, step: Step, act: Act, model: Model) -> int:
    """What an officer writes before the act; the yen by which the budget changes."""
    edition = act.case
    if edition is None or edition in [row.case for row in model.rows]:
        return model.changes.get(edition, 0)
    if edition.has_columns:
        revise(root, edition.number, dict(zip(BUDGET, step.yen, strict=True)))
        return sum(step.yen)
    name = "members/r7/figures.csv"
    *rows, last = (root / name).read_text("utf-8").splitlines()
    save(root, name, "\n".join([*rows, f"{last.rpartition(',')[0]},{step.people}", ""]))
    return 0


def check_decision(root: Path, step: Step, model: Model) -> None:
    """Decided whole where it is lawful, else refused; a refused one also loses what was typed for it."""
    inputs = contents(root)
    act = acted(step, model)
    again = bool(model.standing) and model.standing[-1][1].case == act.case
    lawful = model.is_lawful(act)
    change = typed(root, step, act, model)
    before = contents(root)
    try:
        made = decide(root, R7, Decision(act.case, act.day or MAY, "議決"))
    except InputError:
        # A second issue of the same act is refused where nothing of it is new.
        assert again or not lawful, act
        assert contents(root) == before
        for name, data in inputs.items():
            if name.startswith(("rules/", "members/")):
                (root / name).write_bytes(data)
        return
    assert lawful, act
    below = next((n for n, own in reversed(model.standing) if own.case != act.case), None)
    model.decided(act)
    model.changes[act.case] = change
    check_sums(made, model.total(act.case))
    kept = [issue for issue in Issues.of(root, R7) if issue.number == below]
    for issue in kept:
        past = {p for p in issue.instalments() if p.day and act.day and p.day <= act.day}
        assert past == {p for p in made.instalments() if p.day and act.day and p.day <= act.day}


def check_half(root: Path, step: Step, model: Model) -> None:
    """Typed into the tables as 案 and computed: no paper of it is final, and what was issued stays."""
    act = acted(step, model)._replace(day=None)
    known = [row.case for row in model.rows]
    if act.case in known or not _follows(act.case, known):
        return
    change = typed(root, step, act, model)
    path, head = root / "rules/r7/acts.csv", "決定,日,状態,理由\n"
    above = path.read_text("utf-8-sig") if path.is_file() else head
    path.write_text(f"{above}{act_name(act.case)},,案,\n", "utf-8")
    model.rows.append(act)
    model.changes[act.case] = change
    with suppress(InputError):  # what came before it may be half done, too
        outcome = run(root, R7, edition=act.case)
        assert outcome.state == "案"
        assert sum(charge.yen for charge in outcome.charges) == model.total(act.case)
    assert R7.first_day <= status(root, R7, MAY).today <= R7.last_day


def check_sums(issue: Issue, total: int) -> None:
    yearly: dict[str, int] = {}
    for row in issue.charges():
        yearly[row.code] = yearly.get(row.code, 0) + row.yen
    due = dict.fromkeys(yearly, 0)
    for part in issue.instalments():
        due[part.code] += part.yen
    assert due == yearly
    assert sum(yearly.values()) == issue.record["負担金額_円"] == total


def check_withdrawal(root: Path, step: Step, model: Model) -> None:
    """The last issue that holds is taken back, on no day before any issue; else nothing changes."""
    before = contents(root)
    newest = max((issue.day for issue in Issues.of(root, R7) if issue.day), default=MAY)
    day = newest + timedelta(days=step.days or 0)
    try:
        made = withdraw(root, R7, Note("取消し", day))
    except InputError:
        assert not (model.standing and newest <= day <= LAST)
        assert contents(root) == before
        return
    assert newest <= day <= LAST
    assert made.withdraws == model.standing.pop()[0]
    model.made += 1


def check_state(root: Path, model: Model, issues: dict[str, bytes]) -> dict[str, bytes]:
    """The issues that hold are those of the model, and no file of an issue is another one."""
    held = Issues.of(root, R7).standing()
    assert [issue.number for issue in held] == [number for number, _ in model.standing]
    folder = root / "outputs/確定/r7"
    now = contents(folder) if folder.is_dir() else {}
    assert {name: now.get(name) for name in issues} == issues
    return now


def played(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        root, model = council(Path(folder)), Model()
        issues: dict[str, bytes] = {}
        for step in steps:
            decides = check_half if step.half else check_decision
            check = check_withdrawal if step.kind == "取消" else decides
            check(root, step, model)
            issues = check_state(root, model, issues)
        taken_back(root, model, issues)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(SEQUENCES)
def test_each_act_is_done_whole_or_refused_and_all_can_be_taken_back(steps: list[Step]) -> None:
    played(steps)


@pytest.mark.long
@settings(deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow])
@given(SEQUENCES)
def test_a_thousand_sequences(steps: list[Step]) -> None:
    played(steps)


def taken_back(root: Path, model: Model, issues: dict[str, bytes]) -> None:
    """All is withdrawn; then nothing holds, and nothing more is withdrawn."""
    while model.standing:
        assert withdraw(root, R7, Note("取消し")).withdraws == model.standing.pop()[0]
        issues = check_state(root, model, issues)
    with suppress(InputError):
        withdraw(root, R7, Note("取消し"))
        raise AssertionError
    if issues:
        assert verify(root / "outputs/確定/r7", root)[0] == ()
