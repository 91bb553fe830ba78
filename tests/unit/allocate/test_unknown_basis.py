"""W207 in full: which sign is wrong, and what can be used instead."""

from apportion.allocate.columns import unknown_basis
from apportion.core.problem import Source
from apportion.rules.nodes import Name


def basis(text: str, line: str) -> Name:
    """A basis on line 6, as the reader would leave it."""
    place = Source(
        file="rules/r7/20_shisetsu.txt",
        line=6,
        column=line.index(text) + 1,
        length=len(text),
        text=line,
    )
    return Name(text, place)


def test_w207_in_full() -> None:
    name = basis("人ロ割", "負担割合: 均等割 30% + 人ロ割 70%")
    assert str(unknown_basis(name, ["均等", "人口"])) == (
        "エラー W207: 「人ロ割」という基準はありません。\n"
        "  場所: rules/r7/20_shisetsu.txt  6行目 17文字目\n"
        "\n"
        "    6 | 負担割合: 均等割 30% + 人ロ割 70%\n"
        "      | 　　　　  　　　       ＾＾＾\n"
        "\n"
        "  なぜ: 2文字目が片仮名の「ロ」になっています。正しくは漢字の「口」です"
        "（PDFから写すと、よく入れ替わります）。\n"
        "  直し方: 「人ロ割」を「人口割」に直してください。いま使える基準: 人口割、均等割"
    )


def test_w207_with_nothing_near() -> None:
    problem = unknown_basis(basis("面積割", "負担割合: 面積割"), ["人口", "均等"])
    assert (
        problem.why == "基礎数値の見出しにも、■基準、■段階表、■係数表にも、この名前がありません。"
    )
    assert problem.fix == (
        "使える基準に直すか、基礎数値（figures）に「面積」の列を足してください。"
        "いま使える基準: 人口割、均等割"
    )
