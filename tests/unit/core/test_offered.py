"""Which lines of a message stand there to be copied."""

import pytest

from apportion.core.mends import offered


@pytest.mark.parametrize(
    ("fix", "lines"),
    [
        ("次の行に直してください: 上限: 1円", ["上限: 1円"]),
        ("次の行に直してください: 端数: 円（そのつもりなら、このままで）", ["端数: 円"]),
        (
            "次のどちらかの行に直してください: 上限: 1円、または 下限: 1円",
            ["上限: 1円", "下限: 1円"],
        ),
        ("次のような行に直してください: 負担割合: 均等割", []),
        ("割合を減らしてください。", []),
    ],
)
def test_a_message_offers_lines_but_no_example(fix: str, lines: list[str]) -> None:
    assert offered(fix) == lines
