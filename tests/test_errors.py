"""Every message code has the smallest input that gives it, its exact words, and a help page.

A folder `tests/errors/W209/` (or, where a code has several faces, `tests/errors/W209/1_…/`) holds
the files that differ from `tests/errors/base/`, `delete.txt` with the files of the base that are
missing, `case.txt` where a 補正 is checked (補正1), and `expected.txt`: all that `apportion check`
says. `pytest --accept` writes it anew.
"""

import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from apportion.cli.words import in_order
from apportion.core.catalogue import SUBJECTS, codes, entry
from apportion.core.problem import Level, Problem
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.computation import examine, examine_edition
from apportion.outcome.issued import Issues
from apportion.outcome.workspace import load
from tests import error_books
from tests.program import apportion

ERRORS = Path(__file__).parent / "errors"
BASE = ERRORS / "base"
PAGES = files("apportion") / "help"
R7 = FiscalYear(2025)
NOT_INPUT = {"expected.txt", "delete.txt", "case.txt"}

# Codes that checking an input cannot give, and the test that shows them.
ELSEWHERE = {
    "W248": "tests.test_fmt:test_check_names_the_file_and_its_first_line_and_writes_nothing",
    "W249": "tests.test_fmt:test_a_cp932_file_becomes_utf_8",
    "W601": "tests.test_verify:test_one_yen_in_one_invoice_is_named_with_its_cell",
    "W602": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W603": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W604": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W605": "tests.test_verify:test_a_budget_that_changed_later_is_named_with_its_cell",
    "W606": "tests.test_verify:test_a_yen_moved_consistently_in_all_files_is_found_by_computing_again",
    "W607": "tests.test_made_anew:test_other_inputs_or_another_program_are_told_with_what_they_change",
    "W608": "tests.test_made_anew:test_the_minutes_have_another_fingerprint",
    "W609": "tests.test_made_anew:test_a_fingerprint_proves_what_came_before_it",
    "W611": "tests.test_verify:test_inputs_that_changed_later_are_a_warning",
    "W621": "tests.test_recalculation:test_a_planted_number_is_named_with_its_cell",
    "W622": "tests.test_recalculation:test_a_formula_that_cannot_be_computed_is_named",
    "W623": "tests.test_recalculation:test_a_formula_without_its_value_is_named",
    "W624": "tests.test_recalculation:test_a_formula_of_the_form_that_one_program_lacks_is_only_told",
    "W831": "tests.test_new_year:test_nothing_is_overwritten",
    "W832": "tests.test_new_year:test_a_year_without_rules_is_not_copied",
    "W836": "tests.test_carried:test_what_was_sealed_is_told_where_it_is_another",
    "W837": "tests.test_carried:test_last_years_budget_is_as_voted_or_as_amended",
    "W840": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W841": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W842": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W843": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W844": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W845": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W846": "tests.test_import_tables:test_what_cannot_be_imported_is_told",
    "W847": "tests.test_undo:test_what_changed_since_is_not_taken_back",
    "W848": "tests.test_seen:test_errors_are_never_marked",
    "W849": "tests.test_import_later:test_what_does_not_agree_is_refused",
    "W870": "tests.test_seal:test_only_what_is_decided_is_sealed",
    "W871": "tests.test_seal:test_outputs_must_be_there",
    "W872": "tests.test_seal:test_outputs_must_be_those_of_the_inputs_of_today",
    "W873": "tests.test_seal:test_nothing_is_sealed_twice",
    "W874": "tests.test_seal:test_an_example_of_an_account_is_not_sealed",
    "W875": "tests.test_seal_verify:test_one_byte_anywhere_is_named_by_its_file",
    "W876": "tests.test_seal_verify:test_a_missing_file_is_named",
    "W877": "tests.test_seal_verify:test_a_file_too_many_is_named",
    "W878": "tests.test_seal_verify:test_one_byte_anywhere_is_named_by_its_file",
    "W879": "tests.test_seal_verify:test_a_former_issue_that_was_exchanged_is_noticed_by_the_next",
    "W880": "tests.test_seal_verify:test_a_program_that_computes_otherwise_is_named_with_the_former_one",
    "W881": "tests.test_seal:test_a_run_tells_who_would_be_billed_otherwise",
    "W882": "tests.test_seal:test_other_changes_are_counted_and_not_issued_again",
    "W883": "tests.test_seal_order:test_an_earlier_budget_is_not_sealed_again",
    "W884": "tests.test_seal_order:test_a_day_out_of_order_is_refused",
    "W885": "tests.test_seal_order:test_a_run_of_an_earlier_budget_is_told",
    "W888": "tests.test_withdraw:test_nothing_to_withdraw_is_told",
    "W868": "tests.test_acts:test_an_issue_has_the_day_of_its_act",
    "W869": "tests.test_acts:test_over_an_unsealed_act_the_sealed_bills_stand",
    "W886": "tests.test_papers:test_what_is_issued_again_has_a_number_and_a_day_of_its_own",
    "W887": "tests.test_papers:test_the_day_of_a_reissue_is_after_the_bill_and_before_its_due_date",
    "W801": "tests.unit.imports.test_import_council:test_files_that_cannot_be_read",
    "W802": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W803": "tests.unit.imports.test_import_council:test_another_year_is_refused_with_the_two_that_are_there",
    "W804": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W805": "tests.unit.imports.test_import_council:test_a_plan_and_a_table_that_differ",
    "W806": "tests.unit.imports.test_import_council:test_income_and_spending_that_differ",
    "W807": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W808": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W809": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W810": "tests.unit.imports.test_import_council:test_a_mistake_is_told_with_its_line",
    "W813": "tests.unit.imports.test_import_completeness:test_a_line_that_is_lost_is_named_with_both_sums",
    "W814": "tests.unit.imports.test_import_completeness:test_a_table_without_a_total_is_told",
    "W815": "tests.unit.imports.test_import_estimates:test_what_is_not_read_is_refused_once_with_its_mend",
    "W816": "tests.unit.imports.test_import_estimates:test_the_total_is_written_and_what_is_not_read_is_told",
    "W817": "tests.unit.imports.test_import_estimates:test_contributions_of_another_name_are_told",
    "W811": "tests.unit.imports.test_import_council:test_two_lines_of_one_name_are_told_and_names_csv_mends_it",
    "W812": "tests.unit.imports.test_import_council:test_a_line_without_last_years_amount_cannot_be_of_last_year",
    "W820": "tests.unit.imports.test_import_published:test_the_oddities_of_r4_are_told",
    "W821": "tests.unit.imports.test_import_council:test_a_name_that_meets_nothing_is_told",
    "W822": "tests.unit.imports.test_import_council:test_money_in_words_is_told",
    "W823": "tests.unit.imports.test_import_published:test_the_oddities_of_r4_are_told",
    "W824": "tests.unit.imports.test_import_published:test_the_oddities_of_r4_are_told",
    "W825": "tests.unit.imports.test_import_published:test_the_oddities_of_r7_are_told",
    "W826": "tests.unit.imports.test_import_published:test_the_oddities_of_r4_are_told",
    "W827": "tests.unit.imports.test_import_published:test_the_oddities_of_r7_are_told",
    "W828": "tests.unit.imports.test_import_published:test_the_oddities_of_r7_are_told",
    "W829": "tests.unit.imports.test_import_files:test_a_present_table_that_cannot_be_carried_over_stops",
    "W889": "tests.test_settle:test_another_number_of_digits_is_told",
    "W890": "tests.test_settle:test_no_final_amounts",
    "W891": "tests.test_settle:test_a_blank_final_amount",
    "W892": "tests.test_settle:test_nothing_says_where_the_difference_goes",
    "W893": "tests.test_settle:test_a_reserve_below_nothing",
    "W894": "tests.test_settle:test_income_that_was_not_billed",
    "W895": "tests.test_settle:test_the_worked_example",
    "W899": "tests.test_settle_years:test_what_was_billed_must_still_be_there",
    "W901": "tests.test_cli:test_one_project_is_only_printed",
    "W902": "tests.test_explain:test_unknown_names_are_told_with_the_near_one",
    "W903": "tests.test_explain:test_unknown_names_are_told_with_the_near_one",
    "W904": "tests.test_diff_command:test_what_is_not_known_is_told",
    "W907": "tests.test_diff_command:test_a_table_of_bills_that_is_not_understood",
    "W905": "tests.test_what_if:test_what_is_not_understood_is_told",
    "W906": "tests.test_what_if:test_what_is_not_understood_is_told",
    "W918": "tests.test_payments:test_verify_takes_later_payments_for_what_they_are",
    "W919": "tests.test_import_payments:test_a_row_that_cannot_be_understood_stops_the_import",
    "W921": "tests.test_payment_columns:test_two_columns_of_what_was_received",
    "W922": "tests.test_payment_columns:test_totals_are_added_up_again",
    "W923": "tests.test_bank_lists:test_balances_that_do_not_follow_are_told",
    "W924": "tests.test_bank_lists:test_records_that_are_not_whole",
    "W925": "tests.test_bank_lists:test_a_direction_that_nobody_knows",
    "W926": "tests.test_payment_columns:test_a_list_of_nothing_but_cancelled_rows_is_refused",
    "W935": "tests.test_rename:test_what_cannot_be_is_refused",
    "W910": "tests.unit.begin.test_starter_init:test_nothing_is_overwritten",
    "W911": "tests.unit.begin.test_starter_init:test_a_file_is_no_folder",
}

