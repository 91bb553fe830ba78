"""fmt: every form in its one spelling, nothing else changed."""

from fractions import Fraction

import pytest

from apportion.rules import read
from apportion.rules.book import Vocabulary
from apportion.rules.nodes import Money, Rest, Split
from apportion.rules.read import forms
from apportion.rules.read.section import HEAD, KEYS, ROWS
from apportion.rules.spell.format import FORMS, formatted
from tests.unit.rules.canonical import faults
from tests.unit.rules.test_language_examples import CALS, COMMON
from tests.unit.rules.test_language_hostile import WHOLE
from tests.unit.rules.test_language_hostile import WORDS as HOSTILE

PATH = "rules/r7/a.txt"
WORDS = Vocabulary(
    lines={"共通": ("事務費", "監査、訓練", "A,B", "甲", "乙", "甲、乙")},
    members=("愛知県", "豊橋市", "にかほ市", "旧 村"),
    figures=("人口", "世帯数", "大気に関する数", "人口（15歳未満）"),
    columns=("特定財源",),
)
HEAD_LINES = "事業: 共通\n年度: 令和7年度\n"
EXPENSE_LINES = f"{HEAD_LINES}■経費 事務費\n"


def canonical(text: str, words: Vocabulary = WORDS) -> str:
    spelled, problems = formatted(PATH, text, words)
    assert spelled is not None, list(map(str, problems))
    before, after = (read.parse(PATH, found, words) for found in (text, spelled))
    assert before[0] == after[0]
    assert formatted(PATH, spelled, words)[0] == spelled
    assert faults(spelled) == []
    return spelled


def in_head(line: str) -> str:
    (spelled,) = canonical(HEAD_LINES + line).removeprefix(HEAD_LINES).splitlines()
    return spelled


def in_expense(line: str, *more: str) -> str:
    text = "".join(f"{each}\n" for each in (EXPENSE_LINES.rstrip(), line, *more))
    return canonical(text).removeprefix(EXPENSE_LINES).splitlines()[0]


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("市町村に残りを均等割30%+人口割70%", "市町村に 残りを 均等割 30% + 人口割 70%"),
        (
            "市町村に　残り　均等割３０パーセント、人口割　７０％",
            "市町村に 残りを 均等割 30% + 人口割 70%",
        ),
        ("均等割 30/100 + 人口割 100分の70", "均等割 30/100 + 人口割 100分の70"),
        ("均等割 1 / 3 人口割 残り", "均等割 1/3 + 人口割 残り"),
        ("均等割 1000分の300 + 人口割 700/1000", "均等割 1,000分の300 + 人口割 700/1,000"),
        ("残りを均等割", "残りを 均等割"),
        ("愛知県 、豊橋市 に 残り", "愛知県、豊橋市に 残り"),
        ("愛知県に 100%を", "愛知県に 100%"),
        (
            "市町村(豊橋市、「にかほ市」を除く)に均等割",
            "市町村（豊橋市、「にかほ市」を除く）に 均等割",
        ),
        ("参加団体に10000円ずつ", "参加団体に 10,000円ずつ"),
        ("参加団体に１万円 ずつ", "参加団体に 1万円ずつ"),
        ("案件数1件につき1500円", "案件数 1件につき 1,500円"),
        ("人口 1000人 につき 100円(端数切上げ)", "人口 1,000人につき 100円（端数切上げ）"),
        ("人口1万人につき2億円", "人口 1万人につき 2億円"),
        ("豊橋市に人口の86％", "豊橋市に 人口の86%"),
        ("人口の 12分の1", "人口の12分の1"),
        ("市町村に 人口 の額", "市町村に 人口の額"),
        ("にかほ市に人口の額", "「にかほ市」に 人口の額"),
        ("大気に関する数割", "「大気に関する数割」"),
        ("「人口割」 50% + 「世帯数割」 50%", "人口割 50% + 世帯数割 50%"),
        ("人口（15歳未満）割", "「人口（15歳未満）割」"),
        ("「海岸の延長」", "「海岸の延長」"),
        ("旧 村に 均等割", "「旧 村」に 均等割"),
    ],
)
def test_shares(written: str, spelled: str) -> None:
    assert in_expense(f"負担割合：{written}") == f"負担割合: {spelled}"


