"""A whole year of nine bodies from an empty folder: each act in its order, and each out of it; all yen derived here.

A line is shared by exact fractions; what is left of whole yen goes to the largest fractions, then to the
larger amounts, then to the smaller codes. After a change, what fell due until its day stays, and the rest is cut
in the ratio of the open 納期; below 0 all of it stands in the last one.
"""

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.text import unmarked
from apportion.core.year import SETTLED, Case, Edition
from apportion.outcome.issued import Issue, Issues
from apportion.outcome.receipts import standings
from apportion.outcome.workspace import load
from apportion.pipeline import decide, run, run_settlement, verify
from apportion.years.begin.new_year import new_year
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note, seal
from apportion.years.issues.withdraw import withdraw
from tests import small
from tests.sealing import contents
from tests.small import R7, code, revise, save

R8 = R7 + 1
BODIES = {
    "あおば市": 81_234,
    "かえで市": 53_001,
    "さくら市": 40_407,
    "みどり町": 30_000,
    "やまと町": 21_999,
    "いずみ町": 12_345,
    "こだま村": 7_001,
    "しぶき村": 3_333,
    "つばめ村": 9_876,
}
JOINER, MISTYPED = "つばめ村", "みどり町"
CODES = {name: code(number) for number, name in enumerate(BODIES, start=1)}
PEOPLE = "人口（人、令和2年10月1日現在）"
PLAN = {
    date(2025, 7, 31): Fraction(1, 2),
    date(2025, 10, 31): Fraction(1, 4),
    date(2026, 1, 30): Fraction(1, 4),
}
RULES = """基礎数値: 人口（令和2年10月1日現在）
途中参加: 月割（参加した月を含む）、減った分は他の団体で負担
納期: 第1期 令和7年7月31日 50%、第2期 令和7年10月31日 25%、第3期 令和8年1月30日 残り

■経費 事務費
負担割合: 均等割

■経費 運用費
負担割合: 均等割 30% + 人口割 70%

■精算
差額: 翌年度で調整

■請求書
発行者: 協議会
住所: 一番地
代表者: 会長
文書番号: 協第1号
変更文書番号: 協第2号
精算文書番号: 協第3号
発行日: 令和7年6月2日
納入場所: 銀行
振込先: 普通 0000000
口座名義: 協議会
"""
BUDGET, INCOME, ACTS = (f"rules/r7/{name}.csv" for name in ("budget", "income", "acts"))
ROSTER, FIGURES = "members/r7/roster.csv", "members/r7/figures.csv"
SPENT, INTEREST = {"事務費": 1_100_003, "運用費": 4_400_000}, 1_234
LATER = {"事務費": 987_654, "運用費": 4_300_007}
FIRST, JOINED, MENDED = Edition(1), Edition(1, "加入"), Edition(1, "訂正")
Yen = dict[str, int]
Parts = list[tuple[date, int]]


@dataclass(frozen=True)
class Books:
    """What the tables say: yen of each 経費, people and months of each body."""

    budget: Mapping[str, int]
    people: Mapping[str, int]
    months: Mapping[str, int]


START = Books({"事務費": 1_000_000, "運用費": 4_321_001}, BODIES, dict.fromkeys(BODIES, 12))
ALONE = replace(START, months={name: 12 for name in BODIES if name != JOINER})
RAISED = replace(ALONE, budget={"事務費": 950_000, "運用費": 4_621_002})
NINE = replace(RAISED, months={**RAISED.months, JOINER: 6})
WRONG = replace(NINE, people={**BODIES, MISTYPED: 3_000})
RIGHT = replace(NINE, people={**BODIES, MISTYPED: 33_000})


def largest(yen: int, weights: Mapping[str, Fraction]) -> Yen:
    """Whole yen by the largest remainders; `weights` stand in the order of the codes."""
    whole = sum(weights.values())
    exact = {name: yen * own / whole for name, own in weights.items()}
    found = {name: math.floor(own) for name, own in exact.items()}
    order = sorted(exact, key=lambda name: (found[name] - exact[name], -exact[name]))
    for name in order[: yen - sum(found.values())]:
        found[name] += 1
    return found


