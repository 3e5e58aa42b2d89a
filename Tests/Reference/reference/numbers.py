"""Texts into exact numbers and times; anything malformed is `None`."""

import decimal
import json
import re

decimal.getcontext().prec = 400
Decimal = decimal.Decimal
FINEST = 36

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?\Z")
_WHOLE = re.compile(r"[0-9]+\Z")
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class NumberText(str):
    """A JSON number as it was written."""


def is_text(value):
    return isinstance(value, str) and not isinstance(value, NumberText)


def _reject(name):
    raise ValueError(f"{name} is no JSON")


def parse_json(text):
    """The value, numbers kept as `NumberText`; `ValueError` where the text is no JSON."""
    return json.loads(text, parse_int=NumberText, parse_float=NumberText, parse_constant=_reject)


def exact(value):
    """The decimal a text stands for; `None` where it is malformed, its digits pass an Int64, or it is finer than 36 digits.

    Zeros at the end of a fraction say nothing of the value.
    """
    if not isinstance(value, str):
        return None
    match = _DECIMAL.match(value)
    if match is None:
        return None
    sign, whole, fraction, exponent = match.groups()
    mantissa, power = int(sign + whole + (fraction or "")), int(exponent or 0) - len(fraction or "")
    if power > 0:
        mantissa, power = mantissa * 10**power, 0
    while power < 0 and mantissa % 10 == 0 and not (-(2**63) <= mantissa < 2**63 and power >= -FINEST):
        mantissa, power = mantissa // 10, power + 1
    if not -(2**63) <= mantissa < 2**63 or power < -FINEST:
        return None
    return Decimal(mantissa).scaleb(power)


def whole(value):
    """A non-negative integer written as a JSON number or as text."""
    if isinstance(value, str) and _WHOLE.match(value) and int(value) < 2**63:
        return int(value)
    return None


def signed(value):
    """``whole`` with a sign before it, perhaps."""
    number = whole(value[1:]) if isinstance(value, str) and value.startswith("-") else None
    return whole(value) if number is None else -number


def from_millis(value):
    number = whole(value)
    return None if number is None or number >= 2**63 // 1_000_000 else number * 1_000_000


def from_micros(value):
    number = whole(value)
    return None if number is None or number >= 2**63 // 1_000 else number * 1_000


def from_rfc3339(value):
    if not isinstance(value, str) or isinstance(value, NumberText):
        return None
    match = _RFC3339.match(value)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(x) for x in match.groups()[:6])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1] + (leap and month == 2):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 - 719_162
    days += sum(_DAYS[: month - 1]) + (leap and month > 2) + day - 1
    zone = match.group(8)
    offset = 0 if zone in "Zz" else (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 60 + int(zone[4:6]))
    nanos = int((match.group(7) or "").ljust(9, "0"))
    return ((days * 24 + hour) * 60 + minute - offset) * 60_000_000_000 + second * 1_000_000_000 + nanos
