#!/usr/bin/env python3
"""The reference against the readings that stand beside the real frames (`.expected`): books, trades, funding, interest.

    Tests/Reference/prove_readings.py [FOLDER] [VENUE …]        (default: ../shared/recordings, every venue at hand)
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from real_files import real  # noqa: E402
from reference import recording  # noqa: E402
from reference.items import Funding, Interest, Trade  # noqa: E402
from reference.numbers import exact, from_millis, from_rfc3339  # noqa: E402
from reference.session import Session  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Watched(Session):
    """Keeps what each book was after each line: how many levels, and the best three."""

    def __init__(self, sources):
        self.states = {}
        super().__init__(sources, top=3)

    def emit_book(self, instrument, venue, is_event=True, at=None):
        super().emit_book(instrument, venue, is_event, at)
        book = self.books[instrument]
        self.states[len(self.frames), instrument[2]] = (book.state, len(book.bids), len(book.asks), *book.top(3))


def time_of(value):
    """Milliseconds, or nanoseconds where there are so many digits, or a text."""
    if value is None:
        return None
    if not str(value).isdigit():
        return from_rfc3339(value)
    return int(value) if int(value) > 10**17 else from_millis(str(value))


def places(source):
    """Of each line its place in the replay."""
    receipts = recording._receipts(source)
    order = sorted(range(len(receipts)), key=receipts.__getitem__)
    return {line: place for place, line in enumerate(order)}


def levels(texts):
    return tuple((exact(price), exact(size)) for price, size in texts)


def told(item):
    """A reading as the items of a frame say it, by its kind."""
    if isinstance(item, Trade):
        return ("trade", item.instrument[2], item.price, item.size, item.taker_buys, item.venue, item.listed)
    if isinstance(item, Funding):
        return ("funding", item.instrument[2], item.rate, item.next_time)
    if isinstance(item, Interest):
        return ("open_interest", item.instrument[2], item.interest, item.mark)
    return None


def stated(reading):
    """The same of a line of the expected readings."""
    kind, symbol = reading["ch"], reading["symbol"]
    if kind == "trade":
        return [(kind, symbol, exact(reading["price"]), exact(reading["size"]), reading["taker"] == "buy", time_of(reading["ts"]),
                 bool(reading.get("snapshot")))]
    if kind == "funding":
        return [(kind, symbol, exact(reading["rate"]), time_of(reading["next_ts"]))]
    if kind == "ctx":
        return [("funding", symbol, exact(reading["funding"]), None),
                ("open_interest", symbol, exact(reading["oi"]), exact(reading["mark"]))]
    return [(kind, symbol, exact(reading["oi"]), exact(reading["mark"]))]


def compare(session, source, readings):
    """(readings compared, what differs)"""
    place_of, problems = places(source), []
    expected = {}
    for reading in readings:
        place = place_of[reading["i"]]
        if reading["ch"] == "book":
            mine = session.states.get((place, reading["symbol"]))
            wanted = ("synced", reading["nb"], reading["na"], levels(reading["bids"]), levels(reading["asks"]))
            if mine != wanted:
                problems.append(f"line {reading['i']} book of {reading['symbol']}: {mine} expected {wanted}")
        else:
            expected.setdefault(place, []).extend(stated(reading))
    kinds = {item[0] for items in expected.values() for item in items}
    for place, frame in enumerate(session.frames):
        mine = [told(item) for item in frame.items if told(item) and told(item)[0] in kinds]
        if sorted(mine, key=str) != sorted(expected.get(place, []), key=str):
            problems.append(f"frame {place}: {mine} expected {expected.get(place, [])}")
    return len(readings), problems


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "recordings"
    if not folder.is_dir():
        print(f"skipped: no recordings at {folder}")
        return 0
    failed = 0
    for name, (source,) in real(folder):
        beside = folder / source.exchange / f"{name}.expected.jsonl.zst"
        if not beside.exists() or (sys.argv[2:] and source.exchange not in sys.argv[2:]):
            continue
        session = Watched([source])
        count, problems = compare(session, source, recording.read_lines(beside))
        c = session.counts
        print(f"{'ok  ' if not problems else 'FAIL'} {source.exchange} {name}: {count} readings, {len(problems)} differ; "
              f"sequences {c.sequences_verified}+{c.sequences_broken}, checksums {c.checksums_verified}+{c.checksums_failed}, "
              f"tickers {c.tickers_verified}+{c.tickers_failed}, errors {c.decode_errors}, unknown {c.unknown}")
        for problem in problems[:5]:
            print(f"     {problem[:600]}")
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
