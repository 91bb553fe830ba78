"""Random councils in memory: the same 事業 before and after, with whatever may change between them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from apportion.core.model import (
    Attendance,
    BudgetLine,
    FigureColumn,
    Member,
    PastCharge,
    Roster,
    Tables,
    Yen,
)
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charging import line_results, resolved, with_lines_behind
from apportion.outcome.outcome import Former, Outcome, Revision
from apportion.outcome.workspace import Workspace, vocabulary
from apportion.rules import read
from apportion.rules.book import RuleBook
from tests.small import code

R6, R7 = FiscalYear(2024), FiscalYear(2025)
NAMES = ("あおば市", "みどり町", "こだま村", "ひかり市", "のぞみ町", "つばさ村")
SHARES = (
    ("負担割合: 均等割",),
    ("負担割合: 人口割",),
    ("負担割合: 均等割 30% + 人口割 70%",),
    ("負担割合: 人口割 50% + 件数割 50%",),
    ("負担割合: 定額 1千円を 均等割", "負担割合: 残りを 人口割"),
    ("負担割合: 人口 10人につき 150円（端数切上げ）",),
    ("負担割合: 参加団体に 229千円ずつ",),
    ("負担割合: 段階割",),
    ("負担割合: 逓減割",),
    (
        "負担割合: 人口割",
        "上限: 前年度の115%、超えた分は残りの団体で割り直す、前年度のない団体は除く",
    ),
    ("負担割合: 人口割", "下限: 1千円、足りない分は残りの団体で割り直す"),
    ("対象: 予算額 - 特定財源", "負担割合: 均等割"),
    ("負担割合: 人口割", "団体別加減: 加算額を足す"),
)
BLOCKS = """
■基準 逓減割
値: 人口が2倍で負担が1.5倍
■段階表 段階割
区分: 人口
読み方: 段の値をそのまま使う
100人未満: {low}
100人以上: 3
"""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One side: everything that an outcome follows from, free to be mixed with another side."""

    year: FiscalYear
    rules: Mapping[str, Sequence[str]]
    """Lines of each 経費."""
    amounts: Mapping[str, int]
    added: Mapping[str, int]
    bodies: Mapping[str, str]
    """Cell of each body that takes part: ○, or the month it joins."""
    figures: Mapping[str, Mapping[str, int]]
    past: int = 900_000
    low: int = 1
    project: str = "共同事業"
    names: Mapping[str, str] = field(default_factory=dict)
    """Other names of bodies and 経費."""

    def named(self, name: str) -> str:
        return self.names.get(name, name)

    @property
    def text(self) -> str:
        head = (
            f"書式: 1\n事業: {self.project}\n年度: {self.year.label}\n状態: 案\n根拠: 規約\n名簿: 全員\n"
            "途中参加: 月割（参加した月を含む）、減った分は他の団体で負担\n"
        )
        blocks = "".join(
            f"■経費 {self.named(line)}\n" + "".join(f"{text}\n" for text in texts)
            for line, texts in self.rules.items()
        )
        return head + blocks + BLOCKS.format(low=self.low)


def random_pair(seed: int) -> tuple[Sample, Sample]:
    """A council before, and after some things changed."""
    dice = random.Random(seed)  # noqa: S311  a test
    lines = ("運用", "事務費")[: dice.randint(1, 2)]
    bodies = NAMES[: dice.randint(3, 5)]
    before = Sample(
        year=R6,
        rules={line: dice.choice(SHARES) for line in lines},
        amounts={line: dice.choice((0, 1_000_003, 700_000, 12_345)) for line in lines},
        added=dict.fromkeys(lines, 0),
        bodies={name: _cell(dice) for name in bodies if dice.random() < 0.8 or name == bodies[0]},
        figures={name: _figures(dice) for name in NAMES},
    )
    return before, _changed(before, dice, bodies)


