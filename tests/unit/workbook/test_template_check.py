"""What of a template is refused, with its place and the mend; hostile files never get through."""

import io
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from apportion.core import catalogue
from apportion.core.problem import Problem
from apportion.forms import check
from apportion.forms.book import joined, opened
from apportion.forms.check import Needs, problems
from apportion.forms.check_book import Filled
from apportion.forms.slots import (
    NAMES,
    Formula,
    Place,
    Template,
    corners,
    kind_of,
    known,
    point,
    read,
)
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from tests import templates
from tests.drawn import png
from tests.error_templates import formula, name, text
from tests.packages import faults
from tests.rich_template import SHEET, STRINGS, changed, plain, rich
from tests.unit.workbook.council import council
from tests.unit.workbook.forms import decided

FILE = "rules/様式/請求書.xlsx"
NEEDS = Needs(projects=5, ended=0, instalments=2)
AGAIN = "再発行: 第1回\n"
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def told(data: bytes, needs: Needs = NEEDS) -> list[Problem]:
    return list(problems(FILE, data, needs))


def codes(data: bytes) -> set[str]:
    return {problem.code for problem in told(data)}


@pytest.mark.parametrize("make", [plain, rich, templates.letter, templates.compact])
def test_a_sound_template_gives_no_problem(make: Callable[[], bytes]) -> None:
    assert told(make()) == []


def added(part: str, content: bytes) -> Callable[[], bytes]:
    return lambda: changed(plain(), {part: (b"", content)})


