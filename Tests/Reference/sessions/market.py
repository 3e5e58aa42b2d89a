"""A small market: an order book that moves, and trades that hit it."""

import math
import random

from .wire import dump

MILLI = 1_000_000
SECOND = 1_000_000_000


class Rng:
    """Draws that depend on `random.Random.random` alone, whose sequence Python promises to keep."""

    def __init__(self, seed):
        self._source = random.Random(seed)

    def unit(self):
        return self._source.random()

    def below(self, n):
        return int(self._source.random() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, p):
        return p > 0 and self._source.random() < p

    def pick(self, items):
        return items[self.below(len(items))]

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]

    def wait(self, mean):
        """An exponential waiting time, in whole nanoseconds."""
        return int(-math.log(1.0 - self.unit()) * mean)


class Faults:
    """Named faults with the chance of each at every opportunity; a fault not named never happens."""

    DEFAULTS = {
        "gap": 0.01, "restart": 0.004, "clear": 0.003, "repeat": 0.006, "early": 0.3, "level": 0.008,
        "crossed": 0.006, "ahead": 0.01, "skew": 0.03, "stamp": 0.006, "shallow": 0.3, "deeper": 0.3,
        "duplicate": 0.05, "trade": 0.03, "ticker": 0.05, "garbage": 0.01, "unknown": 0.01, "silence": 0.002,
        "unsubscribe": 0.006, "checksum": 0.01, "disorder": 0.05, "shuffle": 0.2, "empty": 0.02,
        "edge": 0.2, "burst": 0.02, "oneside": 0.004, "drop": 0.005, "stall": 0.003,
        "nameless": 0.002,
    }

    # What happens over the life of connections: for histories of several sessions.
    LIVES = {"redepth": 0.02, "stranger": 0.02, "zeros": 0.03, "nosettlement": 0.1}

    def __init__(self, rng, rates=None):
        unknown = set(rates or ()) - set(self.DEFAULTS) - set(self.LIVES)
        if unknown:
            raise ValueError(f"unknown fault {sorted(unknown)[0]!r}; known: {', '.join(self.DEFAULTS)}")
        self.rng, self.rates = rng, dict(rates or {})

    def strikes(self, name):
        return self.rng.chance(self.rates.get(name, 0))


class Book:
    """Whole-number prices (ticks) and sizes of one instrument, never crossed."""

    def __init__(self, rng, mid, levels, typical):
        self.rng, self.typical, self.levels = rng, typical, levels
        self.bids = {mid - 1 - i: self._size() for i in range(levels)}
        self.asks = {mid + 1 + i: self._size() for i in range(levels)}

    def _size(self):
        return 1 + int(self.typical * (-math.log(1.0 - self.rng.unit())))

    @property
    def bid(self):
        return max(self.bids)

    @property
    def ask(self):
        return min(self.asks)

    def step(self):
        """Changes a few levels near the top; one time in six the top itself moves a tick."""
        rng = self.rng
        for _ in range(rng.between(1, 6)):
            side, top, away = (self.bids, self.bid, -1) if rng.chance(0.5) else (self.asks, self.ask, 1)
            depth = min(int(-math.log(1.0 - rng.unit()) * 6), self.levels - 1)
            price = top + away * depth
            if side.get(price) and len(side) > 3 and rng.chance(0.25):
                del side[price]
            else:
                side[price] = self._size()
        if rng.chance(1 / 6):
            self._move(1 if rng.chance(0.5) else -1)
        self._refill()

    def grow(self, levels):
        """At least so many levels a side."""
        if levels > self.levels:
            self.levels = levels
            self._refill()

    def _move(self, direction):
        eaten, other, price = (self.asks, self.bids, self.ask) if direction > 0 else (self.bids, self.asks, self.bid)
        del eaten[price]
        other[price - direction if self.rng.chance(0.5) else price] = self._size()

    def _refill(self):
        for side, away in ((self.bids, -1), (self.asks, 1)):
            ends = (min(side), max(side)) if side else (None, None)
            while len(side) < self.levels:
                edge = (ends[0] if away < 0 else ends[1]) + away
                side[edge] = self._size()
                ends = (min(side), max(side))
            for price in sorted(side, reverse=away < 0)[self.levels + 8:]:
                del side[price]

    def hit(self):
        """A market order: (taker buys, price, size) and the size it left at the top."""
        buys = self.rng.chance(0.5)
        side, price = (self.asks, self.ask) if buys else (self.bids, self.bid)
        size = min(side[price], 1 + int(self._size() / 4))
        side[price] -= size
        if side[price] == 0:
            del side[price]
            self._refill()
        return buys, price, size

    def top(self, depth):
        bids = sorted(self.bids, reverse=True)[:depth]
        asks = sorted(self.asks)[:depth]
        return {p: self.bids[p] for p in bids}, {p: self.asks[p] for p in asks}


