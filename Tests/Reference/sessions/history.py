"""Histories: sessions of several venues one after another or at once, with every kind of end and of hole in the log."""

from dataclasses import dataclass

from reference.recording import Source, frames_of

from . import catalog
from .bybit import DEPTHS, Bybit, Listing
from .coinbase import Coinbase, Product
from .kraken import Kraken, Pair
from .market import MILLI, SECOND, Faults, Rng

LISTINGS = {
    "linear": [("BTCUSDT", 10, 2, 3, 652_300, 900), ("SOLUSDT", 1, 2, 1, 14_120, 3_000)],
    "inverse": [("BTCUSD", 50, 2, 0, 130_460, 40_000), ("ETHUSD", 5, 2, 0, 68_100, 90_000)],
    "spot": [("BTCUSDT", 1, 2, 6, 6_522_950, 80_000), ("ETHUSDT", 1, 2, 5, 341_200, 900_000)],
}
PRODUCTS = [("BTC-USD", 2, 8, 6_523_110, 9_000_000), ("ETH-USD", 2, 8, 341_250, 90_000_000)]
PAIRS = [("BTC/USD", 1, 8, 652_334, 40_000_000), ("XRP/USD", 5, 8, 52_411, 90_000_000_000)]
VENUES = ("bybit-linear", "bybit-inverse", "bybit-spot", "coinbase", "kraken")
PAUSES = (-4 * SECOND, -SECOND, 0, 30 * MILLI, 1_700 * MILLI, 12 * SECOND)
KINDS = {"bybit": ("book", "trades", "liquidations", "funding", "open_interest")}


@dataclass
class File:
    """A file of the history as it should be, and what becomes of it."""

    source: Source
    imported: bool = False
    harm: str | None = None           # a chunk in its middle cannot be read, or it is torn
    given: bool = True                # to the replay
    previous: "File | None" = None    # whose session an import continues
    chunk_size: int = 1 << 20


def _venue(kind, name, rng, faults, start):
    """A connection of the kind that asks for some symbols and hears of others; and the symbols it asks for."""
    exchange, _, market = kind.partition("-")
    listed = {"bybit": LISTINGS.get(market), "coinbase": PRODUCTS, "kraken": PAIRS}[exchange]
    made = [{"bybit": Listing, "coinbase": Product, "kraken": Pair}[exchange](rng, *x) for x in listed]
    rng.shuffle(made)
    asked, others = (made, []) if rng.chance(0.5) else (made[:1], made[1:])
    wait = rng.pick([20, 60]) * MILLI
    if exchange == "bybit":
        depths = [rng.pick(DEPTHS)] if rng.chance(0.6) else sorted({rng.pick(DEPTHS), rng.pick(DEPTHS)})
        venue = Bybit(name, rng, faults, start, market, asked, wait, depths=depths, strangers=others)
    elif exchange == "coinbase":
        venue = Coinbase(name, rng, faults, start, asked, wait, strangers=others)
    else:
        for pair in asked:
            pair.depth = rng.pick([10, 10, 25])
            pair.book.grow(pair.depth + 20)
        venue = Kraken(name, rng, faults, start, asked, wait, rng.chance(0.8), strangers=others)
    return venue, [x.symbol if hasattr(x, "symbol") else x.name for x in asked]


