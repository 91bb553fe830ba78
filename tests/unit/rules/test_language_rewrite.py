"""Bytes of a rule file: its encoding and line ends stay, but cp932 becomes UTF-8."""

import pytest

from apportion.rules.book import Vocabulary
from apportion.rules.spell.format import first_difference, rewritten

PATH = "rules/r7/a.txt"
WORDS = Vocabulary(members=("愛知県",))
WRITTEN = "事業：共通\n年度: 令和7年度\n\n\n■経費 事務費\n負担割合: 愛知県に１００％\n"
SPELLED = "事業: 共通\n年度: 令和7年度\n\n■経費 事務費\n負担割合: 愛知県に 100%\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ],
)
def test_encoding_and_line_ends_stay(mark: bytes, codec: str, newline: str) -> None:
    before, after = (
        mark + text.replace("\n", newline).encode(codec) for text in (WRITTEN, SPELLED)
    )
    assert rewritten(PATH, before, WORDS) == (after, ())
    assert rewritten(PATH, after, WORDS) == (after, ())


@pytest.mark.parametrize("text", [WRITTEN, SPELLED])
def test_cp932_becomes_utf_8_with_a_notice(text: str) -> None:
    after, problems = rewritten(PATH, text.replace("\n", "\r\n").encode("cp932"), WORDS)
    assert after == SPELLED.replace("\n", "\r\n").encode("utf-8-sig")
    assert [(p.code, p.level.value, p.source.file) for p in problems] == [
        ("W249", "お知らせ", PATH)
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\xff\xfe\x00\x01", "W101"),
        (WRITTEN.replace("１００％", "９０％").encode(), "W209"),
        (b"", "W212"),
    ],
)
def test_what_holds_an_error_is_left_alone(data: bytes, code: str) -> None:
    after, problems = rewritten(PATH, data, WORDS)
    assert after is None
    assert code in [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("written", "line", "what", "fix"),
    [
        (WRITTEN, 1, "書き方がそろっていません。", "次の行に直してください: 事業: 共通"),
        (SPELLED.replace("\n\n", "\n\n\n"), 4, "空の行が余分です。", "この行を消してください。"),
        (
            SPELLED.replace("\n\n", "\n　\n"),
            3,
            "空の行に空白が入っています。",
            "この行の空白を消してください。",
        ),
        (
            SPELLED.replace(" 100%", " 100 %"),
            5,
            "書き方がそろっていません。",
            "次の行に直してください: 負担割合: 愛知県に 100%",
        ),
        (f"\n{SPELLED}", 1, "空の行が余分です。", "この行を消してください。"),
        (
            SPELLED.rstrip(),
            0,
            "文字コードか改行がそろっていません。",
            "apportion fmt で書き直すとそろいます。",
        ),
    ],
)
def test_the_first_line_that_differs(written: str, line: int, what: str, fix: str) -> None:
    data = written.encode()
    after, _ = rewritten(PATH, data, WORDS)
    assert after is not None
    problem = first_difference(PATH, data, after)
    assert (problem.code, problem.level.value, problem.source.line) == ("W248", "注意", line)
    assert (problem.what, problem.fix) == (what, fix)


def test_only_the_encoding_differs() -> None:
    problem = first_difference(PATH, SPELLED.encode("cp932"), SPELLED.encode("utf-8-sig"))
    assert (problem.source.line, problem.what) == (0, "文字コードか改行がそろっていません。")
