"""端数, 上限, 途中参加, 納期 and the other terms: every form of the grammar."""

from datetime import date
from fractions import Fraction

import pytest

from apportion.core.problem import Source
from apportion.core.year import FiscalYear
from apportion.rules import read
from apportion.rules.book import Adjust, Assertion, Bind, Deduct, Expense, RuleFile, Vocabulary
from apportion.rules.nodes import (
    Bound,
    Due,
    DuePlan,
    DueRounding,
    Mode,
    Money,
    Name,
    OfLine,
    OfPrevious,
    Proration,
    Ratio,
    Rest,
    RestOrder,
    Rounding,
    Share,
    Smoothing,
    Stage,
    Who,
)

AT = Source()
F = Fraction
WORDS = Vocabulary(members=("愛知県", "豊根村", "にかほ市"), columns=("特定財源 第2",))


def file_of(head: str = "", expense: str = "") -> RuleFile:
    text = f"事業: 共通\n年度: 令和7年度\n{head}\n■経費 事務費\n負担割合: 均等割\n{expense}\n"
    rules, problems = read.parse("rules/r7/a.txt", text, WORDS)
    assert problems == ()
    assert rules is not None
    return rules


def expense_of(line: str) -> Expense:
    return file_of(expense=line).expenses[0]


def name(text: str) -> Name:
    return Name(text, AT)


def yen(value: int) -> Money:
    return Money(F(value), AT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("円未満切捨て、差額は端数の大きい順", Rounding()),
        (
            "100円未満切上げ、差額は調整しない",
            Rounding(unit=100, mode=Mode.UP, rest=RestOrder.NONE),
        ),
        (
            "千円未満四捨五入（基準ごと）、差額は金額の小さい順",
            Rounding(unit=1000, mode=Mode.HALF_UP, stage=Stage.DRIVER, rest=RestOrder.SMALLEST),
        ),
        (
            "10十円未満切捨て(事業ごと)、差額は金額の大きい順",
            Rounding(unit=100, stage=Stage.PROJECT, rest=RestOrder.LARGEST),
        ),
        (
            "百円未満切捨て（経費ごと）、差額は人口の多い順",
            Rounding(unit=100, stage=Stage.LINE, rest=RestOrder.POPULATION),
        ),
        ("万円未満切捨て、差額は年度ごとに輪番", Rounding(unit=10_000, rest=RestOrder.ROTATION)),
        (
            "円未満切捨て、差額はにかほ市が負担",
            Rounding(rest=RestOrder.PAYER, payer=name("にかほ市")),
        ),
    ],
)
def test_rounding(text: str, expected: Rounding) -> None:
    assert file_of(head=f"端数: {text}").head.rounding == expected
    assert expense_of(f"端数: {text}").own.rounding == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("円未満切捨て、差額は第1期", DueRounding()),
        ("千円未満切上げ、差額は最終期", DueRounding(unit=1000, mode=Mode.UP, first=False)),
        ("100円未満四捨五入、差額は第1期", DueRounding(unit=100, mode=Mode.HALF_UP)),
    ],
)
def test_rounding_of_instalments(text: str, expected: DueRounding) -> None:
    assert file_of(head=f"期割の端数: {text}").due_rounding == expected


def bound(
    limit: Money | OfPrevious | OfLine,
    *,
    upper: bool = True,
    who: Who | None = None,
    payer: Who | None = None,
    skip_new: bool = False,
) -> Bound:
    return Bound(upper=upper, who=who, limit=limit, payer=payer, skip_new=skip_new, source=AT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("上限: 500千円、超えた分は残りの団体で割り直す", bound(yen(500_000))),
        (
            "上限: 前年度の115%、超えた分は愛知県が負担、前年度のない団体は除く",
            bound(OfPrevious(F(23, 20), AT), payer=Who((name("愛知県"),), (), AT), skip_new=True),
        ),
        (
            "上限: 1円、超えた分は愛知県、豊橋市が負担",
            bound(yen(1), payer=Who((name("愛知県"), name("豊橋市")), (), AT)),
        ),
        (
            "下限: 市町村（豊根村を除く）ごとに 経費の10%、足りない分は残りの団体で割り直す",
            bound(
                OfLine(F(1, 10), AT),
                upper=False,
                who=Who((name("市町村"),), (name("豊根村"),), AT),
            ),
        ),
        (
            "上限: 県、にかほ市ごとに 1万円、超えた分は残りの団体で割り直す",
            bound(yen(10_000), who=Who((name("県"), name("にかほ市")), (), AT)),
        ),
    ],
)
def test_bounds(line: str, expected: Bound) -> None:
    assert file_of(head=line).head.bounds == (expected,)
    assert expense_of(line).own.bounds == (expected,)


