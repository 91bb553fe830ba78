"""R87: three bases; 90% the town of the home; what is beyond the State's standard by its residents."""

from tests.ordinances.derivation import Charges, cut, of, record, split

SUKUMO, TOSASHIMIZU, SHIMANTO = "392081", "392090", "392103"
OTSUKI, MIHARA, KUROSHIO = "394246", "394271", "394289"
CENSUS = {
    SUKUMO: 19_033,
    TOSASHIMIZU: 12_388,
    SHIMANTO: 32_694,
    OTSUKI: 4_434,
    MIHARA: 1_437,
    KUROSHIO: 10_262,
}
REGISTER = {
    SUKUMO: 18_390,
    TOSASHIMIZU: 11_590,
    SHIMANTO: 31_420,
    OTSUKI: 4_340,
    MIHARA: 1_350,
    KUROSHIO: 9_850,
}
NEEDS = {
    SUKUMO: 6_123_456,
    TOSASHIMIZU: 4_321_000,
    SHIMANTO: 9_876_543,
    OTSUKI: 2_222_222,
    MIHARA: 1_111_111,
    KUROSHIO: 3_987_654,
}
RESIDENTS = {SUKUMO: 31, TOSASHIMIZU: 12, SHIMANTO: 20, OTSUKI: 9, MIHARA: 4, KUROSHIO: 3}
EQUAL = dict.fromkeys(CENSUS, 1)
HOST = {SHIMANTO: 1}


def building() -> dict[str, int]:
    """380,000,001 less 120,000,000 of grants: 90% the host, 10% the others by people."""
    others = {code: people for code, people in CENSUS.items() if code != SHIMANTO}
    return cut(split(260_000_001, (90, HOST), (10, others)))


def running() -> dict[str, int]:
    """The host bears 300,000,000, the State's standard; 12,345,679 beyond it go by residents."""
    beyond = split(312_345_679 - 300_000_000, (100, RESIDENTS))
    return cut({code: share + 300_000_000 * HOST.get(code, 0) for code, share in beyond.items()})


def charges() -> Charges:
    return (
        of("通常運営費", cut(split(45_678_901, (10, EQUAL), (45, REGISTER), (45, NEEDS))))
        | of("老人ホーム建設費", building())
        | of("老人ホーム運営費", running())
    )


if __name__ == "__main__":
    record(__file__, charges())
