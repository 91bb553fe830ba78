"""Rule files made by chance: right in what they say, careless in how they are written.

`rule_texts` draws whole files from every form of every line; names, numbers and signs come in all
the spellings that are tolerated. Only what is refused for good reason is left out.
"""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st

from apportion.rules.book import Vocabulary

MEMBERS = ("愛知県", "豊橋市", "豊根村", "にかほ市", "旧 村")
FIGURES = ("人口", "世帯数", "人口75歳以上", "大気に関する数", "人口（15歳未満）", "ごみ 搬入量")
LINES = ("事務費", "監査、訓練", "保守/運用", "利用料（9月30日まで）", "利用に係る費用")
COLUMNS = ("特定財源", "基準額")
WORDS = Vocabulary(
    lines={"共通": LINES}, members=MEMBERS, figures=FIGURES, columns=COLUMNS, rosters=("電子",)
)
UNKNOWN = ("まだない名前", "甲・乙", "ガイド")
PATH = "rules/r7/a.txt"

_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_PARTS = ("{}%", "{} %", "{}パーセント", "{}/100", "100分の{}")
_AMOUNTS = ("27千円", "1万円", "500000円", "1,500 円", "3.5円", "2億円", "120 百万円")
_UNITS = ("円", "千円", "100円", "1000円", "10万円", "百円")
_DAYS = ("令和7年7月31日", "R8.1.30 ", "2025-10-01 ", "令和7年 4月 1日")
_MODES = ("切捨て", "四捨五入", "切上げ")
_ORDERS = (
    "端数の大きい順",
    "金額の小さい順",
    "人口の多い順",
    "年度ごとに輪番",
    "調整しない",
    "最も金額の大きい団体が負担",
)
_YEARS = ("", "（令和7年度に限る）", "(R6、令和7 から R9まで に限る)", "（2027年度 以降に限る）")
_FREE = ("協議会会則第○条", "例（「甲」、乙に）：Ａ５０％", "= 1000 ※注", "一  二　三")

space = st.sampled_from(["", "", " ", "　", "  "])


