"""The tables that staff fill in, as workbooks: what each column takes, and the words that say so."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum

from apportion.core.dataclass import dataclass


class EntryKind(Enum):
    """What a column takes; the value is the cell style of `books`."""

    TEXT = "entry"
    CODE = "code"
    NUMBER = "figure"
    DAY = "day"
    MARK = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLayout:
    """One column: `points` wide, offering `choices`; `free`: anything else may be typed as well.

    `note` is shown beside the cell being typed into (at most 255 signs) and on the sheet 書き方.
    A list of choices speaks for itself: there only the heading shows the note.
    """

    kind: EntryKind = EntryKind.TEXT
    points: float
    note: str = ""
    choices: tuple[str, ...] = ()
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLayout:
    """One workbook: its sheet, the columns by heading, and `other` for all further headings.

    `still` columns stay in sight when the sheet is scrolled. `notes` open the sheet 書き方.
    """

    title: str
    still: int
    columns: Mapping[str, ColumnLayout]
    other: ColumnLayout
    notes: tuple[str, ...] = field(default=())


_CODE = ColumnLayout(
    kind=EntryKind.CODE,
    points=72,
    note="総務省の6桁の団体コード。列は文字列の書式なので、先頭の 0 も消えません。",
)
_NAME = ColumnLayout(points=130, note="団体一覧（members.xlsx）と同じ名前を書きます。")
_REMARK = ColumnLayout(points=220)
_PROJECT = ColumnLayout(
    points=120,
    note="規則ファイルの「事業:」と同じ名前を書きます。積立金等の行では空欄でもかまいません。",
)
_SECTION = ColumnLayout(
    points=90,
    note="予算書の大きな区分。負担金で賄わない下の段（積立金、予備費など）は「積立金等」とします。",
)
_MONEY = ColumnLayout(
    kind=EntryKind.NUMBER,
    points=96,
    note="数だけを入れます。単位は見出しの（千円）や（円）です。0 と空欄は違います。",
)
_COMMON_NOTES = (
    "1行目は見出しです。列の順は入れ替えてもかまいませんが、見出しの言葉は変えないでください。",
    "備考の列は覚え書きで、計算には使いません。",
    "セルの結合、式、合計の行、隠した行や列は使わないでください。",
    "下の空いた行に続けて書けます。行が足りなければ、そのまま下へ書き足してください。",
    "このシート「書き方」は計算には使いません。消してもかまいません。",
)

REGISTER = BookLayout(
    title="団体",
    still=2,
    columns={
        "団体コード": _CODE,
        "団体名": ColumnLayout(points=150, note="規則と帳票に使う正式な名前。"),
        "よみ": ColumnLayout(points=190, note="片仮名で書きます。"),
        "区分": ColumnLayout(
            points=72,
            note="県、市、町、村、組合などから選びます。規則の「市町村に」などは、この区分で決まります。",
            choices=(
                *("県", "都", "道", "府", "政令市", "中核市", "市", "特別区", "町", "村"),
                *("組合", "広域連合"),
            ),
        ),
        "郡": ColumnLayout(points=72, note="町と村の郡。なければ空欄。"),
        "会員区分": ColumnLayout(
            points=72,
            note="会員か準会員。会員でない団体は空欄にします（名簿には入れられません）。",
            choices=("会員", "準会員"),
        ),
        "有効期間から": ColumnLayout(
            kind=EntryKind.DAY,
            points=110,
            note="合併でできた団体の、始まりの日。ふつうは空欄。例: 2006/3/20",
        ),
        "有効期間まで": ColumnLayout(
            kind=EntryKind.DAY,
            points=110,
            note="なくなった団体の、終わりの日。ふつうは空欄。例: 2006/3/19",
        ),
        "承継先コード": ColumnLayout(
            kind=EntryKind.CODE,
            points=84,
            note="なくなった団体を引き継いだ団体のコード。基礎数値は引き継いだ団体に足されます。",
        ),
        "長の職名": ColumnLayout(
            points=96,
            note="請求書の宛先。空欄なら、区分から知事、市長、町長、村長、区長、管理者、広域連合長。"
            "組合の理事長、組合長、企業長などのときに書きます。",
        ),
        "備考": _REMARK,
    },
    other=_REMARK,
    notes=("団体一覧です。会員でない団体や、いまはない団体も書けます。", *_COMMON_NOTES),
)

ROSTER = BookLayout(
    title="名簿",
    still=2,
    columns={"団体コード": _CODE, "団体名": _NAME, "備考": _REMARK},
    other=ColumnLayout(
        kind=EntryKind.MARK,
        points=108,
        note="年度を通して参加する団体に ○。途中からは「R7.10.1から」、途中までは「R7.9.30まで」、"
        "両方は「R7.6.1からR7.12.31まで」。参加しない団体は空欄。",
        choices=("○",),
        free=True,
    ),
    notes=(
        "名簿です。どの団体がどの事業に参加するかを、1列に一つずつ書きます。",
        "3列目からの見出しが名簿の名前です。規則の「名簿:」に同じ名前を書きます。列は増やせます。",
        *_COMMON_NOTES,
    ),
)

FIGURES = BookLayout(
    title="基礎数値",
    still=2,
    columns={"団体コード": _CODE, "団体名": _NAME, "備考": _REMARK},
    other=ColumnLayout(
        kind=EntryKind.NUMBER,
        points=104,
        note="数だけを入れます。空欄は「分からない」で、0 とは違います。",
    ),
    notes=(
        "基礎数値です。人口や件数など、負担を分けるもとになる数を、1列に一つずつ書きます。",
        "見出しには「国勢調査人口（人、令和2年10月1日現在）」のように、単位と時点を書きます。列は増やせます。",
        "規則の「基礎数値:」に、見出しと同じ名前と時点を書きます。",
        "県の人口は市町村の人口と重なるので、空欄にします。",
        *_COMMON_NOTES,
    ),
)

BUDGET = BookLayout(
    title="支出の部",
    still=4,
    columns={
        "区分": _SECTION,
        "事業": _PROJECT,
        "項": ColumnLayout(
            points=160,
            note="事業と経費の間の段を「／」でつなぎます。例: 事業費／運営費。なければ空欄。",
        ),
        "経費": ColumnLayout(
            points=130, note="予算書のいちばん細かい行の名前。規則の「■経費」に同じ名前を書きます。"
        ),
        "備考": _REMARK,
    },
    other=_MONEY,
    notes=(
        "支出の部です。予算書のいちばん細かい行を、1行ずつ書きます。",
        "予算額の列は「予算額（千円）」か「予算額（円）」です。どちらかに決めて、混ぜないでください。",
        "単価だけで決まる経費（「ずつ」「につき」など）は、予算額を空欄にできます。",
        "特定財源のように円の単位のある列は増やせます。使うのは、規則の「差し引く」か「対象」に書いた列だけです。",
        *_COMMON_NOTES,
    ),
)

INCOME = BookLayout(
    title="収入の部",
    still=3,
    columns={
        "区分": _SECTION,
        "事業": ColumnLayout(points=120, note=_PROJECT.note),
        "科目": ColumnLayout(
            points=170,
            note="団体の負担金は「負担金収入」とします。ほかは予算書のとおりに書きます。",
        ),
        "備考": _REMARK,
    },
    other=_MONEY,
    notes=(
        "収入の部です。事業ごとの負担金収入と、そのほかの収入を書きます。",
        "負担金の合計が、この表の負担金収入と1円まで一致しないと、計算を止めて知らせます。",
        *_COMMON_NOTES,
    ),
)

LAYOUTS: Mapping[str, BookLayout] = {
    "members/members": REGISTER,
    "members/r7/roster": ROSTER,
    "members/r7/figures": FIGURES,
    "rules/r7/budget": BUDGET,
    "rules/r7/income": INCOME,
}
"""Layout of each table by its path below the workspace, without suffix."""
