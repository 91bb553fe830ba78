"""会計: a union whose 事業 are of several 会計 bills each member for each of them, on papers of their own.

The worked union is that of the manual: 議会費 300,001 yen and 介護費 1,000,001 yen, each shared by
halves between two towns. 300,001 / 2 is 150,000.5 for both: the yen goes to the smaller code, so A市 owes
150,001 and B町 150,000 to 一般会計; likewise 500,001 and 500,000 to 介護保険特別会計, of which half is due
first, cut to 250,000 for both. So A市 pays 250,000 and 250,001, B町 250,000 and 250,000.
"""

import csv
import json
import re
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.checks import whose_account
from apportion.outcome.computation import compute
from apportion.outcome.issued import read
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load
from apportion.pipeline import run, run_settlement
from apportion.workbook.letters.sent import letters
from apportion.years.bridge import export
from apportion.years.issues.seal import Note, seal
from apportion.years.payments import PaymentsProposal, propose, write
from tests import small
from tests.ordinances.r121_saga_chubu import derive
from tests.program import apportion
from tests.workspace import edit

R7 = FiscalYear(2025)
A, B = small.code(1), small.code(2)
GENERAL, CARE = "一般会計", "介護保険特別会計"
HEAD = "年度: 令和7年度\n状態: 議決\n根拠: 規約第9条\n名簿: 全団体\n"
INVOICE = """
■請求書
住所: 見本市1番地
発行者: 見本組合
代表者: 管理者
文書番号: 見組第1号
変更文書番号: 見組第2号
再発行文書番号: 見組第3号
精算文書番号: 見組第4号
発行日: 納期限の15日前
再発行日: 令和7年4月20日
変更発行日: 令和7年12月1日
精算発行日: 令和8年8月3日
振込先: 見本銀行 普通 7654321
"""
SETTLED = "\n■精算\n差額: 還付と追徴\n"
ACTS = "決定,日,状態,理由\n当初,令和7年4月1日,議決,議会議決\n"


def union(root: Path) -> Path:
    """The union of the manual, decided."""
    small.save(root, "rules/r7/00.txt", f"事業: 共通\n年度: 令和7年度\n状態: 議決\n{INVOICE}")
    small.save(
        root,
        "rules/r7/01.txt",
        f"事業: 共通\n年度: 令和7年度\n状態: 議決\n会計: {CARE}\n"
        "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n"
        "■請求書\n文書番号: 見介第5号\n振込先: 見本銀行 普通 1234567\n",
    )
    small.save(
        root,
        "rules/r7/10.txt",
        f"事業: 議会\n{HEAD}会計: {GENERAL}\n納期: 第1期 令和7年4月30日 残り\n\n"
        f"■経費 議会費\n負担割合: 均等割\n{SETTLED}",
    )
    small.save(
        root,
        "rules/r7/20.txt",
        f"事業: 介護\n{HEAD}会計: {CARE}\n\n■経費 介護費\n負担割合: 均等割\n{SETTLED}",
    )
    tables(root)
    return root


def tables(root: Path, heading: str = "", council: str = "", care: str = "") -> None:
    """Both parts of the budget, with a further column where one is given."""
    more = f",{heading}" if heading else ""
    cells = [f",{cell}" if heading else "" for cell in (council, care)]
    spent = f"区分,事業,項,経費,予算額（円）{more}\n"
    spent += f"一般,議会,,議会費,300001{cells[0]}\n特別,介護,,介護費,1000001{cells[1]}\n"
    small.save(root, "rules/r7/budget.csv", spent)
    income = f"区分,事業,科目,予算額（円）{more}\n"
    income += f"一般,議会,負担金収入,300001{cells[0]}\n特別,介護,負担金収入,1000001{cells[1]}\n"
    small.save(root, "rules/r7/income.csv", income)
    small.save(root, "rules/r7/acts.csv", ACTS)
    register = "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード\n"
    register += f"{A},A市,エイシ,市,,会員,,,\n{B},B町,ビイマチ,町,見本郡,会員,,,\n"
    small.save(root, "members/members.csv", register)
    small.save(root, "members/r7/roster.csv", f"団体コード,団体名,全団体\n{A},A市,○\n{B},B町,○\n")
    small.save(root, "members/r7/figures.csv", f"団体コード,団体名\n{A},A市\n{B},B町\n")


