"""A connection to OKX v5: spot, swaps and a future at once, their books with numbers and, till 2026-06, checksums."""

import zlib

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import Literal, decimal

EIGHT_HOURS = 28_800 * SECOND


class Instrument:
    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.kind = {2: "SPOT", 3: "SWAP" if symbol.endswith("SWAP") else "FUTURES"}[symbol.count("-") + 1]
        self.book = Book(rng, mid, 40, typical)
        self.published, self.phantom, self.number = None, None, 1_000_000 + rng.below(900_000)
        self.trade_id, self.last_trade = 219_000_000 + rng.below(900_000), None
        self.interest, self.rate = 4_000_000 + rng.below(900_000), rng.between(-300, 900)

    def price(self, ticks):
        return decimal(ticks * self.tick, self.places)

    def size(self, units):
        return decimal(units, self.size_places)


class OKX(Connection):
    """The older form has no numbers but checksums, that of June 2026 both, the present one numbers and a checksum of 0."""

    def __init__(self, name, rng, faults, start, instruments, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.instruments, self.form = instruments, rng.pick(["2022", "2026-06", "2026-07"])
        self.pinged, self.kinds = start, sorted({x.kind for x in instruments} - {"SPOT"})

    def run(self, frames):
        self._subscribe()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.instruments))
        return self.lines

    def _one(self, one):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            for other in self.instruments:
                other.published = None
            return self._subscribe()
        if self.faults.strikes("unknown"):
            self.receive({"arg": {"channel": "mystery", "instId": one.symbol}, "data": [{"ts": str(self.now // MILLI)}]})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(one)
        if self.now - self.pinged > 20 * SECOND:
            self.pinged = self.now
            self.receive("ping", kind="out")
            self.receive("pong")
        draw = self.rng.unit()
        if draw < 0.66:
            self._book(one)
        elif draw < 0.83:
            self._trades(one)
        elif draw < 0.87:
            self._send("tickers", one, [{"instId": one.symbol, "last": one.price(one.book.bid), "ts": str(self.now // MILLI)}])
        elif one.kind == "SPOT":
            self._book(one)
        elif draw < 0.91:
            self._interest(one)
        elif draw < 0.95 and one.kind == "SWAP":
            self._funding(one)
        else:
            self._liquidations(one.kind)

    # MARK: - requests

    def _topics(self, one):
        channels = ["books", "trades"]
        if one.kind != "SPOT":
            channels += ["open-interest"] + (["funding-rate"] if one.kind == "SWAP" else [])
        return [{"channel": channel, "instId": one.symbol} for channel in channels]

    def _ask(self, op, args):
        self.receive({"op": op, "args": args}, kind="out")
        for arg in args:
            self.receive({"event": op, "arg": arg, "connId": "de355a39"})

    def _subscribe(self):
        kinds = [{"channel": "liquidation-orders", "instType": kind} for kind in self.kinds]
        if self.rng.chance(0.5):
            self._ask("subscribe", kinds)
            kinds = []
        args = [arg for one in self.instruments for arg in self._topics(one)]
        if self.faults.strikes("early"):
            one = self.rng.pick(self.instruments)
            one.published = one.book.top(20)
            self._update(one)
        self._ask("subscribe", args + kinds)
        for one in self.instruments:
            self._snapshot(one)
        for kind in self.kinds:
            if self.rng.chance(0.8):
                self._liquidations(kind, age=self.rng.between(1, 900) * SECOND)

    def _resubscribe(self, one):
        arg = self.rng.pick(self._topics(one) + [{"channel": "liquidation-orders", "instType": k} for k in self.kinds])
        self._ask("unsubscribe", [arg])
        self.now += self.rng.between(1, 1500) * MILLI
        self._ask("subscribe", [arg])
        if arg["channel"] == "books":
            self._snapshot(one)

    # MARK: - books

    def _book(self, one):
        if one.published is None or self.faults.strikes("restart"):
            return self._snapshot(one)
        if self.rng.chance(0.02):
            return self._alive(one)
        one.book.step()
        lost = self.faults.strikes("gap")
        if lost:
            one.published = one.book.top(20)   # an update went missing: its number, or the checksum, will tell
            one.number += self.rng.between(1, 30)
            one.book.step()
        self._update(one)
        if lost and self.rng.chance(0.6):
            for op in ("unsubscribe", "subscribe"):
                self._ask(op, [{"channel": "books", "instId": one.symbol}])
            self._snapshot(one)
        elif self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)

    def _target(self, one):
        bids, asks = one.book.top(20)
        if one.phantom and self.now >= one.phantom[0]:
            one.phantom = None
        if one.phantom is None and self.faults.strikes("crossed"):
            one.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks) + self.rng.below(2))
        if one.phantom:
            bids[one.phantom[1]] = 5
        return bids, asks

    def _snapshot(self, one):
        one.published = self._target(one)
        one.number += self.rng.between(1, 40)
        sides = ({}, one.published[1]) if self.faults.strikes("oneside") else one.published
        one.published = sides
        self._entry(one, "snapshot", [list(side.items()) for side in sides], -1)

    def _update(self, one):
        before, one.published = one.published, self._target(one)
        number = one.number
        one.number += self.rng.between(1, 40)
        if self.faults.strikes("clear"):
            one.number = self.rng.between(1, number - 1)   # the venue counts anew
        self._entry(one, "update", [changes(a, b) for a, b in zip(before, one.published)], number)

    def _alive(self, one):
        self._entry(one, "update", [[], []], one.number)

    def _entry(self, one, action, sides, before):
        levels = [[[one.price(p), one.size(s) if s else "0", "0", str(self.rng.below(9)) if s else "0"] for p, s in side]
                  for side in sides]
        if self.faults.strikes("level"):
            self._spoil(levels)
        entry = {"asks": levels[1], "bids": levels[0], "ts": str(self.stamp() // MILLI)}
        proof = 0 if self.form == "2026-07" else self._checksum(one)
        if proof and self.faults.strikes("checksum"):
            proof ^= 1 << self.rng.below(31)
        entry["checksum"] = Literal(proof)
        if self.form != "2022":
            entry["seqId"], entry["prevSeqId"] = one.number, before
        if self.faults.strikes("stamp"):
            entry["ts"] = "soon"
        self.receive({"arg": {"channel": "books", "instId": one.symbol}, "action": action, "data": [entry]})

    def _checksum(self, one):
        bids, asks = one.published
        text = []
        for i in range(25):
            for side, order in ((bids, sorted(bids, reverse=True)), (asks, sorted(asks))):
                text += [one.price(order[i]), one.size(side[order[i]])] if i < len(order) else []
        value = zlib.crc32(":".join(text).encode())
        return value - (1 << 32) if value >= 1 << 31 else value

    def _spoil(self, sides):
        side = sides[0] or sides[1]
        if side:
            at = self.rng.below(len(side))
            price, size, *rest = side[at]
            side[at] = self.rng.pick([[price, "-1", *rest], ["abc", size, *rest], [price], ["-" + price, size, *rest],
                                      [price, "1.2.3", *rest], [price, "99999999999999999999", *rest]])

    # MARK: - the rest

    def _send(self, channel, one, entries):
        self.receive({"arg": {"channel": channel, "instId": one.symbol}, "data": entries})

    def _spoiled(self, entry, choices):
        if self.faults.strikes("trade"):
            key, value = self.rng.pick(choices)
            if value is None:
                entry.pop(key, None)
            else:
                entry[key] = value
        return entry

    def _trades(self, one):
        entries = []
        for _ in range(self.rng.pick([1, 1, 1, 2, 3])):
            buys, price, units = one.book.hit()
            one.trade_id += 1
            entry = {"instId": one.symbol, "tradeId": str(one.trade_id), "px": one.price(price), "sz": one.size(units),
                     "side": "buy" if buys else "sell", "ts": str(self.stamp(self.rng.below(3) * MILLI) // MILLI)}
            if self.faults.strikes("duplicate") and one.last_trade:
                entry["tradeId"] = one.last_trade
            one.last_trade = entry["tradeId"]
            if self.form != "2022":
                entry.update(count="1", source="0", seqId=one.number)
            entries.append(self._spoiled(entry, [("side", "none"), ("px", "x"), ("sz", "-1"), ("ts", "later"), ("px", None),
                                                 ("sz", "1e"), ("px", "-5"), ("sz", ""), ("tradeId", None)]))
        self._send("trades", one, [] if self.faults.strikes("empty") else entries)

    def _interest(self, one):
        one.interest += self.rng.between(-500, 500)
        entry = {"instId": one.symbol, "instType": one.kind, "oi": one.size(one.interest), "oiCcy": "1.5",
                 "ts": str(self.stamp() // MILLI)}
        if self.form == "2026-07":
            entry["oiUsd"] = decimal(one.interest * 7, 2)
        self._send("open-interest", one, [self._spoiled(entry, [("oi", "x"), ("ts", "later"), ("oi", "-1")])])

    def _funding(self, one):
        one.rate += self.rng.between(-5, 5)
        after = (self.now // EIGHT_HOURS + 1) * EIGHT_HOURS
        entry = {"fundingRate": decimal(one.rate, 8), "fundingTime": str(after // MILLI), "instId": one.symbol,
                 "instType": one.kind, "nextFundingRate": self.rng.pick(["", "0.0001"])}
        if self.form != "2022":
            entry.update(nextFundingTime=str((after + EIGHT_HOURS // self.rng.pick([1, 1, 2])) // MILLI),
                         ts=str(self.stamp() // MILLI))
        self._send("funding-rate", one, [self._spoiled(entry, [("fundingRate", "x"), ("fundingRate", ""), ("fundingTime", "1..2")])])

    def _liquidations(self, kind, age=0):
        entries = []
        for one in self.instruments:
            if one.kind == kind and (not entries or self.rng.chance(0.3)):
                details = []
                for _ in range(self.rng.between(1, 2)):
                    sells = self.rng.chance(0.5)
                    detail = {"bkLoss": "0", "bkPx": one.price(one.book.bid), "ccy": "", "posSide": "long" if sells else "short",
                              "side": "sell" if sells else "buy", "sz": one.size(1 + self.rng.below(900)),
                              "ts": str(self.stamp(age) // MILLI)}
                    details.append(self._spoiled(detail, [("side", "none"), ("bkPx", "x"), ("sz", "-1"), ("ts", "later")]))
                entries.append({"details": details, "instFamily": "X", "instId": one.symbol, "instType": kind, "uly": "X"})
        self.receive({"arg": {"channel": "liquidation-orders", "instType": kind}, "data": entries})
