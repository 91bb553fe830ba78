"""The rules as understood: a sentence for every form, and the shares as a table."""

from fractions import Fraction

import pytest

from apportion.rules import read
from apportion.rules.book import RuleBook, RuleFile, Vocabulary
from apportion.rules.tell import Chapter, chapters, drivers, matrix
from tests.unit.rules.test_language_examples import CALS, COMMON

WORDS = Vocabulary(
    lines={"共通": ("監査、訓練",)},
    members=("愛知県", "豊橋市", "にかほ市"),
    figures=("人口", "世帯数"),
    columns=("特定財源",),
)


def parsed(text: str, path: str = "rules/r7/a.txt") -> RuleFile:
    rules, problems = read.parse(path, text, WORDS)
    assert problems == ()
    assert rules is not None
    return rules


def described(text: str) -> tuple[Chapter, ...]:
    return chapters(RuleBook((parsed(text),)))


def said_below(heading: str, *lines: str) -> list[str]:
    text = "事業: 共通\n年度: 令和7年度\n" + "".join(f"{line}\n" for line in (heading, *lines))
    return [sentence.text for sentence in described(text)[-1].sentences]


def said(*lines: str) -> list[str]:
    return said_below("■経費 事務費", *lines)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("均等割", "参加団体のすべてが、対象額の全部を、均等割（同じ額ずつ）で分けます。"),
        ("人口割", "参加団体のすべてが、対象額の全部を、人口割で分けます。"),
        (
            "均等割 30% + 人口割 残り",
            "参加団体のすべてが、対象額のうち、30%を均等割、残りを人口割で分けます。",
        ),
        (
            "市町村（にかほ市を除く）に 100%を 人口割",
            "市町村（「にかほ市」を除く）が、対象額の100%を、人口割で分けます。",
        ),
        ("愛知県に 残り", "愛知県が、残りを負担します。"),
        ("参加団体に 10000円ずつ", "参加団体が、1団体あたり10,000円を負担します。"),
        (
            "人口 1,000人につき 100円（端数切上げ）",
            "参加団体のすべてが、人口1,000人につき100円を負担します（1,000人に満たない分は切り上げます）。",
        ),
        (
            "人口 1人につき 3.5円（端数切捨て）",
            "参加団体のすべてが、人口1人につき3.5円を負担します（1人に満たない分は切り捨てます）。",
        ),
        ("人口 1人につき 3.5円", "参加団体のすべてが、人口1人につき3.5円を負担します。"),
        ("豊橋市に 人口の12分の1", "豊橋市が、それぞれの人口の12分の1を負担します。"),
        ("市町村に 人口の額", "市町村が、それぞれの人口の額を負担します。"),
    ],
)
def test_shares(line: str, sentence: str) -> None:
    assert said(f"負担割合: {line}")[0] == sentence


def test_shares_of_several_lines() -> None:
    assert said(
        "負担割合: 愛知県に 定額 27千円を 均等割",
        "負担割合: 市町村に 残りの 60%を 均等割 50% + 人口割 50%",
        "負担割合: 残りの 40%を 人口割",
        "負担割合: 愛知県に 市町村の計と同額",
    )[:4] == [
        "愛知県が、定額 27千円を、均等割（同じ額ずつ）で分けます。",
        "市町村が、残りの 60%のうち、50%を均等割、50%を人口割で分けます。",
        "参加団体のすべてが、残りの 40%を、人口割で分けます。",
        "愛知県が、市町村の計と同じ額を負担します。",
    ]


