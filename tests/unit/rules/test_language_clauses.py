"""負担割合: every form of the grammar, and every way it may be written."""

from fractions import Fraction

import pytest

from apportion.core.problem import Source
from apportion.rules.book import Vocabulary
from apportion.rules.nodes import (
    Clause,
    Flat,
    Mode,
    Money,
    Name,
    OwnValue,
    PerUnit,
    RateOf,
    Ratio,
    Rest,
    SameAs,
    Share,
    Split,
    Weight,
    Who,
)
from apportion.rules.read import parse

AT = Source()
WORDS = Vocabulary(
    members=("愛知県", "豊橋市", "豊根村", "にかほ市", "甲府市"),
    figures=("人口", "世帯", "面積", "大気に関する数", "75歳以上人口"),
)
F = Fraction
ALL = Rest(F(1), AT)


def read(*lines: str) -> tuple[Clause, ...]:
    text = "事業: 共通\n年度: 令和7年度\n■経費 事務費\n"
    rules, problems = parse(
        "rules/r7/a.txt", text + "".join(f"負担割合: {line}\n" for line in lines), WORDS
    )
    assert problems == ()
    assert rules is not None
    return rules.expenses[0].clauses


def one(line: str) -> Clause:
    (clause,) = read(line)
    return clause


def name(text: str) -> Name:
    return Name(text, AT)


def part(value: Fraction) -> Ratio:
    return Ratio(value, AT)


def yen(value: int) -> Money:
    return Money(F(value), AT)


def who(*names: str, but: tuple[str, ...] = ()) -> Who:
    return Who(tuple(map(name, names)), tuple(map(name, but)), AT)


def split(
    payers: Who | None, share: Share | None, *weights: tuple[str, Fraction | Rest | None]
) -> Split:
    return Split(
        who=payers,
        share=share,
        weights=tuple(
            Weight(name(driver), part(ratio) if isinstance(ratio, Fraction) else ratio, AT)
            for driver, ratio in weights
        ),
        source=AT,
    )


HALVES = (("均等割", F(1, 2)), ("人口割", F(1, 2)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("均等割", split(None, None, ("均等割", None))),
        ("均等割 100%", split(None, None, ("均等割", F(1)))),
        ("均等割 50% + 人口割 50%", split(None, None, *HALVES)),
        ("均等割 50% + 人口割 残り", split(None, None, HALVES[0], ("人口割", ALL))),
        ("市町村に 均等割", split(who("市町村"), None, ("均等割", None))),
        ("残りを 均等割", split(None, ALL, ("均等割", None))),
        (
            "75歳以上人口割 50% + 人口割 50%",
            split(None, None, ("75歳以上人口割", F(1, 2)), HALVES[1]),
        ),
        (
            "均等割 50% 75歳以上人口割 50%",
            split(None, None, HALVES[0], ("75歳以上人口割", F(1, 2))),
        ),
        ("定額割", split(None, None, ("定額割", None))),
        ("残高割", split(None, None, ("残高割", None))),
        ("「公園・広場」 100%", split(None, None, ("公園・広場", F(1)))),
        ("「雪に強い割」", split(None, None, ("雪に強い割", None))),
    ],
)
def test_split(line: str, expected: Split) -> None:
    assert one(line) == expected


def test_shares_of_a_line() -> None:
    assert read("県に 50%", "市町村に 残りを 均等割") == (
        split(who("県"), part(F(1, 2))),
        split(who("市町村"), ALL, ("均等割", None)),
    )
    assert read("30/100を 均等割", "100分の30を 人口割", "残りを 世帯割") == (
        split(None, part(F(3, 10)), ("均等割", None)),
        split(None, part(F(3, 10)), ("人口割", None)),
        split(None, ALL, ("世帯割", None)),
    )
    assert read("県に 27千円", "豊橋市に 定額 1.5万円を 均等割", "残りを 人口割") == (
        split(who("県"), yen(27_000)),
        split(who("豊橋市"), yen(15_000), ("均等割", None)),
        split(None, ALL, ("人口割", None)),
    )
    assert read("県に 20%", "残りの 50%を 均等割", "残りの1/2を人口割") == (
        split(who("県"), part(F(1, 5))),
        split(None, Rest(F(1, 2), AT), ("均等割", None)),
        split(None, Rest(F(1, 2), AT), ("人口割", None)),
    )


