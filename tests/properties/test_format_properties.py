"""What `fmt` promises, for whole files of every form in every tolerated spelling."""

from hypothesis import HealthCheck, given, settings

from apportion.rules import read
from apportion.rules.book import RuleBook
from apportion.rules.spell.format import formatted
from apportion.rules.tell import chapters, matrix
from tests.properties.strategies import PATH, WORDS, rule_texts
from tests.unit.rules.canonical import faults

careless = settings(
    max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def spelled(text: str) -> str:
    found, problems = formatted(PATH, text, WORDS)
    assert problems == (), list(map(str, problems))
    assert found is not None
    return found


@careless
@given(text=rule_texts())
def test_one_spelling_says_the_same_and_is_its_own(text: str) -> None:
    written, problems = read.parse(PATH, text, WORDS)
    assert problems == ()
    again = spelled(text)
    assert read.parse(PATH, again, WORDS) == (written, ())
    assert spelled(again) == again


@careless
@given(text=rule_texts())
def test_what_is_written_parses_in_a_grammar_of_its_own(text: str) -> None:
    assert faults(spelled(text)) == []


@careless
@given(text=rule_texts())
def test_comments_and_order_of_lines_stay(text: str) -> None:
    def comments(of: str) -> list[str]:
        lines = (line.strip() for line in of.split("\n"))
        return [line for line in lines if line.startswith(("※", "#"))]

    again = spelled(text)
    assert comments(again) == comments(text)
    kept = [line for line in text.split("\n") if line.strip()]
    assert len([line for line in again.split("\n") if line]) == len(kept)


@careless
@given(text=rule_texts())
def test_spelling_changes_no_word_of_the_description(text: str) -> None:
    def told(of: str) -> tuple[list[tuple[str, list[str]]], list[tuple[str, ...]]]:
        rules, _ = read.parse(PATH, of, WORDS)
        assert rules is not None
        book = RuleBook((rules,))
        sentences = [(c.title, [line.text for line in c.sentences]) for c in chapters(book)]
        return sentences, [(r.lines, r.who, r.share, str(r.parts)) for r in matrix(book)]

    assert told(text) == told(spelled(text))


@careless
@given(text=rule_texts())
def test_shares_of_every_row_make_the_whole(text: str) -> None:
    rules, _ = read.parse(PATH, text, WORDS)
    assert rules is not None
    rows = matrix(RuleBook((rules,)))
    assert len(rows) == sum(len(expense.clauses) for expense in rules.expenses)
    assert {row.total for row in rows} <= {None, 1}
