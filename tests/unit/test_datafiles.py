"""data/*.csv: headings of the contract, amounts, and cells that a spreadsheet leaves alone."""

import csv
import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from apportion.core.problem import OutputError
from apportion.core.year import FiscalYear
from apportion.outcome import charges
from apportion.outcome.computation import compute
from apportion.outcome.frame import charges_csv_from_frame
from apportion.outcome.outcome import Outcome
from apportion.outputs.data import invoices_csv, reconciliation_csv
from tests.unit.workbook.council import CHARGES, OKAZAKI, TOGO, TOYOHASHI, council
from tests.workspace import SHIPPED


@pytest.fixture(scope="module")
def r7() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


@pytest.fixture
def small(tmp_path: Path) -> Outcome:
    return council(tmp_path)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sums(table: list[list[str]], key: str, value: str) -> dict[str, int]:
    head, *body = table
    found: dict[str, int] = {}
    for row in body:
        name = row[head.index(key)]
        found[name] = found.get(name, 0) + int(row[head.index(value)])
    return found


def first_line(data: bytes) -> str:
    return data.decode("utf-8-sig").splitlines()[0]


def test_headings_are_those_of_the_contract(small: Outcome) -> None:
    assert first_line(charges.charges_csv(small.year, small.charges)) == (
        "年度,団体コード,団体名,団体区分,事業区分,事業,経費,"
        "対象額_円,正確額_円,負担金額_円,端数加算_円,規則"
    )
    assert first_line(invoices_csv(small, {})) == (
        "年度,団体コード,団体名,期,納期限,請求額_円,ファイル"
    )
    assert first_line(reconciliation_csv(small)) == "式,左辺_円,右辺_円,差_円"


def test_files_have_a_mark_and_windows_line_ends(small: Outcome) -> None:
    for data in (
        charges.charges_csv(small.year, small.charges),
        invoices_csv(small, {}),
        reconciliation_csv(small),
    ):
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        assert data.count(b"\n") == data.count(b"\r\n")


def test_charges_of_the_small_council(small: Outcome) -> None:
    _, *body = rows(charges.charges_csv(small.year, small.charges))
    assert [(row[6], row[1], int(row[9])) for row in body] == [
        (line, code, yen)
        for line, amounts in CHARGES.items()
        for code, yen in zip((TOYOHASHI, OKAZAKI, TOGO), amounts, strict=True)
    ]
    assert body[0] == [
        *("r7", "232017", "豊橋市", "中核市", "運営", "会議事業", "会場費"),
        *("1000", "1000/3", "334", "1", "rules/r7/10.txt:7"),
    ]
    assert body[7] == [
        *("r7", "232025", "岡崎市", "中核市", "研究", "研究事業", "委託費"),
        *("1499", "2998/5", "599", "-1", "rules/r7/20.txt:7"),
    ]


def test_charges_of_r7_add_up_to_the_budget(r7: Outcome) -> None:
    budget = rows((SHIPPED / "rules/r7/budget.csv").read_bytes())
    charged = [budget[0], *(row for row in budget[1:] if row[0] != "積立金等")]
    expected = sums(charged, "事業", "予算額（千円）")
    table = rows(charges.charges_csv(r7.year, r7.charges))
    assert sums(table, "事業", "負担金額_円") == {name: 1000 * n for name, n in expected.items()}
    lines = sums(charged, "経費", "予算額（千円）")
    assert sums(table, "経費", "負担金額_円") == {name: 1000 * n for name, n in lines.items()}


def test_a_member_that_owes_nothing_has_its_row(r7: Outcome) -> None:
    roster = rows((SHIPPED / "members/r7/roster.csv").read_bytes())
    column = roster[0].index("セキュリティ")
    taking_part = sum(row[column] == "○" for row in roster[1:])
    body = rows(charges.charges_csv(r7.year, r7.charges))
    training = [row for row in body if row[6] == "標的型攻撃メール対策訓練"]
    assert len(training) == taking_part
    assert {row[9] for row in training} == {"0"}


def test_instalments_of_r7_add_up_to_the_yearly_totals(r7: Outcome) -> None:
    files = {part: f"請求書/{part.code}.xlsx" for part in r7.instalments}
    table = rows(invoices_csv(r7, files))
    yearly = sums(rows(charges.charges_csv(r7.year, r7.charges)), "団体コード", "負担金額_円")
    assert sums(table, "団体コード", "請求額_円") == yearly
    assert {(row[3], row[4]) for row in table[1:]} == {("1", "2025-07-31"), ("2", "2026-01-30")}
    assert table[1][6] == "請求書/230006.xlsx"