def test_shares_that_need_one_another() -> None:
    lines = (
        "負担割合: 愛知県に定額27千円を均等割",
        "負担割合: 残りの60 %均等割",
        "負担割合: 市町村に残りの100分の40を人口割",
        "負担割合: 愛知県に市町村 の計と同額",
    )
    assert canonical(EXPENSE_LINES + "\n".join(lines)).removeprefix(EXPENSE_LINES) == (
        "負担割合: 愛知県に 定額 27千円を 均等割\n"
        "負担割合: 残りの 60%を 均等割\n"
        "負担割合: 市町村に 残りの 100分の40を 人口割\n"
        "負担割合: 愛知県に 市町村の計と同額\n"
    )


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("対象:(予算額-特定財源)×1/2", "対象: （予算額 - 特定財源） × 1/2"),
        ("対象: 350円*世帯数の計", "対象: 350円 × 世帯数の計"),
        ("対象: ((予算額)) + (特定財源 × 2)", "対象: 予算額 + 特定財源 × 2"),
        ("対象: 予算額 - (特定財源 - 1000円)", "対象: 予算額 - （特定財源 - 1,000円）"),
        ("対象: 予算額/2", "対象: 予算額 ÷ 2"),
        ("対象: 予算額/2/3", "対象: 予算額 ÷ 2 ÷ 3"),
        ("対象: 予算額×1/2/3", "対象: 予算額 × 1/2 ÷ 3"),
        ("対象: 予算額 ÷ (1/2)", "対象: 予算額 ÷ （1/2）"),
        ("対象: 予算額 × (1/2)", "対象: 予算額 × （1/2）"),
        ("対象: 3000円/2", "対象: 3,000円 ÷ 2"),
        ("対象: 予算額 × 3分の1", "対象: 予算額 × 3分の1"),
        ("対象: 人口 ^ (1/2) × 2", "対象: 人口^（1/2） × 2"),
        ("対象: (人口 + 1)^2", "対象: （人口 + 1）^2"),
        (
            "対象: 大きい方(人口、小さい方(世帯数、2))",
            "対象: 大きい方（人口、小さい方（世帯数、2））",
        ),
        ("対象: 人口（15歳未満） + 1", "対象: 「人口（15歳未満）」 + 1"),
        ("差し引く:国庫補助金1000千円", "差し引く: 国庫補助金 1,000千円"),
        ("差し引く: 「特定財源」", "差し引く: 特定財源"),
        (
            "上限:前年度の120％、超えた分は残りの団体で割り直す",
            "上限: 前年度の120%、超えた分は残りの団体で割り直す",
        ),
        (
            "上限: 市町村ごとに経費の 10%、超えた分は 愛知県 が負担、前年度のない団体は除く",
            "上限: 市町村ごとに 経費の10%、超えた分は愛知県が負担、前年度のない団体は除く",
        ),
        (
            "下限: 市町村 ごとに500千円、足りない分は残りの団体で割り直す",
            "下限: 市町村ごとに 500千円、足りない分は残りの団体で割り直す",
        ),
        ("旧名: 「事務費」、前の 名", "旧名: 事務費、前の 名"),
        ("課税区分: 課税 １０％", "課税区分: 課税10%"),
        ("団体別加減: 「人口」を先に引き、後で足す", "団体別加減: 人口を先に引き、後で足す"),
        (
            "平準化: 総額56210千円を60か月(R4.1から)、端数は最終年度",
            "平準化: 総額 56,210千円を 60か月（令和4年1月から）、端数は最終年度",
        ),
        (
            "平準化: 総額 1億円を 5年(当年度から)、端数は初年度",
            "平準化: 総額 1億円を 5年（当年度から）、端数は初年度",
        ),
        (
            "平準化: 総額 1億円を 5年(R6から)、端数は初年度",
            "平準化: 総額 1億円を 5年（令和6年度から）、端数は初年度",
        ),
        ("検算: 合計=18137千円", "検算: 合計 = 18,137千円"),
        ("検算: 合計 = 予算額(± 1000円)", "検算: 合計 = 予算額（±1,000円）"),
        ("検算: 団体数=54", "検算: 団体数 = 54"),
        ("検算: 団体数 = 54 団体", "検算: 団体数 = 54団体"),
        ("検算: にかほ市 = 1円", "検算: 「にかほ市」 = 1円"),
    ],
)
def test_lines_of_an_expense(written: str, spelled: str) -> None:
    assert in_expense(written, "負担割合: 均等割") == spelled


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("書式：１", "書式: 1"),
        ("状 態: 議 決", "状態: 議決"),
        ("名簿: 「電子申請」", "名簿: 電子申請"),
        ("名簿: 電子調達(CALS／EC)", "名簿: 電子調達（CALS/EC）"),
        ("名簿: 子育てに係る名簿、その他", "名簿: 子育てに係る名簿、その他"),
        (
            "基礎数値: 人口=国勢調査人口(令和2年10月1日 現在)",
            "基礎数値: 人口 = 国勢調査人口（令和2年10月1日現在）",
        ),
        ("基礎数値: 人口(R2.10.1現在)", "基礎数値: 人口（R2.10.1現在）"),
        ("基礎数値: 人口 = 人口（前年度 決算）", "基礎数値: 人口（前年度決算）"),
        ("基礎数値: 「甲に乙」 = 件数（当年度）", "基礎数値: 「甲に乙」 = 件数（当年度）"),
        (
            "端数: 1000円未満切捨て(基準ごと)、差額は金額の小さい順",
            "端数: 1,000円未満切捨て（基準ごと）、差額は金額の小さい順",
        ),
        (
            "端数: 円未満四捨五入（経費ごと） 、差額は愛知県 が負担",
            "端数: 円未満四捨五入（経費ごと）、差額は愛知県が負担",
        ),
        ("途中参加: 月割", "途中参加: 月割"),
        (
            "途中参加: 月割(参加した月を含む)、減った分は他の団体で負担",
            "途中参加: 月割（参加した月を含む）、減った分は他の団体で負担",
        ),
        ("途中参加: 日割 、減った分は 繰越", "途中参加: 日割、減った分は繰越"),
        (
            "納期: 第1期R7.7.31 50%、第２期　2026-1-30　残り、年額 100000円超に限る",
            "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り、年額100,000円超に限る",
        ),
        ("期割の端数: 千円 未満 切上げ、差額は 最終期", "期割の端数: 千円未満切上げ、差額は最終期"),
        ("休日: 前 営業日", "休日: 前営業日"),
        ("根拠:　会則（Ａ）　第１条 ", "根拠: 会則（Ａ）　第１条"),
        ("備考: 「甲」に、30パーセント", "備考: 「甲」に、30パーセント"),
        (
            "未対応：「１割（「甲」）を 減ずる。」理由　協議 、 承認　事務局長",
            "未対応: 「１割（「甲」）を 減ずる。」 理由 協議、承認 事務局長",
        ),
    ],
)
def test_lines_of_the_head(written: str, spelled: str) -> None:
    assert in_head(written) == spelled


