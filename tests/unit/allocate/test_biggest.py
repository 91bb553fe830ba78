"""差額は最も金額の大きい団体が負担: all of the difference to one, also when it is taken back."""

from pathlib import Path

import pytest

from apportion.allocate.rounding import RestRule, Shares, close, cut_all
from apportion.rules.nodes import Mode, RestOrder
from tests import small

BIGGEST = RestRule(order=RestOrder.BIGGEST)


@pytest.mark.parametrize(
    ("mode", "yen"),
    [(Mode.DOWN, (460, 310, 230)), (Mode.UP, (440, 320, 240)), (Mode.HALF_UP, (450, 310, 240))],
)
def test_all_of_it_goes_to_the_largest_amount(mode: Mode, yen: tuple[int, ...]) -> None:
    # 1,000 as 4,465 : 3,149 : 2,386 in tens: 446.5, 314.9, 238.6.
    shares = Shares(1_000, (4_465, 3_149, 2_386), 10_000)
    assert close(shares, cut_all(shares, 10, mode), 1_000, 10, BIGGEST).yen == yen


def test_equal_amounts_go_by_the_code(tmp_path: Path) -> None:
    figures = {"A市": {"人口（人）": 1}, "B町": {"人口（人）": 1}}
    text = "\n■経費 一\n負担割合: 人口割\n端数: 円未満切捨て、差額は最も金額の大きい団体が負担\n"
    small.write(tmp_path, text, {"一": 101}, figures)
    assert small.yen(small.run(tmp_path)) == {"一": {"A市": 51, "B町": 50}}
