"""`apportion diff`: sides of every kind, sentences that are true, nothing written."""

import json
from pathlib import Path

import pytest

from apportion.cli.change_story import Asked, answer, drifted
from apportion.core.problem import InputError
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from tests import sealing, small
from tests.program import apportion
from tests.workspace import SHIPPED, copy

PLAIN = "■経費 運用\n負担割合: 人口割\n"
PEOPLE = {"あおば市": {"人口（人）": 1}, "みどり町": {"人口（人）": 3}}


def said(root: Path, before: str, after: str, **asked: object) -> str:
    return answer(root, Asked(before, after, **asked))  # type: ignore[arg-type]


def test_one_body_reads_its_causes_with_their_facts() -> None:
    text = said(SHIPPED, "r6", "r7", member="幸田町", line="システム機能改善経費", project="物品")
    assert text.splitlines()[0] == ("令和6年度から令和7年度へ　幸田町（団体コード 235016）の負担金")
    assert text.splitlines()[1:3] == [
        "令和6年度より683,600円増えました。",
        "おもな理由は、参加団体の出入り +504,050円、予算額 +179,550円です。",
    ]
    for words in (
        "+504,050円",
        "幸田町がこの経費の参加団体に加わりました（東浦町も）。",
        "参加団体は38団体から40団体になりました。",
        "予算額が12,980,000円から27,344,000円になりました。",
    ):
        assert words in text


def test_a_cap_is_named_with_what_it_took_off() -> None:
    text = said(SHIPPED, "r6", "r7", member="春日井市", project="施設予約")
    assert (
        "上限（前年度の115%、2,958,567円）で止まり、上限がないときより約115,961円少ない額です。"
        in "".join(line.strip() for line in text.splitlines())
    )


def test_everybody_is_told_who_pays_more_and_the_income() -> None:
    text = said(SHIPPED, "r6", "r7")
    assert "増える団体（54団体）" in text
    assert "減る団体（0団体）" in text
    assert "28,758,000円 → 40,856,000円" in text
    # Over all bodies only the budget changed anything.
    assert "  予算額                           +34,061,000円\n\n事業ごと" in text


def test_a_line_of_nothing_had_no_rule() -> None:
    """サービス利用料（令和4年10月1日から） was 0円 in r3, under ほかの経費すべて: that decided nothing."""
    text = said(SHIPPED, "r3", "r4", member="豊橋市", line="サービス利用料（令和4年10月1日から）")
    assert "規則" not in text
    assert "予算額が0円から61,083,000円になりました。" in text


def test_rules_are_compared_in_sentences() -> None:
    text = said(SHIPPED, "r6", "r7", rules=True)
    assert (
        "負担割合が「均等割 50% + 人口割 50%」から「均等割 30% + 人口割 70%」に変わりました。"
        in text
    )
    assert "検算" not in text
    assert "規則は変わっていません。" in said(SHIPPED, "r7", "r7", rules=True)


def test_a_supplementary_budget_is_a_cause(tmp_path: Path) -> None:
    root = small.revise(small.write(tmp_path, PLAIN, {"運用": 4_000}, PEOPLE), 1, {"運用": 400})
    told = json.loads(said(root, "r7", "r7:補正1", as_json=True))
    assert [(row["団体名"], row["前_円"], row["後_円"]) for row in told["負担金"]] == [
        ("あおば市", 1_000, 1_100),
        ("みどり町", 3_000, 3_300),
    ]
    assert told["負担金"][0]["原因"] == [{"原因": ["補正"], "正確額_円": "100", "金額_円": 100}]
    assert "補正の額が0円から400円になりました。" in said(root, "r7", "r7:補正1", member="あおば市")


def test_a_folder_is_another_side(tmp_path: Path) -> None:
    root = copy(tmp_path / "copy")
    text = said(SHIPPED, f"{root}:r6", "r7")
    assert text.removeprefix(f"{root} ") == said(SHIPPED, "r6", "r7")
    assert "変わらない団体（54団体）" in said(SHIPPED, str(root), "r7")