def bills(outcome: Outcome) -> list[tuple[str, str, int, str, int]]:
    return sorted((i.code, i.account, i.number, str(i.day), i.yen) for i in outcome.instalments)


WORKED = [
    (A, GENERAL, 1, "2025-04-30", 150_001),
    (A, CARE, 1, "2025-07-31", 250_000),
    (A, CARE, 2, "2026-01-30", 250_001),
    (B, GENERAL, 1, "2025-04-30", 150_000),
    (B, CARE, 1, "2025-07-31", 250_000),
    (B, CARE, 2, "2026-01-30", 250_000),
]
FILES = [
    f"{code}_{name}_令和7年度負担金_{account}.xlsx"
    for account in (GENERAL, CARE)
    for code, name in ((A, "A市"), (B, "B町"))
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refused(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def assert_verified(folder: Path, root: Path) -> None:
    done = apportion("verify", str(folder), "--dir", str(root))
    assert done.code == 0, done.stderr


def test_each_account_counts_its_own_terms(tmp_path: Path) -> None:
    assert bills(compute(union(tmp_path), R7)) == sorted(WORKED)


def test_the_manual_shows_these_amounts() -> None:
    text = Path("rules/README.md").read_text("utf-8-sig")
    lines = re.findall(
        r"^\| (\S+会計) \| 第(\d)期 (\S+) \| ([\d,]+)円 \| ([\d,]+)円 \|$", text, re.MULTILINE
    )
    shown = [
        (code, account, int(number), int(yen.replace(",", "")))
        for account, number, _, *amounts in lines
        for code, yen in zip((A, B), amounts, strict=True)
    ]
    assert sorted(shown) == sorted((c, account, n, yen) for c, account, n, _, yen in WORKED)


def test_the_published_union_is_billed_by_account() -> None:
    outcome = compute(Path(derive.__file__).parent, R7)
    assert bills(outcome) == sorted(derive.bills())


def test_one_account_alone_divides_nothing(tmp_path: Path) -> None:
    """The paper is the one that it was; 調定.csv has the name."""
    union(tmp_path)
    edit(tmp_path / "rules/r7/10.txt", f"会計: {GENERAL}", f"会計: {CARE}")
    outcome = run(tmp_path, R7)
    assert {part.account for part in outcome.instalments} == {""}
    assert len(letters(outcome)) == 2
    assert {row["会計"] for row in postings(tmp_path)} == {CARE}
    assert "会計" not in rows(tmp_path / "outputs/r7/data/invoices.csv")[0]


def test_a_member_gets_a_file_for_each_account(tmp_path: Path) -> None:
    outcome = run(union(tmp_path), R7)
    assert [letter.file for letter in letters(outcome)] == FILES
    assert sorted(p.name for p in (tmp_path / "outputs/r7/請求書").iterdir()) == sorted(FILES)
    assert [(letter.number, letter.yen) for letter in letters(outcome)] == [
        (1, 150_001),
        (2, 150_000),
        (3, 500_001),
        (4, 500_000),
    ]
    assert_verified(tmp_path / "outputs/r7", tmp_path)


def texts(path: Path) -> str:
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(path)
    cells = (cell.value for row in book.worksheets[0].iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


def test_a_notice_says_its_account_and_nothing_of_another(tmp_path: Path) -> None:
    run(union(tmp_path), R7)
    general, _, care, _ = (texts(tmp_path / "outputs/r7/請求書" / file) for file in FILES)
    assert f"令和7年度（2025年度）　{GENERAL}　負担金収入" in general
    assert f"R7-{A}-{GENERAL}" in general
    assert "見組第1号の1" in general
    assert "7654321" in general
    assert "介護" not in general
    assert f"令和7年度（2025年度）　{CARE}　負担金収入" in care
    assert "見介第5号の3" in care
    assert "1234567" in care
    assert "議会" not in care


def postings(root: Path) -> list[dict[str, str]]:
    _, folder = export(root, R7)
    return rows(folder / "調定.csv")


def test_postings_are_by_account_and_add_up(tmp_path: Path) -> None:
    found = postings(union(tmp_path))
    assert [
        (row["団体コード"], row["会計"], int(row["期"]), row["納期限"], int(row["金額_円"]))
        for row in found
    ] == sorted(WORKED, key=lambda bill: (bill[0], bill[3]))
    assert found[0]["整理番号"] == f"R7-{A}-{GENERAL}"
    assert found[1]["文書番号"] == "見介第5号の3"
    record = json.loads((tmp_path / "outputs/r7-データ/データ.json").read_text("utf-8"))
    assert {bill["会計"] for bill in record["請求"]} == {GENERAL, CARE}


def test_every_account_closes(tmp_path: Path) -> None:
    found = [e for e in compute(union(tmp_path), R7).equations if e.level == "会計"]
    assert [(e.name, e.left, e.right) for e in found] == [
        ("一般会計: 各期の計 = 収入の部（負担金収入）", 300_001, 300_001),
        ("一般会計 A市: 各期の計 = 年額", 150_001, 150_001),
        ("一般会計 B町: 各期の計 = 年額", 150_000, 150_000),
        ("介護保険特別会計: 各期の計 = 収入の部（負担金収入）", 1_000_001, 1_000_001),
        ("介護保険特別会計 A市: 各期の計 = 年額", 500_001, 500_001),
        ("介護保険特別会計 B町: 各期の計 = 年額", 500_000, 500_000),
    ]


def sealed(root: Path) -> Path:
    run(root, R7)
    seal(root, R7, Note("議会議決"))
    return root


def held(root: Path, number: int, code: str) -> dict[str, str]:
    """整理番号 of each 会計 that an issue keeps of a payer."""
    issue = read(root / f"outputs/確定/r7/第{number}回")
    assert issue is not None
    return {
        account: bill["整理番号"] for account, bill in issue.record["請求"][code]["会計別"].items()
    }


def test_what_is_sealed_keeps_the_paper_of_each_account(tmp_path: Path) -> None:
    sealed(union(tmp_path))
    assert held(tmp_path, 1, A) == {GENERAL: f"R7-{A}-{GENERAL}", CARE: f"R7-{A}-{CARE}"}
    assert_verified(tmp_path / "outputs/確定/r7/第1回", tmp_path)


def test_only_the_account_that_a_revision_changes_gets_notices(tmp_path: Path) -> None:
    """20,000 yen more for 介護: 10,000 each, all in 第2期, as the first is past."""
    sealed(union(tmp_path))
    tables(tmp_path, "補正第1号（円、令和7年11月20日）", care="20000")
    small.save(tmp_path, "rules/r7/acts.csv", f"{ACTS}補正第1号,令和7年11月20日,議決,議会議決\n")
    outcome = run(tmp_path, R7, edition=Edition(1))
    assert [(letter.file, letter.yen) for letter in letters(outcome)] == [
        (f"{A}_A市_令和7年度負担金変更_補正1_{CARE}.xlsx", 260_001),
        (f"{B}_B町_令和7年度負担金変更_補正1_{CARE}.xlsx", 260_000),
    ]
    notice = texts(tmp_path / "outputs/r7-補正1/請求書" / letters(outcome)[0].file)
    assert f"見介第5号の3（整理番号 R7-{A}-{CARE}）" in notice
    seal(tmp_path, R7, Note("議会議決"), Edition(1))
    assert held(tmp_path, 2, A) == {GENERAL: f"R7-{A}-{GENERAL}", CARE: f"R7-{A}-{CARE}-補正1"}
    changed = {
        (row["会計"], row["期"]): row["増減_円"]
        for row in postings(tmp_path)
        if row["団体コード"] == A
    }
    assert changed == {(GENERAL, "1"): "0", (CARE, "1"): "0", (CARE, "2"): "10000"}


def test_only_the_account_that_is_another_is_issued_again(tmp_path: Path) -> None:
    sealed(union(tmp_path))
    for name in ("budget", "income"):
        edit(tmp_path / f"rules/r7/{name}.csv", "300001", "300003")
    outcome = run(tmp_path, R7)
    assert set(outcome.reissued) == {(A, GENERAL), (B, GENERAL)}
    seal(tmp_path, R7, Note("訂正"))
    assert held(tmp_path, 2, A) == {GENERAL: f"R7-{A}-{GENERAL}-再1", CARE: f"R7-{A}-{CARE}"}


PAID = "団体コード,団体名,会計,期,納入日,納入額（円）\n"


def standings(root: Path) -> dict[tuple[str, str], tuple[int, int]]:
    found = compute(root, R7).standings
    return {(one.code, one.label): (one.owed, one.paid) for one in found}


def test_a_payment_is_for_its_account(tmp_path: Path) -> None:
    """第1期 of both 会計 is not one: what is too much in one is not set against the other."""
    small.save(
        union(tmp_path),
        "members/r7/payments.csv",
        f"{PAID}{A},A市,{CARE},1,R7.7.31,300000\n{A},A市,一般 会計,1,R7.4.30,100000\n",
    )
    found = standings(tmp_path)
    assert found[A, f"{CARE} 第1期"] == (250_000, 300_000)
    assert found[A, f"{GENERAL} 第1期"] == (150_001, 100_000)
    shown = apportion("show", "payments", "--year", "r7", folder=tmp_path).stdout
    assert f"{CARE} 第1期 → {CARE} 第2期" in shown
    assert f"→ {GENERAL}" not in shown
    run(tmp_path, R7)
    assert_verified(tmp_path / "outputs/r7", tmp_path)


def test_a_payment_of_no_account_is_of_none(tmp_path: Path) -> None:
    small.save(union(tmp_path), "members/r7/payments.csv", f"{PAID}{A},A市,,1,R7.4.30,150001\n")
    assert standings(tmp_path)[A, "第1期"] == (0, 150_001)
    assert "W915" in {problem.code for problem in compute(tmp_path, R7).problems}


LIST = "団体コード,会計,整理番号,期,納入日,納入額（円）\n"


def imported(root: Path, *rows: str, account: str = CARE) -> PaymentsProposal:
    small.save(root, "list.csv", LIST + "".join(f"{row}\n" for row in rows))
    return propose(root, root / "list.csv", R7, account=account)


def test_a_list_is_of_one_account(tmp_path: Path) -> None:
    """Rows of another 会計 are not counted, those of an unknown one left; 第1期 is that of 介護."""
    union(tmp_path)
    proposal = imported(
        tmp_path,
        f"{A},{CARE},,1,R7.7.31,250000",
        f"{B},,R7-{B}-{CARE},1,R7.7.31,250000",
        f"{A},{GENERAL},,1,R7.4.30,150001",
        f"{B},,R7-{B}-{GENERAL},1,R7.4.30,150000",
        f"{B},謎の会計,,2,R8.1.30,250000",
    )
    assert [(p.code, p.number, p.yen) for p in proposal.new] == [(A, 1, 250_000), (B, 1, 250_000)]
    assert [aside.kind for aside in proposal.passed] == ["別の会計の行"] * 2
    assert [aside.yen for aside in proposal.left] == [250_000]
    write(proposal)
    assert rows(tmp_path / "members/r7/payments.csv")[1] == {
        "団体コード": B,
        "団体名": "B町",
        "期": "1",
        "納入日": "2025-07-31",
        "納入額（円）": "250000",
        "会計": CARE,
    }
    again = imported(tmp_path, f"{A},{GENERAL},,1,R7.4.30,150001", account=GENERAL)
    write(again)
    assert standings(tmp_path)[A, f"{GENERAL} 第1期"] == (150_001, 150_001)
    assert standings(tmp_path)[A, f"{CARE} 第1期"] == (250_000, 250_000)
    assert imported(tmp_path, f"{A},{CARE},,1,R7.7.31,250000").new == ()


def test_a_bank_list_is_of_one_account(tmp_path: Path) -> None:
    head = "日付,摘要,お預り金額,お支払金額\n"
    known = f"R7.7.31,R7-{A}-{CARE},250000,\nR7.4.30,R7-{B}-{GENERAL},150000,\n"
    small.save(union(tmp_path), "bank.csv", head + known)
    proposal = propose(tmp_path, tmp_path / "bank.csv", R7, account=CARE)
    assert [(p.code, p.number, p.yen) for p in proposal.new] == [(A, 1, 250_000)]
    assert [aside.kind for aside in proposal.passed] == ["別の年度か会計の整理番号の入金"]


def test_a_list_of_no_account_is_refused(tmp_path: Path) -> None:
    union(tmp_path)
    told = []
    for account in ("", "消防特別会計"):
        with pytest.raises(InputError) as error:
            imported(tmp_path, account=account)
        told.append(error.value.problems[0].fix)
    assert told == [
        "この一覧の会計の名前を、--account に続けて書いてください。請求している会計: 一般会計、介護保険特別会計",
        "会計の名前を直してください。請求が会計ごとでなければ、--account を書きません。",
    ]
    small.save(tmp_path, "members/r7/payments.csv", PAID.replace("会計,", ""))
    with pytest.raises(InputError) as error:
        imported(tmp_path)
    assert "「会計」の列" in error.value.problems[0].what
    done = apportion("import", "payments", "list.csv", "--year", "r7", folder=tmp_path)
    assert done.code == 1
    assert "--account" in done.stderr


def test_a_bill_for_each_term_and_a_lead_are_by_account(tmp_path: Path) -> None:
    """B町 pays 介護 for both: 500,000 and 500,001 by 期; 一般会計 is billed to each."""
    union(tmp_path)
    edit(tmp_path / "rules/r7/01.txt", "■請求書\n", "■請求書\n請求の単位: 期ごと\n")
    lead = "\n■グループ 全部\n団体: A市、B町\n代表: B町\n"
    path = tmp_path / "rules/r7/20.txt"
    path.write_text(path.read_text("utf-8") + lead, encoding="utf-8")
    outcome = run(tmp_path, R7)
    asked = {letter.file: letter.yen for letter in letters(outcome) if letter.yen is not None}
    assert asked == {
        FILES[0]: 150_001,
        FILES[1]: 150_000,
        f"第1期/{B}_B町_令和7年度負担金_{CARE}_第1期.xlsx": 500_000,
        f"第2期/{B}_B町_令和7年度負担金_{CARE}_第2期.xlsx": 500_001,
    }
    assert_verified(tmp_path / "outputs/r7", tmp_path)


def test_accounts_stay_as_they_were_sealed(tmp_path: Path) -> None:
    sealed(union(tmp_path))
    for name in ("01", "20"):
        edit(tmp_path / f"rules/r7/{name}.txt", CARE, "介護特別会計")
    with pytest.raises(InputError) as error:
        compute(tmp_path, R7)
    assert refused(error) == ["W256"]
    for name in ("10", "20"):
        edit(tmp_path / f"rules/r7/{name}.txt", "会計: ", "※ 会計: ")
    (tmp_path / "rules/r7/01.txt").unlink()
    with pytest.raises(InputError) as error:
        compute(tmp_path, R7)
    assert refused(error) == ["W256"]


@pytest.mark.parametrize("name", ["10", "20"])
def test_a_file_that_cannot_be_read_may_be_of_any_account(tmp_path: Path, name: str) -> None:
    """Nothing is said of a 事業 without 会計, or of a 会計 without 事業, that it may explain."""
    union(tmp_path)
    other = {"10": "20", "20": "10"}[name]
    edit(tmp_path / f"rules/r7/{other}.txt", "会計: ", "※ 会計: ")
    assert list(whose_account(load(tmp_path, R7)))
    (tmp_path / f"rules/r7/{name}.txt").write_bytes(b"\x00\xff\x00")
    assert not list(whose_account(load(tmp_path, R7)))


def test_a_settlement_has_a_letter_for_each_account(tmp_path: Path) -> None:
    """議会費 came to 300,003, 介護費 to 900,001.

    300,003 / 2 is 150,001.5: A市 150,002, B町 150,001; billed 150,001 and 150,000: 1 more each.
    900,001 / 2: A市 450,001, B町 450,000; billed 500,001 and 500,000: 50,000 back each.
    """
    sealed(union(tmp_path))
    budget = "区分,事業,項,経費,予算額（円）,決算額（円）\n"
    budget += "一般,議会,,議会費,300001,300003\n特別,介護,,介護費,1000001,900001\n"
    small.save(tmp_path, "rules/r7/budget.csv", budget)
    income = "区分,事業,科目,予算額（円）,決算額（円）\n"
    income += "一般,議会,負担金収入,300001,300001\n特別,介護,負担金収入,1000001,1000001\n"
    small.save(tmp_path, "rules/r7/income.csv", income)
    small.save(tmp_path, "rules/r7/acts.csv", f"{ACTS}精算,令和8年8月1日,議決,議会認定\n")
    outcome = run_settlement(tmp_path, R7)
    folder = tmp_path / "outputs/r7-精算"
    found = {
        (row["団体コード"], row["会計"]): int(row["差額_円"])
        for row in rows(folder / "data/settlement.csv")
    }
    assert found == {(A, GENERAL): 1, (B, GENERAL): 1, (A, CARE): -50_000, (B, CARE): -50_000}
    names = [letter.file for letter in letters(outcome)]
    assert names == [file.replace("負担金_", "負担金精算_") for file in FILES]
    assert "追徴額" in texts(folder / "精算書" / names[0])
    assert "還付額" in texts(folder / "精算書" / names[2])
    assert_verified(folder, tmp_path)