def owed(books: Books, budget: Mapping[str, int] | None = None) -> dict[str, Yen]:
    """事務費 in equal parts; 運用費 30% in equal parts and 70% by people; by months of twelve."""
    own = {name: Fraction(books.months[name], 12) for name in BODIES if name in books.months}
    heads = {name: part * books.people[name] for name, part in own.items()}
    equal, people = sum(own.values()), sum(heads.values())
    mixed = {n: Fraction(3, 10) * own[n] / equal + Fraction(7, 10) * heads[n] / people for n in own}
    yen = budget or books.budget
    return {"事務費": largest(yen["事務費"], own), "運用費": largest(yen["運用費"], mixed)}


def yearly(charges: Mapping[str, Yen]) -> Yen:
    """By body."""
    found: Yen = {}
    for line in charges.values():
        for name, yen in line.items():
            found[name] = found.get(name, 0) + yen
    return found


def spread(total: int, before: Parts, act: date = date.min) -> Parts:
    """The instalments of a body after an act; `before` are those of the issue below."""
    if before and sum(yen for _, yen in before) == total:
        return before
    kept = [(day, yen) for day, yen in before if day <= act]
    rest = total - sum(yen for _, yen in kept)
    later = {day: share for day, share in PLAN.items() if day > act}
    ratio = rest / sum(later.values()) if rest > 0 else Fraction(0)
    *others, last = later
    own = {day: math.floor(later[day] * ratio) for day in others}
    return [*kept, *own.items(), (last, rest - sum(own.values()))]


def all_parts(books: Books, before: Mapping[str, Parts], act: date = date.min) -> dict[str, Parts]:
    return {n: spread(yen, before.get(n, []), act) for n, yen in yearly(owed(books)).items()}


BILLED = all_parts(ALONE, {})
AFTER_RAISE = all_parts(RAISED, BILLED, date(2025, 8, 20))
AFTER_JOINING = all_parts(NINE, AFTER_RAISE, date(2025, 10, 1))
AFTER_TYPO = all_parts(WRONG, AFTER_JOINING, date(2025, 11, 10))
AFTER_MENDING = all_parts(RIGHT, AFTER_JOINING, date(2025, 11, 25))


def written(root: Path) -> Path:
    """The council before its first vote; つばめ村 is known, and no member yet."""
    figures = {name: {PEOPLE: people} for name, people in BODIES.items()}
    small.write(root, RULES, START.budget, figures)
    edit(root, INCOME, "", "区分,共同事業,預金利子,0\n")
    edit(root, ROSTER, f"{JOINER},○", f"{JOINER},")
    return root


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Put `new` in the place of `old`; without `old`, below it all."""
    text = (root / name).read_text("utf-8-sig")
    assert old in text
    (root / name).write_text(text.replace(old, new) if old else text + new, encoding="utf-8")


def raise_budget(root: Path) -> None:
    revise(root, 1, {"事務費": -50_000, "運用費": 300_001}, day="令和7年8月20日")


def join(root: Path) -> None:
    edit(root, ROSTER, f"{JOINER},", f"{JOINER},R7.10.1から")


def people(root: Path, old: int, new: int) -> None:
    edit(root, FIGURES, f"{MISTYPED},{old}", f"{MISTYPED},{new}")


def pay_all(root: Path) -> None:
    """Everybody pays on each 納期限; こだま村 leaves the last one, さくら市 pays 1円 too much."""
    rows = ["団体コード,団体名,期,納入日,納入額（円）"]
    for name, parts in AFTER_MENDING.items():
        for day, yen in parts:
            number = 1 + list(PLAN).index(day)
            paid = yen + (name == "さくら市" and number == 1)
            if (name, number) != ("こだま村", 3):
                rows.append(f"{CODES[name]},{name},{number},{day.isoformat()},{paid}")
    save(root, "members/r7/payments.csv", "\n".join([*rows, ""]))


def close(root: Path) -> None:
    """決算額 beside the budget."""
    received = sum(yearly(owed(RIGHT)).values())
    finals = {**SPENT, "負担金収入": received, "預金利子": INTEREST}
    for name in (BUDGET, INCOME):
        head, *rows = (root / name).read_text("utf-8").splitlines()
        cells = [next(str(yen) for word, yen in finals.items() if word in row) for row in rows]
        lines = [f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)]
        save(root, name, "\n".join([f"{head},決算額（円）", *lines, ""]))


def voted(root: Path, case: Case, day: date, note: str = "総会議決") -> Issue:
    return decide(root, R7, Decision(case, day, note))


STEPS: Sequence[tuple[str, Callable[[Path], object]]] = (
    ("empty", written),
    ("当初", lambda root: voted(root, None, date(2025, 5, 30))),
    ("補正を書く", raise_budget),
    ("補正1", lambda root: voted(root, FIRST, date(2025, 8, 20))),
    ("加入を書く", join),
    ("加入1", lambda root: voted(root, JOINED, date(2025, 10, 1))),
    ("訂正を書く", lambda root: people(root, 30_000, 3_000)),
    ("訂正1", lambda root: voted(root, MENDED, date(2025, 11, 10))),
    ("取消", lambda root: withdraw(root, R7, Note("打ち間違い", date(2025, 11, 20)))),
    ("書き直す", lambda root: people(root, 3_000, 33_000)),
    ("訂正1再", lambda root: voted(root, MENDED, date(2025, 11, 25))),
    ("納入", pay_all),
    ("決算", close),
    ("精算", lambda root: voted(root, SETTLED, date(2026, 5, 20), "決算認定")),
    ("翌年度", lambda root: new_year(root, R7, R8)),
)


@pytest.fixture(name="stages", scope="module")
def fixture_stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workspace after each step."""
    folder = tmp_path_factory.mktemp("year")
    found, root = {}, folder / "council"
    for number, (name, step) in enumerate(STEPS):
        step(root)
        found[name] = shutil.copytree(root, folder / str(number))
    return found


