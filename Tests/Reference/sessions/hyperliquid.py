"""A connection to Hyperliquid: whole books, trades with the addresses of who traded, contexts without a time."""

from .market import MILLI, SECOND, Book, Connection
from .wire import decimal


class Coin:
    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.book = Book(rng, mid, 30, typical)
        self.recent, self.interest, self.rate, self.phantom = [], 4_000_000 + rng.below(900_000), rng.between(-300, 900), None

    def price(self, ticks):
        return decimal(ticks * self.tick, self.places)

    def size(self, units):
        return decimal(units, self.size_places)


class Hyperliquid(Connection):
    def __init__(self, name, rng, faults, start, coins, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.coins, self.pinged, self.trade_id = coins, start, 100_000_000

    def run(self, frames):
        self._subscribe()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.coins))
        return self.lines

    def _one(self, coin):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            return self._subscribe()
        if self.faults.strikes("unknown"):
            self.receive({"channel": "mystery", "data": {"coin": coin.symbol}})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(coin)
        if self.now - self.pinged > 20 * SECOND:
            self.pinged = self.now
            self.receive({"method": "ping"}, kind="out")
            self.receive({"channel": "pong"})
        coin.book.step()
        draw = self.rng.unit()
        if draw < 0.55:
            self._book(coin)
        elif draw < 0.8:
            self._trades(coin)
        elif draw < 0.93 and not coin.symbol.startswith("@"):
            self._context(coin)
        else:
            self.receive({"channel": "bbo", "data": {"coin": coin.symbol, "time": self.now // MILLI, "bbo": [None, None]}})

    # MARK: - requests

    def _topics(self, coin):
        kinds = ["l2Book", "trades"] + ([] if coin.symbol.startswith("@") else ["activeAssetCtx"])
        return [{"type": kind, "coin": coin.symbol} for kind in kinds]

    def _ask(self, method, topic):
        self.receive({"method": method, "subscription": topic}, kind="out")
        more = {"nSigFigs": None, "mantissa": None, "fast": False} if topic["type"] == "l2Book" else {}
        self.receive({"channel": "subscriptionResponse", "data": {"method": method, "subscription": {**topic, **more}}})
        if method == "subscribe" and topic["type"] == "trades":
            coin = next(x for x in self.coins if x.symbol == topic["coin"])
            if coin.recent:
                self.receive({"channel": "trades", "data": coin.recent})

    def _subscribe(self):
        if self.faults.strikes("early"):
            self._book(self.rng.pick(self.coins))
        for coin in self.coins:
            for topic in self._topics(coin):
                self._ask("subscribe", topic)

    def _resubscribe(self, coin):
        topic = self.rng.pick(self._topics(coin))
        self._ask("unsubscribe", topic)
        self.now += self.rng.between(1, 1500) * MILLI
        self._ask("subscribe", topic)

    # MARK: - messages

    def _book(self, coin):
        bids, asks = coin.book.top(20)
        if coin.phantom and self.now >= coin.phantom[0]:
            coin.phantom = None
        if coin.phantom is None and self.faults.strikes("crossed"):
            coin.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks) + self.rng.below(2))
        if coin.phantom:
            bids = {coin.phantom[1]: 5, **{p: bids[p] for p in list(bids)[:19]}}
        if self.faults.strikes("clear"):
            bids, asks = {}, {}
        if self.faults.strikes("oneside"):
            bids = {}
        sides = [[{"px": coin.price(p), "sz": coin.size(s), "n": 1 + self.rng.below(9)} for p, s in side.items()]
                 for side in (bids, asks)]
        if self.faults.strikes("level") and sides[0]:
            self.rng.pick(sides[0]).update([self.rng.pick([("sz", "-1"), ("px", "abc"), ("px", "-5"), ("sz", "1.2.3"), ("sz", None)])])
        time = "soon" if self.faults.strikes("stamp") else self.stamp() // MILLI
        self.receive({"channel": "l2Book", "data": {"coin": coin.symbol, "time": time, "levels": sides}})

    def _trades(self, coin):
        entries = []
        for _ in range(self.rng.between(1, 4)):
            buys, price, units = coin.book.hit()
            self.trade_id += 1 + self.rng.below(1_000_000)
            entry = {"coin": coin.symbol, "side": "B" if buys else "A", "px": coin.price(price), "sz": coin.size(units),
                     "time": self.stamp(self.rng.below(3) * MILLI) // MILLI, "hash": "0x00", "tid": self.trade_id,
                     "users": ["0x01", "0x02"]}
            if self.faults.strikes("duplicate") and coin.recent:
                entry["tid"] = coin.recent[-1].get("tid", self.trade_id)
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("side", "C"), ("px", "x"), ("sz", "-1"), ("time", "later"), ("px", "-5"),
                                            ("sz", ""), ("px", "0")])
                entry[key] = value
            entries.append(entry)
        coin.recent = [e for e in entries if e["side"] in "AB"][-3:]
        self.receive({"channel": "trades", "data": entries})

    def _context(self, coin):
        coin.rate += self.rng.between(-5, 5)
        coin.interest += self.rng.between(-500, 500)
        mark = coin.price(coin.book.bid)
        context = {"funding": decimal(coin.rate, 10), "openInterest": coin.size(coin.interest), "prevDayPx": mark,
                   "dayNtlVlm": "1664557746.7", "premium": "-0.0005", "oraclePx": mark, "markPx": mark, "midPx": mark,
                   "impactPxs": [mark, mark], "dayBaseVlm": "25959.9"}
        if self.faults.strikes("ticker"):
            context[self.rng.pick(["funding", "openInterest", "markPx"])] = self.rng.pick(["", "x", "1..2"])
        self.receive({"channel": "activeAssetCtx", "data": {"coin": coin.symbol, "ctx": context}})
