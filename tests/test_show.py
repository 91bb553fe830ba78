"""`apportion show` and `apportion export`: what was read, on the screen and as a workbook."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.cli.layout import aligned, width, wrapped
from apportion.cli.options import DONE, WRONG_INPUT, WRONG_USAGE
from apportion.core.year import FiscalYear
from apportion.outcome.workspace import load
from apportion.workbook.summary.rules import make
from tests import workspace
from tests.program import Done, apportion

R7 = FiscalYear(2025)
SECURITY = "セキュリティ等関連事業"


def shown(what: str, root: Path = workspace.SHIPPED) -> Done:
    done = apportion("show", what, "--year", "r7", "--dir", str(root))
    done.stdout.encode("cp932")
    return done


def test_rules_as_sentences_with_their_places() -> None:
    lines = shown("rules").stdout.splitlines()
    start = lines.index("◆電子申請・届出システム事業")
    assert lines[start + 1] == "  rules/r7/10_denshi_shinsei.txt"
    block = lines[lines.index("  ■経費 システム運用保守", start) :]
    assert block[2] == "    16行目            県が、対象額の25%を負担します。"
    assert block[3] == (
        "    17行目            市町村が、残りのうち、20%を均等割、80%を人口割で分けます。"
    )
    assert block[4].startswith("    00_common.txt:13  経費ごとに1円未満を切り捨て")


def test_what_holds_without_being_written_is_marked(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    workspace.edit(
        root / "rules/r7/00_common.txt", "\r\n端数: 円未満切捨て、差額は端数の大きい順", ""
    )
    lines = shown("rules", root).stdout.splitlines()
    start = lines.index("  ■経費 システム運用保守")
    assert lines[start + 4].startswith("    既定    経費ごとに1円未満を切り捨て")


def test_rules_as_a_table_that_lines_up() -> None:
    lines = shown("rules").stdout.splitlines()
    start = lines.index("  負担割合の表", lines.index(f"◆{SECURITY}"))
    table = [line for line in lines[start + 1 :] if line]
    assert [cells(line) for line in table[:4]] == [
        ["経費", "負担する団体", "分ける額", "均等割", "人口割", "計", "行"],
        ["共同セキュリティ監査", "参加団体のすべて", "100%", "100%", "100%", "18行目"],
        [
            *("「内部監査、規程改正支援」、情報セキュリティ対策、協議会Web運営", "県"),
            *("20%", "－", "25行目"),
        ],
        [
            *("「内部監査、規程改正支援」、情報セキュリティ対策、協議会Web運営", "市町村"),
            *("残り（80%）", "50%", "50%", "100%", "26行目"),
        ],
    ]
    columns = {
        width(line[: line.index(word)])
        for line, word in ((table[0], "行"), *((line, line.split()[-1]) for line in table[1:]))
    }
    assert len(columns) == 1


def cells(line: str) -> list[str]:
    return line.split()


def test_roster_counts_and_names(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    workspace.edit(root / "members/r7/roster.csv", "235636,豊根村,○", "235636,豊根村,R7.10.1から")
    lines = shown("roster", root).stdout.splitlines()
    start = lines.index("◆電子申請（54団体、members/r7/roster.csv）")
    assert lines[start + 1].startswith("  愛知県、")
    names = "".join(lines[start + 1 : lines.index("", start)]).replace(" ", "").split("、")
    assert len(names) == 54
    assert names[-1] == "豊根村（令和7年10月1日から）"
    assert all(width(line) <= 80 for line in lines)


def test_figures_with_date_unit_count_and_sum(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    (root / "members/r7/figures.csv").write_text(
        "団体コード,団体名,人口（人、令和2年10月1日現在）,量（t、令和5年度実績）,差（円、当年度）\n"
        "232017,豊橋市,1000,1.5,-10.5\n232025,岡崎市,2000,,0\n",
        encoding="utf-8",
    )
    assert shown("figures", root).stdout.splitlines() == [
        "基礎数値  時点                単位  値の数  合計",
        "人口      令和2年10月1日現在  人    2       3,000",
        "量        令和5年度実績       t     1       1.5",
        "差        当年度              円    2       △10.5",
    ]


def test_wrong_words_and_wrong_rules(tmp_path: Path) -> None:
    wrong = apportion("show", "rule", "--year", "r7")
    assert wrong.code == WRONG_USAGE
    assert wrong.stderr == (
        "「rule」はありません。rules ですか。rules、roster、figures、payments のどれかを書いてください。\n"
    )
    assert "rules、data のどれか" in apportion("export", "roster", "--year", "r7").stderr
    root = workspace.copy(tmp_path)
    workspace.edit(root / "rules/r7/10_denshi_shinsei.txt", "人口割 80%", "人口割 70%")
    faulty = shown("rules", root)
    assert (faulty.code, faulty.stdout) == (WRONG_INPUT, "")
    assert "W209" in faulty.stderr


def test_export_writes_a_workbook_below_outputs(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    target = root / "outputs/規則一覧_r7.xlsx"
    done = apportion("export", "rules", "--year", "r7", "--dir", str(root))
    assert (done.code, done.stdout) == (DONE, f"書き出しました: {target}\n")
    elsewhere = tmp_path / "別/規則一覧.xlsx"
    again = apportion(
        "export", "rules", "--year", "r7", "--dir", str(root), "--out", str(elsewhere)
    )
    assert again.code == DONE
    assert target.read_bytes() == elsewhere.read_bytes() == make(load(root, R7).book, R7)


def test_the_workbook_holds_every_row_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "規則一覧.xlsx"
    path.write_bytes(make(load(workspace.SHIPPED, R7).book, R7))
    shares, sentences = load_workbook(path).worksheets
    assert (shares.title, sentences.title) == ("負担割合", "規則の文")
    rows = [["" if cell is None else cell for cell in row] for row in shares.values]
    heads = next(row for row in rows if row[0] == "事業")
    assert heads == [
        *("事業", "経費", "負担する団体", "分ける額", "均等割", "人口割", "人口区分割"),
        *("逓減人口割", "計", "規則の場所"),
    ]
    assert [
        *("電子調達（物品等）事業", "サービス利用料", "市町村", "残り（70%）"),
        *("30%", "", "", "70%", "100%", "rules/r7/40_chotatsu_buppin.txt:25"),
    ] in rows
    told = [list(row) for row in sentences.values]
    assert [
        *("電子調達（物品等）事業", "■経費 サービス利用料", "県が、対象額の30%を負担します。"),
        "rules/r7/40_chotatsu_buppin.txt:24",
    ] in told
    assert "例" in str(told[1][0])


@pytest.mark.parametrize(
    ("words", "most", "expected"),
    [
        ([], 10, []),
        (["豊橋市"], 1, ["豊橋市"]),
        (["豊橋市", "岡崎市", "一宮市"], 14, ["豊橋市、岡崎市、", "一宮市"]),
        (["豊橋市", "岡崎市", "一宮市"], 13, ["豊橋市、", "岡崎市、", "一宮市"]),
    ],
)
def test_wrapped(words: list[str], most: int, expected: list[str]) -> None:
    assert [*wrapped(words, most)] == expected


def test_aligned_leaves_no_space_at_the_end() -> None:
    assert [*aligned([("県", "a", ""), ("Web", "市町村", "x")])] == ["県   a", "Web  市町村  x"]
