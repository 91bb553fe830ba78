"""Bytes, lines, names and tolerated spellings."""

import pytest

from apportion.rules import read
from apportion.rules.book import RuleFile, Vocabulary

SECURITY = "セキュリティ等関連事業"
WORDS = Vocabulary(
    projects=(SECURITY, "施設予約事業"),
    lines={
        SECURITY: ("内部監査", "内部監査、規程改正支援", "情報セキュリティ対策", "保守/運用"),
        "施設予約事業": ("情報セキュリティ対策、監査",),
    },
    members=("愛知県", "豊橋市"),
)
TEXT = f"""書式: 1
事業: {SECURITY}
年度: 令和7年度
■経費 内部監査、規程改正支援、情報セキュリティ対策
負担割合: 均等割
"""


def names(heading: str, project: str = SECURITY) -> list[str]:
    text = f"事業: {project}\n年度: r7\n{heading}\n負担割合: 均等割\n"
    rules, problems = read.parse("rules/r7/a.txt", text, WORDS)
    assert problems == ()
    assert rules is not None
    return [name.text for name in rules.expenses[0].names]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_read_alike(codec: str, newline: str) -> None:
    expected, _ = read.parse("rules/r7/a.txt", TEXT, WORDS)
    data = TEXT.replace("\n", newline).encode(codec)
    rules, problems = read.read("rules/r7/a.txt", data, WORDS)
    assert problems == ()
    assert rules == expected
    assert rules is not None
    assert rules.expenses[0].source.text == TEXT.split("\n")[3]


def test_cp932_is_read_with_a_notice() -> None:
    rules, problems = read.read("rules/r7/a.txt", TEXT.encode("cp932"), WORDS)
    assert [(p.code, p.level.value) for p in problems] == [("W141", "お知らせ")]
    assert isinstance(rules, RuleFile)


@pytest.mark.parametrize(
    "data", [b"\x81\xff\xfe\x00\x01", "a: b".encode("utf-16-le"), b"\xff\xfe\x00"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    rules, (problem,) = read.read("rules/r7/a.txt", data, WORDS)
    assert rules is None
    assert problem.code == "W101"


def test_mojibake_is_refused_with_its_line() -> None:
    broken = TEXT.split("\n")[1].encode().decode("cp932", errors="replace")
    rules, (problem,) = read.read("rules/r7/a.txt", f"書式: 1\n{broken}".encode(), WORDS)
    assert rules is None
    assert (problem.code, problem.source.line) == ("W125", 2)


@pytest.mark.parametrize(
    "heading",
    [
        "■経費 内部監査、規程改正支援、情報セキュリティ対策",
        "■経費　「内部監査、規程改正支援」、情報セキュリティ対策",
        "  【経費】 内部監査、規程改正支援、情報セキュリティ対策",
        "[経費] 内部監査、規程改正支援、情報セキュリティ対策",
        "［経費］内部監査、規程改正支援 、 情報 セキュリティ対策",
        "■経費「内部監査、規程改正支援」、「情報セキュリティ対策」",
    ],
)
def test_names_are_matched_longest_first(heading: str) -> None:
    found = [name.replace(" ", "") for name in names(heading)]
    assert found == ["内部監査、規程改正支援", "情報セキュリティ対策"]


def test_a_shorter_known_name() -> None:
    assert names("■経費 内部監査、情報セキュリティ対策") == ["内部監査", "情報セキュリティ対策"]


def test_signs_of_names_are_folded() -> None:
    assert names("■経費 保守／運用、内部監査") == ["保守/運用", "内部監査"]
    assert names("■経費 情報セキュリティ対策、監査", "施設予約事業") == [
        "情報セキュリティ対策、監査"
    ]


def test_voiced_marks_as_signs_of_their_own() -> None:
    words = Vocabulary(lines={"共通": ("ガイド、案内",)})
    text = "事業: 共通\n年度: r7\n■経費 カ\u3099イド、案内\n負担割合: 均等割\n"
    rules, _ = read.parse("rules/r7/a.txt", text, words)
    assert rules is not None
    assert [name.text for name in rules.expenses[0].names] == ["カ\u3099イド、案内"]


def test_lines_of_another_project_do_not_count() -> None:
    assert names("■経費 情報セキュリティ対策、監査") == ["情報セキュリティ対策", "監査"]


def test_names_of_the_common_file() -> None:
    common, _ = read.parse(
        "rules/r7/00.txt",
        "事業: 共通\n年度: r7\n基礎数値: 利用に応じた数 = 件数（前年度）\n"
        "■グループ 沿岸にある市\n団体: 豊橋市\n■基準 海岸に近い割\n値: 1\n"
        "■段階表 段に応じた割\n区分: 人口\n読み方: 段の値をそのまま使う\n1人以上: 1\n"
        "■係数表 雪に応じた割\nその他: 1\n",
        WORDS,
    )
    assert common is not None
    words = read.with_common(WORDS, common)
    text = (
        f"事業: {SECURITY}\n年度: r7\n■経費 内部監査\n負担割合: 沿岸にある市に 海岸に近い割\n"
        "■経費 ほかの経費すべて\n"
        "負担割合: 利用に応じた数割 50% + 段に応じた割 30% + 雪に応じた割 20%\n"
    )
    rules, problems = read.parse("rules/r7/a.txt", text, words)
    assert problems == ()
    assert rules is not None
    first, second = (expense.clauses[0] for expense in rules.expenses)
    assert first.who is not None
    assert first.who.names[0].text == "沿岸にある市"
    assert second.who is None


@pytest.mark.parametrize(
    "line",
    [
        "※ 負担割合: 県に",
        "　＃ 説明",
        "# 説明",
        "",
        "　",
        "備考: 自由な文 ※注記 も：書けます",
        "　　備　考： インデント",
    ],
)
def test_lines_that_say_nothing_wrong(line: str) -> None:
    _, problems = read.parse("rules/r7/a.txt", TEXT + line, WORDS)
    assert problems == ()


@pytest.mark.parametrize("year", ["令和7年度", "R7", "ｒ７", "令和７年度", "2025", "令和 7 年度"])
def test_spellings_of_the_year(year: str) -> None:
    rules, problems = read.parse("rules/r7/a.txt", f"事業: 共通\n年度: {year}\n", WORDS)
    assert problems == ()
    assert rules is not None
    assert rules.year == "r7"


def test_good_lines_survive_bad_ones() -> None:
    rules, problems = read.parse(
        "rules/r7/a.txt", TEXT + "端数: 円未満\n検算: 団体数 = 54\n■経質 x\n負担割合: 県に\n", WORDS
    )
    assert [p.code for p in problems] == ["W225", "W206"]
    assert rules is not None
    assert len(rules.expenses) == 1
    assert rules.expenses[0].own.rounding is None
    assert rules.expenses[0].assertions[0].count == 54


def test_a_block_with_an_unreadable_name_is_not_all_others() -> None:
    text = f"事業: {SECURITY}\n年度: r7\n■経費 「\n負担割合: 均等割\n"
    rules, problems = read.parse("rules/r7/a.txt", text, WORDS)
    assert [p.code for p in problems] == ["W230"]
    assert rules is not None
    assert rules.expenses == ()


def test_an_unreadable_year_is_that_of_the_folder() -> None:
    rules, problems = read.parse("rules/r6/a.txt", "事業: 共通\n年度: 7\n", WORDS)
    assert [p.code for p in problems] == ["W213"]
    assert rules is not None
    assert rules.year == "r6"
