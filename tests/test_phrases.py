"""Phrases as ordinances and rules of dues have them: read as meant, or mended by the message's line.

They were collected from published rules before the manual was opened. What each means stands
beside it in our words; the charges and the instalments must be the same, and none is misread.
"""

import re
from pathlib import Path
from time import monotonic

import pytest

from apportion.core.problem import Level, Problem
from apportion.outcome.computation import Examined, examine
from apportion.outcome.workspace import load
from apportion.rules.read.names import KnownNames, Lexicon
from apportion.rules.read.phrasing import unwrapped
from apportion.rules.read.wording import WORDS_OF_KEYS, reduced
from tests import small
from tests.phrases import COLLECTED, VARIANTS
from tests.test_mends import finished

PEOPLE = {"A市": 60_000, "B町": 20_000, "C村": 5_000, "D市": 35_000}
GROUPS = "\n■グループ 施設所在市町村\n団体: A市\n\n■グループ 組合市町村\n団体: 市町村\n"
HEAD_KEYS = ("休日", "期割の端数")
NOT_THE_PHRASE = {"W410", "W415"}
"""The budget and the income section are not those of each phrase."""
EQUAL_AND_PEOPLE = "負担割合: 均等割 50% + 人口割 50%"

PHRASES = (
    (
        "負担割合: 均等割 10/100 人口割 45/100 基準財政需要額割 45/100",
        "負担割合: 均等割 10% + 人口割 45% + 基準財政需要額割 45%",
    ),
    (
        "負担割合: 人口割 35パーセント 基本割 15パーセント 実績割 50パーセント",
        "負担割合: 人口割 35% + 均等割 15% + 実績割 50%",
    ),
    (
        "負担割合: 基本割 9.5パーセント 実績割 90.5パーセント",
        "負担割合: 均等割 9.5% + 実績割 90.5%",
    ),
    ("負担割合: 平等割 20/100 人口割 80/100", "負担割合: 均等割 20% + 人口割 80%"),
    (
        "負担割合: 市町割100分の10、人口割100分の65、職員数割100分の25",
        "負担割合: 均等割 10% + 人口割 65% + 職員数割 25%",
    ),
    ("負担割合: 人口割(8割)と均等割(2割)", "負担割合: 人口割 80% + 均等割 20%"),
    (
        "負担割合: 均等割10%、高齢者人口割50%、人口割40%",
        "負担割合: 均等割 10% + 高齢者人口割 50% + 人口割 40%",
    ),
    (
        "負担割合: 施設所在市町村 90/100\n負担割合: 組合市町村（施設所在市町村を除く） 10/100 人口割",
        "負担割合: 施設所在市町村に 90%\n負担割合: B町、C村、D市に 10%を 人口割",
    ),
    ("負担割合: 人口1人当たり 100円", "負担割合: 人口 1人につき 100円"),
    ("負担割合: 世帯数1世帯当たり50円", "負担割合: 世帯数 1世帯につき 50円"),
    ("負担割合: 人口1人につき7円50銭", "負担割合: 人口 1人につき 7.5円"),
    ("負担割合: 2,230円に団員数を乗じて得た額", "負担割合: 団員数 1人につき 2,230円"),
    ("負担割合: 団員数に2,230円を乗じて得た額", "負担割合: 団員数 1人につき 2,230円"),
    (
        "負担割合: 総額の100分の50を 均等割\n負担割合: 残りを 人口割",
        "負担割合: 50%を 均等割\n負担割合: 残りを 人口割",
    ),
    ("負担割合: 経費の2分の1を均等割、2分の1を人口割", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: 2分の1を均等割、2分の1を人口割", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: 予算額の2分の1を均等割、残額を人口割", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: 均等割2分の1、人口割2分の1", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: A市が負担", "負担割合: A市に 100%"),
    ("負担割合: A市が100%負担", "負担割合: A市に 100%"),
    ("負担割合: A市の負担", "負担割合: A市に 100%"),
    ("負担割合: A市が全額負担", "負担割合: A市に 100%"),
    ("負担割合: 全額をA市が負担", "負担割合: A市に 100%"),
    (
        "負担割合: A市が40%を負担\n負担割合: 残りを 人口割",
        "負担割合: A市に 40%\n負担割合: 残りを 人口割",
    ),
    (
        "負担割合: A市 60%、B町 20%、C村 15%、D市 5%",
        "負担割合: A市に 60%\n負担割合: B町に 20%\n負担割合: C村に 15%\n負担割合: D市に 5%",
    ),
    (
        "負担割合: A市 100分の60 B町 100分の20 C村 100分の15 D市 100分の5",
        "負担割合: A市に 60%\n負担割合: B町に 20%\n負担割合: C村に 15%\n負担割合: D市に 5%",
    ),
    ("負担割合: A市、B町で 人口割", "負担割合: A市、B町に 人口割"),
    ("負担割合: A市及びB町に 人口割", "負担割合: A市、B町に 人口割"),
    ("負担割合: A市とB町に 人口割", "負担割合: A市、B町に 人口割"),
    ("負担割合: 市町村割 10% + 人口割 90%", "負担割合: 均等割 10% + 人口割 90%"),
    ("負担割合: 均等に負担する", "負担割合: 均等割"),
    ("負担割合: 構成市町村で均等に負担", "負担割合: 均等割"),
    ("負担割合: 人口により按分", "負担割合: 人口割"),
    ("負担割合: 人口比で按分", "負担割合: 人口割"),
    ("負担割合: 残額を 人口割", "負担割合: 人口割"),
    ("負担割合: 均等割3割、人口割7割", "負担割合: 均等割 30% + 人口割 70%"),
    ("負担割合: 各市町村 10,000円", "負担割合: 10,000円ずつ"),
    ("負担割合: 1団体当たり 10,000円", "負担割合: 10,000円ずつ"),
    ("負担割合: 1市町村につき10,000円", "負担割合: 10,000円ずつ"),
    ("負担割合: 年額 10,000円", "負担割合: 10,000円ずつ"),
    (
        "負担割合: 市 年額30,000円\n負担割合: 町村 年額10,000円",
        "負担割合: 市に 30,000円ずつ\n負担割合: 町村に 10,000円ずつ",
    ),
    ("負担割合: 均等割50%・人口割50%", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合：均等割１００分の３０、人口割１００分の７０", "負担割合: 均等割 30% + 人口割 70%"),
    ("負担割合: 均等割額 30%、人口割額 70%", "負担割合: 均等割 30% + 人口割 70%"),
    ("負担割合: 均等割 百分の十\u3000人口割 百分の九十", "負担割合: 均等割 10% + 人口割 90%"),
    ("負担割合: 均等割 二分の一、人口割 二分の一", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: 均等割20%、残り人口割", "負担割合: 均等割 20% + 人口割 80%"),
    ("負担割合: 均等割20%、その他を人口割", "負担割合: 均等割 20% + 人口割 80%"),
    ("負担割合: 実績割（前年度実績） 50% + 均等割 50%", "負担割合: 実績割 50% + 均等割 50%"),
    ("負担割合: 人口割 100分の100", "負担割合: 人口割"),
    ("負担割合: 基準財政需要額の100分の1", "負担割合: 基準財政需要額の1%"),
    ("負担割合: 人口割50/100，均等割50/100", "負担割合: 均等割 50% + 人口割 50%"),
    ("負担割合: 人口割\n端数: 1円未満の端数は切り捨てる", "負担割合: 人口割"),
    ("負担割合: 人口割\n端数: 1円未満切捨て", "負担割合: 人口割"),
    (
        "負担割合: 人口割\n端数: 1,000円未満切り捨て、差額は調整しない",
        "負担割合: 人口割\n端数: 千円未満切捨て、差額は調整しない",
    ),
    (
        "負担割合: 人口割\n端数: 1,000円未満の端数は切り捨て、残額はA市が負担",
        "負担割合: 人口割\n端数: 千円未満切捨て、差額はA市が負担",
    ),
    ("負担割合: 人口割\n納期: 令和7年7月31日", "負担割合: 人口割\n納期: 第1期 令和7年7月31日 残り"),
    (
        "負担割合: 人口割\n納期: 第1期 7月31日 50%、第2期 1月30日 残り",
        "負担割合: 人口割\n納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り",
    ),
    (
        "負担割合: 人口割\n納期: 第1期 7月末日 25%、第2期 10月末日 25%、第3期 1月末日 残額",
        (
            "負担割合: 人口割\n納期: 第1期 令和7年7月31日 25%、第2期 令和7年10月31日 25%、"
            "第3期 令和8年1月31日 残り"
        ),
    ),
    ("負担割合: 人口割\n対象: 予算額の2分の1", "負担割合: 人口割\n対象: 予算額 × 1/2"),
    (
        "負担割合: 人口割\n対象: 予算額から補助金を控除した額",
        "負担割合: 人口割\n対象: 予算額 - 補助金",
    ),
    (
        "負担割合: 人口割\n上限: 団体ごとに 400千円、超えた分は残りの団体で割り直す",
        "負担割合: 人口割\n上限: 400千円、超えた分は残りの団体で割り直す",
    ),
    (
        "負担割合: 人口割\n上限: 1団体 400千円、超えた分は残りの団体で割り直す",
        "負担割合: 人口割\n上限: 400千円、超えた分は残りの団体で割り直す",
    ),
    (
        "負担割合: 人口割\n上限: 前年度の1.2倍、超えた分は残りの団体で割り直す",
        "負担割合: 人口割\n上限: 前年度の120%、超えた分は残りの団体で割り直す",
    ),
    (
        "負担割合: 人口割\n上限: 前年度の120%を限度とする",
        "負担割合: 人口割\n上限: 前年度の120%、超えた分は残りの団体で割り直す",
    ),
    (
        "負担割合: 人口割\n端数: 1,000円未満の端数は切り捨て、差額は最も金額の大きい団体",
        "負担割合: 人口割\n端数: 千円未満切捨て、差額は最も金額の大きい団体が負担",
    ),
    (
        "負担割合: 人口割\n端数: 100円未満切捨て、端数は負担額の最も多い団体の負担とする",
        "負担割合: 人口割\n端数: 百円未満切捨て、差額は最も金額の大きい団体が負担",
    ),
    (
        "負担割合: 人口割\n減免: C村 50%、減った分は他の団体で負担",
        "負担割合: 人口割\n上限: C村ごとに もとの額の50%、超えた分は参加団体が負担",
    ),
    (
        "負担割合: 人口割\n減免: C村 全額、減った分は他の団体で負担",
        "負担割合: 人口割\n上限: C村ごとに もとの額の0%、超えた分は参加団体が負担",
    ),
    (
        "負担割合: 人口割\n上限: 町村ごとに 100千円、超える額は市が負担する",
        "負担割合: 人口割\n上限: 町村ごとに 100千円、超えた分は市が負担",
    ),
    (
        "負担割合: 人口割\n上限: 町村ごとに 100千円、超えた分は市で割り直す",
        "負担割合: 人口割\n上限: 町村ごとに 100千円、超えた分は市が負担",
    ),
    ("負担割合: 人口割\n途中参加: 月割計算", "負担割合: 人口割\n途中参加: 月割"),
    ("負担割合: 人口割\n休日: その前日", "負担割合: 人口割\n休日: 前営業日"),
    (
        "負担割合: 人口割\n基礎数値: 人口（前年度の10月1日現在）",
        "負担割合: 人口割\n基礎数値: 人口（令和6年10月1日現在）",
    ),
    (
        "負担割合: 人口割\n基礎数値: 人口（前年の10月1日現在）",
        "負担割合: 人口割\n基礎数値: 人口（令和6年10月1日現在）",
    ),
)


def figures(people: int) -> dict[str, int | str]:
    """Columns of our own making."""
    return {
        "人口（人、令和6年10月1日現在）": people,
        "世帯数（世帯、令和6年10月1日現在）": people // 3,
        "実績（件、令和6年度実績）": people // 7,
        "基準財政需要額（千円、令和6年度算定）": people * 11,
        "職員数（人、令和6年4月1日現在）": people // 1000,
        "団員数（人、令和6年10月1日現在）": people // 400,
        "高齢者人口（人、令和7年1月1日現在）": people // 4,
    }


def said(root: Path, text: str) -> Examined:
    """What is found where a 経費 says `text`."""
    lines = text.split("\n")
    head = [line for line in lines if line.startswith(HEAD_KEYS)]
    own = [line for line in lines if line not in head]
    rules = "\n".join([*head, "", "■経費 共同費", *own, GROUPS])
    small.write(
        root, rules, {"共同費": 1_000_003}, {body: figures(n) for body, n in PEOPLE.items()}
    )
    path = root / "rules/r7/budget.csv"
    heading, line, *_ = path.read_text(encoding="utf-8").split("\n")
    path.write_text(f"{heading},補助金（円）\n{line},200000\n", encoding="utf-8")
    past = "".join(
        f"共同事業,共同費,{small.code(number)},{body},{people * 8}\n"
        for number, (body, people) in enumerate(PEOPLE.items(), start=1)
    )
    heading = "事業,経費,団体コード,団体名,負担金額（円）\n"
    small.save(root, "members/r7/previous.csv", heading + past)
    return examine(load(root, small.R7))


def faults(found: Examined) -> list[Problem]:
    errors = [p for p in found.problems if p.level is Level.ERROR]
    return [problem for problem in errors if problem.code not in NOT_THE_PHRASE]


def mend(root: Path, problems: list[Problem]) -> None:
    """Put the line that each message offers (of a choice the first) in the place of the faulty one."""
    path = root / "rules/r7/10.txt"
    lines = path.read_text(encoding="utf-8").split("\n")
    for problem in sorted(problems, key=lambda p: -p.source.line):
        offers = list(finished(problem))
        assert offers, str(problem)
        lines[problem.source.line - 1 : problem.source.line] = offers[0].split("\n")
    path.write_text("\n".join(lines), encoding="utf-8")


def amounts(found: Examined) -> list[tuple[str, int]]:
    charges = (charge for result in found.results if result for charge in result.charges())
    return [(charge.member.code, charge.yen) for charge in charges]


def dues(found: Examined) -> list[tuple[str, int, str, int]]:
    return [(i.code, i.number, str(i.day), i.yen) for i in found.instalments]


ALL = (*PHRASES, *COLLECTED, *VARIANTS)


def test_sixty_phrases_are_here_and_sixty_more() -> None:
    assert len(PHRASES) >= 60
    assert len((*COLLECTED, *VARIANTS)) >= 60
    assert len({written for written, _ in ALL}) == len(ALL)


@pytest.mark.parametrize(("written", "meant"), ALL, ids=[p[0] for p in ALL])
def test_a_phrase_is_read_or_mended_in_one_step(written: str, meant: str, tmp_path: Path) -> None:
    found = said(tmp_path / "written", written)
    if problems := faults(found):
        mend(tmp_path / "written", problems)
        found = examine(load(tmp_path / "written", small.R7))
    right = said(tmp_path / "meant", meant)
    assert [str(problem) for problem in (*faults(found), *faults(right))] == []
    assert amounts(found) == amounts(right)
    assert dues(found) == dues(right)


OTHERS = (
    ("負担割合: 平等割 50% + 人ロ割 50%", {"W207"}),  # one of the two is nobody's word
    ("負担割合: 予算額の2分の1を均等割、残額を人口割\n差し引く: 補助金", {"W236"}),
    ("負担割合: A市又はB町が負担", {"W226"}),
    ("負担割合: 実績により負担額を別に定める", {"W226"}),
    ("負担割合: 人口割\n端数: 1円未満の端数は翌年度に繰り越す", {"W226"}),
    ("負担割合: 人口割\n上限: 前年度の1.2.3倍、超えた分は残りの団体で割り直す", {"W226"}),
    ("負担割合: 人口割\n上限: 前年度の1,5倍、超えた分は残りの団体で割り直す", {"W223"}),
    ("負担割合: 人口割\n減免: C村 1.2.3%、減った分は他の団体で負担", {"W205"}),
    ("負担割合: 人口割\n減免: C村 1,5%、減った分は他の団体で負担", {"W205"}),
    ("負担割合: 人口割\n減免: C村 半額、減額分は翌年度に精算する", {"W205"}),
    ("負担割合: A市25%、残り70%を人口割", {"W227"}),  # 5% is nobody's
    ("負担割合: 人口に1.02を乗じて得た額", {"W221"}),  # of heads no rate is taken
    ("負担割合: 前年度の負担金に1.02を加えた額", {"W221"}),
    ("負担割合: 均等割 20% + 人口割 80%（人口は、最近の国勢調査による。）", {"W226"}),
    ("負担割合: 基準財政需要額の1,000分の2以内の額", {"W207"}),  # a limit is no amount
    ("負担割合: 所在する市町村の負担", {"W226"}),
    ("負担割合: 人口割\n上限: 400千円を超えるときは300千円", {"W226"}),
    (
        "負担割合: 人口割\n納期: 5月、8月、11月及び2月のそれぞれ20日",
        {"W226"},
    ),  # how much each time?
    ("負担割合: 人口割\n団体別加減: 基準財政需要額を考慮する", {"W226"}),
)


@pytest.mark.parametrize(("written", "codes"), OTHERS)
def test_what_has_another_meaning_is_not_put_into_our_words(
    written: str, codes: set[str], tmp_path: Path
) -> None:
    problems = faults(said(tmp_path, written))
    assert {problem.code for problem in problems} == codes
    for problem in problems:
        assert not re.search("次の行に直してください: (?!.*（)", problem.fix), problem.fix


WORDS = ("割", "あ", "、", "から", "1%", "割、", "と", "を")


@pytest.mark.parametrize("first", WORDS)
def test_a_long_line_takes_no_time(first: str) -> None:
    nobody = KnownNames.of(())
    lexicon = Lexicon(year=small.R7, lines=nobody, who=nobody, drivers=nobody, figures=nobody)
    before = monotonic()
    for second in WORDS:
        text = ((first + second) * 200)[:400]
        reduced(text, lexicon)
        for key, words in WORDS_OF_KEYS.items():
            assert [*words(unwrapped(key, text, lexicon), lexicon)]
    assert monotonic() - before < 10


def test_a_basis_of_that_name_stays_what_it_is(tmp_path: Path) -> None:
    text = "負担割合: 平等割 30% + 人口割 70%\n\n■係数表 平等割\nA市: 2\nその他: 1"
    found = said(tmp_path / "own", text)
    right = said(tmp_path / "equal", "負担割合: 均等割 30% + 人口割 70%")
    assert not faults(found)
    assert amounts(found) != amounts(right)


def test_the_sum_of_several_years(tmp_path: Path) -> None:
    figures = {"A市": (10, 30), "B町": (30, 10), "C村": (0, 20)}
    headings = ("搬入量（t、令和5年度実績）", "搬入量（t、令和6年度実績）")
    small.write(
        tmp_path,
        "\n■経費 共同費\n負担割合: 搬入量 1tにつき 3円\n基礎数値: 搬入量（令和5年度から令和6年度までの合計）\n",
        {"共同費": ""},
        {name: dict(zip(headings, own, strict=True)) for name, own in figures.items()},
        income=300,
    )
    mend(tmp_path, faults(examine(load(tmp_path, small.R7))))
    line = "基礎数値: 搬入量（令和5年度から令和6年度まで合計）"
    assert line in (tmp_path / "rules/r7/10.txt").read_text(encoding="utf-8")
    assert small.yen(small.run(tmp_path)) == {"共同費": {"A市": 120, "B町": 120, "C村": 60}}


def test_the_mean_of_one_day_of_each_year(tmp_path: Path) -> None:
    written = "人口（令和5年から令和6年の各10月1日現在の平均）"
    small.write(
        tmp_path,
        f"\n■経費 共同費\n負担割合: 人口割\n基礎数値: {written}\n",
        {"共同費": 1_000},
        {
            "A市": {"人口（人、令和5年10月1日現在）": 50, "人口（人、令和6年10月1日現在）": 70},
            "B町": {"人口（人、令和5年10月1日現在）": 30, "人口（人、令和6年10月1日現在）": 50},
        },
    )
    mend(tmp_path, faults(examine(load(tmp_path, small.R7))))
    line = "基礎数値: 人口（令和5年10月1日から令和6年10月1日まで平均）"
    assert line in (tmp_path / "rules/r7/10.txt").read_text(encoding="utf-8")
    # Means 60 and 40.
    assert small.yen(small.run(tmp_path)) == {"共同費": {"A市": 600, "B町": 400}}
