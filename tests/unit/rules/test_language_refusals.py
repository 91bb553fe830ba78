"""What is refused: each fault with its code and its place, marked ⟦so⟧ in the text."""

import pytest

from apportion.core.catalogue import codes
from apportion.core.problem import Problem
from apportion.rules.book import Vocabulary
from apportion.rules.read import parse

WORDS = Vocabulary(
    lines={"施設予約事業": ("事務費", "運用費")},
    members=("愛知県", "豊橋市"),
    figures=("人口", "世帯"),
)
HEAD = "書式: 1\n事業: 施設予約事業\n年度: 令和7年度\n"
LINE = f"{HEAD}■経費 事務費\n負担割合: 均等割\n"
RULE = f"{HEAD}■経費 事務費\n負担割合: "
STEPS = f"{HEAD}■段階表 人口区分割\n区分: 人口\n読み方: 段の値をそのまま使う\n"
BASIS = f"{HEAD}■基準 試算割\n値: "

REFUSED = [
    # lines and blocks
    ("W204", f"{HEAD}⟦状態 例⟧"),
    ("W204", f"{HEAD}⟦説明のつもり⟧"),
    ("W204", f"{HEAD}⟦「甲：乙」⟧"),
    ("W205", f"{HEAD}⟦状熊⟧: 例"),
    ("W205", f"{HEAD}⟦負担割合⟧: 均等割"),
    ("W205", f"{LINE}⟦・端数⟧: 円未満切捨て、差額は調整しない"),
    ("W205", f"{LINE}⟦お知らせ⟧: あ"),
    ("W205", f"{STEPS}⟦読みかた⟧: あ\n1人以上: 1"),
    ("W206", f"{HEAD}■⟦経質⟧ 事務費\n負担割合: 均等割"),
    ("W206", f"{HEAD}■⟦経費：事務費⟧\n負担割合: 均等割"),
    ("W206", f"{HEAD}【⟦表⟧】 事務費\n値: 1"),
    ("W208", f"{HEAD}状態: 例\n⟦状態⟧: 案"),
    ("W208", f"{HEAD}■係数表 地域\n豊橋市: 1\n⟦豊 橋 市⟧: 2"),
    ("W208", f"{HEAD}基礎数値: 人口 = 甲（前年度）\n基礎数値: ⟦人口⟧ = 乙（前年度）"),
    ("W210", f"{LINE}■経費 運用費、⟦事務費⟧\n負担割合: 均等割"),
    ("W210", f"{HEAD}■経費 事務費、⟦事務費⟧\n負担割合: 均等割"),
    ("W210", f"{HEAD}■基準 試算割\n値: 1\n■係数表 ⟦試算⟧\nその他: 1"),
    ("W210", f"{HEAD}■請求書\n件名: あ\n■⟦請求書⟧\n件名: い"),
    ("W210", f"{HEAD}■グループ 甲\n団体: 豊橋市\n■グループ ⟦甲⟧\n団体: 豊橋市"),
    ("W211", f"{HEAD}⟦端数⟧:"),
    ("W211", f"{HEAD}■経費 事務費\n⟦負担割合⟧:　"),
    ("W212", f"{HEAD}■経費 ⟦事務費⟧"),
    ("W212", f"{HEAD}■基準 ⟦試算割⟧"),
    ("W212", f"{HEAD}■グループ ⟦甲⟧"),
    ("W212", f"{HEAD}■⟦精算⟧\n根拠: あ"),
    ("W212", f"{HEAD}■係数表 ⟦地域⟧"),
    ("W212", f"{HEAD}■段階表 ⟦人口割⟧\n区分: 人口\n読み方: 段の値をそのまま使う"),
    ("W212", f"{HEAD}■段階表 ⟦人口割⟧\n区分: 人口\n1人以上: 1"),
    ("W213", "事業: 共通\n年度: ⟦7⟧"),
    ("W213", "事業: 共通\n年度: ⟦0001⟧"),
    ("W214", f"{HEAD}状態: ⟦決定⟧"),
    ("W214", f"{HEAD}休日: ⟦翌日⟧"),
    ("W214", f"{LINE}課税区分: ⟦課税8%⟧"),
    ("W214", f"{HEAD}■請求書\n公印: ⟦印⟧"),
    ("W214", f"{HEAD}■請求書\n指標一覧: ⟦一部⟧"),
    ("W214", f"{HEAD}■精算\n差額: ⟦返す⟧"),
    ("W215", "書式: ⟦2⟧\n事業: 共通\n年度: r7"),
    ("W217", f"{HEAD}■⟦経費⟧\n負担割合: 均等割"),
    ("W217", f"{HEAD}■⟦基準⟧\n値: 1"),
    ("W218", f"{HEAD}■請求書 ⟦甲⟧\n件名: あ"),
    ("W219", f"{HEAD}■グループ ⟦市町村⟧\n団体: 豊橋市"),
    ("W219", f"{HEAD}■基準 ⟦均等割⟧\n値: 1"),
    ("W246", f"{HEAD}■経費 事務費、⟦ほかの経費すべて⟧\n負担割合: 均等割"),
    # numbers, dates, words
    ("W220", f"{LINE}納期: 第1期 ⟦令和7年2月30日⟧ 残り"),
    ("W220", f"{LINE}平準化: 総額 1円を 2か月（⟦令和4年13月⟧から）、端数は初年度"),
    ("W220", f"{LINE}基礎数値: 人口（⟦令和5年度から令和4年度まで平均⟧）"),
    ("W221", f"{RULE}県に ⟦50⟧"),
    ("W221", f"{RULE}均等割 ⟦50⟧ + 人口割 残り"),
    ("W221", f"{RULE}参加団体に ⟦1万⟧ずつ"),
    ("W221", f"{RULE}人口 ⟦1,000⟧につき 100円"),
    ("W221", f"{RULE}需要額の⟦86⟧"),
    ("W221", f"{LINE}上限: ⟦500⟧、超えた分は残りの団体で割り直す"),
    ("W221", f"{LINE}検算: 合計 = ⟦54⟧"),
    ("W221", f"{LINE}差し引く: 補助金 ⟦1,000⟧"),
    ("W222", f"{RULE}県に ⟦3割⟧"),
    ("W222", f"{RULE}均等割 ⟦2割5分⟧ + 人口割 7割5分"),
    ("W222", f"{RULE}均等割 ⟦5‰⟧ + 人口割 残り"),
    ("W223", f"{RULE}県に ⟦1,00⟧円"),
    ("W223", f"{RULE}県に ⟦{'9' * 31}⟧円"),
    ("W223", f"{RULE}県に ⟦1/0⟧"),
    ("W223", f"{RULE}県に ⟦0分の1⟧"),
    ("W223", f"{RULE}人口 ⟦0人⟧につき 1円"),
    ("W223", f"{LINE}端数: ⟦0⟧円未満切捨て、差額は調整しない"),
    ("W223", f"{LINE}検算: 団体数 = ⟦5.5⟧"),
    ("W223", f"{BASIS}人口が2倍で負担が⟦0⟧倍"),
    ("W223", f"{BASIS}人口 × ⟦0⟧分の1"),
    ("W224", f"{RULE}参加団体に ⟦50%⟧ずつ"),
    ("W224", f"{RULE}均等割 ⟦50円⟧ + 人口割 残り"),
    ("W224", f"{LINE}検算: 団体数 = ⟦54円⟧"),
    ("W225", f"{LINE}端数: ⟦円未満切捨て⟧"),
    ("W225", f"{LINE}検算: ⟦合計 18,137千円⟧"),
    ("W225", f"{LINE}基礎数値: ⟦人口 = 国勢調査人口⟧"),
    ("W225", f"{BASIS}⟦人口 +⟧"),
    ("W225", f"{RULE}⟦県に⟧"),
    ("W226", f"{RULE}県に 50⟦ドル⟧"),
    ("W226", f"{RULE}⟦1件につき 100円⟧"),
    ("W226", f"{RULE}⟦人口 50%⟧の額"),
    ("W226", f"{BASIS}人口 ⟦世帯⟧"),
    ("W226", f"{BASIS}⟦人口が3倍で負担が1.5倍⟧"),
    ("W226", f"{BASIS}人口 + ⟦× 2⟧"),
    ("W226", f"{BASIS}大きい方（人口 ⟦世帯⟧）"),
    ("W226", f"{STEPS}⟦1万2千人未満⟧: 1"),
    ("W226", f"{STEPS}⟦1万人⟧: 1"),
    ("W226", f"{LINE}途中参加: 日割⟦（翌月から）⟧"),
    ("W226", f"{LINE}団体別加減: ⟦過疎債を引く⟧"),
    ("W226", f"{LINE}差し引く: ⟦1,000千円⟧"),
    ("W226", f"{LINE}基礎数値: 人口（令和2⟦年⟧）"),
    ("W226", f"{LINE}基礎数値: 人口（R2.10.1⟦時点⟧）"),
    ("W226", f"{LINE}納期: ⟦7月31日⟧ 残り"),
    ("W226", f"{LINE}上限: ⟦年額⟧、超えた分は残りの団体で割り直す"),
    ("W226", f"{HEAD}■請求書\n通知期限: ⟦10日前⟧"),
    ("W226", f"{HEAD}■請求書\n再発行: ⟦2度目⟧"),
    ("W250", f"{HEAD}■請求書\n登録番号: ⟦9000000000000⟧"),
    ("W250", f"{HEAD}■請求書\n登録番号: ⟦T900000000000⟧"),
    ("W250", f"{HEAD}■請求書\n登録番号: ⟦T7010705000752⟧"),
    ("W226", f"{HEAD}■請求書\n発行日: ⟦来月⟧"),
    ("W226", f"{HEAD}■請求書\n精算発行日: 令和8年8月3日⟦または4日⟧"),
    ("W227", f"{LINE}端数: 円未満⟦切り捨て⟧、差額は調整しない"),
    ("W227", f"{LINE}端数: 円未満切捨て、差額は⟦人口順⟧"),
    ("W227", f"{RULE}⟦県⟧ 50%"),
    ("W227", f"{RULE}⟦人口⟧ 70% + 均等割 30%"),
    ("W227", f"{RULE}均等割 30% + ⟦人口害⟧ 70%"),
    ("W228", f"{RULE}均等割 ⟦※県は別⟧"),
    ("W228", f"{LINE}名簿: 甲⟦※仮⟧"),
    ("W229", f"{RULE}均等割 30%⟦,⟧ 人口割 70%"),
    ("W229", f"{RULE}豊田市⟦,⟧豊川市に 100%"),
    ("W230", f"{RULE}⟦「県に 100%⟧"),
    ("W230", f"{BASIS}⟦（人口 + 1⟧"),
    ("W230", f"{BASIS}⟦大きい方（人口、1⟧"),
    ("W230", f"{LINE}名簿: ⟦電子」申請⟧"),
    ("W231", f"{LINE}名簿: ⟦「」⟧"),
    ("W232", f"{LINE}上限: 前年度の120%、⟦足りない分⟧は残りの団体で割り直す"),
    ("W232", f"{LINE}下限: 1円、⟦超えた分⟧は残りの団体で割り直す"),
    ("W227", f"{LINE}下限: 1円、足りない分は⟦残りの団体で割直す⟧"),
    ("W233", f"{BASIS}人口 ÷ ⟦1/2⟧"),
    ("W233", f"{BASIS}人口^⟦1/2⟧"),
    ("W234", f"{BASIS}人口 ÷ ⟦1,000人⟧"),
    ("W235", f"{BASIS}⟦{'(' * 21}1{')' * 21}⟧"),
    ("W235", f"{BASIS}⟦1{'+1' * 101}⟧"),
    # shares
    ("W209", f"{RULE}⟦均等割 30% + 人口割 60%⟧"),
    ("W209", f"{RULE}⟦均等割 33.3% + 人口割 33.3% + 世帯割 33.3%⟧"),
    ("W209", f"{RULE}⟦均等割 80% + 人口割 30%⟧"),
    ("W209", f"{RULE}⟦均等割 50%⟧"),
    ("W209", f"{RULE}県に 50%\n負担割合: 市町村に ⟦40%⟧を 均等割"),
    ("W209", f"{RULE}県に 50%\n負担割合: ⟦市町村に 均等割⟧"),
    ("W209", f"{RULE}県に 100%\n負担割合: 市町村に ⟦50%⟧を 均等割\n負担割合: 1円ずつ"),
    ("W209", f"{RULE}⟦30%⟧を 均等割"),
    ("W209", f"{RULE}残りの 50%を 均等割\n負担割合: ⟦残りの 40%⟧を 人口割"),
    ("W209", f"{LINE}納期: 第1期 R7.7.31 50%、第2期 R8.1.30 ⟦40%⟧"),
    ("W209", f"{LINE}納期: 第1期 R7.7.31 50%、第2期 R8.1.30 ⟦60%⟧、第3期 R8.2.27 1円"),
    ("W236", f"{RULE}⟦均等割 + 人口割⟧"),
    ("W236", f"{RULE}県に 50%を ⟦均等割 30% + 人口割⟧"),
    ("W237", f"{RULE}均等割 残り + 人口割 ⟦残り⟧"),
    ("W237", f"{RULE}残りを 均等割\n負担割合: ⟦残り⟧を 人口割"),
    ("W237", f"{LINE}納期: 第1期 R7.7.31 残り、第2期 R8.1.30 ⟦残り⟧"),
    ("W238", f"{RULE}均等割 ⟦残り⟧ + 人口割 50%"),
    ("W238", f"{RULE}⟦残り⟧を 均等割\n負担割合: 県に 50%"),
    ("W239", f"{RULE}⟦残りの⟧ 均等割"),
    ("W239", f"{RULE}⟦残り⟧ 50%を 均等割"),
    ("W239", f"{RULE}均等割 50% + 人口割 ⟦残りの 50%⟧"),
    ("W239", f"{RULE}均等割 50%、⟦残り⟧を 人口割"),
    ("W240", f"{RULE}均等割 100% + 人口割 ⟦残り⟧"),
    ("W240", f"{RULE}県に 100%\n負担割合: ⟦残り⟧を 均等割"),
    ("W240", f"{LINE}納期: 第1期 R7.7.31 100%、第2期 R8.1.30 ⟦残り⟧"),
    ("W247", f"{RULE}県に 50%⟦、市町村に 残りを 均等割⟧"),
    ("W247", f"{RULE}豊橋市に 均等割 50%、⟦市町村に 50%⟧"),
    # rows
    ("W241", f"{STEPS}1万人未満: 1\n⟦2万人以上⟧: 2"),
    ("W241", f"{STEPS}9,999人以下: 1\n⟦10,000人以上⟧: 2"),
    ("W241", f"{STEPS}1万人未満: 1\n⟦1万人超⟧: 2"),
    ("W242", f"{STEPS}1万人以下: 1\n⟦1万人以上⟧: 2"),
    ("W242", f"{STEPS}1万人以上: 1\n⟦2万人以上⟧: 2"),
    ("W242", f"{STEPS}1万人未満: 1\n⟦2万人未満⟧: 2"),
    ("W243", f"{STEPS}1万人未満: 1\n⟦1万世帯以上⟧: 2"),
    ("W243", f"{STEPS}⟦1万人以上3万世帯未満⟧: 1"),
    ("W244", f"{STEPS}⟦3万人以上1万人未満⟧: 1"),
    ("W245", f"{LINE}納期: 第1期 R7.7.31 50%、⟦第1期⟧ R8.1.30 残り"),
]


