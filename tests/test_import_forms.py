"""Forms of published tables, with the headings as published and figures that are made up."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from apportion.core.problem import InputError
from apportion.core.year import FiscalYear
from apportion.imports.tables import TableProposal, propose_figures, propose_rosters
from tests import workspace

R7 = FiscalYear(2025)
COUNT = "人口（人、令和7年1月1日現在）"
CENSUS = "総人口（人、令和2年10月1日現在）"
SCALE = "標準財政規模（円、令和5年度決算）"
BASE = Path(__file__).parent / "doors/base"

MINISTRY = """\
【総計】令和７年住民基本台帳人口・世帯数、令和６年人口動態（市区町村別）,,,,,,,,,
団体コード,都道府県名,市区町村名,令和７年,,,,令和６年,,
,,,人口,,,世帯数,住民票記載数,,
,,,男,女,計,,転入者数（国内）,転入者数（計）,計（Ａ）
-,合計,-,100,110,210,90,1,2,3
10006,北海道,-,20,22,42,18,1,2,3
11002,北海道,札幌市,20,22,42,18,1,2,3
11011,北海道,札幌市中央区,20,22,42,18,1,2,3
230006,愛知県,-,80,88,168,72,1,2,3
232017,愛知県,豊橋市,40,43,83,36,1,2,3
232025,愛知県,岡崎市,40,45,85,36,1,2,3
"""
ESTAT_HEAD = (
    '"表章項目 コード","表章項目","全国，都道府県，市区町村（2000年） コード",'
    '"全国，都道府県，市区町村（2000年）","時間軸（年次） コード","時間軸（年次）","/男女","総数","男","女"'
)
ESTAT = f"""\
"統計名：","国勢調査 令和２年国勢調査"
"表番号：","1-1"
"表題：","男女別人口－全国，都道府県，市区町村"
"実施年月：","2020年"

"***","当該数値がないもの"

{ESTAT_HEAD}
,,,,,,,"人","人","人"
"1","人口","23000","愛知県","2020000000","2020年","","168","80","88"
"1","人口","23201","豊橋市","2020000000","2020年","","83","40","43"
"1","人口","23202","岡崎市","2020000000","2020年","","85","40","45"
"""
SYSTEM = """\
"統計名：","社会・人口統計体系"

