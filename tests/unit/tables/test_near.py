"""Near names and look-alike signs."""

import pytest

from apportion.core.text import lookalike, near, why

KNOWN = (
    "豊橋市",
    "豊川市",
    "豊田市",
    "長久手市",
    "電子調達（CALS/EC）事業",
    "施設予約事業",
    "人口割",
    "均等割",
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("人ロ割", "人口割"),
        ("豊橋", "豊橋市"),
        ("電子調達CALS", "電子調達（CALS/EC）事業"),
        ("施設予約", "施設予約事業"),
        ("長久出市", "長久手市"),
        ("長 久 手 市", "長久手市"),
    ],
)
def test_the_name_that_is_meant(name: str, meant: str) -> None:
    assert near(name, KNOWN) == meant


@pytest.mark.parametrize("name", ["東海市役所", "割合", "名古屋港管理組合"])
def test_nothing_is_near(name: str) -> None:
    assert near(name, KNOWN) is None


def test_a_lookalike_is_nearer_than_another_sign() -> None:
    assert near("エ業", ["商業", "工業"]) == "工業"


def test_the_order_of_known_names_changes_nothing() -> None:
    assert near("豊山市", KNOWN) == near("豊山市", reversed(KNOWN))


def test_lookalikes_are_placed_from_one() -> None:
    assert lookalike("人ロ割", "人口割") == [(2, "ロ", "口")]
    assert lookalike("カニ", "力二") == [(1, "カ", "力"), (2, "ニ", "二")]


def test_other_differences_are_no_lookalikes() -> None:
    assert lookalike("人ロ割", "人口") == []
    assert lookalike("人ロ劃", "人口割") == []
    assert lookalike("ＣＡＬＳ", "CALS") == []


def test_why() -> None:
    assert why("人ロ割", "人口割") == (
        "2文字目が片仮名の「ロ」になっています。正しくは漢字の「口」です"
        "（PDFから写すと、よく入れ替わります）。"
    )
    assert why("豊橋", "豊橋市") == ""
    assert "長音の「ー」" in why("ー般", "一般")
