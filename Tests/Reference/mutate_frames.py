#!/usr/bin/env python3
"""Mutated frames of every venue, decoded by the command: what must not change does not, what breaks is lost alone.

    Tests/Reference/mutate_frames.py                 a few sessions a kind, a random seed, printed
    Tests/Reference/mutate_frames.py --seed 7 --rounds 200

Written apart from the decoders: it knows JSON by Python's json and the rules of WIRE.md. Each round makes a session
and decodes it thrice: as it is; with every frame written anew so that it means the same (order of keys, white
space, escapes, unknown and doubled members, other spellings of numbers): all events must be the same; and with some
frames broken, each in one way whose outcome is known: the counters must say exactly that, and every event of the
other frames must still be there. Bytes that are no UTF-8 cannot stand in JSON lines; the fuzzers and the Swift
tests bring them.
"""

import argparse
import collections
import json
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from atelier import Atelier, CommandFailed, binary  # noqa: E402
from reference import recording  # noqa: E402
from reference.numbers import NumberText, is_text  # noqa: E402
from sessions import catalog  # noqa: E402


class Difference(Exception):
    pass


# MARK: - JSON as a tree that keeps the order of members and the text of numbers

class Members(list):
    """An object: (key, value) pairs."""

    def get(self, name, default=None):
        return next((v for k, v in reversed(self) if k == name), default)

    def put(self, name, value):
        self[:] = [(k, value if k == name else v) for k, v in self]

    def drop(self, name):
        self[:] = [(k, v) for k, v in self if k != name]


def tree(text):
    return json.loads(text, object_pairs_hook=Members, parse_int=NumberText, parse_float=NumberText)


def written(value):
    """Compact, as venues write."""
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(k)}:{written(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return str(value) if isinstance(value, NumberText) else json.dumps(value)


# MARK: - the same again in other words

class Rewriter:
    """Writes a tree so that it means the same."""

    def __init__(self, rng):
        self.rng = rng
        self.spaces, self.escapes, self.extra = rng.random() < 0.6, rng.random() * 0.3, rng.random() * 0.3
        self.doubles, self.spell, self.shuffles = rng.random() * 0.2, rng.random() * 0.5, rng.random() < 0.7

    def gap(self):
        return "".join(self.rng.choices(" \n\t\r", k=self.rng.choice((0, 0, 0, 1, 2)))) if self.spaces else ""

    def text(self, value):
        return '"' + "".join(self.character(c) for c in value) + '"'

    def character(self, c):
        if self.rng.random() >= self.escapes:
            return json.dumps(c)[1:-1]
        if c == "/" and self.rng.random() < 0.5:
            return "\\/"
        form = "\\u{:04x}" if self.rng.random() < 0.5 else "\\u{:04X}"
        return "".join(form.format(unit) for unit in utf16(c))

    def number(self, text):
        """The same digits and scale with the point elsewhere: venues' checksums are of the digits."""
        if self.rng.random() >= self.spell or text.startswith("-") or "e" in text.lower():
            return text
        whole, _, fraction = text.partition(".")
        shift = self.rng.randint(0, min(6, len(whole) - 1))
        moved, rest = whole[: len(whole) - shift], whole[len(whole) - shift:] + fraction
        if moved != "0" and moved.startswith("0"):
            return text
        # The scale is the fraction's length less the exponent: that of the text before.
        return f"{moved}{'.' + rest if rest else ''}{self.rng.choice('eE')}{self.rng.choice(('', '+'))}{shift}"

    def junk(self, depth=0):
        kinds = ["[]", "{}", "null", "true", "-0", "1e400", "1E-400", "123456789012345678901234567890", '"\\u00e9\\ud83d\\ude00"',
                 '"]}\\"{["', '"' + "x" * 300 + '"', "[" * 200 + "]" * 200, "0.000000000000000000000000001"]
        if depth < 3 and self.rng.random() < 0.4:
            inner = ",".join(f"{self.text(self.rng.choice(('p', 's', 'u', 'ts', 'z')))}:{self.junk(depth + 1)}" for _ in range(3))
            return "{" + inner + "}" if self.rng.random() < 0.5 else f"[{self.junk(depth + 1)},{self.junk(depth + 1)}]"
        return self.rng.choice(kinds)

    def value(self, value, spell=True):
        if isinstance(value, Members):
            return self.members(value)
        if isinstance(value, list):
            return "[" + self.gap() + f"{self.gap()},{self.gap()}".join(map(self.value, value)) + self.gap() + "]"
        if isinstance(value, NumberText):
            return self.number(value) if spell else str(value)
        return self.text(value) if isinstance(value, str) else json.dumps(value)

    def members(self, value):
        parts = []
        for key, inner in value:
            # A trade's number is an identifier: its text is what counts.
            parts.append((key, self.value(inner, spell=key not in ("trade_id", "tid"))))
        if self.shuffles:
            self.rng.shuffle(parts)
        result = []
        for key, text in parts:
            if self.rng.random() < self.doubles:
                result.insert(self.rng.randint(0, len(result)), (key, self.junk()))
            result.append((key, text))
        if self.rng.random() < self.extra:
            result.insert(self.rng.randint(0, len(result)), (self.rng.choice(("x", "", "é", "Topic", "ts ")), self.junk()))
        body = (f"{self.text(k)}{self.gap()}:{self.gap()}{v}" for k, v in result)
        return "{" + self.gap() + f"{self.gap()},{self.gap()}".join(body) + self.gap() + "}"

    def frame(self, text):
        return self.gap() + self.value(tree(text)) + self.gap() if is_json(text) else text


def is_json(text):
    """Answers to pings are plain words."""
    return text.startswith(("{", "["))


def stands_alone(exchange, text, frames):
    """Whether the frames behind it mean the same when this one is lost."""
    if exchange == "deribit" and any(".none." in other for other in frames):
        return '"book.' not in text   # windows of a book count while the whole one is gapped
    if exchange == "bitmex":
        return not text.startswith('{"table":"orderBookL2"')   # it says what an id's price is
    if exchange == "bitfinex":
        return text.startswith("[") and '"te"' not in text     # else it says what a channel is, or that a trade was told
    return True


def utf16(c):
    data = c.encode("utf-16-be")
    return [int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data), 2)]


