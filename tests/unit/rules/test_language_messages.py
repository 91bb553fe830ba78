"""Messages in full, the examples they show, and the marks below the line."""

import pytest

from apportion.core.problem import Problem, Source
from apportion.rules import messages, read
from apportion.rules.book import Vocabulary
from apportion.rules.read import forms
from apportion.rules.read.section import HEAD, KEYS, ROWS

HEAD_LINES = "書式: 1\n事業: 施設予約事業\n年度: 令和7年度\n\n■経費 運用支援業務等\n"


def faults(line: str, path: str = "rules/r7/20_shisetsu.txt") -> tuple[Problem, ...]:
    words = Vocabulary(figures=("人口",))
    return read.parse(path, HEAD_LINES + line, words)[1]


def test_w209_in_full() -> None:
    (problem,) = faults("負担割合: 均等割 30% + 人口割 60%")
    assert str(problem) == (
        "エラー W209: 割合の合計が 100% になっていません（いまは 90%）。\n"
        "  場所: rules/r7/20_shisetsu.txt  6行目 7文字目\n"
        "\n"
        "    6 | 負担割合: 均等割 30% + 人口割 60%\n"
        "      | 　　　　  ＾＾＾^^^^^^^＾＾＾^^^^\n"
        "\n"
        "  なぜ: 書かれた割合を足すと 30% + 60% です。合計は、ちょうど 100% でなければなりません。\n"
        "  直し方: 最後を「残り」にすると、ちょうど 100% になります: "
        "負担割合: 均等割 30% + 人口割 残り"
    )


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ("均等割 33.3% + 人口割 33.3% + 面積割 33.3%", "99.9%"),
        ("均等割 1/3 + 人口割 1/3", "2/3、約66.7%"),
        ("均等割 99.9999999% + 人口割 0.00000001%", "99.99999991%"),
        ("均等割 60% + 人口割 60%", "120%"),
    ],
)
def test_w209_says_the_exact_sum(line: str, now: str) -> None:
    (problem,) = faults(f"負担割合: {line}")
    assert problem.what == f"割合の合計が 100% になっていません（いまは {now}）。"


def test_w209_when_nothing_can_be_left() -> None:
    (problem,) = faults("負担割合: 均等割 100% + 人口割 20%")
    assert problem.fix == "合計が 100% になるように、割合を減らしてください。"


def test_w222_mends_the_whole_line() -> None:
    (problem,) = faults("負担割合: 均等割３割＋人口割７割")
    assert problem.fix == "次の行に直してください: 負担割合: 均等割30%＋人口割70%"


def test_marks_stand_below_wide_and_narrow_signs() -> None:
    text = "値:\tｶﾞ×人 か\u3099"
    place = Source(file="a", line=12, column=6, length=4, text=text)
    shown = str(Problem(code="W226", source=place, what="。", why="", fix="")).split("\n")
    assert shown[3:5] == [f"    12 | {text}", "       | 　 \t  ＾＾^＾"]


def test_marks_of_an_unknown_column_and_of_nothing() -> None:
    for column in (0, 1):
        place = Source(file="a", line=1, column=column, length=0, text="値値")
        shown = str(Problem(code="W226", source=place, what="。", why="", fix=""))
        assert shown.endswith("      | ^\n")


def lines_of_block(kind: str) -> str:
    """A block of one kind with an example of each of its lines, as messages show them."""
    keys = [forms.example(key, kind) for key in KEYS[kind]]
    rows = {"段階表": [forms.STEP], "係数表": [forms.COEFFICIENT]}.get(kind, [])
    heading = [] if kind == HEAD else [forms.HEADINGS.get(kind, f"■{kind}")]
    return "\n".join([*heading, *keys, *rows])


def test_every_example_can_be_read() -> None:
    assert set(ROWS) < set(KEYS)
    text = "\n".join(lines_of_block(kind) for kind in KEYS)
    _, problems = read.parse("rules/r7/a.txt", text, Vocabulary())
    assert problems == ()


@pytest.mark.parametrize(
    "line", [forms.EACH, forms.PER_UNIT, forms.RATE, forms.HEADS, forms.example("負担割合")]
)
def test_examples_of_single_lines(line: str) -> None:
    rule = "" if line.startswith("負担割合") else "負担割合: 均等割\n"
    assert faults(rule + line) == ()


def test_example_of_a_share_of_the_rest() -> None:
    assert faults(f"負担割合: 県に 50%\n{forms.SPLIT}") == ()


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("状熊", ("状態", "名簿"), "状態"),
        ("上根", ("上限", "下限"), "上限"),
        ("左限", ("上限", "下限"), None),
        ("負坦割合", ("負担割合", "端数"), "負担割合"),
        ("値", ("単位",), None),
    ],
)
def test_what_was_meant(word: str, known: tuple[str, ...], meant: str | None) -> None:
    assert messages.meant(word, known) == meant