@pytest.mark.parametrize("year", ["令和7", "R７", "2025", "令和 7 年度"])
def test_the_year(year: str) -> None:
    assert canonical(f"事業：「共通」\n年度: {year}") == HEAD_LINES


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("【経費】事務費", "■経費 事務費"),
        ("[経費]　監査、訓練、事務費", "■経費 「監査、訓練」、事務費"),
        ("  ■　経費 「事務費」", "■経費 事務費"),
        ("■経費 ほかの　経費すべて", "■経費 ほかの経費すべて"),
        ("■経費「利用(9月まで)」 、事務費", "■経費 利用（9月まで）、事務費"),
        ("■経費 「利用に係る費用」", "■経費 「利用に係る費用」"),
        ("■経費 A,B、事務費", "■経費 A,B、事務費"),
        ("■経費 「C,D」、事務費", "■経費 「C,D」、事務費"),
        ("■経費 「甲」、乙", "■経費 「甲」、「乙」"),
    ],
)
def test_headings(written: str, spelled: str) -> None:
    text = f"{HEAD_LINES}{written}\n負担割合: 均等割\n"
    assert canonical(text).splitlines()[2] == spelled


def test_other_blocks() -> None:
    text = (
        "■基準 「逓減に近い割」\n値: 「人口」が 2倍で 1.50倍\n端数: 整数 未満 切捨て\n単位：円\n"
        "【段階表】 区分割\n区分: 「人口」\n読み方: 段の値を そのまま使う\n"
        "10000人 以上 3万人未満:1000\n1万人未満: 人口*2\n3万人以上: 3\n"
        "■係数表 地域\n「豊橋市」: 1/ 2\nその他: (1+2)\n"
        "■グループ 沿岸\n団体: 豊橋市 、にかほ市\n代表: 「愛知県」\n"
        "■請求書\n公印: 省 略\n件名: 「甲」　に\n"
        "■精算\n差額: 翌年度 で調整\n基礎数値: 決算年度\n"
    )
    assert canonical(HEAD_LINES + text).removeprefix(HEAD_LINES) == (
        "■基準 逓減に近い割\n値: 人口が2倍で負担が1.50倍\n端数: 整数未満切捨て\n単位: 円\n"
        "■段階表 区分割\n区分: 人口\n読み方: 段の値をそのまま使う\n"
        "10,000人以上3万人未満: 1,000\n1万人未満: 人口 × 2\n3万人以上: 3\n"
        "■係数表 地域\n豊橋市: 1/2\nその他: 1 + 2\n"
        "■グループ 沿岸\n団体: 豊橋市、「にかほ市」\n代表: 愛知県\n"
        "■請求書\n公印: 省略\n件名: 「甲」　に\n"
        "■精算\n差額: 翌年度で調整\n基礎数値: 決算年度\n"
    )