# MARK: - frames broken in one way

BAD_NUMBERS = ["", "-", "1.", ".5", "1e", "abc", "1.2.3", "99999999999999999999", "+1", " 1", "1 ", "-5", "0x10", "NaN",
               "1e400", "1,5", [], Members(), None, True, "１"]
BAD_SIDES = ["", "BUYS", "b", "Bu", NumberText("1"), None, False, [], "hold"]
BAD_TIMES_MS = ["", "x", "12:00", "1e30", None, [], True, "99999999999999999999"]
BAD_TIMES = ["", "2026-13-01T00:00:00Z", "2026-03-02", "2026-03-02T12:00:61Z", "2026-03-02T12:00:60Z", NumberText("5"), None,
             "2026-03-02T12:00:00", "2026-02-30T12:00:00Z", "9999-01-01T00:00:00Z", []]
TRADES = {"bybit": ("v", "p", "S", "T"), "coinbase": ("size", "price", "side", "time"), "kraken": ("qty", "price", "side", "timestamp")}

Outcome = collections.namedtuple("Outcome", "text kind lost")  # kind: unreadable, unknown, trade, book, ticker


def shape(exchange, value):
    """(`trade`, `book` or `ticker`, the lists of entries) of a data frame; (None, []) of others."""
    if exchange == "bybit":
        topic = value.get("topic") or ""
        name = topic.partition(".")[0]
        data = value.get("data")
        if name in ("publicTrade", "allLiquidation"):
            return "trade", [data]
        if name == "orderbook":
            return "book", [data.get("b"), data.get("a")]
        return ("ticker", [data]) if name == "tickers" else (None, [])
    if exchange == "coinbase":
        channel, events = value.get("channel"), value.get("events") or []
        if channel == "market_trades":
            return "trade", [e.get("trades") for e in events]
        return ("book", [e.get("updates") for e in events]) if channel == "l2_data" and len(events) == 1 else (None, [])
    channel, data = value.get("channel"), value.get("data") or []
    if channel == "trade":
        return "trade", [data]
    return ("book", [data[0].get("bids"), data[0].get("asks")]) if channel == "book" and len(data) == 1 else (None, [])


def unreadable(rng, text):
    """Some ways leave a text without objects or texts as it is: it is cut then."""
    result = spoiled(rng, text)
    return text[:-1] if result == text else result


def spoiled(rng, text):
    return rng.choice((
        lambda: text[:rng.randint(0, max(len(text) - 1, 0))], lambda: "\ufeff" + text, lambda: text + "\0", lambda: "\0" + text,
        lambda: text + rng.choice(("x", "}", "]", ",", "{}", '"', "//")), lambda: "", lambda: " ", lambda: text.replace('":', '";', 1),
        lambda: text.replace("{", "{,", 1), lambda: text.replace('"', "'", 2), lambda: "[" * 5000 + text + "]" * 5000,
        lambda: text[:-1] + ',"x":01}', lambda: text[:-1] + ',"x":+1}', lambda: text[:-1] + ',"x":NaN}',
        lambda: text[:-1] + ',"x":"\t"}', lambda: text[:-1] + ',"x":"\\q"}', lambda: text[:-1] + ',"x":1.}', lambda: text[:-1] + ",}",
    ))()