class History:
    def __init__(self, seed, frames, kinds=VENUES):
        self.rng, self.frames, self.kinds, self.files = Rng(f"history {seed}"), frames, kinds, []
        self.now = catalog.START
        for number in range(self.rng.pick([1, 2, 2, 3])):
            self._session(number)
        if not any(file.given for file in self.files):
            self.files[0].given = True

    def _session(self, number):
        rng = self.rng
        imported, kind = rng.chance(0.4), rng.pick(self.kinds)
        kinds = [kind] + [kind if imported or rng.chance(0.4) else rng.pick(self.kinds)
                          for _ in range(rng.pick([0, 0, 1, 2]))]
        start = max(self.now + rng.pick(PAUSES) + rng.below(SECOND), catalog.START)
        lines, venues, symbols = [], {}, {}
        for place, kind in enumerate(kinds):
            name = f"c{place}"
            strength = rng.pick([0, 0, 0.3, 1])
            rates = {k: v * strength for k, v in Faults.DEFAULTS.items() if rng.chance(0.7)}
            rates = {**rates, "drop": 0.02, **{k: v for k, v in Faults.LIVES.items() if rng.chance(0.7)}}
            venue, symbols[name] = _venue(kind, name, rng, Faults(rng, rates), start + rng.below(SECOND))
            venues[name] = kind
            lines += [catalog.as_line(x) for x in venue.run(self.frames)]
        lines.sort(key=lambda line: line["recv_ns"])
        if rng.chance(0.2):
            lines = lines[rng.below(len(lines) // 2):]   # a capture that begins in mid-stream
        self.now = lines[-1]["recv_ns"]
        source = Source(f"s{number}", venues["c0"].partition("-")[0], {n: k.partition("-")[2] for n, k in venues.items()},
                        lines, exchanges={n: k.partition("-")[0] for n, k in venues.items()})
        (self._import if imported else self._record)(number, source, symbols)

    # MARK: - what the recorder wrote

    def _record(self, number, source, symbols):
        rng = self.rng
        if rng.chance(0.4):
            stamp = self.now + rng.below(300) * MILLI
            source.lines += [{"recv_ns": stamp, "conn": name, "status": {"state": "disconnected", "epoch": 9}}
                             for name in source.markets]
        if rng.chance(0.5):
            for _ in range(3):
                at = rng.below(len(source.lines) + 1)
                stamp = source.lines[max(at - 1, 0)]["recv_ns"]
                source.lines.insert(at, {"recv_ns": stamp, "conn": None, "clock": {"wall_ns": stamp, "monotonic_ns": 1}})
        source.sorted, source.start, source.session = True, source.lines[0]["recv_ns"] - 1 - number, f"session {number}"
        source.subscriptions = symbols if rng.chance(0.4) else {}
        if rng.chance(0.3):
            self._hole(source)
        else:
            _number(source)
        parts = self._cut(source, rng.pick([1, 1, 2, 3]))
        missing = rng.below(len(parts)) if len(parts) > 1 and rng.chance(0.3) else None
        for place, part in enumerate(parts):
            harm = "chunk" if rng.chance(0.3) else "torn" if place == len(parts) - 1 and rng.chance(0.4) else None
            self.files.append(File(part, harm=harm, given=place != missing, chunk_size=rng.pick([2_000, 8_000, 1 << 20])))

    def _hole(self, source):
        """Frames that were counted and that the log itself lacks; sometimes a status tells of it too."""
        rng, lines = self.rng, source.lines
        start = rng.below(len(lines))
        gone = lines[start:start + rng.between(1, 8)]
        end, frames = start + len(gone), [x for x in gone if "frame" in x]
        if frames and rng.chance(0.4):
            lines.insert(end, {"recv_ns": gone[-1]["recv_ns"], "conn": frames[0]["conn"],
                               "status": {"state": "dropped", "count": len(frames), "epoch": 1}})
        _number(source)
        del lines[start:end]

    def _cut(self, source, count):
        """The files of a session, of about as many lines."""
        bounds = sorted({0, len(source.lines), *(self.rng.below(len(source.lines)) for _ in range(count - 1))})
        return [Source(**{**vars(source), "name": f"{source.name}-{place}", "lines": source.lines[a:b]})
                for place, (a, b) in enumerate(zip(bounds, bounds[1:]))]

    # MARK: - what was imported

    def _import(self, number, source, symbols):
        rng = self.rng
        if rng.chance(0.5):
            source.lines = [x for x in source.lines if "frame" in x]
            if rng.chance(0.4):
                source.subscribed = [k for k in KINDS.get(source.exchange, ("book", "trades")) if rng.chance(0.7)]
        continued, previous = rng.chance(0.6), None
        for part in self._cut(source, rng.pick([1, 2, 3])):
            part.session = f"session {number}" if continued else None
            file = File(part, imported=True, given=not rng.chance(0.12), previous=previous if continued else None)
            if file.previous:
                part.start, part.counters = file.previous.source.start, _counters(file.previous.source)
            else:
                part.start = min(x["recv_ns"] for x in part.lines)
            self.files.append(file)
            previous = file


def _number(source):
    """Each line's number in its channel, as the recorder counts them."""
    counters = {}
    for line in source.lines:
        key = (line["conn"], next(k for k in ("frame", "out", "status", "clock") if k in line))
        line["sequence"] = counters[key] = counters.get(key, 0) + 1


def _counters(source):
    return {**source.counters, **{(f.connection, f.kind): f.sequence for f in frames_of(source)}}
