"""A council of three towns whose five lines are rounded in five ways; every amount is worked below.

会場費  1,000円 ÷ 3 = 333.33…      333 each, 1円 left: equal remainders, smallest code
旅費    1,001円 ÷ 3 = 333.66…      百円未満切捨て 300 each, 101円 left and not adjusted
委託費  1,999円 − 500円 by 100:100:50 = 599.6, 599.6, 299.8; 四捨五入 takes 1円 too much,
        given back by the one raised furthest, of equal ones the larger code
返還金  −100円 ÷ 3 = −33.33…       a mirror of 会場費
消耗品  14円, 十円未満切捨て         0 each, 14円 left: 10円 to the first, 4円 to the second
"""

from collections.abc import Iterable
from pathlib import Path

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome

R7 = FiscalYear(2025)
TOYOHASHI, OKAZAKI, TOGO = "232017", "232025", "233021"

FILES = {
    "rules/r7/budget.csv": (
        "区分,事業,項,経費,予算額（円）,前年度予算額（円）,特定財源（円）,備考\n"
        "運営,会議事業,会議費／開催費,会場費,1000,900,,=1+1\n"
        "運営,会議事業,会議費／開催費,旅費,1001,,,@旅費\n"
        "研究,研究事業,,委託費,1999,2000,500,\n"
        "研究,研究事業,,返還金,-100,,,-100円\n"
        "研究,研究事業,,消耗品,14,,,\n"
        "積立金等,会議事業,積立金,事業調整積立金,300,0,,\n"
        "積立金等,,,繰越金支出,200,0,,\n"
    ),
    "rules/r7/income.csv": (
        "区分,事業,科目,予算額（円）,前年度予算額（円）,備考\n"
        "運営,会議事業,負担金収入,1900,900,\n"
        "研究,研究事業,負担金収入,1413,2000,\n"
        ",,国庫補助金,500,0,\n"
        ",,繰越金,601,0,+1\n"
    ),
    "rules/r7/00.txt": "書式: 1\n事業: 共通\n年度: 令和7年度\n状態: {state}\n根拠: 規約第1条\n",
    "rules/r7/10.txt": (
        "書式: 1\n事業: 会議事業\n年度: 令和7年度\n状態: {state}\n名簿: 全員\n\n"
        "■経費 会場費\n負担割合: 均等割\n\n"
        "■経費 旅費\n負担割合: 均等割\n端数: 百円未満切捨て、差額は調整しない\n"
    ),
    "rules/r7/20.txt": (
        "書式: 1\n事業: 研究事業\n年度: 令和7年度\n状態: {state}\n名簿: 全員\n\n"
        "■経費 委託費\n差し引く: 特定財源\n負担割合: 人口割\n"
        "端数: 円未満四捨五入、差額は端数の大きい順\n\n"
        "■経費 返還金\n負担割合: 均等割\n\n"
        "■経費 消耗品\n負担割合: 均等割\n端数: 十円未満切捨て、差額は金額の小さい順\n"
    ),
    "members/members.csv": (
        "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード\n"
        "232017,豊橋市,トヨハシシ,中核市,,会員,,,\n"
        "232025,岡崎市,オカザキシ,中核市,,会員,,,\n"
        "233021,東郷町,トウゴウチョウ,町,愛知郡,会員,,,\n"
    ),
    "members/r7/roster.csv": "団体コード,団体名,全員\n232017,豊橋市,○\n232025,岡崎市,○\n233021,東郷町,○\n",
    "members/r7/figures.csv": (
        "団体コード,団体名,人口（人、令和2年10月1日現在）\n232017,豊橋市,100\n232025,岡崎市,100\n233021,東郷町,50\n"
    ),
}

Edits = Iterable[tuple[str, str, str]]
"""File, the one place in it, and what stands there instead."""

CHARGES = {
    "会場費": (334, 333, 333),
    "旅費": (300, 300, 300),
    "委託費": (600, 599, 300),
    "返還金": (-34, -33, -33),
    "消耗品": (10, 4, 0),
}


def council(root: Path, state: str = "議決", edits: Edits = ()) -> Outcome:
    """The council written to `root`, with places in files replaced, and computed."""
    files = {name: text.replace("{state}", state) for name, text in FILES.items()}
    for name, old, new in edits:
        assert files[name].count(old) == 1, (name, old)
        files[name] = files[name].replace(old, new)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return compute(root, R7)
