"""A connection to Kraken v2: books of depth 10 with their checksums, trades, heartbeats, acks."""

import zlib

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import Literal, decimal, rfc3339


class Pair:
    def __init__(self, rng, symbol, places, size_places, mid, typical, depth=10):
        self.symbol, self.places, self.size_places, self.depth = symbol, places, size_places, depth
        self.book = Book(rng, mid, depth + 20, typical)
        self.held, self.phantom = None, None
        self.trade_id, self.recent = 40_000_000 + rng.below(9_000_000), []

    def level(self, price, size):
        return {"price": Literal(decimal(price, self.places)), "qty": Literal(decimal(size, self.size_places))}


def checksum(asks, bids, places, size_places):
    """CRC-32 over the ten best asks, then the ten best bids, of the digits of price and quantity."""
    digits = ""
    for side, order in ((asks, sorted(asks)), (bids, sorted(bids, reverse=True))):
        for price in order[:10]:
            for text in (decimal(price, places), decimal(side[price], size_places)):
                digits += text.replace(".", "").lstrip("0")
    return zlib.crc32(digits.encode())


class Kraken(Connection):
    def __init__(self, name, rng, faults, start, pairs, mean_wait=40 * MILLI, acknowledged=True,
                 strangers=()):
        super().__init__(name, rng, faults, start, mean_wait)
        self.pairs, self.beat, self.acknowledged, self.strangers = pairs, start, acknowledged, strangers

    def run(self, frames):
        self._connect()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.pairs))
        return self.lines

    def _connect(self):
        self.receive({"channel": "status", "type": "update",
                      "data": [{"version": "2.0.10", "system": "online", "api_version": "v2", "connection_id": 7}]})
        for pair in self.pairs:
            self._subscribe("book", pair)
            if self.faults.strikes("early"):
                pair.held = pair.book.top(pair.depth)
                self._update(pair)
            self._snapshot(pair)
            self._subscribe("trade", pair)
            self._trade_list(pair)

    def _one(self, pair):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            for other in self.pairs:
                self._redepth(other)
            return self._connect()
        if self.faults.strikes("unknown"):
            self.receive({"channel": "mystery", "type": "update", "data": []})
        if self.strangers and self.faults.strikes("stranger"):
            pair = self.rng.pick(self.strangers)
            return self._snapshot(pair) if pair.held is None or self.rng.chance(0.2) else self._book(pair)
        if self.now - self.beat > SECOND:
            self.beat = self.now
            self.receive({"channel": "heartbeat"})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(pair)
        draw = self.rng.unit()
        if draw < 0.75:
            self._book(pair)
        elif draw < 0.93:
            self._trades(pair)
        else:
            self.receive({"channel": "ticker", "type": "update", "data": [{"symbol": pair.symbol, "last": 1.5}]})

    # MARK: - requests and acks

    def _request(self, method, channel, pair):
        params = {"channel": channel, "symbol": [pair.symbol]}
        result = {"channel": channel, "symbol": pair.symbol}
        if channel == "book":
            params.update({} if pair.depth == 10 and self.strangers else {"depth": pair.depth}, snapshot=True)
            result["depth"] = pair.depth
        if method == "subscribe":
            result["snapshot"] = True
        self.receive({"method": method, "params": params}, kind="out")
        return {"method": method, "result": result, "success": True, "time_in": rfc3339(self.now - 60_000, 6),
                "time_out": rfc3339(self.now, 6)}

    def _subscribe(self, channel, pair):
        ack = self._request("subscribe", channel, pair)
        if self.acknowledged:
            self.receive(ack)

    def _resubscribe(self, pair):
        channel = self.rng.pick(["book", "trade"])
        self.receive(self._request("unsubscribe", channel, pair))
        if channel == "book":
            self._redepth(pair)
        self.now += self.rng.between(1, 1500) * MILLI
        self.receive(self._request("subscribe", channel, pair))
        if channel == "book":
            self._snapshot(pair)
        elif self.rng.chance(0.5):
            self._trade_list(pair)

    def _redepth(self, pair):
        if self.faults.strikes("redepth"):
            pair.depth = self.rng.pick([10, 25, 100])
            pair.book.grow(pair.depth + 20)

    # MARK: - books

    def _book(self, pair):
        pair.book.step()
        if self.faults.strikes("restart"):
            return self._snapshot(pair)
        if self.faults.strikes("gap"):
            pair.held = pair.book.top(pair.depth)  # an update went missing: the checksum will tell
            pair.book.step()
        self._update(pair)

    def _target(self, pair):
        bids, asks = pair.book.top(pair.depth)
        if pair.phantom and self.now >= pair.phantom[0]:
            pair.phantom = None
        if pair.phantom is None and self.faults.strikes("crossed"):
            pair.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks))
        if pair.phantom:
            bids[pair.phantom[1]] = 321
            bids = {p: bids[p] for p in sorted(bids, reverse=True)[:pair.depth]}
        return bids, asks

    def _snapshot(self, pair):
        pair.held = self._target(pair)
        self._send(pair, "snapshot", list(pair.held[0].items()), list(pair.held[1].items()))

    def _update(self, pair):
        after = self._target(pair)
        sides = []
        for before, now, full in ((pair.held[0], after[0], pair.book.bids), (pair.held[1], after[1], pair.book.asks)):
            # A level pushed out by better ones is not deleted on the wire: the receiver cuts.
            sides.append([(p, s) for p, s in changes(before, now) if s or p not in full])
        pair.held = after
        self._send(pair, "update", *sides)

    def _send(self, pair, kind, bids, asks):
        proof = checksum(pair.held[1], pair.held[0], pair.places, pair.size_places)
        if self.faults.strikes("checksum"):
            proof ^= 1 << self.rng.below(32)
        entry = {"symbol": pair.symbol, "bids": [pair.level(*x) for x in bids], "asks": [pair.level(*x) for x in asks],
                 "checksum": proof, "timestamp": rfc3339(self.stamp(), 6)}
        if self.faults.strikes("stamp"):
            if self.rng.chance(0.5):
                del entry["timestamp"]
            else:
                entry["timestamp"] = "now"
        if self.faults.strikes("nameless"):
            del entry["symbol"]
        levels = entry["bids"] or entry["asks"]
        if levels and self.faults.strikes("level"):
            key, value = self.rng.pick([("price", Literal("-3.0")), ("qty", Literal("-1")), ("qty", "much"), ("price", None)])
            self.rng.pick(levels)[key] = value
        self.receive({"channel": "book", "type": kind, "data": [entry]})

    # MARK: - trades

    def _trade(self, pair, lag):
        buys, price, units = pair.book.hit()
        pair.trade_id += 1
        level = pair.level(price, units)
        if self.faults.strikes("zeros"):
            level["qty"] = Literal(level["qty"] + "0" * 16)
        return {"symbol": pair.symbol, "side": "buy" if buys else "sell", **level, "ord_type": "market",
                "trade_id": pair.trade_id, "timestamp": rfc3339(self.stamp(lag), 6)}

    def _trade_list(self, pair):
        while len(pair.recent) < 4:
            pair.recent.append(self._trade(pair, self.rng.below(30 * SECOND)))
        self.receive({"channel": "trade", "type": "snapshot", "data": pair.recent[-6:]})

    def _trades(self, pair):
        trades = []
        for _ in range(self.rng.between(1, 3)):
            trade = self._trade(pair, self.rng.below(40) * MILLI)
            if pair.recent and self.faults.strikes("duplicate"):
                trade = dict(self.rng.pick(pair.recent[-5:]))
            trades.append(trade)
        pair.recent = (pair.recent + trades)[-20:]
        sent = [dict(t) for t in trades]
        for trade in sent:
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("side", "none"), ("price", "x"), ("qty", Literal("-1")), ("timestamp", "noon")])
                trade[key] = value
        self.receive({"channel": "trade", "type": "update", "data": sent})
