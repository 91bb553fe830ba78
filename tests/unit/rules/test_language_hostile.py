"""Whatever stands in a file, reading it gives problems and never fails."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apportion.rules import read
from apportion.rules.book import Vocabulary

WORDS = Vocabulary(
    lines={"共通": ("事務費", "監査、訓練")}, members=("にかほ市", "愛知県"), figures=("人口",)
)
# Every key and clause once, so that cutting and changing meets every reader.
WHOLE = """書式: 1
事業: 共通
年度: 令和7年度
基礎数値: 需要額 = 基準財政需要額（令和4年度から前年度まで平均）
基礎数値: 量（R5.1.1からR5.12.31まで）
端数: 100円未満四捨五入（事業ごと）、差額はにかほ市が負担
途中参加: 月割（翌月から）、減った分は繰越
納期: 第1期 R7.7.31 1/3、第2期 令和8年1月30日 残り、年額10万円超に限る
期割の端数: 千円未満切上げ、差額は最終期
上限: 前年度の120%、超えた分は愛知県が負担、前年度のない団体は除く
下限: 市町村（にかほ市を除く）ごとに 経費の10%、足りない分は残りの団体で割り直す
【経費】 「監査、訓練」、事務費
対象: （予算額 - 特定財源） × 1/2 + 350円 × 団員数の計
差し引く: 補助金 1,000千円
負担割合: 県に 50%
負担割合: 人口 1,000人につき 100円（端数切上げ）
負担割合: にかほ市に 需要額の86%
負担割合: 市町村に 人口区分の額
負担割合: 市町村に残りの50%を均等割30%+人口割70%
負担割合: 残りの 50%を 定額割
負担割合: 県に 市町村の計と同額
団体別加減: 交付税を先に引き、後で足す
平準化: 総額 56,210千円を 60か月（令和4年1月から）、端数は最終年度
検算: 合計 = 予算額（±1円）
検算: 団体数 = 54団体
■基準 逓減人口割
値: 人口が2倍で負担が1.5倍
端数: 小数第3位未満四捨五入
■基準 試算
値: 大きい方（人口^0.5、3分の1 × 人口の計） - 10%
■段階表 人口区分割
区分: 人口
読み方: 段ごとに積み上げる
1万人以下: 1
1万人超: 人口 × 2
■係数表 地域
その他: 1/3
■グループ 沿岸
団体: にかほ市、町村（愛知県を除く）
■請求書
発行日: 納期限の15日前
■精算
差額: 還付と追徴
"""
SIGNS = "0123456789%+-×÷/^()（）、，,「」:：■【】[]※#=±‰割残りのをにずつ円千万億人 　\t\n県市口ロー\u3099"

settings.register_profile("hostile", max_examples=300, deadline=None, derandomize=True)
hostile = settings(settings.get_profile("hostile"), suppress_health_check=[HealthCheck.too_slow])


def must_not_fail(text: str) -> None:
    rules, problems = read.parse("rules/r7/a.txt", text, WORDS)
    lines = text.split("\n")
    for problem in problems:
        assert str(problem)
        source = problem.source
        assert source.line <= len(lines)
        assert source.text in ("", lines[source.line - 1])
        assert source.column - 1 <= len(source.text)
    assert rules is not None or problems


def test_the_whole_is_right() -> None:
    _, problems = read.parse("rules/r7/a.txt", WHOLE, WORDS)
    assert problems == ()


def test_every_beginning() -> None:
    for end in range(len(WHOLE)):
        must_not_fail(WHOLE[:end])


@hostile
@given(place=st.integers(0, len(WHOLE) - 1), drop=st.integers(0, 3), new=st.text(SIGNS, max_size=3))
def test_every_small_change(place: int, drop: int, new: str) -> None:
    must_not_fail(WHOLE[:place] + new + WHOLE[place + drop :])


@hostile
@given(text=st.text(SIGNS + "事業年度経費負担合計端数対象納期", max_size=120))
def test_any_words(text: str) -> None:
    must_not_fail(text)
    must_not_fail(f"事業: 共通\n年度: r7\n■経費 事務費\n負担割合: {text}")
    must_not_fail(f"事業: 共通\n年度: r7\n■基準 甲\n値: {text}")


@hostile
@given(data=st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for before in (b"", b"\xff\xfe", "事業: 共通\n年度: r7\n".encode()):
        rules, problems = read.read("rules/r7/a.txt", before + data, WORDS)
        assert rules is not None or problems


def test_long_lines_end_soon() -> None:
    for sign in ("「」", "(", "の", "、", "1", "1+", "に", "割", "残り", "の1", "1人"):
        must_not_fail(f"事業: 共通\n年度: r7\n■経費 事務費\n負担割合: {sign * 3000}")
        must_not_fail(f"事業: 共通\n年度: r7\n■基準 甲\n値: {sign * 3000}")
        must_not_fail(sign * 3000)