EQUAL = "負担割合: 均等割"
SHARED = "参加団体のすべてが、対象額の全部を、均等割（同じ額ずつ）で分けます。"
CUT = "経費ごとに1円未満を切り捨て、差額は端数の大きい順に1円ずつ足します。"


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("名簿: 電子", ["参加する団体は、名簿「電子」のとおりです。", SHARED, CUT]),
        ("根拠: 会則「甲」", ["根拠は「会則「甲」」です。", SHARED, CUT]),
        ("備考: 自由", [SHARED, CUT, "備考: 自由"]),
        (
            "未対応: 「雪の日は、別に。」 理由 協議のため",
            [
                "「雪の日は、別に。」は、計算に入っていません（理由: 協議のため）。まだ、だれも承認していません。",
                SHARED,
                CUT,
            ],
        ),
        (
            "未対応: 「雪の日」理由 協議のため、 承認 会長",
            [
                "「雪の日」は、計算に入っていません（理由: 協議のため）。会長が承認しています。",
                SHARED,
                CUT,
            ],
        ),
        (
            "基礎数値: 乙 = 人口（R2.10.1現在）",
            ["乙は、基礎数値「人口（R2.10.1現在）」です。", SHARED, CUT],
        ),
        (
            "基礎数値: 人口（前々年度実績）、精算は（R8.3.31現在）",
            [
                "人口は、基礎数値「人口（前々年度実績）」です。精算では、（R8.3.31現在）の数を使います。",
                SHARED,
                CUT,
            ],
        ),
        (
            "対象: （予算額 - 特定財源） × 1/2",
            ["対象額は、（予算額 - 特定財源） × 1/2です。", SHARED, CUT],
        ),
        ("差し引く: 特定財源", ["予算の列「特定財源」の額を、先に差し引きます。", SHARED, CUT]),
        ("差し引く: 補助金 1千円", ["補助金の1千円を、先に差し引きます。", SHARED, CUT]),
        (
            "平準化: 総額 1億円を 60か月（令和4年1月から）、端数は最終年度",
            [
                "対象額は、総額1億円を60か月（令和4年1月から）に分けた、この年度の分です。端数は最終年度に入れます。",
                SHARED,
                CUT,
            ],
        ),
        (
            "上限: 前年度の120%、超えた分は残りの団体で割り直す、前年度のない団体は除く",
            [
                SHARED,
                (
                    "どの団体も、1団体あたり前年度の120%を超えません。超えた分は残りの団体で割り直します。"
                    "前年度のない団体には当てはめません。"
                ),
                CUT,
            ],
        ),
        (
            "上限: 市町村ごとに 経費の10%、超えた分は愛知県が負担",
            [
                SHARED,
                "市町村は、1団体あたり経費の10%を超えません。超えた分は愛知県が負担します。",
                CUT,
            ],
        ),
        (
            "下限: 500千円、足りない分は残りの団体で割り直す",
            [
                SHARED,
                "どの団体も、1団体あたり500千円を下回りません。足りない分は残りの団体で割り直します。",
                CUT,
            ],
        ),
        (
            "団体別加減: 人口を先に引き、後で足す",
            [SHARED, "団体ごとの人口を、先に対象額から引き、分けた後でその団体に足します。", CUT],
        ),
        ("団体別加減: 人口を差し引く", [SHARED, "分けた後で、団体ごとの人口を差し引きます。", CUT]),
        ("団体別加減: 人口を足す", [SHARED, "分けた後で、団体ごとの人口を足します。", CUT]),
        ("課税区分: 課税10%", [SHARED, CUT, "課税区分は課税10%です。"]),
        ("旧名: 前の名", [SHARED, CUT, "前年度の名前は、前の名です。"]),
        (
            "検算: 合計 = 予算額（±1円）",
            [SHARED, CUT, "合計が予算額（±1円）であることを確かめます。"],
        ),
        (
            "端数: 千円未満四捨五入（基準ごと）、差額は金額の小さい順",
            [
                SHARED,
                "基準ごとに1,000円未満を四捨五入し、差額は金額の小さい順に1,000円ずつ足すか引きます。",
            ],
        ),
        (
            "端数: 円未満切上げ、差額は愛知県が負担",
            [SHARED, "経費ごとに1円未満を切り上げ、差額は愛知県が負担します。"],
        ),
        (
            "端数: 円未満切捨て（事業ごと）、差額は調整しない",
            [
                SHARED,
                "事業ごとに1円未満を切り捨て、差額は調整しません（端数未調整額として示します）。",
            ],
        ),
        (
            "端数: 円未満切捨て、差額は年度ごとに輪番",
            [
                SHARED,
                "経費ごとに1円未満を切り捨て、差額は年度ごとに番を送り、団体コードの順に1円ずつ足します。",
            ],
        ),
        (
            "途中参加: 月割（翌月から）、減った分は繰越",
            [
                (
                    "年度の途中で加わり、または抜けた団体は、参加した月の数に応じて負担します（加わった月は数えません）。"
                    "減った分は繰り越します。"
                ),
                SHARED,
                CUT,
            ],
        ),
        (
            "途中参加: 全額",
            ["年度の途中で加わり、または抜けた団体も、1年分を負担します。", SHARED, CUT],
        ),
        (
            "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り、年額10万円超に限る",
            [
                (
                    "第1期（令和7年7月31日まで）に50%、第2期（令和8年1月30日まで）に残りを納めます。"
                    "年額が10万円を超えない団体は、すべてを第1期に納めます。"
                ),
                SHARED,
                CUT,
            ],
        ),
        (
            "納期: 第1期 令和7年7月31日 残り",
            ["令和7年7月31日までに、全額を納めます。", SHARED, CUT],
        ),
    ],
)
def test_lines_of_an_expense(line: str, sentences: list[str]) -> None:
    assert said(line, EQUAL) == sentences


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        (
            ("■基準 逓減", "値: 人口が2倍で負担が1.5倍", "端数: 整数未満切捨て", "単位: 円"),
            [
                "値は、人口が2倍で負担が1.5倍となるように決めます。",
                "値の端数は、整数未満切捨てです。",
                "単位は円です。",
            ],
        ),
        (("■基準 甲", "値: 人口 × 2"), ["値は、人口 × 2です。"]),
        (
            (
                "■段階表 乙",
                "区分: 人口",
                "読み方: 段ごとに積み上げる",
                "1万人未満: 1",
                "1万人以上: 世帯数",
            ),
            [
                "人口の段で決めます。段ごとの率を積み上げます。",
                "1万人未満は1です。",
                "1万人以上は世帯数です。",
            ],
        ),
        (
            ("■係数表 丙", "豊橋市: 30%", "その他: 70%"),
            [
                "割合の決まった表です。参加団体の割合の合計は100%です。",
                "豊橋市は30%です。",
                "その他は70%です。",
            ],
        ),
        (("■係数表 丙", "豊橋市: 30%", "その他: 2"), ["豊橋市は30%です。", "その他は2です。"]),
        (
            ("■グループ 丁", "団体: 豊橋市、にかほ市", "代表: 愛知県"),
            ["団体は、豊橋市、「にかほ市」です。", "負担金は、代表の愛知県にまとめて請求します。"],
        ),
        (("■請求書", "件名: 負担金", "公印: 省略"), ["件名: 負担金", "公印: 省略"]),
        (
            ("■精算", "差額: 翌年度で調整", "根拠: 会則"),
            [
                "決算での差額は、翌年度で調整とします。基礎数値は、賦課時のものを使います。",
                "根拠は「会則」です。",
            ],
        ),
    ],
)
def test_other_blocks(lines: tuple[str, ...], sentences: list[str]) -> None:
    assert said_below(*lines) == sentences