def broken(rng, exchange, market, text):
    """A frame broken in one way, and what must come of it."""
    if rng.random() < 0.3:
        return Outcome(unreadable(rng, text), "unreadable", 1)
    if rng.random() < 0.1:
        return Outcome(rng.choice(("[]", "[" + text + "]", "5", '"x"', "null", "true", "{}", '{"topic":"news.X"}' if exchange == "bybit" else
                                   '{"channel":"news"}')), "unknown", 0)
    value = tree(text)
    kind, lists = shape(exchange, value) if isinstance(value, Members) else (None, [])
    lists = [entries for entries in lists if entries]
    # Spot has neither funding nor interest: its tickers are ignored, whatever is in them.
    if kind is None or not lists or (kind, market) == ("ticker", "spot"):
        return Outcome(unreadable(rng, text), "unreadable", 1)
    if kind == "ticker":
        lists[0].append((rng.choice(("fundingRate", "openInterest", "markPrice", "nextFundingTime")), rng.choice(("x", "1.", [], True))))
        return Outcome(written(value), "ticker", 1)
    entries = rng.choice(lists)
    place = rng.randrange(len(entries))
    if kind == "trade":
        size, price, side, time = TRADES[exchange]
        field = rng.choice((size, price, side, time))
        bad = {size: BAD_NUMBERS + ["0", NumberText("0"), "-0"], price: BAD_NUMBERS + ["0", "0.00"], side: BAD_SIDES,
               time: BAD_TIMES_MS if exchange == "bybit" else BAD_TIMES}[field]
        if rng.random() < 0.2:
            entries[place].drop(field)
        elif rng.random() < 0.1:
            entries[place] = rng.choice((NumberText("1"), "x", [], None))
        else:
            entries[place].put(field, rng.choice(bad))
        return Outcome(written(value), "trade", 1)
    if exchange == "bybit":
        broken_level(rng, entries, place)
    else:
        size, price = ("new_quantity", "price_level") if exchange == "coinbase" else ("qty", "price")
        field = rng.choice((size, price) + (("side",) if exchange == "coinbase" else ()))
        if rng.random() < 0.2:
            entries[place].drop(field)
        else:
            entries[place].put(field, rng.choice(BAD_SIDES if field == "side" else BAD_NUMBERS + (["0"] if field == price else [])))
    return Outcome(written(value), "book", 1)


def broken_level(rng, levels, place):
    level = levels[place]
    choice = rng.randrange(5)
    if choice == 0:
        levels[place] = level[:1]
    elif choice == 1:
        levels[place] = level + ["1"]
    elif choice == 2:
        levels[place] = rng.choice((Members(), "x", NumberText("1"), None, []))
    else:
        level[choice - 3] = rng.choice(BAD_NUMBERS + (["0"] if choice == 3 else []))


# MARK: - by the command

def decoded(command, folder, made, frames, name):
    """(the events by frame, the summary) of a session with these frames."""
    lines = [{"recv_ns": line.recv, "conn": line.conn, "frame": frame} for line, frame in zip(made.lines, frames)]
    recorded = command.imported(recording.Source(name, made.exchange, made.markets, lines), folder)
    events = collections.defaultdict(list)
    for line in command.run("cat", recorded, "--events", "--json").splitlines():
        event = json.loads(line)
        if event["type"] != "feed_status":
            events[event.pop("index")].append(event)
    return events, json.loads(command.run("replay", recorded, "--clock", "external", "--period", "1s", "--json"))


def expect(what, expected, found):
    if expected != found:
        raise Difference(f"{what}: expected {expected}, found {found}")


def same_meaning(command, folder, made, rng, frames, original):
    rewriter = Rewriter(rng)
    if made.exchange == "bitfinex":
        rewriter.spell = 0   # its numbers are identifiers too, and checksums are of their texts
    other = [rewriter.frame(text) for text in frames]
    events, summary = decoded(command, folder, made, other, "rewritten")
    for index, frame in enumerate(other):
        if events[index] != original[0][index]:
            raise Difference(f"frame {index} rewritten\n  {frames[index]}\n  {frame}\n  expected {original[0][index]}\n  found    {events[index]}")
    for key in ("frames", "events", "decoded_frames", "ignored", "unknown", "error_frames", "decode_errors", "checksums",
                "sequences", "gaps", "digest"):
        expect(f"rewritten: {key}", original[1][key], summary[key])


def without_book(event):
    """Nor whether it is from a list sent on subscribing: of such lists a broken one may have been the first."""
    return {k: v for k, v in event.items() if k not in ("book", "snapshot")}


