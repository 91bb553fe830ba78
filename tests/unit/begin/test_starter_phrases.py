"""The sample rules show every phrase of the language: a phrase added there needs a line here.

What the tree of the rules tells apart is looked up in the tree; spellings in the text.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

import pytest

from apportion.core.text import fold
from apportion.outcome import workspace
from apportion.rules.book import (
    Adjust,
    Assertion,
    Basis,
    Bind,
    Coefficients,
    Deduct,
    Expense,
    Group,
    RuleFile,
    Settlement,
    TierTable,
    Unsaid,
    Vocabulary,
)
from apportion.rules.nodes import (
    Bound,
    Decimals,
    Due,
    DuePlan,
    DueRounding,
    Mode,
    Money,
    OfOwn,
    Operation,
    PerUnit,
    Pick,
    Proration,
    Ratio,
    Reckoned,
    Rest,
    RestOrder,
    Rounding,
    Smoothing,
    Split,
    Stage,
    Weight,
    Who,
)
from apportion.rules.read.blocks import DIFFERENCES, FIGURE_TIMES, READINGS, TAXES
from apportion.rules.read.numbers import YEN
from apportion.rules.read.section import KEYS
from apportion.years.begin.starter import COUNCIL, YEAR
from tests.tree import words_of_the_tree

TEXTS = {
    path.name: fold(path.read_text(encoding="utf-8")) for path in COUNCIL.glob("rules/r7/*.txt")
}
LINES = [line for text in TEXTS.values() for line in text.splitlines()]
SPOKEN = [line for line in LINES if line and not line.startswith(("※", "#"))]

# They name files that only the council itself can bring, or what a first bill must not say, so
# they stand in comments.
ONLY_SHOWN = {
    *(("ファイルの先頭", "未対応"), ("経費", "未対応")),
    *(
        ("請求書", key)
        for key in (
            *("公印画像", "様式", "再発行", "再発行日", "変更発行日", "変更様式"),
            *("精算発行日", "精算納期限", "精算様式"),
        )
    ),
}


@cache
def files() -> tuple[RuleFile, ...]:
    read = workspace.load(COUNCIL, YEAR)
    assert read.problems == ()
    return read.book.files


@cache
def nodes() -> tuple[Any, ...]:
    """Every node of every sample rule, and every leaf that is a choice."""
    return tuple(node for file in files() for node in walk(file))


def walk(node: Any) -> Iterator[Any]:  # noqa: ANN401  any node of the tree
    yield node
    if dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from walk(getattr(node, field.name))
    elif isinstance(node, tuple | list):
        for inner in node:
            yield from walk(inner)
    elif isinstance(node, dict):
        yield from walk(list(node.values()))


def every(kind: type[Any]) -> list[Any]:
    found = [node for node in nodes() if type(node) is kind]
    assert found, kind
    return found


def blocks() -> Iterator[tuple[str, str]]:
    """Kind of block and key of every line that counts."""
    for text in TEXTS.values():
        kind = "ファイルの先頭"
        for line in text.splitlines():
            if line.startswith("■"):
                kind = line[1:].split(" ")[0]
            elif line and not line.startswith(("※", "#")):
                yield kind, line.partition(":")[0]


def test_every_block_and_key_is_used() -> None:
    wanted = {(kind, key) for kind, keys in KEYS.items() for key in keys}
    assert wanted - set(blocks()) == ONLY_SHOWN
    for _, key in ONLY_SHOWN:
        assert any(re.match(rf"※ {key}: ", line) for line in LINES)


def test_every_node_of_the_tree_is_used() -> None:
    """A new clause or term is a new class of the rulebook."""
    found = {type(node) for node in nodes()}
    kinds = {kind for kind in words_of_the_tree() if dataclasses.is_dataclass(kind)}
    assert kinds - found == {Vocabulary, OfOwn, Unsaid, Reckoned}
    assert any(re.search("^※ .*もとの額の[0-9]+%", line) for line in LINES)  # 減免, only shown
    assert any("小さい方(予算額、" in line for line in LINES if line.startswith("※"))
    enums = {kind for kind in found if issubclass(kind, Enum)}
    assert enums == {Mode, RestOrder, Stage}


def test_every_way_of_rounding() -> None:
    said = every(Rounding)
    assert {rule.rest for rule in said} == set(RestOrder) - {RestOrder.BIGGEST}
    assert any(RestOrder.BIGGEST.value in line for line in LINES if line.startswith("※"))
    assert {rule.mode for rule in said} == set(Mode)
    assert {rule.unit for rule in said} == {1, 10, 100, 1_000, 10_000}
    assert {rule.stage for rule in said} == set(Stage)
    assert {cut.mode for cut in every(Decimals)} == set(Mode)
    assert 0 in {cut.digits for cut in every(Decimals)}
    dues = every(DueRounding)
    assert {rule.mode for rule in dues} == set(Mode)
    assert {rule.first for rule in dues} == {True, False}


def test_every_bound() -> None:
    said = every(Bound)
    limits = {(bound.upper, type(bound.limit).__name__) for bound in said}
    assert {(True, "OfPrevious"), (True, "OfLine"), (True, "Money")} <= limits
    assert {(False, "OfLine"), (False, "Money")} <= limits
    assert {bound.who is None for bound in said} == {True, False}
    assert any(bound.payer for bound in said)
    assert any(bound.skip_new for bound in said)
    assert any(file.head.bounds for file in files())
    assert any(expense.own.bounds for expense in every(Expense))


def test_every_proration() -> None:
    said = every(Proration)
    assert {rule.method for rule in said} == {"月割", "日割", "全額", "翌年度から"}
    assert {rule.next_month for rule in said} == {True, False}
    assert {rule.carry for rule in said} == {True, False}


def test_every_smoothing_and_instalment() -> None:
    smoothed = every(Smoothing)
    assert {rule.months for rule in smoothed} == {True, False}
    assert {rule.rest_first for rule in smoothed} == {True, False}
    shares = {type(due.share) for due in every(Due)}
    assert shares == {Ratio, Rest, Money}
    assert any(plan.over for plan in every(DuePlan))
    assert {file.holiday for file in files()} == {"翌営業日", "前営業日", "そのまま", None}


def test_every_split() -> None:
    splits = every(Split)
    shares = {type(split.share) for split in splits}
    assert shares == {Ratio, Rest, Money, type(None)}
    assert {rest.part == 1 for rest in every(Rest)} == {True, False}
    assert {bool(split.weights) for split in splits} == {True, False}
    ratios = {type(weight.ratio) for weight in every(Weight)}
    assert ratios == {Ratio, Rest, type(None)}
    assert {use.cut for use in every(PerUnit)} == {Mode.UP, Mode.DOWN, None}
    who = every(Who)
    assert any(len(circle.names) > 1 for circle in who)
    assert any(circle.excluded for circle in who)


def test_every_word_for_who() -> None:
    named = {name.text for circle in every(Who) for name in circle.names}
    built_in = {"県", "市", "町村", "市町村", "会員", "準会員", "参加団体", "全団体", "政令市"}
    assert built_in <= named
    groups = every(Group)
    assert {group.lead is None for group in groups} == {True, False}
    assert any(group.name.text in named for group in groups)


def test_every_formula() -> None:
    operations = every(Operation)
    assert {operation.operator for operation in operations} == set("+-*/^")
    powers = {type(o.right).__name__ for o in operations if o.operator == "^"}
    assert powers == {"Number", "Name", "Operation"}
    assert {pick.function for pick in every(Pick)} == {"大きい方", "小さい方", "平均"}
    tables = every(TierTable)
    assert {table.marginal for table in tables} == {True, False}
    assert {bool(table.unit) for table in tables} == {True, False}
    assert {basis.unit for basis in every(Basis)} == {"円", ""}
    rates = every(Coefficients)
    assert {table.percent for table in rates} == {True, False}
    assert "その他" in {name.text for table in rates for name, _ in table.rows}


def test_every_adjustment_deduction_and_assertion() -> None:
    kinds = {adjust.kind for adjust in every(Adjust)}
    assert kinds == {"先に引き、後で足す", "差し引く", "足す"}
    assert {deduct.amount is None for deduct in every(Deduct)} == {True, False}
    said = every(Assertion)
    assert {"合計", "団体数", "県", "架空県"} <= {check.subject.text for check in said}
    assert any(check.yen is None and check.count is None for check in said)
    assert any(check.tolerance for check in said)
    only_shown = {"課税10%（外税）"}
    assert {expense.tax for expense in every(Expense)} == set(TAXES) - only_shown
    assert any(line.startswith("※") and "外税" in line for line in LINES)
    assert any(not expense.names for expense in every(Expense))
    assert any(len(expense.names) > 1 for expense in every(Expense))
    assert any(expense.former_names for expense in every(Expense))
    settled = every(Settlement)
    assert {rule.difference for rule in settled} == set(DIFFERENCES)
    assert {rule.figures for rule in settled} == set(FIGURE_TIMES)


def test_every_spelling_of_a_date_of_figures() -> None:
    said = " ".join(line for line in SPOKEN if line.startswith("基礎数値: "))
    words = ("当年度", "前年度", "前々年度", "実績", "決算", "算定", "予算", "見込", "まで平均")
    assert [word for word in words if word not in said] == []
    told = "".join(line for line in LINES if line.startswith("※"))
    assert [word for word in ("まで合計", "、精算は(", "に限る)") if word not in told] == []
    assert any(bind.over == "平均" for bind in every(Bind))
    assert {bind.alias.text == bind.heading.text for bind in every(Bind)} == {True, False}


SPELLINGS = (
    r"\b\d+%",
    r"\d+/\d+を|\d/\d ",
    r"\d+分の\d+",
    "残りを",
    r"残りの \d+%",
    r"残りの \d+分の\d+",
    r"定額 \d",
    r"に \d[0-9,]*[十百千万]*円を ",
    "円ずつ",
    r"\d件につき",
    r"\d,\d{3}人につき",
    r"\(端数切上げ\)",
    r"\(端数切捨て\)",
    r"の\d+%$",
    r"の\d+分の\d+$",
    "の額$",
    "の計と同額",
    r"が2倍で負担が[\d.]+倍",
    "の計",
    r"[人件円]以上",
    r"[人件円]超",
    r"[人件円]を超え",
    r"[人件円]未満",
    r"[人件円]以下",
    r"\d千人|\d千円",
    r"\d万人",
    r"\d百万人",
    r"\d億円",
    r"第\d期 令和\d年\d+月\d+日 ",
    r"R\d\.\d+\.\d+現在",
    r"\d日から令和\d年\d+月\d+日まで\)",
    r"超に限る",
    "納期限の15日前$",
    "納期限の15日前まで$",
    r"^検算: 団体数 = \d+団体",
    r"= 予算額$",
    r"\(±",
    r"「[^」]+」 \d+%",
    r"十円未満|10円未満",
    r"\(.*、.*を除く\)",
)


@pytest.mark.parametrize("pattern", SPELLINGS)
def test_every_spelling(pattern: str) -> None:
    assert any(re.search(pattern, line) for line in SPOKEN), pattern


def test_every_unit_of_yen_and_every_reading() -> None:
    assert [unit for unit in YEN if not any(re.search(rf"\d{unit}", line) for line in SPOKEN)] == []
    for word in itertools.chain(READINGS, ("例", "省略")):
        assert any(line.endswith(f": {word}") for line in SPOKEN)


def test_every_file_begins_with_what_it_shows() -> None:
    assert len(TEXTS) == 9
    for text in TEXTS.values():
        assert text.startswith("※ ")
        assert "\n状態: 例\n" in text