def test_without_a_due_date_there_is_one_instalment(small: Outcome) -> None:
    body = rows(invoices_csv(small, {small.instalments[0]: "a.xlsx"}))[1:]
    assert body[0] == ["r7", TOYOHASHI, "豊橋市", "1", "", "1210", "a.xlsx"]
    assert [row[5:] for row in body[1:]] == [["1203", ""], ["900", ""]]


def test_every_equation_is_listed_with_its_difference(small: Outcome) -> None:
    body = rows(reconciliation_csv(small))[1:]
    assert ["会議事業／会場費: 団体の負担金の計 = 予算額", "1000", "1000", "0"] in body
    assert len(body) == len(small.equations)
    assert {row[3] for row in body} == {"0"}


def test_text_never_becomes_a_formula_and_numbers_stay_numbers() -> None:
    texts = ("=1+1", "+1", "-1", "@a", "a=1", "豊橋市")
    data = charges.to_csv(("x",), [(text,) for text in texts])
    assert [row[0] for row in rows(data)[1:]] == ["'=1+1", "'+1", "'-1", "'@a", "a=1", "豊橋市"]
    assert rows(charges.to_csv(("x", "y"), [(-5, Fraction(-1, 3))]))[1] == ["-5", "-1/3"]


def test_charges_are_read_back_as_they_were_written(small: Outcome) -> None:
    written = tuple(charges.charge_rows(small.year, small.charges))
    assert charges.read_charges(charges.charges_csv(small.year, small.charges)) == written
    odd = written[0]._replace(name="=SUM(A1)", line='"引用"、改行\nあり')
    assert charges.read_charges(charges.to_csv(charges.CHARGES, [odd])) == (odd,)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("対象額_円", "対象額", "1行目の見出し"),
        (",1000/3,", ",1000/0,", "2行目"),
        (",334,", ",334円,", "2行目"),
        ("豊橋市,", "豊橋市", "2行目"),
    ],
)
def test_a_changed_file_is_refused_with_its_line(
    small: Outcome, old: str, new: str, told: str
) -> None:
    text = charges.charges_csv(small.year, small.charges).decode("utf-8-sig").replace(old, new, 1)
    with pytest.raises(OutputError, match=told):
        charges.read_charges(text.encode())


def test_a_file_saved_in_another_code_page_is_refused(small: Outcome) -> None:
    text = charges.charges_csv(small.year, small.charges).decode("utf-8-sig")
    with pytest.raises(OutputError, match="文字コード"):
        charges.read_charges(text.encode("cp932"))


def test_the_frame_holds_everything_that_the_file_holds(r7: Outcome, small: Outcome) -> None:
    for outcome in (r7, small):
        assert charges_csv_from_frame(outcome.to_frame()) == charges.charges_csv(
            outcome.year, outcome.charges
        )


def test_the_frame_is_tidy(small: Outcome) -> None:
    frame = small.to_frame()
    assert ",".join(frame.columns) == (
        "年度,団体コード,団体名,団体区分,事業区分,事業,経費,対象額_円,"
        "正確額_分子,正確額_分母,負担金額_円,端数加算_円,規則,出所"
    )
    assert len(frame) == 15
    assert frame["負担金額_円"].dtype == np.int64
    assert frame["負担金額_円"].sum() == 3313
    assert frame["団体コード"].tolist()[:3] == [TOYOHASHI, OKAZAKI, TOGO]
    assert frame["出所"].tolist()[0] == "rules/r7/budget.csv!E2"


def test_integers_beyond_64_bits_stay_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door refuses such amounts, for Excel's sake; nothing behind it depends on that."""
    for module in ("cells", "table"):
        monkeypatch.setattr(f"apportion.tables.{module}.TOO_LARGE", 10**30)
    big = 10**19
    edits = [
        ("rules/r7/budget.csv", "会場費,1000,", f"会場費,{big},"),
        ("rules/r7/income.csv", "負担金収入,1900,", f"負担金収入,{big + 900},"),
    ]
    outcome = council(tmp_path, edits=edits)
    frame = outcome.to_frame()
    assert frame["対象額_円"].dtype == object
    assert frame["対象額_円"].tolist()[0] == big
    assert frame["端数加算_円"].dtype == np.int64
    assert charges_csv_from_frame(frame) == charges.charges_csv(outcome.year, outcome.charges)