def edited(part: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: changed(plain(), {part: (old, new)})


def more_strings(new: bytes) -> Callable[[], bytes]:
    return edited(STRINGS, b"</sst>", new + b"</sst>")


LINKED = {"xl/drawings/_rels/drawing1.xml.rels": (b'/image" ', b'/image" TargetMode="External" ')}

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("W104", lambda: b""),
    "text": ("W104", "団体名".encode),
    "xls": ("W104", lambda: XLS),
    "password": ("W104", lambda: XLS + "EncryptedPackage".encode("utf-16-le")),
    "cut off": ("W104", lambda: plain()[:2000]),
    "broken xml": ("W104", edited(SHEET, b"</sheetData>", b"")),
    "macro": ("W105", added("xl/vbaProject.bin", b"x")),
    "links": ("W105", added("xl/externalLinks/externalLink1.xml", b"<a/>")),
    "doctype": (
        "W105",
        edited(SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
    ),
    "bomb": ("W105", added("xl/a.xml", b"<a>" + bytes(2_000_000) + b"</a>")),
    "extent": ("W105", edited(SHEET, b'r="A2"', b'r="XFD1048576"')),
    "way out": ("W702", added("../a.xml", b"<a/>")),
    "drive": ("W702", added("C:/a.xml", b"<a/>")),
    "twice": ("W702", added("XL/Workbook.xml", b"<a/>")),
    "no sheet of that relation": ("W702", edited("xl/workbook.xml", b'r:id="rId1"', b'r:id="r9"')),
    "no such string": ("W104", edited(SHEET, b"<v>2</v>", b"<v>99</v>")),
    "no number": ("W104", edited(SHEET, b"<v>2</v>", b"<v>x</v>")),
    "bad style": ("W104", edited(SHEET, b'<c r="A2"', b'<c s="-4" r="A2"')),
    "a relation of a sheet that is not there": (
        "W702",
        edited(SHEET, b"</worksheet>", b'<drawing r:id="rId9"/></worksheet>'),
    ),
    "a picture that lies elsewhere": ("W702", lambda: changed(rich(), LINKED)),
    "a service in a formula": ("W702", lambda: plain(formula('WEBSERVICE("http://例.jp")'))),
    "a program in a formula": ("W702", lambda: plain(formula("cmd|'/C calc'!A1"))),
    "a connection": ("W702", added("xl/connections.xml", b"<connections/>")),
    "an address in a drawing of old": (
        "W702",
        added("xl/drawings/vmlDrawing1.vml", b'<x><v src="http://example.jp/a.png"/></x>'),
    ),
    "texts within one another": ("W104", more_strings(b"<si>" * 3_000 + b"</si>" * 3_000)),
    "twenty thousand texts": ("W702", more_strings(b"<si><t>{{a}}</t></si>" * 20_000)),
    "formulas without end": (
        "W702",
        lambda: plain(lambda _, s: [s.write_formula(r, 1, f"={'1+' * 200}1") for r in range(300)]),
    ),
    "style that is not there": ("W104", edited(SHEET, b'<c r="A2"', b'<c s="77" r="A2"')),
    "cell without place": ("W104", edited(SHEET, b'<c r="A2"', b"<c ")),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gives_a_problem_with_a_mend(case: str) -> None:
    code, make = HOSTILE[case]
    found = told(make())
    assert [problem.code for problem in found] == [code]
    assert found[0].source.file == FILE
    assert found[0].why
    assert found[0].fix


def test_no_damage_of_a_byte_raises() -> None:
    """Bytes changed at random, also inside the parts: a problem or none, never an exception."""
    chance = random.Random(7)  # noqa: S311  not for secrets
    with zipfile.ZipFile(io.BytesIO(rich())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(150):
        part = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
        data = bytearray(parts[part])
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.choice(b"<>\"'/&;=0aZ {}")
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as made:
            for name, content in parts.items():
                made.writestr(name, bytes(data) if name == part else content)
        assert codes(target.getvalue()) <= set(catalogue.codes())
    whole = bytearray(plain())
    for _ in range(150):
        place = chance.randrange(len(whole))
        kept, whole[place] = whole[place], chance.randrange(256)
        assert codes(bytes(whole)) <= set(catalogue.codes())
        whole[place] = kept


def test_a_sheet_of_a_chart_alone_is_no_obstacle() -> None:
    def draw(book: Workbook, _sheet: Worksheet) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=通知!$C$1:$C$3"})
        book.add_chartsheet("図").set_chart(chart)

    assert told(plain(draw)) == []


def test_the_named_near_placeholder_mends_it() -> None:
    for wrong, right in (
        ("団休名", "団体名"),
        ("納入金頷", "納入金額"),
        ("内訳3負担金顎", "内訳3負担金額"),
    ):
        (problem,) = (p for p in told(plain(text("B1", f"{{{{{wrong}}}}}"))) if p.code == "W703")
        assert f"{{{{{right}}}}}" in problem.fix
        assert (problem.source.sheet, problem.source.cell) == ("通知", "B1")


@pytest.mark.parametrize("place", ["footer", "box", "comment", "title"])
def test_an_unknown_placeholder_is_found_outside_cells(place: str) -> None:
    def draw(book: Workbook, sheet: Worksheet) -> None:
        wrong = "{{団本名}}"
        if place == "footer":
            sheet.set_footer(f"&L{wrong}")
        elif place == "box":
            sheet.insert_textbox("C3", wrong)
        elif place == "comment":
            sheet.write_comment("C3", wrong)
        else:
            book.set_properties({"title": wrong})

    assert codes(plain(draw)) == {"W703"}


@pytest.mark.parametrize("place", ["cell", "footer", "box", "comment"])
def test_a_placeholder_with_single_braces_is_told(place: str) -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        near = "｛ 件名 ｝" if place == "cell" else "{件名}"
        {
            "cell": lambda: sheet.write_string("C3", f"件名は{near}"),
            "footer": lambda: sheet.set_footer(f"&L{near}"),
            "box": lambda: sheet.insert_textbox("C3", near),
            "comment": lambda: sheet.write_comment("C3", near),
        }[place]()

    (problem,) = told(plain(draw))
    assert (problem.code, problem.fix) == ("W703", "{{件名}} に直してください。")


def test_other_words_in_single_braces_are_no_placeholder() -> None:
    assert told(plain(text("B1", "{様式の例} {28A0092B-C50C-407E-A947-70E740481C1C}"))) == []


DECIDED: check.Fields = {
    "件名": (),
    "発行者": ("共同協議会 会長",),
    "内訳1事業": (),
    "第1期納期限": (),
    "公印": ("公印省略",),
}


def left_out(data: bytes) -> list[str]:
    found = told(data, NEEDS._replace(fields=DECIDED))
    assert len(found) <= 1
    assert {problem.code for problem in found} <= {"W709"}
    return re.findall(r"\{\{(.+?)\}\}", found[0].fix) if found else []


def test_one_message_lists_what_is_printed_nowhere_and_mends_it() -> None:
    assert left_out(plain()) == [*DECIDED]

    def whole(_book: Workbook, sheet: Worksheet) -> None:
        for row, field in enumerate(left_out(plain())):
            sheet.write_string(row, 5, f"{{{{{field}}}}}")

    assert told(plain(whole), Needs(1, 0, 1, fields=DECIDED)) == []


def test_what_is_drawn_in_words_or_in_a_box_is_printed() -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        sheet.write_string("B1", "共同協議会　会長 （公印省略）")
        sheet.insert_textbox("C3", "件名: {{件名}}")

    assert left_out(plain(draw)) == ["内訳1事業", "第1期納期限"]


def test_a_seal_that_is_drawn_in_the_template_is_enough() -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        sheet.insert_image("F8", "seal.png", {"image_data": io.BytesIO(png())})

    assert [p.code for p in told(plain(), NEEDS._replace(sealed=True))] == ["W710"]
    assert told(plain(draw), NEEDS._replace(sealed=True)) == []


def test_what_is_not_on_paper_is_not_printed() -> None:
    def draw(book: Workbook, sheet: Worksheet) -> None:
        sheet.print_area("A1:A3")
        sheet.write_string("B1", "{{件名}}")
        book.add_worksheet("控え").hide()
        book.set_properties({"title": "{{件名}}"})

    assert left_out(plain(draw)) == [*DECIDED]


@pytest.mark.parametrize("make", [*templates.SHIPPED.values()])
def test_the_shipped_templates_print_everything(make: Callable[[], bytes], tmp_path: Path) -> None:
    keys = ("備考", "再発行", "文書番号", "納入場所", "口座名義カナ", "発行責任者", "担当者")
    book = decided(tmp_path, ("rules/r7/00.txt", "公印: 省略\n", f"公印: 省略\n{AGAIN}")).book
    fields = check.expected(book, "", projects=5, instalments=4)
    assert {*keys, "根拠", "公印", "内訳5負担金額", "第4期納期限"} < fields.keys()
    assert told(make(), NEEDS._replace(fields=fields)) == []


STEADY = ("1+1", '"納入金額"&"A2"', "SUM(B1:C9)", "'裏面'!A2", "LOG10(100)", "IF(TRUE,$D$4,1)")
UNSTEADY = (
    *(
        "A2",
        "$A$2+1",
        "SUM(A1:B9)",
        "A:A",
        "2:2",
        "SUM('通知'!A1:A3)",
        "通知!A2",
        "金額",
        "名前なし",
    ),
    *(
        "TODAY()",
        "NOW()",
        "RAND()",
        'INDIRECT("A2")',
        "OFFSET(B1,1,-1)",
        "表[列]",
        "B1:INDEX(B:B,2)",
    ),
    *("'通知:裏面'!A2", "[1]表!A1", '"{{団体名}}"&"様"', "_xlfn.RANDARRAY(2)", "SUM((A1,A2))"),
)


@pytest.mark.parametrize("words", [*STEADY, *UNSTEADY])
def test_formulas_that_rest_on_filled_cells_or_the_clock(words: str) -> None:
    filled = Filled({point("通知", "A2")}, {"金額": "'通知'!$A$2", "別": "'通知'!$B$2"})
    formula = Formula(Place("通知", "C1"), words, "C1", worked_out=True)
    assert filled.changes(formula) == (words in UNSTEADY)


def test_a_shared_formula_reaches_as_far_as_its_block() -> None:
    filled = Filled({point("通知", "A5")}, {})
    shared = Formula(Place("通知", "B1"), "A1", "B1:B9", worked_out=True)
    assert filled.changes(shared)
    assert not filled.changes(shared._replace(area="B1:B4"))


def test_corners() -> None:
    assert corners("$B$3") == (2, 3, 2, 3)
    assert corners("AA10:B3") == (2, 3, 27, 10)
    assert corners("C:C") == (3, 1, 3, 1_048_576)
    assert corners("5:7") == (1, 5, 16_384, 7)


def test_a_formula_beside_the_placeholders_is_kept() -> None:
    assert told(plain(formula("=1+2", 3))) == []
    assert codes(plain(formula("=A2*2", 3))) == {"W707"}
    assert codes(plain(name("別の名前", "='通知'!$A$2"))) == set()


def test_last_years_ended_projects_need_a_row_where_last_year_is_shown() -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        for number in (1, 2):
            sheet.write_string(number, 3, f"{{{{内訳{number}前年度}}}}")

    assert told(plain(draw), Needs(2, 0, 0)) == []
    (problem,) = told(plain(draw), Needs(2, 1, 0))
    assert (problem.code, "{{内訳3前年度}}" in problem.fix) == ("W706", True)


def test_a_taxed_bill_says_its_number_and_its_tax() -> None:
    found = told(plain(text("B1", "登録番号 {{登録番号}}")), NEEDS._replace(taxed=True))
    assert [p.code for p in found] == ["W704", "W704"]
    assert told(templates.letter(), NEEDS._replace(taxed=True)) == []
    assert ["課税対象額" in found[0].what, "消費税額" in found[1].what] == [True, True]


@pytest.mark.parametrize("how", ["row", "column", "area", "seen"])
def test_a_mark_that_is_not_printed_does_not_count(how: str) -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        if how == "row":
            sheet.set_row(2, None, None, {"hidden": True})
        elif how == "column":
            sheet.set_column("A:A", None, None, {"hidden": True})
        else:
            sheet.print_area("A1:B2" if how == "area" else "A2:B3")

    names = {
        "row": ["状態"],
        "area": ["状態"],
        "column": ["納入金額", "宛先", "状態"],
        "seen": ["宛先"],
    }
    found = [re.findall(r"\{\{(.+?)\}\}", problem.what) for problem in told(plain(draw))]
    assert found == [[name] for name in names[how]]


def test_the_cells_that_a_message_names_mend_it() -> None:
    def short(_book: Workbook, sheet: Worksheet) -> None:
        sheet.write_string("B1", "{{内訳2負担金額}}")
        sheet.write_string("B2", "{{第1期金額}}")

    missing = [re.findall(r"\{\{.+?\}\}", problem.fix) for problem in told(plain(short))]
    assert [len(names) for names in missing] == [4, 1]

    def whole(book: Workbook, sheet: Worksheet) -> None:
        short(book, sheet)
        for row, mark in enumerate(mark for names in missing for mark in names):
            sheet.write_string(row, 5, mark)

    assert told(plain(whole)) == []


def without_shared_strings() -> bytes:
    """The texts in the cells themselves, as some programs write them."""
    with zipfile.ZipFile(io.BytesIO(plain())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts = re.findall("<t>(.*?)</t>", parts.pop("xl/sharedStrings.xml"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part, data in parts.items():
            listed = re.sub(r"<(?:Override|Relationship) [^>]*sharedStrings[^>]*/>", "", data)
            inline = re.sub(
                r' t="s"><v>(\d+)</v>',
                lambda match: f' t="inlineStr"><is><t>{texts[int(match[1])]}</t></is>',
                listed,
            )
            made.writestr(part, inline)
    return target.getvalue()


def test_a_template_without_shared_strings_gets_ours(tmp_path: Path) -> None:
    outcome = council(tmp_path, "案")
    drawn = plan(outcome)
    assert told(without_shared_strings(), Needs(2, 0, 0)) == []
    found = read(without_shared_strings())
    assert isinstance(found, Template)
    book = Filler(drawn, found).content(outcome.members[1], number=2)
    assert faults(book) == []
    assert "岡崎市長".encode() in zipfile.ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml")


def test_checking_a_template_needs_no_spreadsheet_package(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(plain())
    code = (
        "import sys, pathlib; from apportion.forms import check as t; "
        "print(list(t.problems('x', pathlib.Path('form.xlsx').read_bytes(), t.Needs(1, 0, 0)))); "
        "print({'openpyxl', 'pandas', 'numpy', 'xlsxwriter', 'python_calamine'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == ["[]", "set()"]


def test_a_chart_of_filled_cells_is_refused() -> None:
    def draw(book: Workbook, sheet: Worksheet) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=通知!$A$1:$A$3"})
        sheet.insert_chart("F1", chart)

    assert codes(plain(draw)) == {"W707"}


def test_names() -> None:
    assert kind_of("内訳１２前年度") == ("内訳n前年度", 12)
    assert known("第2期納期限")
    assert known("第2期")
    assert not known("内訳n事業")
    assert not known("内訳0事業")
    assert not known("団体名1")
    assert len(set(NAMES)) == len(NAMES)


def test_the_manual_lists_every_placeholder_and_no_other() -> None:
    manual = (templates.FOLDER.parent / "README.md").read_text(encoding="utf-8")
    section = manual[manual.index("#### 様式の作り方") : manual.index("### 2.18")]
    listed = re.findall(r"`\{\{(.+?)\}\}`", section[section.index("| 差込み |") :])
    assert {kind_of(one)[0] for one in listed} == set(NAMES)


def test_runs_are_joined_and_only_there() -> None:
    def joint(xml: str) -> str:
        return joined(xml.encode()).decode()

    kept = "<sst><si><t>負担金</t><rPh sb='0' eb='3'><t>フタンキン</t></rPh></si></sst>"
    assert joint(kept) == kept
    cut = "<a:p><a:r><a:rPr b='1'/><a:t>前{</a:t></a:r><a:r><a:t>{団</a:t></a:r><a:r><a:t>体名}}後</a:t></a:r></a:p>"
    assert joint(cut) == (
        "<a:p><a:r><a:rPr b='1'/><a:t>前{{団体名}}</a:t></a:r><a:r><a:t></a:t></a:r>"
        "<a:r><a:t>後</a:t></a:r></a:p>"
    )
    coded = changed(plain(), {SHEET: (b"<v>0</v>", b"<v>0</v>")})
    assert read(coded) is read(coded)


def test_signs_written_as_numbers_are_read() -> None:
    coded = "".join(f"&#{ord(sign)};" for sign in "{{宛先}}").encode()
    strings = {"xl/sharedStrings.xml": ("{{宛先}}".encode(), coded)}
    assert told(changed(plain(), strings)) == []


def test_a_template_is_opened_once() -> None:
    assert opened(plain()) is opened(plain())