def standing(root: Path) -> Issue:
    issue = Issues.of(root, R7).newest()
    assert issue
    return issue


@pytest.mark.parametrize(
    ("stage", "books", "parts", "number"),
    [
        ("当初", ALONE, BILLED, 1),
        ("補正1", RAISED, AFTER_RAISE, 2),
        ("加入1", NINE, AFTER_JOINING, 3),
        ("訂正1", WRONG, AFTER_TYPO, 4),
        ("取消", NINE, AFTER_JOINING, 3),
        ("訂正1再", RIGHT, AFTER_MENDING, 6),
        ("納入", RIGHT, AFTER_MENDING, 6),
        ("翌年度", RIGHT, AFTER_MENDING, 6),
    ],
)
def test_the_yen_of_each_step(
    stages: dict[str, Path], stage: str, books: Books, parts: dict[str, Parts], number: int
) -> None:
    issue = standing(stages[stage])
    names = {own: name for name, own in CODES.items()}
    charges: dict[str, Yen] = {}
    for row in issue.charges():
        charges.setdefault(row.line, {})[names[row.code]] = row.yen
    found: dict[str, list[tuple[int, date | None, int]]] = {}
    for part in issue.instalments():
        found.setdefault(names[part.code], []).append((part.number, part.day, part.yen))
    assert (issue.number, charges) == (number, owed(books))
    assert found == {
        name: [(1 + list(PLAN).index(day), day, yen) for day, yen in own]
        for name, own in parts.items()
    }
    assert {n: sum(yen for *_, yen in own) for n, own in found.items()} == yearly(charges)
    assert sum(yearly(charges).values()) == sum(books.budget.values())
    assert issue.record["負担金額_円"] == sum(books.budget.values())


def test_what_is_past_never_moves(stages: dict[str, Path]) -> None:
    """From each issue to the one that is built upon it."""
    chain = (("当初", "補正1"), ("補正1", "加入1"), ("加入1", "訂正1"), ("加入1", "訂正1再"))
    for below, above in chain:
        issue = standing(stages[above])
        assert issue.acted
        past = {p for p in standing(stages[below]).instalments() if p.day and p.day <= issue.acted}
        now = {p for p in issue.instalments() if p.day and p.day <= issue.acted}
        assert past == now


def test_no_issue_is_touched_by_what_follows(stages: dict[str, Path]) -> None:
    known: dict[str, bytes] = {}
    for root in stages.values():
        folder = root / "outputs/確定/r7"
        now = contents(folder) if folder.is_dir() else {}
        assert {name: now[name] for name in known} == known
        known = now
    assert verify(stages["翌年度"] / "outputs/確定/r7", stages["翌年度"])[0] == ()