def _changed(before: Sample, dice: random.Random, bodies: Sequence[str]) -> Sample:
    def perhaps(odds: float = 0.5) -> bool:
        return dice.random() < odds

    amounts = {
        line: yen if perhaps() else dice.choice((0, 1_500_000, 999_999, 400_001))
        for line, yen in before.amounts.items()
    }
    return replace(
        before,
        year=R7,
        rules={
            line: (dice.choice(SHARES) if perhaps() else own) for line, own in before.rules.items()
        },
        amounts=amounts,
        added={line: dice.choice((0, 0, 50_000)) if yen else 0 for line, yen in amounts.items()},
        bodies=before.bodies
        if perhaps()
        else {name: _cell(dice) for name in bodies if perhaps(0.8) or name == bodies[1]},
        figures={
            name: (_figures(dice) if perhaps(0.4) else own) for name, own in before.figures.items()
        },
        past=dice.choice((900_000, 100_000)),
        low=dice.choice((1, 1, 2)),
    )


def _cell(dice: random.Random) -> str:
    return dice.choice(("○", "○", "○", "○", "10"))


def _figures(dice: random.Random) -> dict[str, int]:
    return {"人口": dice.choice((1, 50, 99, 100, 300)), "件数": dice.randint(1, 9), "加算額": 777}


def outcome_of(sample: Sample) -> Outcome | None:
    """What a side comes to; None where it is at fault."""
    tables = _tables(sample)
    file, problems = read.parse(f"rules/{sample.year.code}/10.txt", sample.text, vocabulary(tables))
    assert file is not None, problems
    book = RuleBook((file,))
    workspace = Workspace(year=sample.year, tables=tables, book=book, files=(), problems=())
    findings = Findings()
    results = line_results(resolved(workspace, tables, findings), findings)
    results = with_lines_behind(workspace, tables, results, findings)
    known = tuple(result for result in results if result)
    if findings.faults or len(known) != len(results):
        return None
    edition = Edition(1) if any(sample.added.values()) else None
    return Outcome(
        year=sample.year,
        tables=tables,
        book=book,
        results=known,
        billed={},
        instalments=(),
        equations=(),
        files=(),
        problems=(),
        revision=_revision(edition) if edition else None,
    )


def _revision(edition: Edition) -> Revision:
    former = Former(charges={}, instalments=())
    return Revision(edition=edition, day=None, former=former, stays=frozenset())


def _tables(sample: Sample) -> Tables:
    nowhere = Source()
    members = {
        name: Member(
            code=code(number),
            name=sample.named(name),
            kana="",
            kind=name[-1],
            membership="会員",
            source=nowhere,
        )
        for number, name in enumerate(NAMES, start=1)
    }
    past = {
        (members[name].code, name_key(sample.project), name_key(sample.named(line))): PastCharge(
            Yen(sample.past // len(NAMES)), nowhere
        )
        for name in NAMES
        for line in sample.rules
    }
    return Tables(
        members=tuple(members.values()),
        budget=tuple(_line(sample, line) for line in sample.rules),
        income=(),
        rosters=(
            Roster(
                name="全員",
                entries={
                    members[name].code: _attendance(sample.year, cell)
                    for name, cell in sample.bodies.items()
                },
                source=nowhere,
            ),
        ),
        figures=tuple(
            FigureColumn(
                name=figure,
                unit="円" if figure == "加算額" else "人" if figure == "人口" else "件",
                as_of="",
                values={
                    members[n].code: Fraction(own[figure]) for n, own in sample.figures.items()
                },
                cells=dict.fromkeys((member.code for member in members.values()), nowhere),
                source=nowhere,
            )
            for figure in ("人口", "件数", "加算額")
        ),
        previous=past,
    )


def _line(sample: Sample, line: str) -> BudgetLine:
    first, added = sample.amounts[line], sample.added[line]
    parts = (("予算額", Yen(first), Source()), ("補正第1号", Yen(added), Source()))
    return BudgetLine(
        category="区分",
        project=sample.project,
        path=(),
        name=sample.named(line),
        amount=Yen(first + added),
        columns={"特定財源": Yen(1000 if first else 0)},
        parts=parts,
        source=Source(),
    )


def _attendance(year: FiscalYear, cell: str) -> Attendance:
    joins = None if cell == "○" else date(year.start, int(cell), 1)
    return Attendance(joins=joins, source=Source())
