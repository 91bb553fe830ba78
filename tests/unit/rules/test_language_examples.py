"""The two example files of the language, read to the trees that they mean."""

from datetime import date
from fractions import Fraction

from apportion.core.problem import Source
from apportion.rules import read
from apportion.rules.book import (
    Assertion,
    Basis,
    Bind,
    Defaults,
    Expense,
    Remark,
    RuleFile,
    Tier,
    TierTable,
    Vocabulary,
)
from apportion.rules.nodes import (
    Decimals,
    Doubling,
    Due,
    DuePlan,
    Mode,
    Name,
    Number,
    Proration,
    Ratio,
    Rest,
    RestOrder,
    Rounding,
    Split,
    Stage,
    Weight,
    Who,
)

COMMON = """※ 全事業に共通のきまり
書式: 1
事業: 共通
年度: 令和7年度
状態: 例
根拠: 協議会会則第○条
基礎数値: 人口 = 国勢調査人口（令和2年10月1日現在）
端数: 円未満切捨て、差額は端数の大きい順
途中参加: 月割（参加した月を含む）、減った分は他の団体で負担
納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り

■基準 逓減人口割
値: 人口が2倍で負担が1.5倍
端数: 小数第3位未満四捨五入
"""

CALS = """書式: 1
事業: 電子調達（CALS/EC）事業
年度: 令和7年度
名簿: 電子調達CALS

■経費 第四期サービス利用料
根拠: 負担金算定要領第6条第2項
負担割合: 県に 50%
負担割合: 市町村に 残りを 均等割 30% + 人口区分割 70%
検算: 県 = 61,083千円

■経費 インターネットVPN接続費用
名簿: 旧LGWAN接続
負担割合: 均等割

■経費 ほかの経費すべて
負担割合: 均等割
検算: 合計 = 18,137千円

■段階表 人口区分割
区分: 人口
読み方: 段の値をそのまま使う
1万人未満: 1
1万人以上3万人未満: 2
3万人以上5万人未満: 3
5万人以上10万人未満: 4
10万人以上30万人未満: 6
30万人以上: 10
"""

AT = Source()  # places are not compared; a test of their own looks at them
PATH = "rules/r7/30_cals.txt"


def name(text: str) -> Name:
    return Name(text, AT)


def percent(value: int) -> Ratio:
    return Ratio(Fraction(value, 100), AT)


def who(*names: str) -> Who:
    return Who(tuple(name(each) for each in names), (), AT)


def equal() -> Split:
    """均等割 of everything among all."""
    return Split(who=None, share=None, weights=(Weight(name("均等割"), None, AT),), source=AT)


def tier(low: int | None, high: int | None, value: int) -> Tier:
    return Tier(
        low=None if low is None else Fraction(low),
        low_included=low is not None,
        high=None if high is None else Fraction(high),
        high_included=False,
        counter="人",
        value=Number(Fraction(value), AT),
        source=AT,
    )


def test_common_file() -> None:
    rules, problems = read.parse("rules/r7/00_common.txt", COMMON, Vocabulary())
    assert problems == ()
    assert rules == RuleFile(
        project=name("共通"),
        year="r7",
        year_source=AT,
        state="例",
        head=Defaults(
            legal=(Remark("協議会会則第○条", AT),),
            binds=(
                Bind(
                    alias=name("人口"),
                    heading=name("国勢調査人口"),
                    as_of="令和2年10月1日",
                    source=AT,
                ),
            ),
            rounding=Rounding(
                unit=1, mode=Mode.DOWN, stage=Stage.LINE, rest=RestOrder.REMAINDER, payer=None
            ),
            proration=Proration(method="月割", next_month=False, carry=False, source=AT),
            dues=DuePlan(
                dues=(
                    Due(number=1, day=date(2025, 7, 31), share=percent(50), source=AT),
                    Due(number=2, day=date(2026, 1, 30), share=Rest(Fraction(1), AT), source=AT),
                ),
                over=None,
                source=AT,
            ),
        ),
        bases=(
            Basis(
                name=name("逓減人口割"),
                formula=Doubling(name("人口"), Fraction(3, 2), AT),
                decimals=Decimals(digits=3, mode=Mode.HALF_UP),
                unit="",
                source=AT,
            ),
        ),
        source=AT,
    )


def test_file_of_one_project() -> None:
    rules, problems = read.parse(PATH, CALS, Vocabulary())
    assert problems == ()
    assert rules == RuleFile(
        project=name("電子調達(CALS/EC)事業"),
        year="r7",
        year_source=AT,
        state="案",  # not said: the default
        head=Defaults(roster=name("電子調達CALS")),
        expenses=(
            Expense(
                names=(name("第四期サービス利用料"),),
                clauses=(
                    Split(who=who("県"), share=percent(50), weights=(), source=AT),
                    Split(
                        who=who("市町村"),
                        share=Rest(Fraction(1), AT),
                        weights=(
                            Weight(name("均等割"), percent(30), AT),
                            Weight(name("人口区分割"), percent(70), AT),
                        ),
                        source=AT,
                    ),
                ),
                own=Defaults(legal=(Remark("負担金算定要領第6条第2項", AT),)),
                assertions=(Assertion(name("県"), Fraction(61_083_000), None, Fraction(0), AT),),
                source=AT,
            ),
            Expense(
                names=(name("インターネットVPN接続費用"),),
                clauses=(equal(),),
                own=Defaults(roster=name("旧LGWAN接続")),
                source=AT,
            ),
            Expense(
                names=(),
                clauses=(equal(),),
                own=Defaults(),
                assertions=(Assertion(name("合計"), Fraction(18_137_000), None, Fraction(0), AT),),
                source=AT,
            ),
        ),
        tiers=(
            TierTable(
                name=name("人口区分割"),
                by=name("人口"),
                marginal=False,
                rows=(
                    tier(None, 10_000, 1),
                    tier(10_000, 30_000, 2),
                    tier(30_000, 50_000, 3),
                    tier(50_000, 100_000, 4),
                    tier(100_000, 300_000, 6),
                    tier(300_000, None, 10),
                ),
                unit="",
                source=AT,
            ),
        ),
        source=AT,
    )


def test_every_node_knows_its_words() -> None:
    rules, _ = read.parse(PATH, CALS, Vocabulary())
    assert rules is not None
    split = rules.expenses[0].clauses[1]
    assert isinstance(split, Split)
    line = "負担割合: 市町村に 残りを 均等割 30% + 人口区分割 70%"
    assert split.source == Source(file=PATH, line=9, column=7, length=28, text=line)
    assert split.who is not None
    assert split.who.source == Source(file=PATH, line=9, column=7, length=3, text=line)
    assert isinstance(split.share, Rest)
    assert split.share.source == Source(file=PATH, line=9, column=12, length=2, text=line)
    second = split.weights[1]
    assert second.driver.source == Source(file=PATH, line=9, column=26, length=5, text=line)
    assert second.source == Source(file=PATH, line=9, column=26, length=9, text=line)
    assert rules.year_source == Source(
        file=PATH, line=3, column=5, length=5, text="年度: 令和7年度"
    )
    assert rules.source.line == 2
    assert rules.expenses[2].source.line == 16
