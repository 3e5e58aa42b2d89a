"""A connection to BitMEX: tables whose rows are inserted, updated and deleted, levels by id."""

from .market import MILLI, SECOND, Book, Connection
from .wire import Literal, decimal, rfc3339


class Contract:
    def __init__(self, rng, symbol, tick, places, mid, typical, first_id):
        self.symbol, self.tick, self.places, self.first_id = symbol, tick, places, first_id
        self.is_perpetual = not symbol[-1].isdigit()
        self.book = Book(rng, mid, 25, typical)
        self.published, self.phantom = None, None
        self.trade_number, self.recent, self.forced = 5_000 + rng.below(900), [], {}
        self.interest, self.rate = 4_000_000 + rng.below(900_000), rng.between(-300, 900)

    def price(self, ticks):
        text = decimal(ticks * self.tick, self.places)
        return Literal(text.rstrip("0").rstrip(".") if "." in text else text)

    def identifier(self, ticks):
        return self.first_id - ticks


class Bitmex(Connection):
    """Levels have a time since 2022, and a price in each row since 2023."""

    def __init__(self, name, rng, faults, start, contracts, mean_wait=40 * MILLI):
        super().__init__(name, rng, faults, start, mean_wait)
        self.contracts, self.pinged, self.year = contracts, start, rng.pick([2021, 2022, 2023, 2026])
        self.has_windows = rng.chance(0.2)

    def run(self, frames):
        self._connect()
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
            return self._connect()
        if self.faults.strikes("unknown"):
            self.receive({"table": "mystery", "action": "insert", "data": [{"symbol": one.symbol}]})
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(one, self.rng.pick(self._tables(one)))
        if self.now - self.pinged > 5 * SECOND:
            self.pinged = self.now
            self.receive("ping", kind="out")
            self.receive("pong")
        draw = self.rng.unit()
        if draw < 0.66:
            self._book(one)
        elif draw < 0.81:
            self._trades(one)
        elif draw < 0.88:
            self._instrument(one)
        elif draw < 0.93:
            self._liquidation(one)
        elif draw < 0.94 and one.is_perpetual:
            self._send("funding", "insert", [self._settled(one)], one)
        elif draw < 0.95 and self.has_windows:
            self._send("orderBook10", "update", [self._window(one)], one)
        elif draw < 0.96:
            self.receive({"table": "settlement", "action": "insert", "data": [{"symbol": one.symbol}]})
        else:
            self._quote(one)

    # MARK: - requests

    def _tables(self, one):
        return ["orderBookL2", "trade", "instrument", "liquidation", "quote"] + (["funding"] if one.is_perpetual else []) \
            + (["orderBook10"] if self.has_windows else [])

    def _connect(self):
        self.receive({"info": "Welcome to the BitMEX Realtime API.", "version": "2021-04-15T18:39:36.000Z",
                      "timestamp": rfc3339(self.now, 3), "limit": {"remaining": 39}})
        if self.faults.strikes("early"):
            one = self.rng.pick(self.contracts)
            one.published = one.book.top(20)
            self._update(one)
        topics = [f"{table}:{one.symbol}" for one in self.contracts for table in self._tables(one)]
        self._ask("subscribe", topics)
        for one in self.contracts:
            for table in self._tables(one):
                self._partial(one, table)

    def _ask(self, op, topics):
        request = {"op": op, "args": topics}
        self.receive(request, kind="out")
        for topic in topics:
            self.receive({"success": True, op: topic, "request": request})

    def _resubscribe(self, one, table):
        self._ask("unsubscribe", [f"{table}:{one.symbol}"])
        self.now += self.rng.between(1, 1500) * MILLI
        self._ask("subscribe", [f"{table}:{one.symbol}"])
        self._partial(one, table)

    def _partial(self, one, table):
        if table == "orderBookL2":
            return self._snapshot(one)
        rows = {"orderBook10": lambda: [self._window(one)], "funding": lambda: [self._settled(one)],
                "trade": lambda: one.recent[-1:], "instrument": lambda: [self._whole(one)],
                "liquidation": lambda: list(one.forced.values()), "quote": lambda: []}[table]()
        return self._send(table, "partial", rows, one)

    def _send(self, table, action, rows, one):
        more = {"keys": [], "types": {"symbol": "symbol"}, "filter": {"symbol": one.symbol}} if action == "partial" else {}
        self.receive({"table": table, "action": action, **more, "data": rows})

    # MARK: - books

    def _book(self, one):
        one.book.step()
        if one.published is None or self.faults.strikes("restart"):
            return self._snapshot(one)
        lost = self.faults.strikes("gap")
        if lost:
            one.published = one.book.top(20)
            one.book.step()
        self._update(one)
        if lost and self.rng.chance(0.6):
            self._resubscribe(one, "orderBookL2")
        elif self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)
        return None

    def _target(self, one):
        bids, asks = one.book.top(20)
        if one.phantom and self.now >= one.phantom[0]:
            one.phantom = None
        if one.phantom is None and self.faults.strikes("crossed"):
            one.phantom = (self.now + self.rng.between(20, 2500) * MILLI, max(asks) + 40)
        if one.phantom:
            bids[one.phantom[1]] = 5
        return bids, asks

    def _row(self, one, side, ticks, size):
        row = {"symbol": one.symbol, "id": one.identifier(ticks), "side": side}
        if size is not None:
            row["size"] = size
        return row, one.price(ticks)

    def _stamped(self, rows, with_price):
        """The rows as they are sent: a price where they need one, and a time where the venue states it."""
        time = rfc3339(self.stamp(), 3)
        bad = self.faults.strikes("stamp")
        result = []
        for row, price in rows:
            if with_price or self.year > 2022:
                row["price"] = price
            if self.year > 2021:
                row["timestamp"] = "soon" if bad else time
            result.append(row)
        if result and self.faults.strikes("level"):
            key, value = self.rng.pick([("id", "x"), ("side", "None"), ("id", None), ("id", 7), ("size", Literal("-1")),
                                        ("size", "x"), ("size", 0), ("price", Literal("1.5")), ("price", None)])
            row = self.rng.pick(result)
            if key in row:
                row[key] = value
        if self.faults.strikes("nameless") and result:
            del result[0]["symbol"]
        return result

    def _snapshot(self, one):
        one.published = self._target(one)
        if self.faults.strikes("oneside"):
            one.published = ({}, one.published[1])
        if self.faults.strikes("clear"):
            one.published = ({}, {})
        rows = [self._row(one, side, p, s) for side, levels in zip(("Buy", "Sell"), one.published) for p, s in levels.items()]
        self._send("orderBookL2", "partial", self._stamped(rows, True), one)

    def _update(self, one):
        """Deletes, then updates, then inserts: a table's rows of one action are one message."""
        before, one.published = one.published, self._target(one)
        rows = {"delete": [], "update": [], "insert": []}
        for side, old, new in zip(("Buy", "Sell"), before, one.published):
            rows["delete"] += [self._row(one, side, p, None) for p in old if p not in new]
            rows["update"] += [self._row(one, side, p, s) for p, s in new.items() if old.get(p, s) != s]
            rows["insert"] += [self._row(one, side, p, s) for p, s in new.items() if p not in old]
        for action, found in rows.items():
            if found:
                self._send("orderBookL2", action, self._stamped(found, action == "insert"), one)
        if self.faults.strikes("disorder"):
            self._together()

    def _together(self):
        """A change of several books in one message, of one of them twice."""
        rows = []
        for one in [*self.contracts, self.contracts[0]]:
            if one.published and one.published[0]:
                price = self.rng.pick(list(one.published[0]))
                one.published[0][price] = one.book.bids[price] = 1 + self.rng.below(900)
                rows.append(self._row(one, "Buy", price, one.published[0][price]))
        if rows:
            self._send("orderBookL2", "update", self._stamped(rows, False), self.contracts[0])

    def _window(self, one):
        bids, asks = one.book.top(10)
        sides = [[[one.price(p), s] for p, s in side.items()] for side in (bids, asks)]
        return {"symbol": one.symbol, "bids": sides[0], "asks": sides[1], "timestamp": rfc3339(self.stamp(), 3)}

    def _quote(self, one):
        bids, asks = one.published or ({}, {})
        bid, ask = max(bids, default=None), min(asks, default=None)
        rows = []
        for bid in [bid - 1, bid] if bid and self.rng.chance(0.3) else [bid]:   # each top since the last message
            row = {"timestamp": rfc3339(self.stamp(), 3), "symbol": one.symbol}
            if bid is not None:
                row.update(bidSize=bids.get(bid, 5), bidPrice=one.price(bid))
            if ask is not None:
                row.update(askPrice=one.price(ask), askSize=asks[ask])
            if self.year == 2026:
                row["pool"] = self.rng.pick(["Aggregated", "Primary", "Secondary"])
            rows.append(row)
        if self.faults.strikes("ticker"):
            rows[-1][self.rng.pick(["bidPrice", "askSize"])] = self.rng.pick(["x", None, Literal("-1")])
        self._send("quote", "insert", rows, one)

    # MARK: - trades, liquidations, instruments

    def _trades(self, one):
        rows = []
        for _ in range(self.rng.pick([1, 1, 1, 2, 3])):
            buys, price, units = one.book.hit()
            one.trade_number += 1
            time = rfc3339(self.stamp(self.rng.below(3) * MILLI), 3)
            row = {"timestamp": time, "symbol": one.symbol, "side": "Buy" if buys else "Sell", "size": units, "price": one.price(price), "tickDirection": "ZeroMinusTick",
                   "trdMatchID": f"{one.trade_number:08x}-950c-4c4e-8ab8-24aebcab80d2", "grossValue": 11_703_000,
                   "homeNotional": Literal("0.11703"), "foreignNotional": units, "trdType": "Regular"}
            if self.rng.chance(0.05):
                del row["side"]
                row["trdType"] = "Settlement"
            elif self.rng.chance(0.05):
                row["trdType"] = "Referential"
            if self.faults.strikes("duplicate") and one.recent:
                row["trdMatchID"] = one.recent[-1]["trdMatchID"]
            one.recent = (one.recent + [dict(row)])[-5:]
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("side", "None"), ("price", "x"), ("size", Literal("-1")), ("timestamp", "later"),
                                            ("price", None), ("size", 0)])
                row[key] = value
            rows.append(row)
        self._send("trade", "insert", [] if self.faults.strikes("empty") else rows, one)

    def _liquidation(self, one):
        if one.forced and self.rng.chance(0.5):
            order = self.rng.pick(list(one.forced))
            if self.rng.chance(0.5):
                del one.forced[order]
                return self._send("liquidation", "delete", [{"orderID": order, "symbol": one.symbol}], one)
            one.forced[order]["leavesQty"] = 1 + self.rng.below(900)
            return self._send("liquidation", "update", [{"orderID": order, "symbol": one.symbol,
                                                         "leavesQty": one.forced[order]["leavesQty"]}], one)
        one.trade_number += 1
        row = {"orderID": f"{one.trade_number:08x}-207c-0dab-15b5-b88da776f500", "symbol": one.symbol,
               "side": self.rng.pick(["Buy", "Sell"]), "price": one.price(one.book.bid), "leavesQty": 1 + self.rng.below(900)}
        one.forced[row["orderID"]] = dict(row)
        if self.faults.strikes("trade"):
            key, value = self.rng.pick([("side", "None"), ("price", "x"), ("leavesQty", Literal("-1")), ("price", None)])
            row[key] = value
        return self._send("liquidation", "insert", [row], one)

    def _whole(self, one):
        row = {"symbol": one.symbol, "rootSymbol": "XBT", "state": "Open", "typ": "FFWCSX", "openInterest": one.interest,
               "markPrice": one.price(one.book.bid), "timestamp": rfc3339(self.stamp(), 3)}
        if one.is_perpetual:
            row.update(fundingRate=Literal(decimal(one.rate, 6)), fundingInterval="2000-01-01T08:00:00.000Z",
                       fundingTimestamp=self._settlement(), indicativeFundingRate=Literal("0.0001"))
        return row

    def _settled(self, one):
        before = rfc3339(self.now // (28_800 * SECOND) * 28_800 * SECOND, 3)
        row = {"timestamp": before, "symbol": one.symbol, "fundingInterval": "2000-01-01T08:00:00.000Z",
               "fundingRate": Literal(decimal(one.rate, 6)), "fundingRateDaily": Literal(decimal(3 * one.rate, 6))}
        if self.faults.strikes("ticker"):
            row[self.rng.pick(["timestamp", "fundingRate", "fundingInterval"])] = self.rng.pick(["x", None])
        return row

    def _settlement(self):
        return rfc3339((self.now // (28_800 * SECOND) + 1) * 28_800 * SECOND, 3)

    def _instrument(self, one):
        one.rate += self.rng.between(-5, 5)
        one.interest += self.rng.between(-500, 500)
        row = {"symbol": one.symbol, "timestamp": rfc3339(self.stamp(), 3)}
        whole = self._whole(one)
        for key in ("openInterest", "markPrice", "fundingRate", "fundingTimestamp"):
            if key in whole and self.rng.chance(0.4):
                row[key] = whole[key]
        row["lastPrice"] = one.price(one.book.ask)
        if self.faults.strikes("ticker"):
            key = self.rng.pick(["openInterest", "markPrice", "fundingRate", "fundingTimestamp", "fundingInterval"])
            row[key] = self.rng.pick(["x", Literal("1e400"), None])
        self._send("instrument", "update", [row], one)