def one(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


def joined(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The parts with careless spaces between them."""
    return st.tuples(space, *(st.just(p) if isinstance(p, str) else p for p in parts)).map(
        lambda found: found[0].join(found[1:])
    )


def maybe(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), part)


def listed(
    part: st.SearchStrategy[str], most: int = 3, between: str = "、", least: int = 1
) -> st.SearchStrategy[str]:
    return st.lists(part, min_size=least, max_size=most).map(between.join)


def named(known: Sequence[str], ending: str = "") -> st.SearchStrategy[str]:
    """A name, in 「」 or not; one that nobody knows only where it is plain."""
    bare = one(*(name + ending for name in (*known, *UNKNOWN)))
    return st.one_of(bare, bare.map(lambda name: f"「{name}」"))


member = named((*MEMBERS, "市町村", "会員"))
figure = named(FIGURES)
line_name = named(LINES)
driver = named((*FIGURES, "均等"), "割")
amount = one(*_AMOUNTS)
part = st.tuples(one(*_PARTS), st.integers(1, 60)).map(lambda p: p[0].format(p[1]))
unit = one(*_UNITS)
mode = one(*_MODES)
free = one(*_FREE)
who = joined(listed(member), maybe(joined("（", listed(member, 2), "を除く", "）")))
payers = maybe(joined(who, "に"))


@st.composite
def shares(draw: st.DrawFn, count: int, *, rest: bool = True) -> list[str]:
    """Parts that make 100%, in any spelling; the last may be 残り."""
    cuts = draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True))
    edges = [0, *sorted(cuts), 100]
    values = [high - low for low, high in pairwise(edges)]
    found = [draw(one(*_PARTS)).format(value) for value in values]
    if rest and draw(st.booleans()):
        found[-1] = "残り"
    return found


@st.composite
def weights(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 3))
    if count == 1:
        return draw(driver)
    parts = draw(shares(count))
    between = draw(one("+", " + ", "、", "　"))
    return between.join(draw(joined(driver, part)) for part in parts)


@st.composite
def total_splits(draw: st.DrawFn) -> list[str]:
    """総額方式: amounts first, then parts that make 100% of the 対象額 or of what is left."""
    lines = [
        draw(joined(payers, one("定額", ""), amount, one("を", ""), weights()))
        for _ in range(draw(st.integers(0, 1)))
    ]
    parts = draw(shares(draw(st.integers(1, 3)), rest=False))
    of_the_rest = draw(st.booleans())
    if lines or of_the_rest:
        lines += [draw(joined(payers, "残りの", part, one("を", ""), weights())) for part in parts]
    else:
        parts[-1] = draw(one(parts[-1], "残り")) if len(parts) > 1 else "残り"
        lines += [
            draw(st.one_of(joined(payers, part, "を", weights()), joined(who, "に", part)))
            for part in parts
        ]
    return lines


def unit_prices() -> st.SearchStrategy[list[str]]:
    """単価方式."""
    size = one("1件", "1,000人", "1000 人", "1万人", "10 km")
    cut = maybe(joined("（", one("端数切上げ", "端数切捨て"), "）"))
    clause = st.one_of(
        joined(payers, amount, "ずつ"),
        joined(payers, figure, size, "につき", amount, cut),
        joined(payers, figure, "の", part),
        joined(payers, figure, "の額"),
    )
    return st.lists(clause, min_size=1, max_size=3)


def same_as() -> st.SearchStrategy[list[str]]:
    clause = joined(member, "に", who, "の計と同額")
    return st.tuples(clause, joined("残りを", weights())).map(list)


number = one("1", "3", "0.5", "1000", "1,234.50", "3分の1", "10%", "350円", "20 パーセント")
atom = st.one_of(number, figure, joined(figure, "の計"), named(COLUMNS))


@st.composite
def chain(draw: st.DrawFn, operand: st.SearchStrategy[str]) -> str:
    """Operands with signs; `÷ 1/2` is refused, so no `/` follows a ÷."""
    text, last = draw(operand), ""
    for _ in range(draw(st.integers(1, 3))):
        signs = ("+", "-", "×", "*", "÷") if last == "÷" else ("+", "-", "×", "*", "÷", "/")
        last = draw(one(*signs))
        text = draw(joined(text, last, operand))
    return text


def formulas() -> st.SearchStrategy[str]:
    return st.recursive(
        atom,
        lambda inner: st.one_of(
            chain(st.one_of(atom, joined("（", inner, ")"))),
            joined("(", one("人口", "「世帯数」", "2"), "^", one("0.5", "世帯数", "(1/2)"), "）"),
            joined(one("大きい方", "小さい方", "平均"), "（", inner, "、", inner, "）"),
        ),
        max_leaves=6,
    )


reckoned = joined(
    one("大きい方", "小さい方", "平均"), "（", formulas(), "、", formulas(), "）", "を", weights()
)
worked_out = st.one_of(
    joined("（", chain(atom), " + 5万円", "）"),
    joined(one("大きい方", "小さい方", "平均"), "（", formulas(), "、10 千円", "）"),
)
clauses = st.one_of(
    weights().map(lambda found: [found]),
    total_splits(),
    unit_prices(),
    same_as(),
    st.tuples(reckoned, joined("残りを", weights())).map(list),
    joined(maybe(joined(who, "に ")), worked_out, "の額").map(lambda found: [found]),
)


rounding = joined(
    unit,
    "未満",
    mode,
    maybe(joined("（", one("基準ごと", "経費ごと", "事業ごと"), ")")),
    "、差額は",
    st.one_of(one(*_ORDERS), joined(member, "が負担")),
)
proration = joined(
    st.one_of(
        joined("月割", maybe(joined("（", one("参加した月を含む", "翌月から"), "）"))),
        one("日割", "全額", "翌年度から"),
    ),
    maybe(joined("、減った分は", one("他の団体で負担", "繰越"))),
)
bind = joined(
    maybe(joined(named(("甲数",)), "=")),
    named(FIGURES),
    "（",
    one(
        *("令和2年10月1日現在", "R2.10.1 現在", "令和5年度実績", "前年度 決算", "当年度"),
        *(
            "令和4年度から前年度まで平均",
            "令和4年度から前年度まで 合計",
            "令和5年1月1日から令和5年12月31日まで",
        ),
    ),
    "）",
    one("", "、精算は（令和7年度 実績）", "、 精算は（令和8年3月31日 現在）"),
)
new = maybe(st.just("、前年度のない団体は除く"))
limit = st.one_of(
    worked_out, amount, joined("前年度の", part), joined("経費の", part), joined("もとの額の", part)
)
each = maybe(joined(who, "ごとに"))
upper = joined(
    each,
    limit,
    "、超えた分は",
    st.one_of(one("残りの団体で割り直す", "徴収しない"), joined(who, "が負担")),
    new,
)
lower = joined(each, limit, "、足りない分は残りの団体で割り直す", new)
adjust = joined(figure, one("を先に引き、後で足す", "を差し引く", "を足す"))
deduct = st.one_of(named(COLUMNS), joined(named(("国庫補助金",)), amount))
smoothing = joined(
    *("総額", amount, "を"),
    st.one_of(
        joined("60", "か月", "(", one("令和4年1月", "R4.1"), "から)"),
        joined("5", "年", "（", one("令和7年度", "当年度", "R7"), "から", "）"),
    ),
    *("、端数は", one("初年度", "最終年度")),
)
subject = named((*MEMBERS, "合計", "市町村"))
assertion = st.one_of(
    joined("団体数", "=", one("54", "1,741", "54団体")),
    joined(
        subject, "=", st.one_of(amount, one("予算額", "対象額")), maybe(joined("（±", amount, "）"))
    ),
)


@st.composite
def due_plans(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 4))
    dues = [
        draw(joined("第", str(number), "期")) + draw(space) + draw(one(*_DAYS)) + draw(space) + part
        for number, part in enumerate(draw(shares(count)), 1)
    ]
    return "、".join([*dues, *draw(one("", "年額10万円超に限る")).split()])


DEFAULTS = {
    "名簿": named(("電子",)),
    "端数": rounding,
    "途中参加": proration,
    "納期": due_plans(),
}
unsaid = joined("「", free, "」", "理由", free, one("", "、承認 事務局長", "、 承認　会長"))
REPEATED = {"上限": upper, "下限": lower, "未対応": unsaid}
FREE_KEYS = ("根拠", "備考")
HEAD = {
    **DEFAULTS,
    "書式": st.just("1"),
    "状態": one("例", "案", "議決"),
    "期割の端数": joined(unit, "未満", mode, "、差額は", one("第1期", "最終期")),
    "会計": one("一般会計", "介護保険 特別会計", "「消防、救急特別会計」"),
    "休日": one("翌営業日", "前 営業日", "そのまま"),
}
EXPENSE = {
    **DEFAULTS,
    "対象": formulas(),
    "課税区分": one("不課税", "課税10%"),
    "平準化": smoothing,
    "基礎数値": bind,
}
EXPENSE_REPEATED = {
    **REPEATED,
    "差し引く": deduct,
    "旧名": listed(line_name),
    "団体別加減": adjust,
    "検算": assertion,
}


@st.composite
def written(draw: st.DrawFn, key: str, value: str) -> str:
    """A line, in full width or not, with any colon and spaces around it."""
    colon = draw(one(":", "：", "： ", " :　"))
    years = draw(one(*_YEARS)) if key in ("上限", "下限", "差し引く") else ""
    line = f"{draw(space)}{key}{colon}{value}{years}{draw(space)}"
    return line if key in FREE_KEYS or draw(st.booleans()) else line.translate(_WIDE)


@st.composite
def items(
    draw: st.DrawFn,
    once: dict[str, st.SearchStrategy[str]],
    often: dict[str, st.SearchStrategy[str]],
) -> list[str]:
    """Some of the lines of `once`, and up to two of each of `often`."""
    chosen = draw(st.lists(st.sampled_from([*once]), unique=True, max_size=4))
    lines = [draw(written(key, draw(once[key]))) for key in chosen]
    repeated = draw(st.lists(st.sampled_from([*often]), max_size=3))
    lines += [draw(written(key, draw(often[key]))) for key in repeated]
    return draw(st.permutations(lines))


def heading(kind: str, name: str) -> st.SearchStrategy[str]:
    return one(f"■{kind} {name}", f"■ {kind}　{name}", f"【{kind}】{name}", f" [{kind}] {name}")


@st.composite
def expenses(draw: st.DrawFn) -> list[list[str]]:
    """■経費 blocks whose names differ."""
    blocks = []
    groups = ("事務費", "「監査、訓練」、保守/運用", "利用料（9月30日まで）、利用に係る費用")
    for names in draw(st.permutations([*groups, "ほかの 経費すべて"]))[: draw(st.integers(1, 3))]:
        block = [draw(heading("経費", names))]
        block += [draw(written("負担割合", clause)) for clause in draw(clauses)]
        often = {**EXPENSE_REPEATED, **dict.fromkeys(FREE_KEYS, free)}
        blocks.append(block + draw(items(EXPENSE, often)))
    return blocks


@st.composite
def steps(draw: st.DrawFn) -> list[str]:
    block = [draw(heading("段階表", "「段に応じた割」"))]
    block.append(draw(written("読み方", draw(one("段の値をそのまま使う", "段ごとに 積み上げる")))))
    block.append(draw(written("区分", draw(figure))))
    edges = draw(st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True).map(sorted))
    scale = draw(one("{}万人", "{}000人", "{},000 人", "{} 千人"))
    spelled = [scale.format(edge) for edge in edges]
    keys = [
        f"{spelled[0]}未満",
        *(f"{low}以上{high}未満" for low, high in pairwise(spelled)),
        f"{spelled[-1]}以上",
    ]
    return block + [draw(written(key, draw(formulas()))) for key in keys]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Some of the other blocks."""
    basis = st.one_of(formulas(), joined(figure, "が2倍で", one("負担が", ""), "1.5", "倍"))
    decimals = one("小数第3位未満四捨五入", "整数 未満切捨て")
    blocks = [
        [draw(heading("基準", "逓減割")), draw(written("値", draw(basis)))],
        draw(steps()),
        [
            draw(heading("係数表", "地域")),
            draw(written("豊橋市", draw(formulas()))),
            draw(written("「その他」", draw(one("1/2", "30 %", "1000")))),
        ],
        [
            draw(heading("グループ", "沿岸")),
            draw(written("団体", draw(who))),
            draw(written("代表", draw(named(("愛知県",))))),
        ],
        ["【請求書】", draw(written("備考", draw(free))), draw(written("公印", "省 略"))],
        ["■精算", draw(written("差額", "還付と追徴")), draw(written("基礎数値", "決算年度"))],
    ]
    if draw(st.booleans()):
        blocks[0].append(draw(written("端数", draw(decimals))))
    return draw(st.permutations(blocks))[: draw(st.integers(0, 4))]


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    """A whole rule file that reads without a problem when `WORDS` are known."""
    year = draw(one("令和7年度", "R7", "２０２５", "令和 7"))
    head = [draw(written("事業", draw(one("共通", "「共通」")))), draw(written("年度", year))]
    head += draw(items(HEAD, {**REPEATED, **dict.fromkeys(FREE_KEYS, free)}))
    head += [draw(written("基礎数値", draw(bind)))]
    lines: list[str] = []
    for block in (head, *draw(st.permutations([*draw(expenses()), *draw(tables())]))):
        for line in block:
            lines += draw(st.lists(one("", "　", "※ 注　「記」", "  # 1000：1"), max_size=2))
            lines.append(line)
    return "\n".join(lines) + draw(one("", "\n", "\n\n　\n"))
