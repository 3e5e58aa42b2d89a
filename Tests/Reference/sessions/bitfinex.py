"""A connection to Bitfinex: lists on numbered channels, counted over the connection and with checksums where that was asked."""

import zlib

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import Literal, decimal

TIMESTAMP, SEQUENCE, CHECKSUM, BULK = 32_768, 65_536, 131_072, 536_870_912


class Pair:
    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.is_derivative, self.is_funding = "F0:" in symbol, symbol.startswith("f")
        self.book = Book(rng, mid, 30, typical)
        self.published, self.phantom = None, None
        self.trade_id, self.recent = 658_000_000 + rng.below(900_000), []
        self.interest, self.rate = 4_000_000 + rng.below(900_000), rng.between(-300, 900)

    def price(self, ticks):
        return number(ticks * self.tick, self.places)

    def size(self, units):
        return number(units, self.size_places)


def number(units, places):
    """As short as can be, and with an exponent where it is small."""
    text = decimal(units, places)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    if text.lstrip("-").startswith("0.000000"):
        power = len(text.partition(".")[2]) - len(digits) + 1
        text = f"{'-' if text.startswith('-') else ''}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e-{power}"
    return Literal(text)


class Bitfinex(Connection):
    def __init__(self, name, rng, faults, start, pairs, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.pairs, self.flags = pairs, rng.pick([0, SEQUENCE, SEQUENCE | CHECKSUM, SEQUENCE | TIMESTAMP | CHECKSUM])
        self.flags |= BULK if rng.chance(0.2) else 0
        self.number, self.beat, self.next_channel, self.channels = 0, start, 117_757, {}

    def run(self, frames):
        self._connect()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.pairs))
        return self.lines

    def _one(self, one):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            for other in self.pairs:
                other.published = None
            return self._connect()
        if self.faults.strikes("unknown"):
            self._send(999_999, [1, 2, 3])
        if self.faults.strikes("gap"):
            self.number += self.rng.between(1, 3)
            if self.rng.chance(0.3):
                return self._connect_again()
        if self.faults.strikes("clear"):
            self._maintained()
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(one, self.rng.pick(self._topics(one)))
        if self.now - self.beat > 15 * SECOND:
            self.beat = self.now
            for channel in self.channels.values():
                self._send(channel, "hb")
        draw = self.rng.unit()
        if draw < 0.72 or one.is_funding:
            self._book(one)
        elif draw < 0.86:
            self._trades(one)
        elif draw < 0.88:
            self._ticker(one)
        elif draw < 0.93 or not one.is_derivative:
            self._liquidations()
        else:
            self._status(one)
        return None

    def _ticker(self, one):
        mark = one.price(one.book.bid)
        ticker = [mark, Literal("43.2"), mark, Literal("44.36"), -3710, Literal("-0.03"), mark, 372, mark, mark]
        self._send(self.channels["ticker", one.symbol], ticker)

    # MARK: - requests

    def _topics(self, one):
        topics = [("book", one.symbol), ("ticker", one.symbol)]
        if not one.is_funding:
            topics.append(("trades", one.symbol))
        if one.is_derivative:
            topics.append(("status", f"deriv:{one.symbol}"))
        return topics

    def _connect(self):
        self.number, self.channels = 0, {}
        self.receive({"event": "info", "version": 2, "serverId": "08c3ea49", "platform": {"status": 1}})
        if self.flags:
            self.receive({"event": "conf", "flags": self.flags}, kind="out")
            self.receive({"event": "conf", "status": "OK", "flags": self.flags})
        topics = [topic for one in self.pairs for topic in self._topics(one)]
        topics += [("status", "liq:global")] if self.rng.chance(0.8) else []
        if self.rng.chance(0.5):
            self.rng.shuffle(topics)
        for topic in topics:
            self._subscribe(topic)

    def _connect_again(self):
        self.drop()
        for other in self.pairs:
            other.published = None
        self._connect()

    def _words(self, topic):
        name, key = topic
        words = {"channel": name, "key" if name == "status" else "symbol": key}
        return {**words, "prec": "P0", "freq": "F0", "len": "25"} if name == "book" else words

    def _maintained(self):
        self.receive({"event": "info", "code": 20060, "msg": "Entering in Maintenance mode."})
        self.now += self.rng.between(1, 3000) * MILLI
        self.receive({"event": "info", "code": 20061, "msg": "Maintenance ended."})

    def _subscribe(self, topic):
        self.receive({"event": "subscribe", **self._words(topic)}, kind="out")
        self.next_channel += 1 + self.rng.below(9)
        self.channels[topic] = self.next_channel
        if self.faults.strikes("early"):
            self._send(self.next_channel, "hb")   # before the answer
        pair = {} if topic[0] == "status" else {"pair": topic[1][1:]}
        self.receive({"event": "subscribed", "chanId": self.next_channel, **self._words(topic), **pair})
        one = next((x for x in self.pairs if topic[1].endswith(x.symbol)), None)
        if topic[0] == "book":
            self._snapshot(one)
        elif topic[0] == "ticker":
            self._ticker(one)
        elif topic[0] == "trades":
            self._send(self.next_channel, one.recent[::-1])
        elif one:
            self._status(one)

    def _resubscribe(self, one, topic):
        channel = self.channels.pop(topic)
        self.receive({"event": "unsubscribe", "chanId": channel}, kind="out")
        self.receive({"event": "unsubscribed", "status": "OK", "chanId": channel})
        self.now += self.rng.between(1, 1500) * MILLI
        self._subscribe(topic)

    def _send(self, channel, *content):
        self.number += 1
        more = [self.number] if self.flags & SEQUENCE else []
        more += ["soon" if self.faults.strikes("stamp") else self.stamp() // MILLI] if self.flags & TIMESTAMP else []
        self.receive([channel, *content, *more])

    # MARK: - books

    def _book(self, one):
        one.book.step()
        if self.faults.strikes("restart"):
            return self._snapshot(one)
        self._update(one)
        if self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)   # its number comes again
        return None

    def _target(self, one):
        bids, asks = one.book.top(25)
        if one.phantom and self.now >= one.phantom[0]:
            one.phantom = None
        if one.phantom is None and self.faults.strikes("crossed"):
            one.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks) + self.rng.below(2))
        if one.phantom:
            bids = {one.phantom[1]: 5, **{p: bids[p] for p in list(bids)[:24]}}
        return bids, asks

    def _level(self, one, is_bid, price, size):
        amount = one.size((size or 10**one.size_places) * (1 if is_bid else -1))
        count = 1 + self.rng.below(9) if size else 0
        return [one.price(price), 30, count, amount] if one.is_funding else [one.price(price), count, amount]

    def _snapshot(self, one):
        one.published = self._target(one)
        if self.faults.strikes("oneside"):
            one.published = ({}, one.published[1])
        rows = [self._level(one, side is one.published[0], p, s) for side in one.published for p, s in side.items()]
        if rows and self.faults.strikes("level"):
            self._spoil(self.rng.pick(rows))
        self._send(self.channels["book", one.symbol], rows)

    def _update(self, one):
        before, one.published = one.published, self._target(one)
        sides = zip((True, False), before, one.published)
        levels = [(is_bid, p, s) for is_bid, old, new in sides for p, s in changes(old, new)]
        levels.sort(key=lambda level: level[2] != 0)   # deleted ones first: no book is crossed on the way
        rows = []
        for change in levels:
            level = self._level(one, *change)
            if self.faults.strikes("level"):
                self._spoil(level)
            rows.append(level)
            if not self.flags & BULK:
                self._send(self.channels["book", one.symbol], level)
        if rows and self.flags & BULK:
            self._send(self.channels["book", one.symbol], rows)
        if self.flags & CHECKSUM and self.rng.chance(0.3) and not one.is_funding:
            proof = self._checksum(one)
            if self.faults.strikes("checksum"):
                proof ^= 1 << self.rng.below(31)
            self._send(self.channels["book", one.symbol], "cs", proof)

    def _spoil(self, level):
        place, value = self.rng.pick([(0, "x"), (0, Literal("-5")), (1, Literal("-1")), (2, 0), (2, None), (1, "many")])
        level[place] = value

    def _checksum(self, one):
        bids, asks = one.published
        texts = []
        for i in range(25):
            for side, order, sign in ((bids, sorted(bids, reverse=True), 1), (asks, sorted(asks), -1)):
                texts += [one.price(order[i]), one.size(sign * side[order[i]])] if i < len(order) else []
        value = zlib.crc32(":".join(texts).encode())
        return value - (1 << 32) if value >= 1 << 31 else value

    # MARK: - trades, forced orders, status

    def _trades(self, one):
        channel = self.channels["trades", one.symbol]
        waiting = []
        for _ in range(self.rng.pick([1, 1, 1, 2, 3])):
            buys, price, units = one.book.hit()
            one.trade_id += 1
            time = self.stamp(self.rng.below(3) * MILLI) // MILLI
            entry = [one.trade_id, time, one.size(units if buys else -units), one.price(price)]
            if self.faults.strikes("duplicate") and one.recent:
                entry[0] = one.recent[-1][0]
            one.recent = (one.recent + [list(entry)])[-30:]
            if self.faults.strikes("trade"):
                place, value = self.rng.pick([(1, "later"), (2, "x"), (2, 0), (3, Literal("-5")), (3, None)])
                entry[place] = value
            self._send(channel, "te", entry)
            waiting.append(entry)
        for entry in waiting:
            self._send(channel, "tu", entry)
        if one.recent and self.faults.strikes("duplicate"):
            self._send(channel, "tu", one.recent[0])      # again, long after
        if self.faults.strikes("duplicate"):
            one.trade_id += 1
            new = [one.trade_id, self.stamp() // MILLI, one.size(7), one.price(one.book.ask)]
            self._send(channel, "tu", new)

    def _liquidations(self):
        if ("status", "liq:global") not in self.channels:
            return
        entries = []
        for one in self.pairs:
            if not one.is_funding and (not entries or self.rng.chance(0.3)):
                amount = one.size((1 + self.rng.below(900)) * self.rng.pick([1, -1]))
                time = self.stamp(self.rng.pick([0, 0, 59_000, 61_000, 900_000]) * MILLI) // MILLI
                entry = ["pos", 143_679_087 + self.rng.below(9_000), time, None, one.symbol, amount,
                         one.price(one.book.bid), None, self.rng.pick([0, 0, 1]), self.rng.below(2), None,
                         self.rng.pick([None, one.price(one.book.ask)])]
                if self.rng.chance(0.1):
                    entry[4] = "tETHF0:USTF0"   # of a symbol that nobody asked for
                if self.faults.strikes("trade"):
                    place, value = self.rng.pick([(2, "later"), (5, "x"), (5, 0), (6, None), (8, 2)])
                    entry[place] = value
                entries.append(entry)
        if entries:
            self._send(self.channels["status", "liq:global"], entries)

    def _status(self, one):
        one.rate += self.rng.between(-5, 5)
        one.interest += self.rng.between(-500, 500)
        mark, due = one.price(one.book.bid), (self.now // (28_800 * SECOND) + 1) * 28_800_000
        rate, fund = number(one.rate, 8), Literal("1372762.95402242")
        entry = [self.stamp() // MILLI, None, mark, mark, None, fund, None, due, rate, 533, None, rate, None, None, mark, None, None, one.size(one.interest), None, None, None]
        if self.faults.strikes("ticker"):
            place, value = self.rng.pick([(11, "x"), (14, Literal("-1")), (17, Literal("-1")), (17, "x"), (7, "later"), (7, None),
                                          (11, None), (14, None), (17, None)])
            entry[place] = value
        self._send(self.channels["status", f"deriv:{one.symbol}"], entry)