def read(text: str) -> tuple[Problem, ...]:
    _, problems = parse("rules/r7/a.txt", text, WORDS)
    return problems


@pytest.mark.parametrize(("code", "marked"), REFUSED, ids=[code for code, _ in REFUSED])
def test_refused_with_its_place(code: str, marked: str) -> None:
    before, fault, after = marked.replace("⟧", "⟦").split("⟦")
    problems = read(before + fault + after)
    assert [problem.code for problem in problems] == [code]
    source = problems[0].source
    left = before.split("\n")[-1]
    assert (source.line, source.column) == (before.count("\n") + 1, len(left) + 1)
    assert source.length == len(fault)
    assert source.text == (left + fault + after).split("\n")[0]


def test_every_code_of_the_language_is_seen() -> None:
    # W207 is raised where bases are looked up, with the message of this package; W248 and W249
    # are about whole files
    own = {code for code in codes() if "W204" <= code <= "W250"} - {"W207", "W248", "W249"}
    assert {code for code, _ in REFUSED} == own


def finished_line(problem: Problem) -> str | None:
    """The line that a message offers for copying, if it offers one."""
    for promise in ("次の行に直してください: ", "ちょうど 100% になります: "):
        _, found, line = problem.fix.partition(promise)
        if found:
            return line.partition("（ほかに")[0].partition("（経費の")[0]
    return None


