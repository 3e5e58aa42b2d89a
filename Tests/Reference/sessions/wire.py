"""JSON text as venues write it: chosen number texts, key order, and white space."""

import json


class Literal(str):
    """Text that stands in the JSON as it is (a number whose digits matter)."""


def dump(value, rng=None):
    """Compact JSON; with `rng`, keys in random order, white space, and escapes here and there."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        items = list(value.items())
        if rng is not None:
            rng.shuffle(items)
        body = [f"{_text(k, rng)}{_gap(rng)}:{_gap(rng)}{dump(v, rng)}" for k, v in items]
        return "{" + _gap(rng) + f"{_gap(rng)},{_gap(rng)}".join(body) + _gap(rng) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + _gap(rng) + f"{_gap(rng)},".join(dump(v, rng) for v in value) + "]"
    if isinstance(value, str):
        return _text(value, rng)
    return json.dumps(value)


def _gap(rng):
    return rng.pick(["", "", "", " ", "\n", "\t"]) if rng is not None else ""


def _text(text, rng):
    if rng is None or not text or not rng.chance(0.1):
        return json.dumps(text)
    at = rng.below(len(text))
    escaped = "".join(f"\\u{ord(c):04x}" if i == at else json.dumps(c)[1:-1] for i, c in enumerate(text))
    return f'"{escaped}"'


def decimal(units, places):
    """`units` · 10^-places as text with exactly `places` digits after the point."""
    sign, digits = ("-", -units) if units < 0 else ("", units)
    if places == 0:
        return f"{sign}{digits}"
    text = str(digits).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}"


def rfc3339(ns, digits=9):
    """UTC text of a time in nanoseconds, with 0 to 9 digits after the second (cut, not rounded)."""
    seconds, rest = divmod(ns, 1_000_000_000)
    days, second = divmod(seconds, 86_400)
    year, month, day = _civil(days)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    fraction = "." + f"{rest:09}"[:digits] if digits else ""
    return f"{year:04}-{month:02}-{day:02}T{clock}{fraction}Z"


def _civil(days):
    # Howard Hinnant's days-to-civil: no dependence on the platform's time library.
    days += 719_468
    era, doe = divmod(days, 146_097)
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1
