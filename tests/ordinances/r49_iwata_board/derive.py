"""R49: amounts agreed, and the special cases on top all by the union."""

from tests.ordinances.derivation import Charges, of, record

IWATA, UNION = "222119", "229997"


def charges() -> Charges:
    agreed = {IWATA: 234_000, UNION: 66_000}
    return of("公平委員会費", agreed) | of("特別事案費", {IWATA: 0, UNION: 85_000})


if __name__ == "__main__":
    record(__file__, charges())
