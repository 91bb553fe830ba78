"""A form of the council's own: filled for each member, and nothing else in it changes."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from apportion.core.year import FiscalYear
from apportion.forms import slots
from apportion.forms.check_book import OURS
from apportion.forms.slots import TOTAL, YEARLY, Template
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.outputs import proof, readback, render
from apportion.outputs.office import write_pdfs
from apportion.pipeline import run
from apportion.workbook.letters import collected
from apportion.workbook.letters.book import BEHIND
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import Plan, plan
from apportion.workbook.letters.sent import Letter
from tests import office, templates
from tests.packages import faults
from tests.rich_template import changed, plain, rich
from tests.unit.workbook.council import council
from tests.workspace import SHIPPED

R7 = FiscalYear(2025)
FILLED = (
    *("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/drawings/drawing1.xml"),
    *("xl/charts/chart1.xml", "xl/comments1.xml", "docProps/core.xml"),
)
LISTED = (
    *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    *("xl/styles.xml", "xl/sharedStrings.xml", "docProps/app.xml"),
)
ONE_EACH = {
    "xl/worksheets/sheet1.xml": (
        *(
            "<x14:sparklineGroup ",
            "<x14:dataBar ",
            "<legacyDrawingHF",
            "<legacyDrawing ",
            "<drawing ",
        ),
        *("<dataValidation ", "<mergeCell ", "&amp;G", 'r:id="rIdPrinter"'),
    ),
    "xl/drawings/drawing1.xml": ("<xdr:sp ", "<xdr:pic>", "<xdr:graphicFrame", 'descr="枠"'),
    "xl/sharedStrings.xml": ("フタンキン",),
}


def template(data: bytes) -> Template:
    found = slots.read(data)
    assert isinstance(found, Template)
    return found


def filled(outcome: Outcome, data: bytes) -> dict[str, bytes]:
    """Every invoice by 団体コード."""
    drawn: Plan = plan(outcome)
    filler = Filler(drawn, template(data))
    return {
        member.code: filler.content(member, number=number)
        for number, member in enumerate(outcome.members, start=1)
    }


def parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def some(books: dict[str, bytes]) -> dict[str, bytes]:
    """The first two, and every ninth: 県, 市, and towns with many 不参加."""
    listed = list(books.items())
    return dict([listed[1], *listed[::9], listed[-1]])


@pytest.fixture(name="outcome", scope="module")
def fixture_outcome() -> Outcome:
    return compute(SHIPPED, R7)


@pytest.fixture(name="books", scope="module")
def fixture_books(outcome: Outcome) -> dict[str, bytes]:
    return filled(outcome, rich())


def test_everything_that_was_drawn_is_in_each_of_the_54_files(books: dict[str, bytes]) -> None:
    drawn = parts(rich())
    assert len(books) == 54
    for code, book in books.items():
        own = parts(book)
        assert own.keys() - drawn.keys() == {f"xl/worksheets/sheet{n}.xml" for n in (3, 4)}
        same = drawn.keys() - {*FILLED, *LISTED}
        assert [name for name in same if own[name] != drawn[name]] == [], code
        for name, signs in ONE_EACH.items():
            text, before = own[name].decode(), drawn[name].decode()
            for sign in signs:
                assert text.count(sign) == before.count(sign) > 0, (code, sign)
        anchors = re.compile(rb"<xdr:from>.*?</xdr:to>", re.DOTALL)
        drawing = "xl/drawings/drawing1.xml"
        assert anchors.findall(own[drawing]) == anchors.findall(drawn[drawing])
    assert "xl/media/image1.png" in drawn
    assert "xl/printerSettings/printerSettings1.bin" in drawn


def test_each_workbook_is_built_as_excel_wants_it(
    books: dict[str, bytes], outcome: Outcome
) -> None:
    first = next(iter(books))
    assert faults(rich()) == []
    for book in some(books).values():
        assert faults(book) == []
    for make in templates.SHIPPED.values():
        assert faults(filled(outcome, make())[first]) == []


def test_our_own_workbooks_are_built_so_too(outcome: Outcome, tmp_path: Path) -> None:
    render.write(outcome, tmp_path)
    for name in (
        "請求書/230006_愛知県_令和7年度負担金.xlsx",
        "請求書/232017_豊橋市_令和7年度負担金.xlsx",
        "負担金一覧.xlsx",
    ):
        assert faults((tmp_path / name).read_bytes()) == []


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_cells_hold_typed_values_in_the_format_that_was_drawn(
    books: dict[str, bytes], outcome: Outcome
) -> None:
    for code, book in some(books).items():
        total, name = outcome.total_of(code), outcome.tables.by_code[code].name
        values, formulas = (
            openpyxl.load_workbook(io.BytesIO(book), data_only=kept) for kept in (True, False)
        )
        sheet = values["通知"]
        assert sheet["A2"].value == sheet["A5"].value == total
        assert sheet["A2"].number_format == '"金"#,##0"円也"'
        assert sheet["A5"].number_format == '#,##0;"△"#,##0'  # the cell had none
        assert formulas["通知"]["A2"].value == total  # the face of a bill never changes
        assert f"金{total:,}円" in sheet["A6"].value
        assert sheet["A7"].value == f"団体は{name}です"  # runs joined, furigana gone
        assert sheet["A8"].value == "負担金"
        assert sheet["A9"].value == "令和7年度の事業に要する経費の負担"
        assert sheet["A10"].value == sheet["H11"].value == "電子申請・届出システム事業"
        assert sheet["A12"].value == code  # by its name
        assert (sheet["A13"].value, sheet["A14"].value) == (2, "あい")
        assert sheet["A11"].value is sheet["I16"].value is None
        assert sum(sheet[f"I{row}"].value for row in range(11, 16)) == total
        assert values.sheetnames == ["通知", "裏面", *OURS]
        assert values["裏面"]["A1"].value == f"{name}の裏面"
        assert values.properties.title == f"{name}の負担金"
        assert sheet["A3"].comment.text == f"{name}への注記"
        text = parts(book)["xl/worksheets/sheet1.xml"].decode()
        assert f"&amp;L{name} &amp;&amp; 会計" in text
        # behind a size of letters a digit would belong to the size
        assert f"&amp;12 {code}" in text


def test_no_file_holds_anything_of_another_member(
    books: dict[str, bytes], outcome: Outcome
) -> None:
    names = {member.code: member.name for member in outcome.members}
    for code, book in books.items():
        own = parts(book)
        shared = own.pop("xl/sharedStrings.xml").decode()
        text = shared + "".join(data.decode(errors="ignore") for data in own.values())
        assert "{{" not in text
        assert names[code] in text
        others = {n for n in names.values() if n not in names[code] and names[code] not in n}
        assert [
            name for name in others if re.search(f"{name}(?:長|知事|の|は|への|<|&|（)", text)
        ] == []


def test_bold_runs_stay_bold(books: dict[str, bytes]) -> None:
    sheet = parts(books["232017"])["xl/worksheets/sheet1.xml"].decode()
    cell = re.search(r'<c r="A7".*?</c>', sheet)
    assert cell is not None
    assert "<rPr><b/>" in cell[0]
    assert "rPh" not in cell[0]


def test_the_same_outcome_gives_the_same_bytes(books: dict[str, bytes], outcome: Outcome) -> None:
    slots.read.cache_clear()
    assert filled(outcome, rich()) == books


def dated(book: Workbook, sheet: Worksheet) -> None:
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_string("B1", "{{発行日}}")
    sheet.write_string("B2", "{{第1期納期限}}", day)
    sheet.write_string("B3", "{{第1期金額}}")
    sheet.write_string("B4", "納期限は{{第1期納期限}}です")
    sheet.write_string("B5", "{{振込先}}")
    sheet.write_string("B6", "{{文書番号}}")


DUES = (
    "rules/r7/00.txt",
    "根拠: 規約第1条\n",
    (
        "根拠: 規約第1条\n納期: 第1期 令和7年7月31日 残り\n"
        "■請求書\n発行者: 協議会\n発行日: 令和7年7月1日\n文書番号: 協第1号\n振込先: 架空銀行\n"
    ),
)


@pytest.mark.parametrize("state", ["例", "案", "議決"])
def test_only_a_decided_bill_says_how_and_when_to_pay(tmp_path: Path, state: str) -> None:
    outcome = council(tmp_path, state, [DUES])
    book = next(iter(filled(outcome, plain(dated)).values()))
    sheet = openpyxl.load_workbook(io.BytesIO(book), data_only=True)["通知"]
    found = [sheet[f"B{row}"].value for row in range(1, 7)]
    if state == "議決":
        assert found == [
            datetime(2025, 7, 1),  # noqa: DTZ001
            datetime(2025, 7, 31),  # noqa: DTZ001
            1210,
            "納期限は令和7年7月31日です",
            "架空銀行",
            "協第1号の1",
        ]
        assert sheet["A3"].value is None
        assert sheet["B1"].number_format == '[$-411]ggge"年"m"月"d"日"'
        assert sheet["B2"].number_format == "yyyy/m/d"
    else:
        assert found[:3] + found[4:] == [None] * 5
        assert found[3] == "納期限はです"
        assert sheet["A3"].value.startswith(state)


def test_a_taxed_bill_has_its_tax_in_live_cells(tmp_path: Path) -> None:
    def draw(_book: Workbook, sheet: Worksheet) -> None:
        for row, key in enumerate(
            ("登録番号", "課税対象額", "消費税額", "不課税額", "消費税の内訳")
        ):
            sheet.write_string(row, 1, f"{{{{{key}}}}}")

    number = ("rules/r7/00.txt", *(f"{DUES[1]}", f"{DUES[2]}登録番号: T9000000000000\n"))
    taxed = ("rules/r7/10.txt", "■経費 会場費\n", "■経費 会場費\n課税区分: 課税10%\n")
    outcome = council(tmp_path, "議決", [number, taxed])
    book = next(iter(filled(outcome, plain(draw)).values()))
    sheet = openpyxl.load_workbook(io.BytesIO(book), data_only=True)["通知"]
    # 豊橋市 pays 334 for 会場費; 334 × 10 ÷ 110 = 30.36…; 1,210 in all
    assert [sheet[f"B{row}"].value for row in range(1, 5)] == ["T9000000000000", 334, 30, 876]
    words = "10%対象（税込） 334円（うち消費税額 30円）、不課税 876円"
    assert sheet["B5"].value == words


def test_a_name_that_looks_like_a_formula_or_xml_stays_text(tmp_path: Path) -> None:
    name = '=HYPERLINK("x")&<_x0041_市'
    outcome = council(tmp_path, "案")
    object.__setattr__(outcome.members[0], "name", name)  # a table would not let it in
    book = filled(outcome, rich_least())["232017"]
    assert faults(book) == []
    loaded = openpyxl.load_workbook(io.BytesIO(book))
    assert loaded["通知"]["B1"].data_type == loaded["通知"]["B2"].data_type == "s"
    read = CalamineWorkbook.from_object(io.BytesIO(book)).get_sheet_by_name("通知")
    assert [row[1] for row in read.to_python()[:2]] == [name, f"{name}へ"]
    assert loaded.properties.title == name
    text = parts(book)["xl/worksheets/sheet1.xml"].decode()
    assert "&amp;L=HYPERLINK(&quot;x&quot;)&amp;&amp;&lt;_x0041_市" in text
    assert "<f>HYPERLINK" not in text


def rich_least() -> bytes:
    def draw(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_string("B1", "{{団体名}}")
        sheet.write_string("B2", "{{団体名}}へ")
        sheet.set_footer("&L{{団体名}}")
        book.set_properties({"title": "{{団体名}}", "created": datetime(2025, 4, 1)})  # noqa: DTZ001

    return plain(draw)


def test_the_total_is_read_back_by_its_name(outcome: Outcome, tmp_path: Path) -> None:
    for number, data in enumerate((rich(), *(make() for make in templates.SHIPPED.values()))):
        book = filled(outcome, data)["232017"]
        path = tmp_path / f"232017_{number}.xlsx"
        path.write_bytes(book)
        found = readback.read(path)
        assert found.amount.yen == outcome.total_of("232017")
        assert found.amount.place == ("通知!A2", "通知!B13", "通知!B7")[number]
    path.write_bytes(
        changed(book, {"xl/workbook.xml": ('name="納入金額"'.encode(), 'name="別の金額"'.encode())})
    )
    assert readback.read(path).amount.yen is None


def test_a_run_with_a_template_is_proved(tmp_path: Path) -> None:
    root = tmp_path / "council"
    council(root, "案", [DUES])
    (root / "rules" / "様式").mkdir()
    (root / "rules" / "様式" / "通知.xlsx").write_bytes(templates.letter())
    common = root / "rules/r7/00.txt"
    common.write_text(common.read_text(encoding="utf-8") + "様式: 通知.xlsx\n", encoding="utf-8")
    outcome = run(root, R7, out=tmp_path / "r7")
    assert "rules/様式/通知.xlsx" in outcome.files
    books = sorted((tmp_path / "r7/請求書").glob("*.xlsx"))
    assert len(books) == 3
    for book in books:
        assert faults(book.read_bytes()) == []
        assert openpyxl.load_workbook(book)["通知"]["A1"].value == "（様式の例）"
    wrong = dict(proof.charges_of(outcome))
    wrong[next(iter(wrong))] += 1
    found = proof.compare(tmp_path / "r7", proof.Bills(wrong, {}))
    assert "通知" in {p.source.sheet for p in found}


def test_a_payer_for_others_gets_the_same_form(outcome: Outcome, tmp_path: Path) -> None:
    member = outcome.members[1]
    path = tmp_path / "bill.xlsx"
    bill = Letter(member, 55, path.name, outcome.billed_to(member.code), together=True)
    collected.write(plan(outcome), bill, path, template=template(templates.letter()))
    book = path.read_bytes()
    assert faults(book) == []
    loaded = openpyxl.load_workbook(path, data_only=True)
    assert loaded.sheetnames == ["通知", "内訳"]
    assert loaded["通知"]["B13"].value == outcome.billed_to(member.code)
    assert readback.amount(path).yen == outcome.billed_to(member.code)


def test_our_sheets_are_those_that_a_template_may_not_have(outcome: Outcome) -> None:
    book = Filler(plan(outcome)).content(outcome.members[0], number=1)
    found = openpyxl.load_workbook(io.BytesIO(book))
    assert tuple(sheet.name for sheet in BEHIND) == OURS
    assert set(found.defined_names) == {TOTAL, YEARLY}


FACES = (("BIZ UDPゴシック", 10), ("Calibri", 11), ("游ゴシック", 11), ("ＭＳ Ｐゴシック", 11))


def test_our_sheets_take_the_same_pages_whatever_font_the_template_is_in(
    outcome: Outcome, tmp_path: Path
) -> None:
    program = office.needed()
    drawn, member = plan(outcome), outcome.members[1]
    own = tmp_path / "own.xlsx"
    own.write_bytes(Filler(drawn).content(member, number=2))
    books = [own]
    for font, size in FACES:
        own_form = template(plain(face={"font_name": font, "font_size": size}))
        books.append(tmp_path / f"{font}.xlsx")
        books[-1].write_bytes(Filler(drawn, own_form).content(member, number=2))
    write_pdfs(program, books, date(2025, 4, 1), lambda *_: None)
    counts = {book.stem: len(office.pages(book.with_suffix(".pdf"))) for book in books}
    most = counts.pop("own")
    assert len(set(counts.values())) == 1, counts
    assert max(counts.values()) <= most, counts


@pytest.mark.parametrize("name", templates.SHIPPED)
def test_the_shipped_templates_are_what_is_drawn(name: str) -> None:
    made: Callable[[], bytes] = templates.SHIPPED[name]
    assert parts((templates.FOLDER / name).read_bytes()) == parts(made())


@pytest.mark.parametrize("name", templates.SHIPPED)
def test_libreoffice_prints_the_form_on_one_page(
    name: str, outcome: Outcome, tmp_path: Path
) -> None:
    program = office.needed()
    book = tmp_path / "form.xlsx"
    book.write_bytes(filled(outcome, templates.SHIPPED[name]())["232017"])
    write_pdfs(program, [book], date(2025, 4, 1), lambda *_: None)
    first = office.pdf_text(book.with_suffix(".pdf"), "-l", "1")
    assert "豊橋市長" in first
    assert f"{outcome.total_of('232017'):,}" in first
    assert "###" not in office.pdf_text(book.with_suffix(".pdf"))
    assert "内訳" in office.pdf_text(book.with_suffix(".pdf"), "-f", "2", "-l", "2")
