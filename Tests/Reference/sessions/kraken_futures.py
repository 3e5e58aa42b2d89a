"""A connection to Kraken Futures: a level a message with numbers of its own, trades that liquidate, tickers."""

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import Literal, decimal


class Contract:
    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.book = Book(rng, mid, 25, typical)
        self.published, self.number, self.trade_number = None, 26_000_000 + rng.below(900_000), 5_000 + rng.below(900)
        self.recent, self.interest, self.rate = [], 4_000_000 + rng.below(900_000), rng.between(-300, 900)

    def price(self, ticks):
        return Literal(decimal(ticks * self.tick, self.places))

    def size(self, units):
        return Literal(decimal(units, self.size_places))


class KrakenFutures(Connection):
    def __init__(self, name, rng, faults, start, contracts, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.contracts, self.beat = contracts, start

    def run(self, frames):
        self.receive({"event": "info", "version": 1})
        self._subscribe()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.contracts))
        return self.lines

    def _one(self, contract):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            return self._subscribe()
        if self.faults.strikes("unknown"):
            self.receive({"feed": "mystery", "product_id": contract.symbol})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(contract)
        if self.now - self.beat > 20 * SECOND:
            self.beat = self.now
            self.receive({"feed": "heartbeat", "time": self.now // MILLI})
        draw = self.rng.unit()
        if draw < 0.7:
            self._book(contract)
        elif draw < 0.85:
            self._trades(contract)
        elif draw < 0.93:
            self._ticker(contract)
        else:
            self._top(contract)

    # MARK: - requests

    def _ask(self, event, feed, contracts):
        symbols = [c.symbol.lower() if self.rng.chance(0.5) else c.symbol for c in contracts]
        self.receive({"event": event, "feed": feed, "product_ids": symbols}, kind="out")
        for contract in contracts:
            self.receive({"event": f"{event}d", "feed": feed, "product_ids": [contract.symbol]})
            if event == "subscribe" and feed == "book":
                self._snapshot(contract)
            elif event == "subscribe" and feed == "trade":
                self.receive({"feed": "trade_snapshot", "product_id": contract.symbol, "trades": contract.recent[::-1]})

    def _subscribe(self):
        if self.faults.strikes("early"):
            contract = self.rng.pick(self.contracts)
            self._level(contract, "buy", contract.book.bid, 7)
        for feed in ("book", "trade", "ticker", "ticker_lite"):
            self._ask("subscribe", feed, self.contracts)

    def _resubscribe(self, contract):
        feed = self.rng.pick(["book", "trade", "ticker"])
        self._ask("unsubscribe", feed, [contract])
        self.now += self.rng.between(1, 1500) * MILLI
        self._ask("subscribe", feed, [contract])

    # MARK: - books

    def _snapshot(self, contract):
        contract.published = contract.book.top(25)
        contract.number += 1
        sides = [[{"price": contract.price(p), "qty": contract.size(s)} for p, s in side.items()] for side in contract.published]
        if self.faults.strikes("oneside"):
            sides[0] = []
        if self.faults.strikes("level") and sides[1]:
            sides[1][0]["qty"] = self.rng.pick([Literal("-1"), "x", None])
        self.receive({"feed": "book_snapshot", "product_id": contract.symbol, "timestamp": self._stamp(),
                      "seq": contract.number, "tickSize": None, "bids": sides[0], "asks": sides[1]})

    def _stamp(self):
        return "soon" if self.faults.strikes("stamp") else self.stamp() // MILLI

    def _book(self, contract):
        contract.book.step()
        after = contract.book.top(25)
        levels = [(side, p, s) for side, before, now in zip(("buy", "sell"), contract.published, after)
                  for p, s in changes(before, now)]
        contract.published = after
        levels.sort(key=lambda level: level[2] != 0)   # deleted ones first: no book is crossed on the way
        for side, price, size in levels:
            self._level(contract, side, price, size)
        if self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)
        if self.faults.strikes("restart"):
            self._snapshot(contract)

    def _level(self, contract, side, price, size):
        contract.number += 1 + (self.rng.between(1, 3) if self.faults.strikes("gap") else 0)
        level = {"price": contract.price(price), "qty": contract.size(size)}
        if self.faults.strikes("level"):
            level[self.rng.pick(["price", "qty"])] = self.rng.pick([Literal("-1"), "x", None])
        self.receive({"feed": "book", "product_id": contract.symbol, "side": side, "seq": contract.number, **level,
                      "timestamp": self._stamp()})

    # MARK: - trades and tickers

    def _trades(self, contract):
        for _ in range(self.rng.between(1, 3)):
            buys, price, units = contract.book.hit()
            contract.trade_number += 1
            kind = self.rng.pick(["fill"] * 12 + ["liquidation", "liquidation", "assignment", "termination", "block"])
            entry = {"feed": "trade", "product_id": contract.symbol, "uid": f"{contract.trade_number:08x}-950c-4c4e-8ab8-24aebcab80d2",
                     "side": "buy" if buys else "sell", "type": kind, "seq": contract.trade_number,
                     "time": self.stamp(self.rng.below(3) * MILLI) // MILLI, "qty": contract.size(units), "price": contract.price(price)}
            if self.faults.strikes("duplicate") and contract.recent:
                entry["uid"] = contract.recent[-1]["uid"]
            contract.recent = (contract.recent + [entry])[-5:]
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("side", "none"), ("price", "x"), ("qty", Literal("-1")), ("time", "later"), ("price", None)])
                entry = {**entry, key: value}
            self.receive(entry)

    def _ticker(self, contract):
        contract.rate += self.rng.between(-5, 5)
        contract.interest += self.rng.between(-500, 500)
        mark = contract.price(contract.book.bid)
        value = {"time": self.stamp() // MILLI, "feed": "ticker", "product_id": contract.symbol, "index": mark, "last": mark,
                 "tag": "perpetual", "pair": "XBT:USD", "openInterest": contract.size(contract.interest), "markPrice": mark,
                 "funding_rate": Literal("1.2e-7"), "relative_funding_rate": Literal(decimal(contract.rate, 12)),
                 "next_funding_rate_time": self.rng.pick([0, (self.now // (14_400 * SECOND) + 1) * 14_400_000])}
        if contract.symbol.startswith("F"):
            for key in ("funding_rate", "relative_funding_rate", "next_funding_rate_time"):
                del value[key]
        if self.faults.strikes("ticker"):
            value[self.rng.pick(["openInterest", "markPrice"])] = self.rng.pick(["x", Literal("-1"), None])
        self.receive(value)

    def _top(self, contract):
        bids, asks = contract.published
        bid, ask = max(bids, default=None), min(asks, default=None)
        if self.rng.chance(0.1):
            bid = bid and bid - 1
        self.receive({"feed": "ticker_lite", "product_id": contract.symbol, "bid": bid and contract.price(bid),
                      "ask": ask and contract.price(ask), "change": Literal("2.6"), "tag": "month", "pair": "XBT:USD"})
