"""A council with every kind of line that an invoice must show, and names that try to be formulas."""

from collections.abc import Iterable
from pathlib import Path

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome

R7 = FiscalYear(2025)
AICHI, TOYOHASHI, TOGO, FORMULA, TOYONE = "230006", "232017", "233021", "235610", "235636"

_LINES = {
    "均等": (1_000, "負担割合: 均等割"),
    "県と人口": (400_000, "負担割合: 県に 25%\n負担割合: 市町村に 残りを 均等割 20% + 人口割 80%"),
    "人口だけ": (777_777, "負担割合: 市町村に 人口割"),
    "県だけ": (5_000, "負担割合: 県に 100%"),
    "県の端数": (
        1_003,
        "負担割合: 県に 50%\n負担割合: 市町村に 残りを 均等割\n端数: 円未満切捨て、差額は愛知県が負担",
    ),
    "途中参加": (120_001, "名簿: 途中\n負担割合: 市町村に 均等割 50% + 人口割 50%"),
    "途中均等": (100_000, "名簿: 途中\n負担割合: 均等割"),
    "上限": (
        900_000,
        "負担割合: 市町村に 人口割\n上限: 市町村ごとに 500千円、超えた分は残りの団体で割り直す",
    ),
    "加減": (60_000, "負担割合: 均等割\n団体別加減: 実費 を先に引き、後で足す"),
    "二つの指標": (50_000, "負担割合: 市町村に 人口割 50% + 件数割 50%"),
    "定額と残り": (7_000, "負担割合: 豊根村に 定額 1千円\n負担割合: 残りを 均等割"),
    "小数の基準": (30_000, "負担割合: 市町村に 均等割 30% + 指数割 70%"),
    "財政規模": (88_888, "負担割合: 市町村に 人口割 30% + 標準財政規模割 70%"),
    "千円単位": (123_456, "負担割合: 均等割\n端数: 千円未満切捨て、差額は端数の大きい順"),
    "四捨五入": (1_001, "負担割合: 均等割\n端数: 円未満四捨五入、差額は端数の大きい順"),
    "四捨五入と加減": (
        60_001,
        "負担割合: 均等割\n団体別加減: 実費 を先に引き、後で足す\n端数: 円未満四捨五入、差額は端数の大きい順",
    ),
    "小さい順": (1_002, "負担割合: 市町村に 人口割\n端数: 円未満切捨て、差額は金額の小さい順"),
    "四捨五入の戻し": (1_003, "負担割合: 均等割\n端数: 円未満四捨五入、差額は端数の大きい順"),
    "切上げ": (
        1_002,
        "負担割合: 市町村に 均等割 50% + 人口割 50%\n端数: 円未満切上げ、差額は端数の大きい順",
    ),
    "切上げの県": (1_001, "負担割合: 均等割\n端数: 円未満切上げ、差額は愛知県が負担"),
    "千円の人口": (
        1_234_000,
        "負担割合: 市町村に 均等割 20% + 人口割 80%\n端数: 千円未満切捨て、差額は端数の大きい順",
    ),
    "百円の四捨五入": (
        999_999,
        "負担割合: 市町村に 均等割 20% + 人口割 80%\n端数: 百円未満四捨五入、差額は端数の大きい順",
    ),
    "大きい順": (1_001, "負担割合: 市町村に 人口割\n端数: 円未満切捨て、差額は金額の大きい順"),
    "人口順": (
        2_003,
        "名簿: 途中\n負担割合: 均等割\n端数: 百円未満切捨て、差額は人口の多い順",
    ),
    "未調整": (1_003, "負担割合: 均等割\n端数: 円未満切捨て、差額は調整しない"),
    "基準ごと": (
        10_007,
        "負担割合: 市町村に 均等割 50% + 人口割 50%\n端数: 円未満切捨て（基準ごと）、差額は端数の大きい順",
    ),
    "返還": (-1_000, "負担割合: 均等割"),
    "繰越": (
        100_000,
        "名簿: 途中\n負担割合: 均等割\n途中参加: 月割（参加した月を含む）、減った分は繰越",
    ),
    "単価": (50_000, "負担割合: 参加団体に 1万円ずつ"),
    "なし": (0, ""),
    "上限を数団体で": (
        900_001,
        "負担割合: 市町村に 人口割\n上限: 豊橋市ごとに 100千円、超えた分は町村が負担",
    ),
}
_COUNTED = {"未調整": 1_000, "繰越": 58_333}
"""What members pay of lines that leave something open."""