def test_mends_can_be_copied() -> None:
    copied = 0
    for code, marked in REFUSED:
        text = marked.replace("⟦", "").replace("⟧", "")
        (problem,) = read(text)
        mend = finished_line(problem)
        if mend is not None:
            lines = text.split("\n")
            lines[problem.source.line - 1] = mend
            assert code not in [p.code for p in read("\n".join(lines))], mend
            copied += 1
    assert copied >= 40


@pytest.mark.parametrize(("code", "marked"), REFUSED, ids=[code for code, _ in REFUSED])
def test_messages_are_whole(code: str, marked: str) -> None:
    (problem,) = read(marked.replace("⟦", "").replace("⟧", ""))
    said = (problem.what, problem.why, problem.fix)
    assert all(said), code
    assert problem.what.endswith("。")
    assert problem.why.endswith("。")
    assert "？" not in "".join(said)
    "".join(said).encode("cp932")


@pytest.mark.parametrize("text", ["", "※ 説明だけ", "\n\n"])
def test_a_file_without_a_head(text: str) -> None:
    rules, problems = parse("rules/r7/a.txt", text, WORDS)
    assert rules is None
    assert [(p.code, p.source.line) for p in problems] == [("W212", 1), ("W212", 1)]
    assert "年度: 令和7年度" in problems[1].fix


def test_every_fault_is_told_at_once_in_order() -> None:
    rule = RULE.removeprefix(HEAD)
    text = f"{HEAD}状態: 決定\n{rule}県に 50\n端数: 円未満\n説明\n■経費 運用費\n納期: 第1期 残り\n"
    problems = read(text)
    assert [p.code for p in problems] == ["W214", "W221", "W225", "W204", "W212", "W226"]


@pytest.mark.parametrize(
    "marked",
    [
        f"{RULE}⟦県に 50⟧\n負担割合: 市町村に 20%を 均等割",  # the sum is not judged
        f"{HEAD}■経費 事務費\n⟦負坦割合⟧: 均等割",  # 負担割合 is not missing
        f"{STEPS}1万人未満: 1\n⟦1万人⟧: 2\n2万人以上: 3",  # no gap is told
    ],
)
def test_followers_are_not_told(marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    problems = read(text)
    assert len(problems) == 1
