"""What two spellings of one name have in common, which encodings are not ours, and how lists are told."""

import pytest

from apportion.core.text import decode, fold, foreign, name_key, near, on_lines, why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("⻑久⼿市", "長久手市"),  # U+2ED1, U+2F3F, as a PDF gives them
        ("瀬⼾市", "瀬戸市"),  # U+2F3E, for which Unicode names 戶
        ("⻘⽊町", "青木町"),
        ("⿊川村", "黒川村"),
        ("⻄尾市", "西尾市"),
        ("葛\U000e0100城市", "葛城市"),  # another form of 葛
        ("辻\ufe00村", "辻村"),
        ("\ufa19\u6238町", "神戸町"),  # the compatibility sign of 神
        ("\U0002f8a6村", "慈村"),
    ],
)
def test_one_name(written: str, meant: str) -> None:
    assert written != meant
    assert name_key(written) == name_key(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("鯵ヶ沢町", "鰺ヶ沢町"),
        ("鰺ケ沢町", "鰺ヶ沢町"),
        ("塩竈市", "塩釜市"),
        ("髙知市", "高知市"),
        ("龍ヵ崎市", "龍カ﨑市"),
        ("諌早市", "諫早市"),
        ("飛騨市", "飛驒市"),
        ("瀬戶市", "瀬戸市"),
    ],
)
def test_what_only_looks_alike_is_another_name_and_is_said(written: str, meant: str) -> None:
    assert name_key(written) != name_key(meant)
    assert near(written, [meant, "豊橋市"]) == meant
    assert "文字目が" in why(written, meant)


def test_folding_keeps_the_length() -> None:
    signs = "".join(map(chr, (*range(0x20, 0xD800), *range(0xF900, 0x10000))))
    assert len(fold(signs)) == len(signs)
    assert fold(fold(signs)) == fold(signs)


@pytest.mark.parametrize(("codec", "words"), [("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")])
def test_encodings_that_are_not_read_are_named(codec: str, words: str) -> None:
    data = "団体コード,団体名,人口（人）\n098019,あおば市,28500\n".encode(codec)
    assert words in foreign(data)
    assert decode(data) is None


@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_are_read_are_not(codec: str) -> None:
    data = "団体コード,団体名,ﾅｶﾞｸﾃ\n098019,あおば市,28500\n".encode(codec)
    assert foreign(data) == ""
    assert decode(data) is not None


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], ""),
        ([1], "\n    1円"),
        ([1, 2], "\n    1円\n    2円"),
        ([1, 2, 3, 4], "\n    1円\n    2円\n    ほか 2 件"),
    ],
)
def test_the_first_ones_stand_on_lines_and_the_others_are_counted(
    found: list[int], told: str
) -> None:
    assert on_lines(found, "件", lambda yen: f"{yen}円", most=2) == told