def test_the_head() -> None:
    text = (
        "事業: 共通\n年度: 令和7年度\n休日: そのまま\n期割の端数: 千円未満切上げ、差額は最終期\n"
        "上限: 1億円、超えた分は残りの団体で割り直す\n端数: 円未満切捨て、差額は調整しない\n備考: 印刷\n"
    )
    (head,) = described(text)
    assert (head.project, head.title, head.source.line) == ("共通", "", 1)
    assert [sentence.text for sentence in head.sentences] == [
        "状態は「案」です。",
        "この事業の合計で、どの団体も、1団体あたり1億円を超えません。超えた分は残りの団体で割り直します。",
        "経費ごとに1円未満を切り捨て、差額は調整しません（端数未調整額として示します）。",
        "期ごとに1,000円未満を切り上げ、差額は最後の期に入れます。",
        "納期限が休日に当たっても、動かしません。",
        "備考: 印刷",
    ]


def test_a_due_day_that_moves() -> None:
    (head,) = described("事業: 共通\n年度: 令和7年度\n休日: 前営業日\n")
    assert head.sentences[-1].text == "納期限が休日に当たるときは、前営業日にします。"


def test_chapters_stand_in_the_order_of_lines_with_what_common_says() -> None:
    common, own = parsed(COMMON, "rules/r7/00.txt"), parsed(CALS, "rules/r7/30.txt")
    found = chapters(RuleBook((common, own)))
    assert [(chapter.project, chapter.title) for chapter in found] == [
        ("共通", ""),
        ("共通", "■基準 逓減人口割"),
        ("電子調達（CALS/EC）事業", ""),
        ("電子調達（CALS/EC）事業", "■経費 第四期サービス利用料"),
        ("電子調達（CALS/EC）事業", "■経費 インターネットVPN接続費用"),
        ("電子調達（CALS/EC）事業", "■経費 ほかの経費すべて"),
        ("電子調達（CALS/EC）事業", "■段階表 人口区分割"),
    ]
    places = [sentence.source.short() for sentence in found[3].sentences]
    assert places == [
        *("rules/r7/30.txt:7", "rules/r7/30.txt:8", "rules/r7/30.txt:9"),
        *("rules/r7/00.txt:8", "rules/r7/30.txt:10"),
    ]