def changes(before, after):
    """Level changes from one published side to the next; size 0 for a level that went."""
    gone = [(p, 0) for p in before if p not in after]
    return gone + [(p, s) for p, s in after.items() if before.get(p) != s]


class Line:
    """One line of a recording: what a connection received (or sent, or went through) and when."""

    __slots__ = ("recv", "conn", "kind", "text", "request")

    def __init__(self, recv, conn, kind, text, request=None):
        self.recv, self.conn, self.kind, self.text, self.request = recv, conn, kind, text, request


class Connection:
    """The clock, latency and output of one connection; a venue's class derives from it."""

    def __init__(self, name, rng, faults, start, mean_wait=40 * MILLI):
        self.name, self.rng, self.faults = name, rng, faults
        self.now, self.mean_wait = start, mean_wait
        self.last_receipt, self.lines, self.received = start, [], 0
        self.calm, self.epoch = 30 * MILLI, 1

    def advance(self):
        if self.faults.strikes("silence"):
            self.now += self.rng.between(1, 9) * SECOND
        if not self.faults.strikes("burst"):
            self.now += 1000 + self.rng.wait(self.mean_wait)
        if self.faults.strikes("edge"):
            # Events exactly on the edges of rows are where membership goes wrong.
            grid = self.rng.pick([10 * MILLI, 100 * MILLI, SECOND])
            self.now = -(-self.now // grid) * grid

    def receive(self, value, kind="in", request=None):
        latency = 2 * MILLI + self.rng.wait(self.calm) // 4
        receipt = max(self.last_receipt, self.now + latency)
        if self.faults.strikes("edge"):
            receipt = max(self.last_receipt, -(-receipt // (100 * MILLI)) * 100 * MILLI)
        self.last_receipt = receipt
        self.received += kind == "in"
        shuffle = self.rng if self.faults.strikes("shuffle") else None
        text = value if isinstance(value, str) else dump(value, shuffle)
        self.lines.append(Line(receipt, self.name, kind, text, request))

    def status(self, state, **more):
        """A line of the recorder about this connection (only in recordings with control lines)."""
        self.receive({"state": state, "epoch": self.epoch, **more}, kind="status")

    def drop(self):
        """The connection is lost, and comes back after a while; what happened meanwhile was not seen."""
        if self.rng.chance(0.7):
            self.now += self.rng.between(0, 900) * MILLI
        self.status("disconnected", reason="reset by peer", code=1006)
        self.now += self.rng.between(1, 3000) * MILLI
        self.epoch += 1
        self.status("connecting")
        self.status("connected")

    def hiccup(self):
        """Something the recorder notices that is not the end of the connection."""
        if self.faults.strikes("stall"):
            state = self.rng.pick(["stalled", "dropped", "silent", "resync"])
            self.status(state, count=self.rng.between(1, 9), topic="")

    def stamp(self, lag=0):
        """The venue's time of an event now: usually a little past, sometimes out of order or ahead."""
        time = self.now - lag
        if self.faults.strikes("ahead"):
            return time + self.rng.between(9_900, 40_000) * MILLI
        if self.faults.strikes("skew"):
            return time + self.rng.between(-4_000, 4_000) * MILLI
        if self.faults.strikes("disorder"):
            return time - self.rng.between(0, 400) * MILLI
        return time

    def nonsense(self):
        if self.faults.strikes("garbage"):
            self.receive(self.rng.pick(["", "{", "not json", '{"a":', "[1,2", '{"topic":"publicTrade.', "\u0000", "nul"]))
