"""課税10%（外税）: 消費税 on top, cut once for each bill. Amounts are worked out in fractions."""

from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.year import Edition
from apportion.explain import explain
from apportion.explain.record import record
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run, verify
from apportion.why.difference import compare
from apportion.why.switches import CauseKind
from tests import recompute, small
from tests.small import R7

WATER = "有収水量（㎥、令和6年度実績）"
BODIES = {"あおば市": {WATER: 12_345}, "みどり町": {WATER: 2_347}, "こだま村": {WATER: 333}}
BILL = "\n■請求書\n発行者: 会長\n登録番号: T9000000000000\n"
SUPPLY = "■経費 受水費\n課税区分: 課税10%（外税）\n負担割合: 有収水量 1㎥につき 83.5円\n"
OFFICE = "\n■経費 事務費\n負担割合: 均等割\n"
DUES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n"

WITHOUT = {name: floor(Fraction(835, 10) * own[WATER]) for name, own in BODIES.items()}
TAX = {name: floor(Fraction(yen, 10)) for name, yen in WITHOUT.items()}


def council(root: Path, rules: str = DUES + SUPPLY + OFFICE) -> Path:
    income = sum(WITHOUT.values()) + sum(TAX.values()) + 300
    return small.write(root, rules + BILL, {"受水費": "", "事務費": 300}, BODIES, income=income)


def test_each_bill_has_ten_percent_cut_once(tmp_path: Path) -> None:
    outcome = run(council(tmp_path), R7)
    assert small.yen(outcome) == {
        "受水費": WITHOUT,
        "事務費": dict.fromkeys(BODIES, 100),
        "消費税等（外税）": TAX,
    }
    # 1,030,807 + 103,080 + 100; the tax within 1,133,887 that the bill shows is the same 103,080.
    assert outcome.billed_to(small.code(1)) == 1_133_987
    assert TAX["あおば市"] == 1_133_887 * 10 // 110
    assert sum(part.yen for part in outcome.instalments) == outcome.total
    assert verify(tmp_path / "outputs/r7", tmp_path)[0] == ()


def test_several_lines_are_taxed_together(tmp_path: Path) -> None:
    """9円 and 9円 of each body: 10% of 18円 is 1円, and not twice 0円."""
    rules = "■経費 受水費、事務費\n課税区分: 課税10%（外税）\n負担割合: 9円ずつ\n" + BILL
    small.write(tmp_path, rules, {"受水費": "", "事務費": ""}, BODIES, income=3 * (18 + 1))
    assert small.yen(small.run(tmp_path))["消費税等（外税）"] == dict.fromkeys(BODIES, 1)


def test_what_is_paid_back_is_cut_without_its_sign(tmp_path: Path) -> None:
    rules = "■経費 受水費\n課税区分: 課税10%（外税）\n負担割合: 均等割\n" + BILL
    small.write(tmp_path, rules, {"受水費": -57}, BODIES, income=-57 - 3)
    assert small.yen(small.run(tmp_path))["消費税等（外税）"] == dict.fromkeys(BODIES, -1)


def test_a_cap_of_the_whole_comes_before_the_tax(tmp_path: Path) -> None:
    """あおば市 is held at 500,000円; what is over is borne by the two others by what they pay."""
    rules = (
        "上限: 市ごとに 500千円、超えた分は町村が負担\n\n■経費 受水費\n課税区分: 課税10%（外税）\n"
        "負担割合: 有収水量割\n" + BILL
    )
    small.write(tmp_path, rules, {"受水費": 1_000_000}, BODIES, income=1_100_000 - 1)
    charged = small.yen(small.run(tmp_path))
    paid = {name: charged["受水費"][name] + charged["激変緩和調整"][name] for name in BODIES}
    assert paid["あおば市"] == 500_000
    assert sum(paid.values()) == 1_000_000
    assert charged["消費税等（外税）"] == {name: yen // 10 for name, yen in paid.items()}


@pytest.mark.parametrize("name", BODIES)
def test_every_step_can_be_worked_out_again(name: str, tmp_path: Path) -> None:
    outcome = small.run(council(tmp_path))
    member = next(m for m in outcome.tables.members if m.name == name)
    charges = record(explain(outcome, member, outcome.results))["projects"][0]["charges"]
    found = {charge["line"]: recompute.charge(charge) for charge in charges}
    assert found == {"受水費": WITHOUT[name], "事務費": 100, "消費税等（外税）": TAX[name]}


def dearer(root: Path) -> Outcome:
    council(root, DUES + SUPPLY.replace("83.5", "90") + OFFICE)
    paid = {name: 90 * own[WATER] for name, own in BODIES.items()}
    whole = sum(paid.values()) + sum(yen // 10 for yen in paid.values()) + 300
    path = root / "rules/r7/income.csv"
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head}\n{row.rsplit(',', 1)[0]},{whole}\n", encoding="utf-8")
    return small.run(root)


def test_a_difference_of_the_tax_is_a_cause_of_its_own(tmp_path: Path) -> None:
    before, after = small.run(council(tmp_path / "a")), dearer(tmp_path / "b")
    changes = compare(before, after).changes
    causes = {c.member.name: c.causes for c in changes if c.line == "消費税等（外税）"}
    more = {name: 90 * own[WATER] // 10 - TAX[name] for name, own in BODIES.items()}
    assert {name: sum(cause.yen for cause in own) for name, own in causes.items()} == more
    assert {cause.kinds for own in causes.values() for cause in own} == {(CauseKind.TAX,)}


def test_the_tax_follows_a_supplementary_budget(tmp_path: Path) -> None:
    rules = "■経費 受水費\n課税区分: 課税10%（外税）\n負担割合: 均等割\n" + BILL
    small.write(tmp_path, rules, {"受水費": 3_000}, BODIES, income=3_300)
    small.revise(tmp_path, 1, {"受水費": 600}, income=660)
    outcome = run(tmp_path, R7, edition=Edition(1))
    assert small.yen(outcome)["消費税等（外税）"] == dict.fromkeys(BODIES, 120)


def test_income_without_the_tax_is_refused(tmp_path: Path) -> None:
    rules = "■経費 受水費\n課税区分: 課税10%（外税）\n負担割合: 均等割\n" + BILL
    small.write(tmp_path, rules, {"受水費": 3_000}, BODIES)
    with pytest.raises(InputError) as refused:
        small.run(tmp_path)
    assert "外税の消費税等 300円" in str(refused.value)