def test_thirds_make_a_whole() -> None:
    third = F(1, 3)
    expected = split(None, None, ("均等割", third), ("人口割", third), ("世帯割", third))
    assert one("均等割 1/3 + 人口割 3分の1 + 世帯割 1/3") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("参加団体に 1万円ずつ", Flat(who=who("参加団体"), amount=yen(10_000), source=AT)),
        ("1,000円ずつ", Flat(who=None, amount=yen(1_000), source=AT)),
        (
            "案件数 1件につき 1,500円",
            PerUnit(
                who=None,
                figure=name("案件数"),
                size=F(1),
                counter="件",
                price=yen(1_500),
                cut=None,
                source=AT,
            ),
        ),
        (
            "市町村に 人口 1,000人につき 100円（端数切上げ）",
            PerUnit(
                who=who("市町村"),
                figure=name("人口"),
                size=F(1_000),
                counter="人",
                price=yen(100),
                cut=Mode.UP,
                source=AT,
            ),
        ),
        (
            "75歳以上人口 1万人につき 0.5千円(端数切捨て)",
            PerUnit(
                who=None,
                figure=name("75歳以上人口"),
                size=F(10_000),
                counter="人",
                price=yen(500),
                cut=Mode.DOWN,
                source=AT,
            ),
        ),
        (
            "甲府市に 基準財政需要額の86%",
            RateOf(
                who=who("甲府市"), figure=name("基準財政需要額"), ratio=part(F(43, 50)), source=AT
            ),
        ),
        (
            "医療給付費の12分の1",
            RateOf(who=None, figure=name("医療給付費"), ratio=part(F(1, 12)), source=AT),
        ),
        (
            "市町村に 人口区分の額",
            OwnValue(who=who("市町村"), figure=name("人口区分"), source=AT),
        ),
        (
            "県に 市町村（豊根村を除く）の計と同額",
            SameAs(who=who("県"), of=who("市町村", but=("豊根村",)), source=AT),
        ),
    ],
)
def test_other_forms(line: str, expected: Clause) -> None:
    assert one(line) == expected


@pytest.mark.parametrize(
    ("line", "payers"),
    [
        ("県、豊橋市に 均等割", who("県", "豊橋市")),
        ("市町村（豊橋市、豊根村を除く）に 均等割", who("市町村", but=("豊橋市", "豊根村"))),
        ("にかほ市に 均等割", who("にかほ市")),
        ("県 に 均等割", who("県")),
        ("「人口に関する会」に 均等割", who("人口に関する会")),
        ("知らない市に 均等割", who("知らない市")),
    ],
)
def test_who(line: str, payers: Who) -> None:
    clause = one(line)
    assert clause.who == payers


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("100分の46", part(F(46, 100))),
        ("46/100", part(F(46, 100))),
        ("46%", part(F(46, 100))),
        ("27千円", yen(27_000)),
    ],
)
def test_a_share_before_a_figure_with_ni_is_no_payer(written: str, share: Share) -> None:
    rest = "残りを 均等割"
    first, _ = read(f"{written}を 大気に関する数割", rest)
    assert first == split(None, share, ("大気に関する数割", None))


def test_a_known_figure_with_ni_is_no_payer() -> None:
    assert one("大気に関する数割") == split(None, None, ("大気に関する数割", None))
    assert one("大気に関する数 1件につき 1円") == PerUnit(
        who=None,
        figure=name("大気に関する数"),
        size=F(1),
        counter="件",
        price=yen(1),
        cut=None,
        source=AT,
    )


@pytest.mark.parametrize(
    "line",
    [
        "市町村に残りを均等割30%+人口割70%",
        "市町村に　残りを　均等割　３０％　＋　人口割　７０％",
        "市町村に 残りを 均等割 30パーセント、人口割 70パーセント",
        "市町村に 残りを 均等割 30% 人口割 70%",
        "市町村に 残り 均等割 30.0% + 人口割 100分の70",
        "市町村に 残りを 「均等割」 30% + 「人口割」 70%",
        "市町村に 残りを 均等割30%人口割70%",
    ],
)
def test_spellings_of_one_rule(line: str) -> None:
    whole = ("県に 50%", line)
    assert read(*whole)[1] == split(who("市町村"), ALL, ("均等割", F(3, 10)), ("人口割", F(7, 10)))


def test_amounts_leave_the_sum_to_the_budget() -> None:
    # with an amount beside it only the budget tells whether 40% is too little
    assert len(read("県に 40%", "参加団体に 1万円ずつ")) == 2
    assert len(read("市町村に 50%を 均等割", "県に 市町村の計と同額")) == 2
