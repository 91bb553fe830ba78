"""What a paper is called: nobody who keeps it loses the one of last year or of another 補正."""

from dataclasses import replace

import pytest

from apportion.core.year import Edition, FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Former, Outcome, Revision
from apportion.workbook.letters.naming import (
    COLLECTED,
    council,
    document_title,
    file_name,
    of,
)
from tests.workspace import SHIPPED


@pytest.fixture(scope="module")
def shipped() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


def revised(shipped: Outcome) -> Outcome:
    """The same after 補正第2号."""
    before = Former(charges={}, instalments=())
    made = Revision(edition=Edition(2), day=None, former=before, stays=frozenset())
    return replace(shipped, revision=made)


def test_a_file_says_year_and_edition(shipped: Outcome) -> None:
    toyohashi = next(member for member in shipped.members if member.name == "豊橋市")
    second = revised(shipped)
    assert file_name(shipped, toyohashi) == "232017_豊橋市_令和7年度負担金.xlsx"
    assert file_name(shipped, toyohashi, COLLECTED) == "232017_豊橋市_令和7年度負担金_請求.xlsx"
    assert file_name(second, toyohashi) == "232017_豊橋市_令和7年度負担金変更_補正2.xlsx"


def test_a_document_says_whose_it_is(shipped: Outcome) -> None:
    second = revised(shipped)
    assert council(shipped) == "あいち電子自治体推進協議会"
    assert document_title(shipped) == "あいち電子自治体推進協議会 令和7年度 負担金"
    assert document_title(second) == "あいち電子自治体推進協議会 令和7年度 負担金 補正第2号"
    assert of(shipped) == "あいち電子自治体推進協議会　当初予算"
    assert of(second) == "あいち電子自治体推進協議会　補正第2号のあと"
