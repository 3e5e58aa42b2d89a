"""A connection to Deribit: options, futures and spot at once, books with linked numbers, trades that liquidate, tickers."""

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import Literal, decimal


class Contract:
    def __init__(self, rng, symbol, tick, places, size_places, mid, typical):
        self.symbol, self.tick, self.places, self.size_places, self.rng = symbol, tick, places, size_places, rng
        self.is_perpetual, self.is_spot = symbol.endswith("PERPETUAL"), "-" not in symbol
        self.book = Book(rng, mid, 25, typical)
        self.published, self.phantom, self.number = None, None, 0
        self.trade_id, self.trade_number, self.recent = 137_000_000 + rng.below(900_000), 92_000_000, []
        self.interest, self.rate = 4_000_000 + rng.below(900_000), rng.between(-300, 900)

    def price(self, ticks):
        return number(self.rng, ticks * self.tick, self.places)

    def size(self, units):
        return number(self.rng, units, self.size_places)


def number(rng, units, places):
    """As the venue writes one: with a fraction always, or with an exponent."""
    if units == 0 or not rng.chance(0.15):
        return Literal(decimal(units, places) if places else f"{units}.0")
    sign, digits = ("-", str(-units)) if units < 0 else ("", str(units))
    return Literal(f"{sign}{digits[0]}.{digits[1:].rstrip('0') or '0'}e{len(digits) - 1 - places}")