def test_a_sealed_issue_is_another_side(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    assert "変わらない団体" in said(root, "r7:第1回", "r7")
    changed = root / "outputs/確定/r7/第1回/入力/rules/r7/budget.csv"
    changed.write_bytes(changed.read_bytes() + b"\r\n")
    with pytest.raises(Exception, match="確定のあとで変わっています"):
        said(root, "r7:第1回", "r7")


def test_a_line_that_moves_to_another_project_is_a_regrouping(tmp_path: Path) -> None:
    """研修費 of 500,000円 moves from 電子申請 to セキュリティ: nobody pays more, each 事業 changes."""
    root = copy(tmp_path / "moved")
    for year, project, rule in (
        ("r6", "システム事業,電子申請・届出システム事業", "10_denshi_shinsei.txt"),
        ("r7", "セキュリティ等関連事業,セキュリティ等関連事業", "50_security.txt"),
    ):
        _add(root, year, project, rule)
    text = said(root, "r6", "r7", member="豊橋市", line="研修費")
    assert (
        "「電子申請・届出システム事業 研修費」（この団体の負担金 9,260円）からの組替えです。"
        in text
    )
    assert "この経費は組み替えられ、ほかの経費に引き継がれました。" in text
    assert text.splitlines()[1] == "令和6年度と同じ額です。"
    assert text.splitlines()[5].split() == ["増減", "0円", "0.0%"]


def _add(root: Path, year: str, project: str, rule: str) -> None:
    """A line of 500,000円, shared equally by 54, in the budget, the income and the rules."""
    budget = root / f"rules/{year}/budget.csv"
    budget.write_bytes(budget.read_bytes() + f"{project},,研修費,500\r\n".encode())
    income = root / f"rules/{year}/income.csv"
    lines = income.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines):
        cells = line.split(",")
        if cells[1] == project.partition(",")[2] and cells[2] == "負担金収入":
            cells[3] = str(int(cells[3]) + 500_000)
            lines[number] = ",".join(cells)
    income.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    path = root / f"rules/{year}/{rule}"
    path.write_bytes(path.read_bytes() + "\n■経費 研修費\n負担割合: 均等割\n根拠: 例\n".encode())


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("6", "比べる相手「6」が分かりません"),
        ("r6:前回", "比べる相手「r6:前回」が分かりません"),
        ("r6:第3回", "比べる相手「r6:第3回」の確定した請求がありません"),
        ("どこか:r6", "比べる相手「どこか:r6」が分かりません"),
    ],
)
def test_what_is_not_known_is_told(before: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        said(SHIPPED, before, "r7")
    assert caught.value.problems[0].code == "W904"
    assert words in caught.value.problems[0].what


def test_a_draft_is_another_side(tmp_path: Path) -> None:
    """上限 110 % instead of 115 %: the rule is the only cause."""
    draft = tmp_path / "案1.txt"
    draft.write_text(
        "事業: 施設予約事業\n■経費 運用支援業務等\n"
        "上限: 前年度の110%、超えた分は残りの団体で割り直す\n",
        encoding="utf-8",
    )
    text = said(SHIPPED, "r7", str(draft), member="春日井市")
    assert text.startswith("令和7年度から令和7年度 案1.txtへ")
    # 110 % of 2,572,667 is 2,829,933.7: 128,634円 less than 2,958,567.
    assert "規則                             △128,634円" in text
    assert "2,958,567円 → 2,829,933円" in text
    draft.write_text(
        "事業: 施設予約事業\n上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
        "■経費 運用支援業務等\n上限: なし\n",
        encoding="utf-8",
    )
    text = said(SHIPPED, "r7", str(draft), member="春日井市")
    # Its sum of last year was 2,858,717: 3,144,588.7, and without any cap 3,074,528 + 286,050.
    words = (
        "後は上限（前年度の110%、3,144,588円）で止まり、上限がないときより215,990円少ない額です。"
    )
    assert words in "".join(line.strip() for line in text.splitlines())
    with pytest.raises(InputError) as caught:
        said(SHIPPED, str(draft), str(draft))
    assert caught.value.problems[0].code == "W904"


def bills(tmp_path: Path, text: str, year: str = "r7") -> str:
    path = tmp_path / "請求.csv"
    path.write_text(text, encoding="utf-8")
    return answer(SHIPPED, Asked(year, actual=path))


def test_real_bills_are_listed_where_they_differ(tmp_path: Path) -> None:
    path = tmp_path / "全部.csv"
    outcome = compute(SHIPPED, FiscalYear(2025))
    rows = [f"{c.member.name},{c.line.project},{c.line.name},{c.yen}" for c in outcome.charges]
    path.write_text("団体名,事業,経費,請求額（円）\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert "のすべてが一致しています。" in answer(SHIPPED, Asked("r7", actual=path))

    whole = [f"{m.code},{outcome.total_of(m.code)}" for m in outcome.members]
    whole[1] = f"{outcome.members[1].code},8722289"
    del whole[53]
    text = bills(tmp_path, "団体コード,請求額（円）\n" + "\n".join(whole) + "\n")
    assert "違うもの（54件のうち2件）" in text
    assert [line.split() for line in text.splitlines()[-2:]] == [
        ["豊根村", "327,186円", "0円", "△327,186円"],
        ["豊橋市", "8,722,288円", "8,722,289円", "+1円"],
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("団体,請求額\n豊橋市,1\n", "W907", "いまの見出し: 団体、請求額"),
        ("団体名,請求額（円）\n豊橋,1\n", "W902", "豊橋市"),
        ("団体名,事業,請求額（円）\n豊橋市,どこか,1\n", "W907", "施設予約事業"),
        ("団体名,経費,請求額（円）\n豊橋市,事務費,1\n", "W907", "いくつかの事業にあります"),
    ],
)
def test_a_table_of_bills_that_is_not_understood(
    tmp_path: Path, text: str, code: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        bills(tmp_path, text)
    assert caught.value.problems[0].code == code
    assert words in "\n".join(map(str, caught.value.problems))


def test_two_sides_or_a_table_of_bills() -> None:
    with pytest.raises(InputError) as caught:
        answer(SHIPPED, Asked("r7"))
    assert caught.value.problems[0].code == "W904"


def test_rounding_over_the_years_of_the_workspace() -> None:
    """コアシステム年間保守料 (物品等), 2,269,000円: 愛知県 pays 59,711 of 59,710.526… in three of four years."""
    text = drifted(SHIPPED, "r3", "r7")
    assert "令和3年度、令和4年度、令和6年度、令和7年度" in text
    assert len(text.splitlines()) == 3 + 54


def test_lines_that_came_and_went_may_have_another_name() -> None:
    hint = "名前だけが変わった経費は、規則の■経費に「旧名」を書くと"
    assert hint in said(SHIPPED, "r3", "r4")
    assert hint not in said(SHIPPED, "r6", "r7")


def test_what_computes_otherwise_than_it_was_sealed_is_not_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = sealing.decided(tmp_path / "council")
    issue = sealing.issued(root)
    rows = issue.charges()
    other = (rows[0]._replace(yen=rows[0].yen + 1), *rows[1:])
    monkeypatch.setattr(type(issue), "charges", lambda _: other)
    with pytest.raises(InputError) as caught:
        said(root, "r7:第1回", "r7")
    assert "計算し直すと、確定した額と違います" in caught.value.problems[0].what


def test_a_supplementary_budget_of_a_column_is_no_other_budget(tmp_path: Path) -> None:
    """特定財源 of 1,000円 grows by 400円 with 補正1: what is shared falls from 3,000円 to 2,600円."""
    rules = "■経費 運用\n対象: 予算額 - 特定財源\n負担割合: 人口割\n"
    root = small.write(tmp_path, rules, {"運用": 4_000}, PEOPLE, income=3_000)
    budget = root / "rules/r7/budget.csv"
    head, row = budget.read_text(encoding="utf-8").splitlines()
    columns = ",特定財源（円）,特定財源 補正第1号（円）,補正第1号（円）"
    budget.write_text(f"{head}{columns}\n{row},1000,400,0\n", encoding="utf-8")
    income = root / "rules/r7/income.csv"
    head, row = income.read_text(encoding="utf-8").splitlines()
    others = "区分,,繰越金,1000,400"
    income.write_text(f"{head},補正第1号（円）\n{row},△400\n{others}\n", encoding="utf-8")
    told = json.loads(said(root, "r7", "r7:補正1", as_json=True))
    assert [row["原因"] for row in told["負担金"]] == [
        [{"原因": ["補正"], "正確額_円": "-100", "金額_円": -100}],
        [{"原因": ["補正"], "正確額_円": "-300", "金額_円": -300}],
    ]
    text = said(root, "r7", "r7:補正1", member="あおば市")
    assert "特定財源の補正の額が0円から400円になりました。" in text


def test_bodies_that_merge_between_two_folders(tmp_path: Path) -> None:
    """あおば市 and みどり町 become ひかり市: it is compared with what both paid before."""
    rules = "■経費 運用\n負担割合: 均等割 50% + 人口割 50%\n"
    people = {name: {"人口（人）": 100} for name in ("あおば市", "みどり町", "こだま村")}
    one = small.write(tmp_path / "a", rules, {"運用": 3_000}, people)
    people = {**people, "ひかり市": {"人口（人）": 200}}
    two = small.write(tmp_path / "b", rules, {"運用": 3_600}, people)
    for file in ("roster", "figures"):
        path = two / f"members/r7/{file}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "あおば市" not in line and "みどり町" not in line]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    register = two / "members/members.csv"
    text = register.read_text(encoding="utf-8")
    for name in ("あおば市", "みどり町"):
        kind = name[-1]
        text = text.replace(
            f"{name},よみ,{kind},,会員,,,", f"{name},よみ,{kind},,,,2025-03-31,{small.code(4)}"
        )
    register.write_text(text, encoding="utf-8")
    told = json.loads(said(two, f"{one}:r7", "r7", as_json=True))
    rows = {row["団体名"]: row for row in told["負担金"]}
    # 1,000円 each before; after, half of 3,600円 by two bodies and half by 200 : 100 people.
    assert (rows["ひかり市"]["前_円"], rows["ひかり市"]["後_円"]) == (2_000, 2_100)
    assert (rows["こだま村"]["前_円"], rows["こだま村"]["後_円"]) == (1_000, 1_500)
    text = said(two, f"{one}:r7", "r7", member="ひかり市")
    assert "あおば市、みどり町は、ひかり市に引き継がれました。" in text
    assert "加わりました" not in text


@pytest.mark.parametrize(
    "options",
    [
        ("--rules", "--member", "豊橋市"),
        ("--json", "--xlsx", "x.xlsx"),
        ("--rounding", "--rules"),
        ("--actual", "x.csv", "--json"),
    ],
)
def test_options_that_say_nothing_together_are_refused(options: tuple[str, ...]) -> None:
    done = apportion("diff", "r6", "r7", *options)
    assert done.code == 2
    assert "一緒に使えません" in done.stderr


def test_a_body_that_joins_within_the_year(tmp_path: Path) -> None:
    """みどり町 joins on 1 October: 3 × 6/12 people beside 1 pay 600 of 1,000円."""
    rules = (
        "途中参加: 月割（参加した月を含む）、減った分は他の団体で負担\n"
        "■経費 運用\n名簿: 別の名簿\n負担割合: 人口割\n"
    )
    sides = [
        small.write(tmp_path / name, rules, {"運用": 1_000}, PEOPLE, rosters={"別の名簿": cells})
        for name, cells in (
            ("a", {"あおば市": "○"}),
            ("b", {"あおば市": "○", "みどり町": "R7.10.1から"}),
        )
    ]
    text = said(sides[1], f"{sides[0]}:r7", "r7", member="みどり町")
    assert "みどり町の参加は、1年のうち6/12です。" in text
    assert "0円 → 600円" in text
    # Joining for the whole year is 750円, for half of it 600円, and half of nothing is nothing:
    # joining (750 + 600) / 2, the part of the year (0 - 150) / 2.
    assert "+675円" in text
    assert "△75円" in text
