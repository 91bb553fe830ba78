"""■基準, ■段階表, ■係数表, ■グループ, ■請求書, ■精算 and formulas."""

from fractions import Fraction

import pytest

from apportion.core.problem import Source
from apportion.rules.book import Coefficients, Group, Remark, RuleFile, Settlement, Vocabulary
from apportion.rules.nodes import Arith, Decimals, Mode, Name, Number, Operation, Pick, SumOf, Who
from apportion.rules.read import days_before_due, parse, reissue

AT = Source()
F = Fraction
WORDS = Vocabulary(
    members=("豊橋市", "豊根村"),
    figures=("人口", "世帯", "就業者（第1次）", "75歳以上人口"),
    columns=("特定財源",),
)


def blocks(text: str) -> RuleFile:
    rules, problems = parse("rules/r7/a.txt", f"事業: 共通\n年度: 令和7年度\n{text}\n", WORDS)
    assert problems == ()
    assert rules is not None
    return rules


def name(text: str) -> Name:
    return Name(text, AT)


def num(value: int | Fraction) -> Number:
    return Number(F(value), AT)


def op(left: Arith, operator: str, right: Arith) -> Operation:
    return Operation(operator, left, right, AT)


PEOPLE, HOUSES = name("人口"), name("世帯")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人口", PEOPLE),
        ("人口割", name("人口割")),
        ("人口 - 世帯 - 1", op(op(PEOPLE, "-", HOUSES), "-", num(1))),
        ("人口＋世帯×2", op(PEOPLE, "+", op(HOUSES, "*", num(2)))),
        ("（人口 + 世帯） ÷ 2", op(op(PEOPLE, "+", HOUSES), "/", num(2))),
        ("人口 * 2 / 3", op(op(PEOPLE, "*", num(2)), "/", num(3))),
        ("人口^0.58", op(PEOPLE, "^", num(F(29, 50)))),
        ("人口^世帯 × 2", op(op(PEOPLE, "^", HOUSES), "*", num(2))),
        ("人口^(1/2)", op(PEOPLE, "^", op(num(1), "/", num(2)))),
        ("10% + 3分の1 + 1.5千円", op(op(num(F(1, 10)), "+", num(F(1, 3))), "+", num(1500))),
        ("人口 ÷ 人口の計", op(PEOPLE, "/", SumOf(PEOPLE, AT))),
        ("「知らない 数」の計", SumOf(name("知らない 数"), AT)),
        ("大きい方（人口、世帯 × 2）", Pick("大きい方", (PEOPLE, op(HOUSES, "*", num(2))), AT)),
        ("小さい方(人口、1億円)", Pick("小さい方", (PEOPLE, num(100_000_000)), AT)),
        ("平均（人口、世帯、1）", Pick("平均", (PEOPLE, HOUSES, num(1)), AT)),
        ("75歳以上人口 ÷ 就業者（第1次）", op(name("75歳以上人口"), "/", name("就業者(第1次)"))),
        ("知らない数 × 2", op(name("知らない数"), "*", num(2))),
    ],
)
def test_formulas(text: str, expected: Arith) -> None:
    assert blocks(f"■基準 試算割\n値: {text}").bases[0].formula == expected


def test_places_in_a_formula() -> None:
    formula = blocks("■基準 試算割\n値: （人口 + 1） × 2").bases[0].formula
    assert isinstance(formula, Operation)
    assert (formula.source.column, formula.source.length) == (5, 11)
    assert isinstance(formula.left, Operation)
    assert (formula.left.source.column, formula.left.source.length) == (5, 6)


def test_charged_part() -> None:
    text = "■経費 事務費\n負担割合: 均等割\n対象: （予算額 - 特定財源） × 1/2"
    rest = op(name("予算額"), "-", name("特定財源"))
    assert blocks(text).expenses[0].base == op(op(rest, "*", num(1)), "/", num(2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小数第3位未満四捨五入", Decimals(digits=3, mode=Mode.HALF_UP)),
        ("小数第1位未満切捨て", Decimals(digits=1, mode=Mode.DOWN)),
        ("整数未満切上げ", Decimals(digits=0, mode=Mode.UP)),
    ],
)
def test_decimals(text: str, expected: Decimals) -> None:
    basis = blocks(f"■基準 試算割\n値: 人口\n端数: {text}\n単位: 円").bases[0]
    assert (basis.decimals, basis.unit) == (expected, "円")