def some_broken(command, folder, made, rng, frames, original):
    market = next(iter(made.markets.values()))
    outcomes = {i: broken(rng, made.exchange, market, frames[i]) for i in range(len(frames))
                if rng.random() < 0.08 and is_json(frames[i]) and stands_alone(made.exchange, frames[i], frames)}
    other = [outcomes[i].text if i in outcomes else text for i, text in enumerate(frames)]
    events, summary = decoded(command, folder, made, other, "broken")
    total, errors, unknown = len(frames), 0, 0
    merged_differs = False
    for index, text in enumerate(other):
        expected, found, outcome = original[0][index], events[index], outcomes.get(index)
        if outcome is None:
            # A book that lost a message is gapped, a merged ticker has older values: what the frame says is the same.
            plain = without_book if not merged_differs else lambda e: {k: e[k] for k in ("type", "symbol", "ts_event_ns", "ts_recv_ns")}
            expected = [(plain if e["type"] in ("funding_rate", "open_interest") else without_book)(e) for e in expected]
            found = [(plain if e["type"] in ("funding_rate", "open_interest") else without_book)(e) for e in found]
            if merged_differs:
                expected, found = ([e for e in x if e["type"] not in ("funding_rate", "open_interest")] for x in (expected, found))
        elif outcome.kind == "trade":
            errors += len(expected) == 1
            one_less = [expected[:i] + expected[i + 1:] for i in range(len(expected))]
            if found not in one_less:
                raise Difference(f"frame {index}, a trade broken: {text}\n  expected {expected} less one\n  found {found}")
            continue
        else:
            errors += outcome.kind in ("unreadable", "book", "ticker")
            unknown += outcome.kind == "unknown"
            merged_differs |= original_is_ticker(frames[index])
            expected = []
        if expected != found:
            raise Difference(f"frame {index} {outcome}\n  {frames[index]}\n  {text}\n  expected {expected}\n  found    {found}")
    expect("frames", total, summary["frames"])
    expect("decode errors", sum(o.lost for o in outcomes.values()), summary["decode_errors"])
    expect("error frames", errors, summary["error_frames"])
    expect("unknown", original[1]["unknown"] + unknown, summary["unknown"])
    expect("sum", total, sum(summary[k] for k in ("decoded_frames", "ignored", "unknown", "error_frames")))
    gapped_until_snapshot(made, other, events, outcomes)
    return len(outcomes)


def original_is_ticker(text):
    return text.startswith(('{"topic":"tickers.', '{"table":"instrument"'))


def gapped_until_snapshot(made, frames, events, outcomes):
    """After a book message with a bad level its book is gapped until a snapshot."""
    gapped = set()
    for index, text in enumerate(frames):
        if index in outcomes and outcomes[index].kind == "book":
            gapped.add(symbol_of(made.exchange, tree(text)))
        for event in events[index]:
            if event["type"] == "book_snapshot":
                gapped.discard(event["symbol"])
            if event["type"] == "book_delta" and event["symbol"] in gapped:
                expect(f"frame {index}: state of {event['symbol']}", "gapped", event["book"]["state"])


def symbol_of(exchange, value):
    if exchange == "bybit":
        return value.get("data").get("s")
    return value.get("events")[0].get("product_id") if exchange == "coinbase" else value.get("data")[0].get("symbol")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--rounds", type=int, default=2, help="sessions a kind")
    parser.add_argument("--frames", type=int, default=150, help="frames a session")
    parser.add_argument("--atelier", help="the command; else ATELIER, else the newest build")
    options = parser.parse_args()
    command = Atelier(binary(options.atelier))
    print(f"mutated frames: seed {options.seed}", flush=True)
    total = broken_frames = 0
    for number in range(options.rounds):
        # Binance's frames need the replies between them.
        for kind in [x for x in catalog.KINDS if not x.startswith("binance")]:
            rng = random.Random(f"{options.seed} {number} {kind}")
            made = catalog.make(kind, rng.randrange(10**6), options.frames)
            made.lines = [line for line in made.lines if line.kind == "in"]
            frames = [line.text for line in made.lines]
            with tempfile.TemporaryDirectory(prefix="mutated-") as name:
                folder = pathlib.Path(name)
                try:
                    original = decoded(command, folder, made, frames, "original")
                    expect("error frames of the session itself", 0, original[1]["error_frames"])
                    same_meaning(command, folder, made, rng, frames, original)
                    broken_frames += some_broken(command, folder, made, rng, frames, original)
                except (Difference, CommandFailed) as error:
                    print(f"{kind}, seed {options.seed}, round {number}: {error}")
                    return 1
            total += len(frames)
    print(f"{total} frames rewritten, {broken_frames} broken; all as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