# Cases whose mistake cannot stand alone: what else it gives, and why.
COMPANIONS: dict[str, set[str]] = {
    "W402/2_near": {"W401"},  # a name typed wrong is missed on one side, unknown on the other
    "W404/2_near": {"W403"},  # the same
    "W857": {"W866"},  # all 期 are past, and nothing is sealed
}


def cases() -> Iterator[str]:
    """`W209`, or `W104/1_xls` and so on where a code has several cases."""
    for folder in sorted(path for path in ERRORS.iterdir() if path != BASE):
        faces = sorted(path for path in folder.iterdir() if re.match(r"\d", path.name))
        yield from (path.relative_to(ERRORS).as_posix() for path in faces or [folder])


def workspace(case: str, root: Path) -> Path:
    """The base with the files of `case` laid over it."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    folder = ERRORS / case
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in NOT_INPUT:
            target = root / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for name, make in error_books.FILES.get(case, {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(make())
    if (folder / "delete.txt").exists():
        for name in (folder / "delete.txt").read_text(encoding="utf-8").split():
            (root / name).unlink()
    return root


def found(case: str, root: Path) -> tuple[Problem, ...]:
    workspace(case, root)
    named = ERRORS / case / "case.txt"
    name = Edition.parse(named.read_text(encoding="utf-8").strip()) if named.exists() else None
    return examine_edition(load(root, R7), name, Issues.of(root, R7)).problems


def test_the_base_is_sound(tmp_path: Path) -> None:
    assert examine(load(shutil.copytree(BASE, tmp_path / "base"), R7)).problems == ()


@pytest.mark.parametrize("case", [*cases()])
def test_a_mistake_gives_exactly_its_message(
    case: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    problems = found(case, tmp_path)
    code = case.partition("/")[0]
    assert {p.code for p in problems} == {code} | COMPANIONS.get(case, set())
    said, expected = in_order(problems) + "\n", ERRORS / case / "expected.txt"
    if request.config.getoption("--accept"):
        expected.write_bytes(said.encode())
    assert said == expected.read_text(encoding="utf-8")
    said.encode("cp932")
    for problem in problems:
        assert problem.source.place(), problem
        assert problem.what.endswith("。"), problem
        assert problem.level is not Level.ERROR or (problem.why and problem.fix), problem


def test_every_code_has_a_case() -> None:
    folders = {case.partition("/")[0] for case in cases()}
    assert folders | ELSEWHERE.keys() == set(codes())
    assert not folders & ELSEWHERE.keys()


@pytest.mark.parametrize("code", ELSEWHERE)
def test_what_is_shown_elsewhere_is_shown_there(code: str) -> None:
    module, name = ELSEWHERE[code].split(":")
    assert callable(getattr(import_module(module), name))
    assert code in Path(import_module(module).__file__ or "").read_text(encoding="utf-8")


def test_every_case_has_words_and_only_files_that_differ() -> None:
    for case in cases():
        assert (ERRORS / case / "expected.txt").is_file(), case
        for path in (ERRORS / case).rglob("*"):
            original = BASE / path.relative_to(ERRORS / case)
            assert not original.is_file() or original.read_bytes() != path.read_bytes(), path
    assert error_books.FILES.keys() <= set(cases())


def test_every_code_has_a_page_with_its_title() -> None:
    for path in PAGES.iterdir():
        code, data = path.name.removesuffix(".txt"), path.read_bytes()
        assert re.fullmatch(r"W\d{3}", code)
        known = entry(code)
        assert known.level in {level.value for level in Level}, code
        assert data.decode("utf-8").startswith(f"{known.level}　{known.title}\n\n"), code
        assert known.page.startswith(f"{known.title}\n\n"), code
        assert 10 <= len(known.page.splitlines()) <= 25, code
        assert known.texts, code
        assert b"\r" not in data, code
        assert data.endswith(b"\n"), code
        known.page.encode("cp932")


def test_help_prints_the_page_of_a_code_in_any_width() -> None:
    whole = (PAGES / "W209.txt").read_text(encoding="utf-8")
    expected = whole.partition("\n====")[0].replace("エラー　", "エラー W209: ", 1)
    assert "何が:" in whole
    assert "何が:" not in expected
    for typed in ("W209", "w209", "Ｗ２０９"):
        assert apportion("help", typed).stdout == expected


def test_help_without_a_code_lists_all() -> None:
    done = apportion("help")
    assert done.code == 0
    assert all(f"{code}  {entry(code).level}" in done.stdout for code in codes())
    titles = [entry(code).title for code in codes()]
    assert all(title in done.stdout for title in (*titles, *SUBJECTS.values()))
    assert {code[:2] for code in codes()} == SUBJECTS.keys()


def test_an_unknown_code_is_answered_with_the_near_one() -> None:
    done = apportion("help", "W2O9")
    assert done.code == 2
    assert "「W2O9」というコードや題はありません" in done.stderr
    assert "W209 割合の合計が100%でない" in done.stderr
    assert "apportion help" in apportion("help", "割合").stderr