class Deribit(Connection):
    """The older form says no type, and begins a book with a change of number 0; trades come by instrument or by kind."""

    def __init__(self, name, rng, faults, start, contracts, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.contracts, self.interval = contracts, rng.pick(["raw", "100ms", "agg2"])
        self.form, self.has_windows, self.has_groups = rng.pick(["2019", "2021", "2021"]), rng.chance(0.2), rng.chance(0.2)
        self.beat, self.request, self.change = start, 0, 25_000_000_000 + rng.below(900_000)

    def run(self, frames):
        self._subscribe()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.contracts))
        return self.lines

    def _one(self, one):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            for other in self.contracts:
                other.published = None
            return self._subscribe()
        if self.faults.strikes("unknown"):
            self._tell("mystery.options", {"timestamp": self.now // MILLI, "instrument_name": one.symbol})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(one, self.rng.pick(self._channels(one)))
        if self.now - self.beat > 10 * SECOND:
            self.beat = self.now
            self.receive({"params": {"type": "test_request"}, "method": "heartbeat", "jsonrpc": "2.0"})
            self._ask("public/test", {}, {"version": "1.2.26"})
        draw = self.rng.unit()
        if draw < 0.66:
            self._book(one)
        elif draw < 0.83:
            self._trades(one)
        elif draw < 0.93:
            self._ticker(one)
        elif draw < 0.97:
            self._quote(one)
        elif draw < 0.98 and self.has_windows:
            self._window(one)
        elif draw < 0.99 and one.is_perpetual:
            self._perpetual(one)
        else:
            self._tell("deribit_price_index.btc_usd", {"timestamp": self.now // MILLI, "price": Literal("86744.11")})

    # MARK: - requests

    def _channels(self, one):
        names = ["book"] + ([] if self.has_groups else ["trades"])
        names += [] if one.is_spot and self.rng.chance(0.5) else ["ticker"]
        names += ["perpetual"] if one.is_perpetual else []
        windows = [f"book.{one.symbol}.none.10.{self.interval}"] if self.has_windows else []
        return [f"{name}.{one.symbol}.{self.interval}" for name in names] + windows + [f"quote.{one.symbol}"]

    def _ask(self, method, params, result):
        self.request += 1
        self.receive({"jsonrpc": "2.0", "id": self.request, "method": method, "params": params}, kind="out")
        micros = self.now // 1000
        self.receive({"jsonrpc": "2.0", "id": self.request, "result": result, "usIn": micros, "usOut": micros + 300,
                      "usDiff": 300, "testnet": False})

    def _ask_channels(self, method, channels):
        taken = list(channels)
        self.rng.shuffle(taken)   # in an order of its own
        if self.faults.strikes("unknown"):
            self.request += 1   # what is not had is left out, or the whole is refused
            self.receive({"jsonrpc": "2.0", "id": self.request, "error": {"code": 13778, "message": "not available"}})
        self._ask(method, {"channels": [*channels, "book.NONE.raw"] if self.faults.strikes("unknown") else channels}, taken)

    def _subscribe(self):
        self._ask("public/set_heartbeat", {"interval": 10}, "ok")
        if self.faults.strikes("early"):
            one = self.rng.pick(self.contracts)
            one.published = one.book.top(20)
            self._update(one)
        channels = [channel for one in self.contracts for channel in self._channels(one)]
        self._ask_channels("public/subscribe", channels + (["trades.any.any.100ms"] if self.has_groups else []))
        for one in self.contracts:
            self._snapshot(one)

    def _resubscribe(self, one, channel):
        self._ask_channels("public/unsubscribe", [channel])
        self.now += self.rng.between(1, 1500) * MILLI
        self._ask_channels("public/subscribe", [channel])
        if channel == f"book.{one.symbol}.{self.interval}":
            self._snapshot(one)

    def _tell(self, channel, data):
        self.receive({"jsonrpc": "2.0", "method": "subscription", "params": {"channel": channel, "data": data}})

    # MARK: - books

    def _book(self, one):
        one.book.step()
        if one.published is None or self.faults.strikes("restart"):
            return self._snapshot(one)
        lost = self.faults.strikes("gap")
        if lost:
            self.change += 7
            one.number = self.change
            one.published = one.book.top(20)
            one.book.step()
        self._update(one)
        if lost and self.rng.chance(0.6):
            self._resubscribe(one, f"book.{one.symbol}.{self.interval}")
        elif self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)
        return None

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
        if self.faults.strikes("oneside"):
            one.published = ({}, one.published[1])
        if self.faults.strikes("clear"):
            one.published = ({}, {})
        self._send(one, "snapshot", [[("new", p, s) for p, s in side.items()] for side in one.published], None)

    def _update(self, one):
        before, one.published = one.published, self._target(one)
        sides = [[("delete" if s == 0 else "change" if p in old else "new", p, s) for p, s in changes(old, new)]
                 for old, new in zip(before, one.published)]
        self._send(one, "change", sides, one.number)

    def _send(self, one, kind, sides, before):
        self.change += self.rng.between(1, 40)   # numbers are of the whole venue
        levels = [[[action, one.price(p), one.size(s)] for action, p, s in side] for side in sides]
        if self.faults.strikes("level"):
            self._spoil(levels)
        data = {"type": kind, "timestamp": "soon" if self.faults.strikes("stamp") else self.stamp() // MILLI}
        if self.form == "2019":
            del data["type"]
        if before is not None or self.form == "2019" and self.rng.chance(0.3):
            data["prev_change_id"] = before or 0
        data.update(instrument_name=one.symbol, change_id=self.change, bids=levels[0], asks=levels[1])
        if self.faults.strikes("nameless"):
            del data["instrument_name"]
        one.number = self.change
        self._tell(f"book.{one.symbol}.{self.interval}", data)

    def _window(self, one):
        bids, asks = one.book.top(10)
        levels = [[[one.price(p), one.size(s)] for p, s in side.items()] for side in (bids, asks)]
        self.change += 1
        data = {"timestamp": self.stamp() // MILLI, "instrument_name": one.symbol, "change_id": self.change,
                "bids": levels[0], "asks": levels[1]}
        self._tell(f"book.{one.symbol}.none.10.{self.interval}", data)

    def _spoil(self, sides):
        side = sides[0] or sides[1]
        if side:
            at = self.rng.below(len(side))
            action, price, size = side[at]
            side[at] = self.rng.pick([[action, price, Literal("-1.0")], [action, "abc", size], [action, price],
                                      ["gone", price, size], [action, None, size], [action, price, Literal("99999999999999999999")]])

    # MARK: - trades and tickers

    def _trades(self, one):
        entries = []
        for _ in range(self.rng.pick([1, 1, 1, 2, 3])):
            buys, price, units = one.book.hit()
            one.trade_id += 1
            one.trade_number += 1
            entry = {"trade_seq": one.trade_number, "trade_id": str(one.trade_id),
                     "timestamp": self.stamp(self.rng.below(3) * MILLI) // MILLI, "tick_direction": self.rng.below(4),
                     "price": one.price(price), "mark_price": one.price(price), "instrument_name": one.symbol,
                     "index_price": one.price(price), "direction": "buy" if buys else "sell", "amount": one.size(units)}
            if not one.is_spot and self.rng.chance(0.2):
                entry["liquidation"] = self.rng.pick(["T", "M", "MT"])
            if self.rng.chance(0.05):
                entry.update(block_trade_id="154988", block_trade_leg_count=2)
            if self.faults.strikes("duplicate") and one.recent:
                entry["trade_id"] = one.recent[-1]
            one.recent = (one.recent + [entry["trade_id"]])[-5:]
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("direction", "none"), ("price", "x"), ("amount", Literal("-1.0")),
                                            ("timestamp", "later"), ("price", None), ("amount", Literal("0.0")), ("liquidation", "X")])
                entry[key] = value
            entries.append(entry)
        channel = "trades.any.any.100ms" if self.has_groups else f"trades.{one.symbol}.{self.interval}"
        self._tell(channel, [] if self.faults.strikes("empty") else entries)

    def _best(self, one):
        bids, asks = one.published or ({}, {})
        bid, ask = max(bids, default=None), min(asks, default=None)
        if bid and self.rng.chance(0.05):
            bid -= 1   # of another moment
        return {"best_bid_price": one.price(bid or 0), "best_bid_amount": one.size(bids.get(bid, 0)),
                "best_ask_price": one.price(ask or 0), "best_ask_amount": one.size(asks.get(ask, 0))}

    def _quote(self, one):
        best = self._best(one)
        if self.faults.strikes("ticker"):
            best[self.rng.pick(list(best))] = self.rng.pick(["x", None, Literal("-1.0")])
        self._tell(f"quote.{one.symbol}", {"timestamp": self.stamp() // MILLI, "instrument_name": one.symbol, **best})

    def _perpetual(self, one):
        data = {"timestamp": self.stamp() // MILLI, "interest": number(self.rng, one.rate, 8),
                "index_price": one.price(one.book.bid)}
        self._tell(f"perpetual.{one.symbol}.{self.interval}", data)

    def _ticker(self, one):
        one.rate += self.rng.between(-5, 5)
        one.interest += self.rng.between(-500, 500)
        data = {"timestamp": self.stamp() // MILLI, "state": "open", "instrument_name": one.symbol, "last_price": None,
                "mark_price": one.price(one.book.bid), "index_price": one.price(one.book.bid)}
        if not one.is_spot:
            data["open_interest"] = one.size(one.interest)
        if one.is_perpetual:
            data.update(current_funding=number(self.rng, one.rate, 8), funding_8h=number(self.rng, one.rate, 7))
        data.update(self._best(one))
        if self.faults.strikes("ticker"):
            key = self.rng.pick([k for k in ("open_interest", "current_funding", "best_bid_price", "mark_price") if k in data])
            data[key] = self.rng.pick(["x", None, Literal("1e400")])
        self._tell(f"ticker.{one.symbol}.{self.interval}", data)
