"""休日: moving a due date off Saturdays, Sundays, national holidays and the turn of the year."""

from datetime import date, timedelta

_CLOSED = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
FIRST_KNOWN, LAST_KNOWN = 1949, 2099
"""Years for which the equinoxes, and so the national holidays, can be worked out."""

_STEP = {"翌営業日": timedelta(days=1), "前営業日": timedelta(days=-1)}


def is_known(day: date) -> bool:
    """Whether the national holidays around `day` are known."""
    return FIRST_KNOWN < day.year < LAST_KNOWN


def is_closed(day: date) -> bool:
    """Whether offices and banks are closed: weekends, national holidays, 29 December to 3 January."""
    # Loaded here: only a year with due dates needs the calendar.
    import jpholiday  # noqa: PLC0415

    return (
        day.weekday() >= 5  # noqa: PLR2004  Saturday is the sixth day of date.weekday
        or (day.month, day.day) in _CLOSED
        or bool(jpholiday.is_holiday(day))
    )


def move(day: date, rule: str) -> date:
    """`day`, or the next or previous working day (`翌営業日`, `前営業日`, `そのまま`)."""
    step = _STEP.get(rule)
    while step is not None and is_closed(day):
        day += step
    return day