@pytest.mark.parametrize(
    ("text", "method", "next_month", "carry"),
    [
        ("月割（参加した月を含む）、減った分は他の団体で負担", "月割", False, False),
        ("月割（翌月から）、減った分は繰越", "月割", True, True),
        ("月割", "月割", False, False),
        ("日割、減った分は繰越", "日割", False, True),
        ("全額", "全額", False, False),
        ("翌年度から", "翌年度から", False, False),
    ],
)
def test_proration(text: str, method: str, *, next_month: bool, carry: bool) -> None:
    expected = Proration(method=method, next_month=next_month, carry=carry, source=AT)
    assert expense_of(f"途中参加: {text}").own.proration == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "総額 56,210千円を 60か月（令和4年1月から）、端数は最終年度",
            Smoothing(
                total=yen(56_210_000),
                count=60,
                months=True,
                first=date(2022, 1, 1),
                rest_first=False,
                source=AT,
            ),
        ),
        (
            "総額 1億円を5年（令和6年度から）、端数は初年度",
            Smoothing(
                total=yen(100_000_000),
                count=5,
                months=False,
                first=date(2024, 4, 1),
                rest_first=True,
                source=AT,
            ),
        ),
    ],
)
def test_smoothing(text: str, expected: Smoothing) -> None:
    assert expense_of(f"平準化: {text}").smoothing == expected


def test_instalments() -> None:
    text = "第1期 R7.7.31 1/3、第2期 令和7年11月28日 100千円、第3期 2026-01-30 残り"
    plan = expense_of(f"納期: {text}、年額10万円超に限る").own.dues
    shares: tuple[Share, ...] = (Ratio(F(1, 3), AT), yen(100_000), Rest(F(1), AT))
    days = (date(2025, 7, 31), date(2025, 11, 28), date(2026, 1, 30))
    assert plan == DuePlan(
        dues=tuple(
            Due(number=number, day=day, share=share, source=AT)
            for number, day, share in zip((1, 2, 3), days, shares, strict=True)
        ),
        over=yen(100_000),
        source=AT,
    )


@pytest.mark.parametrize("word", ["翌営業日", "前営業日", "そのまま"])
def test_holiday(word: str) -> None:
    assert file_of(head=f"休日: {word}").holiday == word


def test_adjustments() -> None:
    assert expense_of(
        "団体別加減: 特別交付税を先に引き、後で足す\n団体別加減: 基金分を差し引く\n団体別加減: 過疎債を足す"
    ).adjusts == (
        Adjust(name("特別交付税"), "先に引き、後で足す", AT),
        Adjust(name("基金分"), "差し引く", AT),
        Adjust(name("過疎債"), "足す", AT),
    )


def test_deductions() -> None:
    lines = ("特定財源", "国庫補助金 1,000千円", "特定財源 第2", "「第2次 補助 10円」")
    assert expense_of("\n".join(f"差し引く: {line}" for line in lines)).deducts == (
        Deduct(name("特定財源"), None, AT),
        Deduct(name("国庫補助金"), yen(1_000_000), AT),
        Deduct(name("特定財源 第2"), None, AT),
        Deduct(name("第2次 補助 10円"), None, AT),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合計 = 18,137千円", Assertion(name("合計"), F(18_137_000), None, F(0), AT)),
        ("合計 = 予算額", Assertion(name("合計"), None, None, F(0), AT)),
        ("合計 = 予算額（±500円）", Assertion(name("合計"), None, None, F(500), AT)),
        ("団体数 = 54", Assertion(name("団体数"), None, 54, F(0), AT)),
        ("団体数＝５４団体", Assertion(name("団体数"), None, 54, F(0), AT)),
        ("にかほ市 = 3円", Assertion(name("にかほ市"), F(3), None, F(0), AT)),
    ],
)
def test_assertions(text: str, expected: Assertion) -> None:
    assert expense_of(f"検算: {text}").assertions == (expected,)


def test_former_names() -> None:
    found = expense_of("旧名: 監査、「内部監査、規程」\n旧名: 訓練").former_names
    assert found == (name("監査"), name("内部監査、規程"), name("訓練"))


@pytest.mark.parametrize(
    ("text", "alias", "heading", "as_of", "years"),
    [
        (
            "人口 = 国勢調査人口（令和2年10月1日現在）",
            "人口",
            "国勢調査人口",
            "令和2年10月1日",
            (),
        ),
        ("人口（R2.10.1現在）", "人口", "人口", "R2.10.1", ()),
        ("件数（令和5年度実績）", "件数", "件数", "令和5年度実績", ()),
        ("件数（前年度 決算）", "件数", "件数", "前年度決算", ()),
        ("件数（当年度）", "件数", "件数", "当年度", ()),
        ("件数（A）（前々年度見込）", "件数(A)", "件数(A)", "前々年度見込", ()),
        (
            "搬入量（R5.1.1からR5.12.31まで）",
            "搬入量",
            "搬入量",
            "R5.1.1からR5.12.31まで",
            (),
        ),
        (
            "需要額（令和4年度から前年度まで平均）",
            "需要額",
            "需要額",
            "令和4年度から前年度まで平均",
            (2022, 2023, 2024),
        ),
    ],
)
def test_binding(text: str, alias: str, heading: str, as_of: str, years: tuple[int, ...]) -> None:
    assert file_of(head=f"基礎数値: {text}").head.binds == (
        Bind(
            alias=name(alias),
            heading=name(heading),
            as_of=as_of,
            over="平均" if years else "",
            years=tuple(map(FiscalYear, years)),
            source=AT,
        ),
    )


def test_tax() -> None:
    assert expense_of("課税区分: 課税１０％").tax == "課税10%"
    assert expense_of("備考: なし").tax == "不課税"