"調査年 コード","調査年","地域 コード","地域 補助コード","地域","/項目","A1101_総人口【人】","A1101_総人口【人】 注釈"
"2020100000","2020年度","23201","","愛知県 豊橋市","","83",""
"2020100000","2020年度","23202","","愛知県 岡崎市","","85",""
"""
PREFECTURE = """\
市町村別人口（令和７年１月１日現在）,,,,
,,,,（単位：人、世帯）
市町村名,世帯数,人口,,
,,総数,男,女
県計,82,188,91,97
市計,72,168,80,88
郡計,10,20,11,9
豊橋市,36,83,40,43
岡崎市,36,85,40,45
北設楽郡,10,20,11,9
設楽町,6,12,6,6
東栄町,4,8,5,3
注１ 住民基本台帳による。,,,,
"""
SPLIT_CODE = "都道府県コード,市区町村コード,人口\n23,201,83\n23,202,85\n"
PREFIX = "市町村名,人口\n愛知県豊橋市,83\n愛知県岡崎市,85\n"
WARDS = """\
市区町村コード,市区町村名,人口
231002,名古屋市,10
231011,千種区,4
232017,豊橋市,83
232025,岡崎市,85
,合計,178
"""
SIXTH = """\
令和7年1月1日住民基本台帳人口・世帯数、令和6年（1月1日から同年12月31日まで）人口動態（市区町村別）,,,,,,,
,,,令和7年,,,,令和6年
,,,2025年,,,,2024年
,,,人口,,,世帯数,住民票記載数
,,,男,女,計,世帯数,計
団体コード,都道府県名,市区町村名,人,人,人,世帯,人
010006,北海道,-,1,1,2,1,1
230006,愛知県,-,80,88,168,72,1
232017,愛知県,豊橋市,40,43,83,36,1
232025,愛知県,岡崎市,40,45,85,36,1
"""
CARDS = """\
令和5年度市町村別決算状況調,,,,,
（単位：千円・％）,,,,,
,団体コード,団体名,住民基本台帳登載人口,,人口,標準財政規模
,,,令7.1.1,,令7.1.1,
,,,（人）,,（人）,
,,,,,,
,232017,豊橋市,82,,83,75788824
,232025,岡崎市,84,,85,80000000
"""
CODE_NAME = "市町村,,人口,\nコード,名称,男,計\n232017,豊橋市,40,83\n232025,岡崎市,40,85\n"
FIVE_ROWS = """\
表1,,,
市町村名,令和7年,,
,1月1日,,
,人口,,
,総数,,うち外国人
,男,女,
,人,人,人
豊橋市,1,2,83
岡崎市,3,4,85
"""

READ = {
    "the ministry": (MINISTRY, f"人口計={COUNT}"),
    "the ministry, units beside the words for a body": (SIXTH, f"人口計={COUNT}"),
    "cards of accounts": (CARDS, f"人口={COUNT}"),
    "the lowest heading": (MINISTRY, f"計={COUNT}"),
    "all headings": (MINISTRY, f"令和7年人口計={COUNT}"),
    "e-Stat": (ESTAT, f"総数={CENSUS}"),
    "the system of statistics": (SYSTEM, f"A1101_総人口【人】={CENSUS}"),
    "a prefecture": (PREFECTURE, f"総数={COUNT}"),
    "a code in two columns": (SPLIT_CODE, f"人口={COUNT}"),
    "a prefecture before the name": (PREFIX, f"人口={COUNT}"),
    "wards of a city": (WARDS, f"人口={COUNT}"),
    "a word over code and name": (CODE_NAME, f"計={COUNT}"),
    "five rows": (FIVE_ROWS, f"うち外国人={COUNT}"),
}


@pytest.fixture(name="aichi", scope="module")
def fixture_aichi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace.copy(tmp_path_factory.mktemp("aichi"))


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return shutil.copytree(BASE, tmp_path / "council")


def saved(folder: Path, text: str) -> Path:
    path = folder / "表.csv"
    path.write_text(text, "utf-8")
    return path


def column(made: TableProposal, heading: str) -> dict[str, str]:
    assert made.data is not None
    head, *lines = (line.split(",") for line in made.data.decode("utf-8-sig").splitlines())
    return {line[1]: line[head.index(heading)] for line in lines}


@pytest.mark.parametrize("form", READ)
def test_a_published_form_is_read_without_work_by_hand(
    form: str, aichi: Path, tmp_path: Path
) -> None:
    text, wanted = READ[form]
    made = propose_figures(aichi, saved(tmp_path, text), R7, [wanted])
    read = column(made, wanted.partition("=")[2])
    assert (read["豊橋市"], read["岡崎市"], read["愛知県"]) == ("83", "85", "")


def test_a_unit_below_one_heading_is_not_that_of_the_next(aichi: Path, tmp_path: Path) -> None:
    asked = "規模（円、令和5年度決算）"
    made = propose_figures(aichi, saved(tmp_path, CARDS), R7, [f"標準財政規模={asked}"])
    assert column(made, asked)["豊橋市"] == "75788824000"
    assert "「標準財政規模」は千円の数です。円に直しました。" in made.read


@pytest.mark.parametrize(
    ("text", "named"),
    [(SIXTH, "人口計=人口"), (CARDS, "住民基本台帳登載人口令7.1.1=人口"), (ESTAT, "総数=人口")],
)
def test_the_example_of_a_column_is_one_with_numbers(
    text: str, named: str, aichi: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="人口なら: ") as refused:
        propose_figures(aichi, saved(tmp_path, text), R7, [])
    assert f'--column "{named}（人' in refused.value.problems[0].fix


def test_merged_headings_of_a_workbook_are_spans(aichi: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in MINISTRY.splitlines():
        sheet.append([int(t) if t.isdigit() and len(t) < 4 else t or None for t in line.split(",")])
    for area in ("A1:J1", "A2:A4", "B2:B4", "C2:C4", "D2:G2", "D3:F3", "G3:G4", "H2:J2", "H3:J3"):
        sheet.merge_cells(area)
    book.save(path := tmp_path / "表.xlsx")
    made = propose_figures(aichi, path, R7, [f"人口計={COUNT}"])
    read = column(made, COUNT)
    assert (read["豊橋市"], read["岡崎市"]) == ("83", "85")
    assert made.problems == ()  # merged headings are read, and no cells that cannot be


HEAD = "団体コード,団体名,人口\n"
A, B, C = "098019,A市,28500\n", "098027,B町,9900\n", "098035,C村,4700\n"
FIGURES = f"人口={COUNT}"
REFUSED = {
    "two tables": ("団体名,人口,,団体名,人口\nA市,1,,C村,2\nB町,3,,,\n", FIGURES, "W840"),
    "another heading below": ("団体名,人口\nA市,1\n団体名,世帯数\nB町,2\n", FIGURES, "W840"),
    "a continued heading": ("団体名,人口\nA市,1\n団体名（続）,世帯数\nB町,2\n", FIGURES, "W840"),
    "a day beside a title": (
        ",,表,令和6年1月1日現在\n団体名,人口,男,女\nA市,3,1,2\n",
        FIGURES,
        "W845",
    ),
    "a row without a name": ("団体名,人口\nA市,1\n,2\nC村,3\n", FIGURES, "W843"),
    "a total without a name": (f"{HEAD}{A}{B}{C},,43100\n", FIGURES, "W843"),
    "a name that is nearly right": ("団体名,人口\nA市,1\nB町,2\nＣ林,3\n", FIGURES, "W843"),
    "a code of another body": (HEAD + A.replace("098019", "098051"), FIGURES, "W843"),
    "a comma into a remark": (
        "団体コード,団体名,人口,備考\n098019,A市,28,500\n",
        FIGURES,
        "W120",
    ),
    "a comma with a blank remark": (
        "団体コード,団体名,人口,備考\n098019,A市,28,500,\n",
        FIGURES,
        "W120",
    ),
    "a note beside the table": (f"{HEAD}{A.strip()},,速報\n{B}{C}", FIGURES, "W120"),
    "a title of last year": (f"人口（令和6年1月1日現在）\n{HEAD}{A}{B}{C}", FIGURES, "W845"),
    "a day of the same year": (f"令和7年10月1日現在\n{HEAD}{A}{B}{C}", FIGURES, "W845"),
    "a bare year": ("団体名,2015\nA市,1\n", f"2015={COUNT}", "W845"),
    "a unit of two kinds": ("団体名,単位,数\nA市,人,1\nB町,世帯,2\n", f"数={COUNT}", "W845"),
    "a unit in every row": (
        "表章項目,団体名,数\n人口（千人）,A市,1\n人口（千人）,B町,2\n",
        f"数={COUNT}",
        "W845",
    ),
    "a year of the rows": ("団体名,年度,数\nA市,5,1\nB町,5,2\n", f"数={COUNT}", "W845"),
    "R6 in a table of 令和6年": (
        "（令和6年1月1日現在）\n団体名,R6\nA市,1\n",
        f"R6={COUNT}",
        "W845",
    ),
    "households": ("団体名,数（世帯）\nA市,1\n", f"数（世帯）={COUNT}", "W845"),
    "a unit in the title": (f"（単位：千人）\n{HEAD}{A}", FIGURES, "W845"),
    "a row that fell out": (f"{HEAD}{A}{C},合計,43100\n", FIGURES, "W846"),
    "a subtotal": ("団体名,人口\n市計,2\nA市,1\n町村計,5\nB町,2\nC村,3\n", FIGURES, "W846"),
}


@pytest.mark.parametrize("form", REFUSED)
def test_what_is_not_clear_is_refused_with_its_place(form: str, root: Path) -> None:
    text, wanted, code = REFUSED[form]
    with pytest.raises(InputError) as refused:
        propose_figures(root, saved(root, text), R7, [wanted])
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.source.place()
    assert problem.fix


LYING = {
    "another word": ("題,,\n番号,構成市,人口\n1,A市,5\n2,B町,6\n", "B2を「団体名」に直して"),
    "codes under another word": ("題,\n番号,人口\n098019,5\n098027,6\n", "A2を「団体コード」に"),
    "no word": ("題,\n,人口\nA市,5\nB町,6\n", "A2に「団体名」と書いて"),
    "no headings": ("A市,5\nB町,6\n", "1行目の上に1行を入れ"),
    "sideways": ("区分,A市,B町\n人口,5,6\n", "行/列の入れ替え"),
    "sideways under no word": (",A市,計,B町\n人口,5,11,6\n", "行/列の入れ替え"),
    "sideways with codes": ("団体コード,098019,098027\n人口,5,6\n", "行/列の入れ替え"),
    "sideways with 男 and 女": (
        "団体名,A市,,B町,\n,男,女,男,女\n人口,2,3,2,4\n",
        "行/列の入れ替え",
    ),
}


@pytest.mark.parametrize("form", LYING)
def test_a_table_that_lies_otherwise_is_mended_where_its_bodies_are(form: str, root: Path) -> None:
    text, mend = LYING[form]
    with pytest.raises(InputError) as refused:
        propose_figures(root, saved(root, text), R7, [FIGURES])
    (problem,) = refused.value.problems
    assert problem.code == "W840"
    assert mend in problem.fix


def test_the_row_that_looks_like_headings_is_shown(root: Path) -> None:
    text = "市町村別人口,,\n\nNo.,市町村等,人口\n1,札幌,5\n"
    with pytest.raises(InputError, match=r"3行目.*No\.、市町村等、人口"):
        propose_figures(root, saved(root, text), R7, [FIGURES])


@pytest.mark.parametrize("name", ["A市中区", "A市 東区", "Ａ市一宮区"])
def test_a_ward_is_a_part_of_its_city(name: str, root: Path) -> None:
    rest = "B町,6\nC村,7\n"
    made = propose_figures(
        root, saved(root, f"団体名,人口\nA市,5\n{name},2\n{rest}"), R7, [FIGURES]
    )
    assert column(made, COUNT) == {"X県": "", "A市": "5", "B町": "6", "C村": "7"}
    with pytest.raises(InputError, match="「A市」の一部ですが"):
        propose_figures(root, saved(root, f"団体名,人口\n{name},2\n{rest}"), R7, [FIGURES])


def test_a_spanning_heading_names_each_column(aichi: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="人口男、人口女、人口計"):
        propose_figures(aichi, saved(tmp_path, MINISTRY), R7, [f"人口={COUNT}"])


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("団体コード,団体名,額（千円）\n098019,A市,2.5\n", "額（千円）"),
        ("団体コード,団体名,額\n,,千円\n098019,A市,2.5\n", "額"),
        ("表,,（単位：千円）\n団体コード,団体名,額\n098019,A市,2.5\n", "額"),
        ("団体コード,団体名,額,率\n,,千円,\n098019,A市,2.5,1\n", "額"),
    ],
)
def test_money_is_turned_into_the_unit_that_is_asked_for(text: str, unit: str, root: Path) -> None:
    made = propose_figures(root, saved(root, text), R7, [f"{unit}={SCALE}"])
    assert column(made, SCALE)["A市"] == "2500"
    assert any("千円の数です。円に直しました" in line for line in made.read)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}{A}{B}{C}", "単位は、元の表に書かれていません"),
        (f"{HEAD}{A}{B}{C}", "いつの値かは、元の表に書かれていません"),
        (f"{HEAD}{A}{B}{C}", "合計の行がないので"),
        (f"{HEAD}{A}{B}{C},合計,43100\n", "合計の行（1）を足し直しました"),
        (f"{HEAD}全国,,9\n{A}{B}{C}".replace("全国,", ",全国"), "足す行が揃わないので"),
        (f"題,,\n{HEAD}{A}{B}{C}注,,\n", "表の上の題や注（1セル）: A1"),
        (f"{HEAD}{A}{B}{C}注,,\n", "団体の行でない行（注など）（1セル）: A5"),
        (f"{HEAD}{A}{HEAD}{B}{C}", "見出しの繰り返し（3セル）: A3、B3、C3"),
        (f"{HEAD}{A}{B}{C}011002,札幌市,7\n", "団体一覧にない団体の行（3セル）: A5、B5、C5"),
        (HEAD.replace("名,", "名,区分,") + "098019,A市,市,5\n", "取り込まない列の値（1セル）: C2"),
        ("団体名,男女,人口\nA市,男,1\nB町,男,2\n", "「男女」の列は、どの団体も「男」です。"),
    ],
)
def test_what_is_passed_over_is_told(text: str, said: str, root: Path) -> None:
    made = propose_figures(root, saved(root, text), R7, [FIGURES])
    assert any(said in line for line in made.read), made.read


def test_a_year_of_two_digits_is_told(root: Path) -> None:
    text = "団体名,7年1月,1月\nA市,1,2\n"
    made = propose_figures(root, saved(root, text), R7, [f"7年1月={COUNT}"])
    assert "「7年1月」の「7年1月」を、令和7年1月1日現在のこととしました。" in made.read
    made = propose_figures(root, saved(root, text), R7, [f"1月={COUNT}"])
    assert "「1月」の「1月」を、令和7年1月1日現在のこととしました。" in made.read


def test_a_day_that_cannot_be_compared_is_told(root: Path) -> None:
    text = f"（令和6年1月1日現在）\n{HEAD}{A}{B}{C}"
    made = propose_figures(root, saved(root, text), R7, ["人口=人口（人、直近）"])
    assert any("「令和6年1月1日」の値です。「直近」と同じか" in line for line in made.read)


def test_warnings_of_used_cells_are_told_as_tables_tell_them(root: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["団体名", "去年", "人口"], ["A市", 1, 2], ["B町", 1, 3], ["C村", 1, 4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("令和6年度").append(["別の表"])
    book.save(path := root / "表.xlsx")
    made = propose_figures(root, path, R7, [FIGURES])
    assert {problem.code for problem in made.problems} == {"W143", "W134"}
    (hidden,) = (problem for problem in made.problems if problem.code == "W134")
    assert hidden.source.cell == "A3"  # column B, which nobody uses, is told as not taken
    assert any(line.startswith("取り込まない列の値（3セル）: B2") for line in made.read)


def test_a_cell_merged_into_a_used_column_is_refused(root: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["団体名", "去年", "人口"], ["A市", 1, 2], ["B町", 5, None]):
        sheet.append(row)
    sheet.merge_cells("B3:C3")
    book.save(path := root / "表.xlsx")
    with pytest.raises(InputError, match="W110"):
        propose_figures(root, path, R7, [FIGURES])


ROSTERS = {
    "a body that nobody knows": "団体名,参加\nA市,○\nB町,○\nC村,○\nX県,\nE市,○\n",
    "a body that is nearly right": "団体名,参加\nA市,○\nB町,○\nＣ林,○\n",
    "a mark without a name": "団体名,参加\n,○\nA市,○\n",
    "a neighbour with a code": "団体コード,団体名,参加\n098019,A市,○\n098051,E市,○\n",
    "another year": "令和6年度 参加団体,\n団体名,参加\nA市,○\n",
    "another year in the rows": "団体名,年度,参加\nA市,6,○\nB町,令和6年度,○\n",
    "another heading below": "団体名,参加\nA市,○\n団体名,別の事業\nB町,○\n",
}


@pytest.mark.parametrize("form", ROSTERS)
def test_a_mark_is_never_lost(form: str, root: Path) -> None:
    with pytest.raises(InputError) as refused:
        propose_rosters(root, saved(root, ROSTERS[form]), R7, ["参加"])
    assert {problem.code for problem in refused.value.problems} <= {"W840", "W843", "W845"}


def test_a_merged_note_below_a_roster_is_no_body(root: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["団体名", "参加"], ["A市", "○"], ["B町", "○"], ["C村", None], ["注 総会で議決"]):
        sheet.append(row)
    sheet.merge_cells("A5:B5")
    book.save(path := root / "表.xlsx")
    made = propose_rosters(root, path, R7, ["参加"])
    assert column(made, "参加") == {"X県": "", "A市": "○", "B町": "○", "C村": ""}
    assert "「参加」の年度は、元の表に書かれていません。令和7年度としました。" in made.read


def test_numbers_of_the_office_are_no_codes(root: Path) -> None:
    text = "コード,構成市町村,人口\n1,A市,5\n2,B町,6\n3,C村,7\n"
    made = propose_figures(root, saved(root, text), R7, [FIGURES])
    assert column(made, COUNT) == {"X県": "", "A市": "5", "B町": "6", "C村": "7"}


LOST = "市区町村コード,市区町村名,人口\n"


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ("23213,西尾市,7\n", "7"),  # the name decides
        ("23213,,7\n232017,豊橋市,1\n", None),  # six digits: 023213 is another body
        ("23213,,7\n23201,,1\n", "7"),  # 23201 is no code that lost its 0: the column has five
        ("23213,,7\n", None),  # nothing decides
        ("23213,鰺ヶ沢町,9\n232131,西尾市,7\n", "7"),
    ],
)
def test_a_lost_zero_is_decided_by_the_name_or_the_column(
    rows: str, right: str | None, aichi: Path, tmp_path: Path
) -> None:
    try:
        made = propose_figures(aichi, saved(tmp_path, LOST + rows), R7, [FIGURES])
    except InputError:
        assert right is None
    else:
        assert column(made, COUNT)["西尾市"] == (right or "")