def test_a_typed_error_asks_money_back_and_is_withdrawn(stages: dict[str, Path]) -> None:
    """With 3,000 people みどり町 has paid more than it owes: all of that stands in the last 期."""
    assert AFTER_TYPO[MISTYPED][-1][1] < 0
    gone = list(Issues.of(stages["取消"], R7))[-1]
    assert (gone.number, gone.withdraws) == (5, 4)
    letters = sorted((gone.outputs / "取消通知書").glob("*.xlsx"))
    assert [path.name[:6] for path in letters] == list(CODES.values())


def test_payments_count_for_the_bills_that_hold(stages: dict[str, Path]) -> None:
    root = stages["納入"]
    tables = load(root, R7).tables
    assert tables
    assert tables.payments
    listed = standings(standing(root).instalments(), tables.payments, str)
    unpaid = AFTER_MENDING["こだま村"][2][1]
    assert {(row.code, row.number): row.open for row in listed if row.open} == {
        (CODES["さくら市"], 1): -1,
        (CODES["こだま村"], 3): unpaid,
    }


def asked(issue: Issue) -> Yen:
    """What each paper of an issue asks for."""
    return {bill["団体名"]: bill["請求額_円"] for bill in issue.record["請求"].values()}


def differences() -> Yen:
    """決算額 as the budget is shared; 利子 by what each body owes of it; less what was billed."""
    spent = yearly(owed(RIGHT, SPENT))
    interest = largest(INTEREST, {name: Fraction(yen) for name, yen in spent.items()})
    billed = yearly(owed(RIGHT))
    return {name: spent[name] - interest[name] - billed[name] for name in spent}


def test_the_settlement(stages: dict[str, Path]) -> None:
    issue = list(Issues.of(stages["精算"], R7))[-1]
    assert (issue.number, issue.case) == (7, SETTLED)
    assert asked(issue) == differences()
    assert sum(asked(issue).values()) == sum(SPENT.values()) - INTEREST - sum(RIGHT.budget.values())


def begun(root: Path) -> Path:
    """The rules and tables of r8, with what a person has to decide: each line of the budget as in r7."""
    for name in ("rules/r8/10.txt", "members/r8/figures.csv"):
        text = (root / name).read_bytes().decode("utf-8-sig")
        (root / name).write_text("\n".join(map(unmarked, text.split("\n"))), encoding="utf-8")
    edit(
        root, "rules/r8/10.txt", "■経費 事務費\n", "■経費 事務費\n団体別加減: 前年度精算額を足す\n"
    )
    left = -sum(differences().values())
    total = sum(START.budget.values()) - left
    lines = [f"区分,共同事業,,{n},{yen},{LATER[n]}\n" for n, yen in START.budget.items()]
    income = f"区分,共同事業,負担金収入,{total},{total}\n区分,共同事業,繰越金,{left},{left}\n"
    head = "予算額（円）,決算額（円）\n"
    save(root, "rules/r8/budget.csv", f"区分,事業,項,経費,{head}" + "".join(lines))
    save(root, "rules/r8/income.csv", f"区分,事業,科目,{head}{income}")
    return root


def test_the_next_year_begins_with_what_was_settled(
    stages: dict[str, Path], tmp_path: Path
) -> None:
    """In r8 all nine are members for twelve months: each owes its share and what 精算 left, and is settled."""
    root = begun(shutil.copytree(stages["翌年度"], tmp_path / "council"))
    billed = decide(root, R8, Decision(None, date(2026, 5, 29), "総会議決"))
    books = replace(RIGHT, budget=START.budget, months=START.months)
    own = yearly(owed(books))
    assert asked(billed) == {name: yen + differences()[name] for name, yen in own.items()}
    assert sum(asked(billed).values()) == sum(part.yen for part in billed.instalments())
    settled = decide(root, R8, Decision(SETTLED, date(2027, 5, 20), "決算認定"))
    spent = yearly(owed(books, LATER))
    assert asked(settled) == {name: spent[name] - own[name] for name in spent}
    assert verify(root / "outputs/確定/r8", root)[0] == ()