_FILES = {
    "rules/r7/00.txt": (
        "書式: 1\n事業: 共通\n年度: 令和7年度\n状態: {state}\n根拠: 規約第9条\n"
        "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
        "途中参加: 月割（参加した月を含む）、減った分は他の団体で負担\n\n"
        "■請求書\n発行者: 例示協議会 会長\n発行日: 納期限の15日前\n文書番号: 7例協第12号\n"
        "件名: =SUM(1,1)\n振込先: 例示銀行 例示支店 普通預金 0000000\n口座名義: 例示協議会\n"
        "納入場所: 例示銀行\n発行責任者: 事務局長\n担当者: 会計担当\n公印: 省略\n"
    ),
    "members/members.csv": (
        "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード\n"
        "230006,愛知県,アイチケン,県,,会員,,,\n"
        "232017,豊橋市,トヨハシシ,中核市,,会員,,,\n"
        "233021,東郷町,トウゴウチョウ,町,愛知郡,会員,,,\n"
        "235610,=1+1,シキ,町,北設楽郡,会員,,,\n"
        "235636,豊根村,トヨネムラ,村,北設楽郡,会員,,,\n"
    ),
    "members/r7/roster.csv": (
        "団体コード,団体名,全員,途中\n230006,愛知県,○,\n232017,豊橋市,○,○\n233021,東郷町,○,R7.10.1から\n"
        "235610,=1+1,○,R7.6.30まで\n235636,豊根村,○,\n"
    ),
    "members/r7/figures.csv": (
        "団体コード,団体名,人口（人、令和2年10月1日現在）,件数（件、令和5年度実績）,"
        "標準財政規模（千円、令和5年度決算）,指数（点、令和5年度）,実費（円、令和7年度見込）\n"
        "230006,愛知県,,,,,1000\n232017,豊橋市,371920,120,75788824,1.25,2000\n"
        "233021,東郷町,43903,14,9240409,0.875,0\n235610,=1+1,4437,3,3368178,0.5,0\n"
        "235636,豊根村,1017,1,1355037,0.125,500\n"
    ),
}

Edits = Iterable[tuple[str, str, str]]
"""File, the one place in it, and what stands there instead."""


def files(state: str) -> dict[str, str]:
    """Every file of the workspace by its path."""
    budget = "区分,事業,項,経費,予算額（円）\n" + "".join(
        f"運営,総務事業,会議費,{name},{yen}\n" for name, (yen, _) in _LINES.items()
    )
    charged = sum(_COUNTED.get(name, yen) for name, (yen, _) in _LINES.items())
    rules = "書式: 1\n事業: 総務事業\n年度: 令和7年度\n状態: {state}\n名簿: 全員\n" + "".join(
        f"\n■経費 {name}\n{rule}\n" for name, (_, rule) in _LINES.items() if rule
    )
    income = f"区分,事業,科目,予算額（円）\n運営,総務事業,負担金収入,{charged}\n"
    written = {
        **_FILES,
        "rules/r7/10.txt": rules,
        "rules/r7/budget.csv": budget,
        "rules/r7/income.csv": income,
    }
    return {name: text.replace("{state}", state) for name, text in written.items()}


def odd_council(root: Path, state: str = "例", edits: Edits = ()) -> Outcome:
    """The council written to `root`, with places in files replaced, and computed."""
    written = files(state)
    for name, old, new in edits:
        assert written[name].count(old) == 1, (name, old)
        written[name] = written[name].replace(old, new)
    for name, text in written.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return compute(root, R7)