def test_steps_in_any_order() -> None:
    table = blocks(
        "■段階表 世帯割\n区分: 世帯\n読み方: 段ごとに積み上げる\n単位: 円\n"
        "3千世帯超5,000世帯以下: 世帯 × 2\n3千世帯以下: 1\n5千世帯を超え: 3"
    ).tiers[0]
    assert (table.marginal, table.unit, table.by) == (True, "円", HOUSES)
    assert [(t.low, t.low_included, t.high, t.high_included) for t in table.rows] == [
        (None, False, 3000, True),
        (3000, False, 5000, True),
        (5000, False, None, False),
    ]
    assert [t.value for t in table.rows] == [num(1), op(HOUSES, "*", num(2)), num(3)]
    assert {t.counter for t in table.rows} == {"世帯"}


def test_coefficients() -> None:
    tables = blocks(
        "■係数表 地域\n豊橋市: 1.5\n町村: 1/3\nその他: 人口 ÷ 2\n"
        "■係数表 固定割\n豊橋市: 60.5%\nその他: 39.5パーセント"
    ).coefficients
    assert tables[0] == Coefficients(
        name=name("地域"),
        rows=(
            (name("豊橋市"), num(F(3, 2))),
            (name("町村"), op(num(1), "/", num(3))),
            (name("その他"), op(PEOPLE, "/", num(2))),
        ),
        percent=False,
        unit="",
        source=AT,
    )
    assert tables[1].percent
    assert [value for _, value in tables[1].rows] == [num(F(121, 200)), num(F(79, 200))]


def test_a_row_name_with_a_colon() -> None:
    table = blocks("■係数表 地域\n「施設A：本館」: 2").coefficients[0]
    assert table.rows == ((name("施設A:本館"), num(2)),)


def test_group() -> None:
    text = "■グループ 東三河\n団体: 豊橋市、町村（豊根村を除く）\n代表: 東三河広域連合"
    assert blocks(text).groups == (
        Group(
            name=name("東三河"),
            members=Who((name("豊橋市"), name("町村")), (name("豊根村"),), AT),
            lead=name("東三河広域連合"),
            source=AT,
        ),
    )


def test_invoice_keeps_text_as_written() -> None:
    invoice = blocks(
        "■請求書\n発行日: 納期限の１５日前\n本文: １行目：Ａ\n本文: 2行目\n公印: 省略\n通知期限: 納期限の10日前まで"
    ).invoice
    assert invoice["本文"] == (Remark("１行目：Ａ", AT), Remark("2行目", AT))
    assert invoice["発行日"] == (Remark("納期限の１５日前", AT),)
    assert set(invoice) == {"発行日", "本文", "公印", "通知期限"}
    dated = blocks("■請求書\n発行日: 令和7年7月1日").invoice
    assert dated["発行日"] == (Remark("令和7年7月1日", AT),)


def test_a_registered_number_is_checked_by_its_first_digit() -> None:
    # A published 法人番号: 5+7+0+5+7+1 and twice 2 of the last twelve digits make 29; 9 - 29 mod 9 = 7.
    read = blocks("■請求書\n登録番号: ｔ７０１０７０５０００７２５").invoice
    assert read["登録番号"] == (Remark("T7010705000725", AT),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("第1回", (1, "")),
        ("第 ２ 回、令和7年7月1日付け　第１２号", (2, "令和7年7月1日付け　第１２号")),
        ("1回目", None),
        ("第1回 第12号", None),
    ],
)
def test_a_bill_issued_again(text: str, said: tuple[int, str] | None) -> None:
    assert reissue(text) == said


@pytest.mark.parametrize(
    ("text", "days"),
    [("納期限の15日前", 15), ("納期限の１０日前まで", 10), ("令和7年7月1日", None)],
)
def test_days_before_the_due_date(text: str, days: int | None) -> None:
    assert days_before_due(text) == days


def test_settlement() -> None:
    text = "■精算\n差額: 積立金に積む\n基礎数値: 決算年度\n根拠: 規約第９条"
    assert blocks(text).settlement == Settlement(
        difference="積立金に積む",
        figures="決算年度",
        legal=(Remark("規約第９条", AT),),
        source=AT,
    )
    assert blocks("■精算\n差額: 還付と追徴").settlement == Settlement(
        difference="還付と追徴", figures="賦課時", legal=(), source=AT
    )