def row(text: str) -> Callable[[Path], object]:
    return lambda root: edit(root, ACTS, "", f"{text}\n")


def second(root: Path) -> None:
    revise(root, 2, {"事務費": 1}, day="令和7年9月1日")


def both(root: Path) -> None:
    raise_budget(root)
    second(root)


def unsealed(root: Path) -> None:
    """補正1 is typed as decided and no more; つばめ村 joins after it."""
    row("補正第1号,令和7年8月20日,議決,")(root)
    join(root)


def computed(root: Path) -> None:
    """Computed as a draft; not decided."""
    row("補正第1号,令和7年8月20日,案,")(root)
    run(root, R7, edition=FIRST)


def drafted(root: Path) -> None:
    run(root, R7)


def settled(root: Path) -> None:
    run_settlement(root, R7)


def nothing(_root: Path) -> None:
    """All is typed."""


def voting(case: Case, day: date) -> Callable[[Path], object]:
    return lambda root: voted(root, case, day)


def sealing_of(case: Case, day: date | None = None) -> Callable[[Path], object]:
    return lambda root: seal(root, R7, Note("備考", day), case)


def withdrawing(day: date) -> Callable[[Path], object]:
    return lambda root: withdraw(root, R7, Note("誤り", day))


@pytest.mark.parametrize(
    ("stage", "typed", "act", "code"),
    [
        ("empty", drafted, sealing_of(None), "W870"),
        ("empty", nothing, withdrawing(date(2025, 5, 30)), "W888"),
        ("empty", nothing, voting(None, date(2024, 5, 30)), "W863"),
        ("empty", raise_budget, voting(FIRST, date(2025, 8, 20)), "W869"),
        ("empty", join, voting(JOINED, date(2025, 10, 1)), "W869"),
        ("empty", close, voting(SETTLED, date(2026, 5, 20)), "W869"),
        ("当初", both, voting(Edition(2), date(2025, 9, 1)), "W862"),
        ("補正を書く", row("補正第1号,,案,"), voting(JOINED, date(2025, 10, 1)), "W864"),
        ("補正を書く", unsealed, voting(JOINED, date(2025, 10, 1)), "W869"),
        ("補正を書く", computed, sealing_of(FIRST), "W870"),
        ("補正を書く", nothing, voting(FIRST, date(2025, 5, 29)), "W863"),
        ("補正を書く", nothing, voting(FIRST, date(2025, 8, 21)), "W865"),
        ("補正1", nothing, voting(None, date(2025, 5, 30)), "W883"),
        ("加入を書く", nothing, voting(JOINED, date(2025, 8, 19)), "W863"),
        ("加入を書く", nothing, voting(Edition(2, "加入"), date(2025, 10, 1)), "W862"),
        ("訂正を書く", nothing, voting(MENDED, date(2025, 9, 30)), "W863"),
        ("訂正1", nothing, voting(JOINED, date(2025, 10, 1)), "W883"),
        ("訂正1", nothing, withdrawing(date(2025, 11, 9)), "W888"),
        ("書き直す", close, voting(SETTLED, date(2026, 5, 20)), "W869"),
        ("訂正1再", second, voting(Edition(2), date(2025, 9, 1)), "W863"),
        ("納入", nothing, voting(SETTLED, date(2026, 5, 20)), "W890"),
        ("決算", nothing, voting(SETTLED, date(2026, 3, 30)), "W863"),
        ("決算", settled, sealing_of(SETTLED), "W870"),
        ("精算", nothing, voting(MENDED, date(2025, 11, 25)), "W883"),
        ("翌年度", nothing, lambda root: new_year(root, R7, R8), "W831"),
    ],
)
def test_an_act_out_of_its_order_changes_nothing(
    stages: dict[str, Path],
    tmp_path: Path,
    stage: str,
    typed: Callable[[Path], object],
    act: Callable[[Path], object],
    code: str,
) -> None:
    root = shutil.copytree(stages[stage], tmp_path / "council")
    typed(root)
    before = contents(root)
    with pytest.raises(InputError) as raised:
        act(root)
    assert raised.value.problems[0].code == code
    assert contents(root) == before