def test_a_default_has_no_place() -> None:
    (_, chapter) = described(f"事業: 共通\n年度: 令和7年度\n■経費 監査、訓練\n{EQUAL}\n")
    assert chapter.title == "■経費 「監査、訓練」"
    assert chapter.sentences[-1].text == CUT
    assert chapter.sentences[-1].source.short() == ""


def test_matrix() -> None:
    rows = matrix(RuleBook((parsed(CALS, "rules/r7/30.txt"),)))
    third, seventh = Fraction(3, 10), Fraction(7, 10)
    assert [(r.lines, r.who, r.share, dict(r.parts), r.total, r.source.short()) for r in rows] == [
        ("第四期サービス利用料", "県", "50%", {}, None, "rules/r7/30.txt:8"),
        (
            "第四期サービス利用料",
            "市町村",
            "残り（50%）",
            {"均等割": third, "人口区分割": seventh},
            1,
            "rules/r7/30.txt:9",
        ),
        (
            "インターネットVPN接続費用",
            "参加団体のすべて",
            "100%",
            {"均等割": 1},
            1,
            "rules/r7/30.txt:14",
        ),
        ("ほかの経費すべて", "参加団体のすべて", "100%", {"均等割": 1}, 1, "rules/r7/30.txt:17"),
    ]
    assert drivers(rows) == ("均等割", "人口区分割")
    assert {row.project for row in rows} == {"電子調達（CALS/EC）事業"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("均等割 1/3 + 人口割 残り",), [("100%", {"均等割": "1/3", "人口割": "2/3"})]),
        (("均等割 1/3 + 均等割 残り",), [("100%", {"均等割": "1"})]),
        (
            ("愛知県に 25%", "残りの 40%を 均等割", "残りの 60%を 人口割"),
            [
                ("25%", {}),
                ("残りの 40%（30%）", {"均等割": "1"}),
                ("残りの 60%（45%）", {"人口割": "1"}),
            ],
        ),
        (
            ("愛知県に 定額 27千円", "残りを 均等割"),
            [("定額 27千円", {}), ("残り", {"均等割": "1"})],
        ),
        (("豊橋市に 人口の86%", "1万円ずつ"), [("人口の86%", {}), ("1万円ずつ", {})]),
        (
            ("愛知県に 市町村の計と同額", "市町村に 残りを 人口割"),
            [("市町村の計と同額", {}), ("残り", {"人口割": "1"})],
        ),
    ],
)
def test_rows_of_other_forms(
    lines: tuple[str, ...], expected: list[tuple[str, dict[str, str]]]
) -> None:
    text = "事業: 共通\n年度: 令和7年度\n■経費 事務費\n" + "".join(
        f"負担割合: {x}\n" for x in lines
    )
    rows = matrix(RuleBook((parsed(text),)))
    found = [(r.share, {name: str(part) for name, part in r.parts.items()}) for r in rows]
    assert found == expected
