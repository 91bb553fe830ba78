"""前年度の負担金, 予算額 and the columns of the budget in formulas."""

from pathlib import Path

from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from tests import small

FIGURES = {"A市": {"人口（人）": 30}, "B町": {"人口（人）": 10}}
HEADING = "事業,経費,団体コード,団体名,負担金額（円）\n"


def previous(root: Path, line: str, **yen: int) -> None:
    codes = {body: small.code(number) for number, body in enumerate(FIGURES, start=1)}
    rows = (f"共同事業,{line},{codes[body]},{body},{amount}\n" for body, amount in yen.items())
    small.save(root, "members/r7/previous.csv", HEADING + "".join(rows))


def test_each_line_has_its_own_budget(tmp_path: Path) -> None:
    text = (
        "\n■経費 一、二\n負担割合: 参加団体に 額の額\n"
        "\n■基準 額\n値: 予算額 × 人口 ÷ 人口の計\n単位: 円\n"
    )
    small.write(tmp_path, text, {"一": 400, "二": 8_000}, FIGURES)
    assert small.yen(small.run(tmp_path)) == {
        "一": {"A市": 300, "B町": 100},
        "二": {"A市": 6_000, "B町": 2_000},
    }


def test_a_figure_of_that_name_stays_what_it_is(tmp_path: Path) -> None:
    figures = {"A市": {"予算額（円）": 3}, "B町": {"予算額（円）": 1}}
    text = "\n■経費 一\n負担割合: 額割\n\n■基準 額割\n値: 予算額\n"
    small.write(tmp_path, text, {"一": 400}, figures)
    assert small.yen(small.run(tmp_path)) == {"一": {"A市": 300, "B町": 100}}


def test_last_years_charge_as_a_driver_under_a_former_name(tmp_path: Path) -> None:
    text = "\n■経費 一\n旧名: 旧一\n負担割合: 均等割 50% + 前年度の負担金割 50%\n"
    small.write(tmp_path, text, {"一": 800}, FIGURES)
    previous(tmp_path, "旧一", A市=300, B町=100)
    assert small.yen(small.run(tmp_path)) == {"一": {"A市": 500, "B町": 300}}


def test_a_member_without_last_year_is_told(tmp_path: Path) -> None:
    text = "\n■経費 一\n負担割合: 前年度の負担金割\n"
    small.write(tmp_path, text, {"一": 800}, FIGURES)
    assert {p.code for p in examine(load(tmp_path, small.R7)).problems} >= {"W515"}
    previous(tmp_path, "一", A市=300)
    [problem] = [p for p in examine(load(tmp_path, small.R7)).problems if p.code == "W344"]
    assert problem.what == "B町の前年度の負担金がありません。"