def test_comments_stay_and_empty_lines_become_one() -> None:
    text = "\n　\n※　注「甲」：１\n\n\n \n事業：共通\n  # 二　\n年度：R7\n\n\n＃ 三\n\n\t\n"
    assert canonical(text) == "※　注「甲」：１\n\n事業: 共通\n# 二\n年度: 令和7年度\n\n＃ 三\n"


def test_a_name_with_odd_signs_keeps_its_line_when_nothing_else_says_the_same() -> None:
    text = f"{HEAD_LINES}名簿:　「※名簿」\n■係数表 地域\n「甲:乙」: 1000\n"
    lines = formatted(PATH, text, WORDS)[0]
    assert lines == f"{HEAD_LINES}名簿:　「※名簿」\n■係数表 地域\n「甲:乙」: 1000\n"


def test_a_text_with_errors_is_left_alone() -> None:
    spelled, problems = formatted(PATH, f"{EXPENSE_LINES}負担割合：均等割３０％", WORDS)
    assert spelled is None
    assert [problem.code for problem in problems] == ["W209"]


@pytest.mark.parametrize("text", [COMMON, CALS])
def test_the_examples_of_the_language_are_canonical(text: str) -> None:
    assert canonical(text, Vocabulary()) == text


def test_every_example_in_messages_is_canonical() -> None:
    lines = [forms.example(key, HEAD) for key in KEYS[HEAD] if key not in ("事業", "年度")]
    text = "事業: 共通\n年度: 令和7年度\n" + "".join(f"{line}\n" for line in lines)
    text += f"{forms.HEADINGS['経費']}\n負担割合: 均等割 30% + 人口割 70%\n"
    text += "".join(
        f"{forms.example(key, '経費')}\n" for key in KEYS["経費"] if key not in ("負担割合", "名簿")
    )
    text += f"{forms.HEADINGS['係数表']}\n{forms.COEFFICIENT}\n{forms.HEADINGS['段階表']}\n"
    text += f"{forms.example('区分')}\n{forms.example('読み方')}\n1万人未満: 1\n{forms.STEP}\n"
    assert canonical(text) == text


def test_the_whole_language() -> None:
    spelled = canonical(WHOLE, HOSTILE)
    assert "差額は「にかほ市」が負担" in spelled
    assert "負担割合: 市町村に 残りの 50%を 均等割 30% + 人口割 70%\n" in spelled


def test_every_key_has_a_form_or_is_free_text() -> None:
    free = {(kind, key) for kind, keys in KEYS.items() for key in keys if key not in FORMS[kind]}
    assert {key for kind, key in free if kind != "請求書"} == {"根拠", "備考"}
    assert all(key in KEYS[kind] for kind, keys in FORMS.items() for key in keys)
    assert {kind for kind in KEYS if kind in ROWS} == {"段階表", "係数表"}


def test_units_stay_those_of_the_writer() -> None:
    text = f"{EXPENSE_LINES}負担割合: 愛知県に 定額 27千円\n負担割合: 残りを 均等割\n"
    rules, _ = read.parse(PATH, canonical(text), WORDS)
    assert rules is not None
    first, rest = rules.expenses[0].clauses
    assert isinstance(first, Split)
    assert isinstance(rest, Split)
    assert isinstance(first.share, Money)
    assert isinstance(rest.share, Rest)
    assert first.share.yen == Fraction(27_000)
    assert "27千円" in first.share.source.text


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("expense", "負担割合: 市町村に 残りを 均等割 30%+人口割 70%"),
        ("expense", "負担割合: 県に  50%"),
        ("expense", "負担割合: 県に 50パーセント"),
        ("expense", "負担割合: 参加団体に 10000円ずつ"),
        ("expense", "負担割合: にかほ市に 50%"),
        ("expense", "負担割合: 「県」に 50%"),
        ("expense", "検算: 合計 = 18,137 千円"),
        ("head", "納期: 第1期 R7.7.31 残り"),
        ("head", "端数: 円未満切捨て(基準ごと)、差額は端数の大きい順"),
        ("heading", "■経費  事務費"),
    ],
)
def test_the_second_opinion_refuses_other_spellings(kind: str, line: str) -> None:
    before = {"head": "", "expense": "■経費 事務費\n", "heading": ""}[kind]
    assert faults(f"{before}{line}\n") == [line]
