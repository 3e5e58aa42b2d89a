"""A connection to Binance: linked changes of books and the replies that seed them, trades, tickers, mark prices, forced orders."""

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import decimal

PREFIX = {"spot": "/api/v3", "linear": "/fapi/v1", "inverse": "/dapi/v1"}
LIMITS = (10, 20, 50, 100, 1000)


class Contract:
    """One symbol: how its numbers are written, and what the venue has told of it."""

    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.book = Book(rng, mid, 70, typical)
        self.published, self.told, self.begun = self.book.top(200), 0, None
        self.trade_id, self.sum_id, self.seeds, self.phantom = 40_000_000 + rng.below(9_000_000), 5_000_000, [], None

    def price(self, ticks):
        return decimal(ticks * self.tick, self.places)

    def size(self, units):
        return decimal(units, self.size_places)

    def levels(self, side):
        return [[self.price(p), self.size(s)] for p, s in side]


class Binance(Connection):
    def __init__(self, name, rng, faults, start, market, contracts, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.market, self.contracts, self.spot = market, contracts, market == "spot"
        self.latest, self.requests = 2_000_000 + rng.below(9_000_000_000), 0
        # Either form feeds rows, whichever is first.
        self.forms = rng.pick([("trade",), ("aggTrade",), ("trade", "aggTrade")])
        for contract in contracts:
            contract.told = self.latest if not self.spot else 2_000_000 + rng.below(9_000_000)

    def run(self, frames):
        self._open()
        while self.received < frames:
            self.advance()
            self._replies()
            self._one(self.rng.pick(self.contracts))
        return self.lines

    def _open(self):
        streams = [f"{x.symbol.lower()}@{kind}" for x in self.contracts for kind in self._kinds()]
        self._request("SUBSCRIBE", streams)
        for contract in self.contracts:
            if self.faults.strikes("early"):
                self._ask(contract)
            else:
                self._plan(contract)
        if not self.spot and self.rng.chance(0.5):
            first = self.contracts[0].symbol
            self._reply(f"{PREFIX[self.market]}/fundingInfo", [{"symbol": first, "fundingIntervalHours": 4}])

    def _kinds(self):
        return ("depth@100ms", *self.forms, "bookTicker") + (() if self.spot else ("forceOrder", "markPrice@1s"))

    def _request(self, method, streams):
        self.requests += 1
        self.receive({"method": method, "params": streams, "id": self.requests}, kind="out")
        self.receive({"result": None, "id": self.requests})

    def _one(self, contract):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            return self._reconnect()
        if self.faults.strikes("unknown"):
            self._send(contract, "mystery", {"e": "mystery", "E": self.now // MILLI, "s": contract.symbol})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(contract)
        draw = self.rng.unit()
        if draw < 0.62:
            self._book(contract)
        elif draw < 0.84:
            self._trades(contract)
        elif self.spot or draw < 0.87:
            kline = {"e": "kline", "E": self.now // MILLI, "s": contract.symbol, "k": {"i": "1m"}}
            self._send(contract, "kline_1m", kline)
        elif draw < 0.95:
            self._mark(contract)
        elif draw < 0.98:
            self._forced(contract)
        else:
            self._interest(contract)

    def _send(self, contract, channel, data):
        self.receive({"stream": f"{contract.symbol.lower()}@{channel}", "data": data})

    def _reconnect(self):
        self.drop()
        for contract in self.contracts:
            contract.seeds = []
        self._open()

    def _resubscribe(self, contract):
        kind = self.rng.pick([k for k in self._kinds() if k != "bookTicker"])
        stream = [f"{contract.symbol.lower()}@{kind}"]
        self._request("UNSUBSCRIBE", stream)
        if kind.startswith("depth"):
            contract.seeds = []
        self.now += self.rng.between(1, 1500) * MILLI
        self._request("SUBSCRIBE", stream)
        if kind.startswith("depth"):
            self._plan(contract)

    # MARK: - replies

    def _reply(self, path, body):
        self.receive(body, kind="rest", request=path)

    def _plan(self, contract, after=0):
        """A seed is asked for soon, and comes some time after."""
        contract.seeds.append([self.now + after + self.rng.between(0, 400) * MILLI, None])

    def _replies(self):
        for contract in self.contracts:
            for seed in list(contract.seeds):
                if self.now < seed[0]:
                    continue
                if seed[1] is None:
                    # Some come seconds late.
                    late = 3_000 if self.faults.strikes("deeper") else 200
                    seed[:] = self.now + self.rng.between(0, late) * MILLI, self._seed(contract)
                else:
                    contract.seeds.remove(seed)
                    self._reply(*seed[1])

    def _ask(self, contract):
        self._reply(*self._seed(contract))

    def _seed(self, contract):
        """The book now, with changes that no message has told yet; its number is the last of theirs."""
        target = self._target(contract)
        pending = sum(len(changes(a, b)) for a, b in zip(contract.published, target))
        number = contract.told
        if pending:
            contract.begun = contract.begun or self._next(contract)
            number = self._reach(contract, contract.begun + pending - 1)
        if self.faults.strikes("shallow"):
            number -= self.rng.pick([1, 3, 1_000_000])   # older than it says, or than all that waits
        limit = self.rng.pick(LIMITS)
        bids, asks = (contract.levels(list(side.items())[:limit]) for side in target)
        stamp = {} if self.spot else {"E": self.now // MILLI + 2, "T": self.now // MILLI}
        named = {"symbol": contract.symbol, "pair": "BTCUSD"} if self.market == "inverse" else {}
        path = f"{PREFIX[self.market]}/depth?symbol={contract.symbol}&limit={limit}"
        return path, {"lastUpdateId": number, **stamp, **named, "bids": bids, "asks": asks}

    # MARK: - books

    def _next(self, contract):
        """Numbers of futures are of all symbols together, on spot each has its own."""
        return contract.told + 1 if self.spot else self.latest + self.rng.between(1, 40)

    def _reach(self, contract, number):
        if self.spot:
            return number
        self.latest = max(self.latest, number)
        return self.latest

    def _target(self, contract):
        bids, asks = contract.book.top(200)
        if contract.phantom and self.now >= contract.phantom[0]:
            contract.phantom = None
        if contract.phantom is None and self.faults.strikes("crossed"):
            contract.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks) + self.rng.below(2))
        if contract.phantom:
            bids[contract.phantom[1]] = 5
            bids = dict(sorted(bids.items(), reverse=True))
        return bids, asks

    def _book(self, contract):
        contract.book.step()
        if self.faults.strikes("restart"):
            self._plan(contract)   # moves nothing while the book stands
        if self.faults.strikes("gap"):
            contract.told += self.rng.between(1, 3)
            contract.begun = None
            if self.rng.chance(0.8):
                self._plan(contract, self.rng.below(1500) * MILLI)
        target = self._target(contract)
        bids, asks = (changes(a, b) for a, b in zip(contract.published, target))
        if self.rng.chance(0.05):
            bids.append((1, 0))   # a delete of what is not there
        first, held = contract.begun or self._next(contract), contract.begun
        last = max(first + len(bids) + len(asks) - 1, first)
        if held:
            last = max(last, first + 200)   # behind what seeds hold already
        last = self._reach(contract, last)
        previous, contract.told, contract.begun, contract.published = contract.told, last, None, target
        ticker = self._top(contract, last, target)
        if ticker and self.rng.chance(0.5):
            self._send(contract, "bookTicker", ticker)
            ticker = None
        self._send(contract, "depth@100ms", self._depth(contract, first, last, previous, bids, asks))
        if ticker:
            self._send(contract, "bookTicker", ticker)

    def _depth(self, contract, first, last, previous, bids, asks):
        stamp = self.stamp() // MILLI
        data = {"e": "depthUpdate", "E": stamp + self.rng.below(4), "T": stamp, "s": contract.symbol, "U": first,
                "u": last, "pu": previous, "b": contract.levels(bids), "a": contract.levels(asks)}
        if self.spot:
            del data["T"], data["pu"]
        if self.faults.strikes("stamp"):
            data[self.rng.pick(["T", "E"])] = self.rng.pick(["soon", None])
        if self.faults.strikes("nameless"):
            del data["s"]
            self._mend()
        levels = data["b"] or data["a"]
        if levels and self.faults.strikes("level"):
            at = self.rng.below(len(levels))
            price, size = levels[at]
            levels[at] = self.rng.pick([[price, "-1"], ["abc", size], [price], [price, ""], ["-" + price, size],
                                        [price, "1.2.3"], [None, size]])
            self._mend()
        return data

    def _mend(self):
        for contract in self.contracts:
            if self.rng.chance(0.7):
                self._plan(contract, self.rng.below(800) * MILLI)

    def _top(self, contract, number, target):
        if not target[0] or not target[1] or self.rng.chance(0.5):
            return None
        bid, ask = max(target[0]), min(target[1])
        data = {"u": number, "s": contract.symbol, "b": contract.price(bid), "B": contract.size(target[0][bid]),
                "a": contract.price(ask), "A": contract.size(target[1][ask])}
        if self.faults.strikes("ticker"):
            data[self.rng.pick(["b", "B", "a", "A"])] = contract.price(1)
        if self.spot:
            return data
        return {"e": "bookTicker", **data, "T": self.now // MILLI, "E": self.now // MILLI + 1}

    # MARK: - trades and forced orders

    def _trades(self, contract):
        """Fills one by one, or an order's sum, or both."""
        buys, price, units = contract.book.hit()
        parts = [units] if units < 3 else [units // 2, units - units // 2]
        stamp, first = self.stamp(self.rng.below(3) * MILLI) // MILLI, contract.trade_id + 1
        for part in parts:
            contract.trade_id += 1
            if "trade" in self.forms:
                self._trade(contract, "trade", {"t": contract.trade_id}, price, part, stamp, buys)
        if "aggTrade" in self.forms:
            contract.sum_id += 1
            span = {"f": first, "l": contract.trade_id}
            self._trade(contract, "aggTrade", {"a": contract.sum_id}, price, units, stamp, buys, span)

    def _trade(self, contract, kind, number, price, units, stamp, buys, span=None):
        if self.faults.strikes("duplicate"):
            number = {k: v - self.rng.between(0, 3) for k, v in number.items()}
        data = {"e": kind, "E": self.now // MILLI, "s": contract.symbol, **number, "p": contract.price(price),
                "q": contract.size(units), **(span or {}), "T": stamp, "m": not buys}
        if kind == "trade" and not self.spot:
            data["X"] = "MARKET"
            if self.faults.strikes("duplicate"):
                data.update(X=self.rng.pick(["INSURANCE_FUND", "ADL", "NA"]), **self.rng.pick([{}, {"p": "0", "q": "0"}]))
        if self.faults.strikes("trade"):
            key, value = self.rng.pick([("p", "x"), ("q", "-1"), ("T", "later"), ("p", None), ("q", "1e"), ("p", "-5"),
                                        ("m", "no"), ("q", "")])
            data[key] = value
        self._send(contract, kind, data)

    def _forced(self, contract):
        order = {"s": contract.symbol, "S": self.rng.pick(["BUY", "SELL"]), "o": "LIMIT", "f": "IOC", "q": "9",
                 "p": contract.price(1), "ap": contract.price(self.rng.pick([contract.book.bid, contract.book.ask])),
                 "X": "FILLED", "l": "1", "z": contract.size(1 + self.rng.below(9000)), "T": self.stamp() // MILLI}
        if self.faults.strikes("trade"):
            key, value = self.rng.pick([("S", "None"), ("ap", "x"), ("z", "0"), ("T", "later"), ("ap", None)])
            order[key] = value
        self._send(contract, "forceOrder", {"e": "forceOrder", "E": self.now // MILLI, "o": order})

    # MARK: - funding and interest

    def _mark(self, contract):
        data = {"e": "markPriceUpdate", "E": self.stamp() // MILLI, "s": contract.symbol,
                "p": contract.price(contract.book.bid), "r": decimal(self.rng.between(-3000, 9000), 8),
                "T": (self.now // (28_800 * SECOND) + 1) * 28_800_000}
        if self.faults.strikes("ticker"):
            key, value = self.rng.pick([("r", ""), ("r", "x"), ("T", 0), ("T", "soon"), ("p", "-1"), ("E", "now")])
            data[key] = value
        self._send(contract, "markPrice@1s", data)

    def _interest(self, contract):
        path = f"{PREFIX[self.market]}/openInterest?symbol={contract.symbol}"
        body = {"symbol": contract.symbol, "openInterest": contract.size(4_000_000 + self.rng.below(90_000)),
                "time": self.now // MILLI}
        self._reply(path, body)
