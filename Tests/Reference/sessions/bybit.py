"""A connection to Bybit v5: books, trades, liquidations, tickers, acks and pongs."""

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import decimal

DEPTHS = (1, 50, 200, 500)


class Listing:
    """One symbol: its market, how its numbers are written, and what the venue has published of it."""

    def __init__(self, rng, symbol, tick, places, size_places, mid, typical, interval="8"):
        self.symbol, self.tick, self.places, self.size_places = symbol, tick, places, size_places
        self.interval = interval
        self.book = Book(rng, mid, 70, typical)
        self.published = dict.fromkeys(DEPTHS)
        self.update, self.cross_sequence, self.phantom = {}, 10_000 + rng.below(1_000_000), None
        self.interest, self.rate, self.last_trade = 4_000_000 + rng.below(900_000), rng.between(-300, 900), None
        self.ticker_sent = False

    def price(self, ticks):
        return decimal(ticks * self.tick, self.places)

    def size(self, units):
        return decimal(units, self.size_places)

class Bybit(Connection):
    def __init__(self, name, rng, faults, start, market, listings, mean_wait=40 * MILLI, liquidations=True,
                 depths=(50,), strangers=()):
        super().__init__(name, rng, faults, start, mean_wait)
        self.depths = {x.symbol: list(depths) for x in listings}
        self.strangers, self.requests, self.named = strangers, 0, rng.chance(0.5) if strangers else False
        self.market, self.listings, self.liquidations = market, listings, liquidations
        self.derivative = market != "spot"
        self.trade_number, self.pinged = 2_290_000_000 + rng.below(1_000_000), start

    def run(self, frames):
        self._subscribe()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.listings))
        return self.lines

    # MARK: - what may come next

    def _one(self, listing):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            return self._reconnect()
        if self.faults.strikes("unknown"):
            self.receive({"topic": f"mystery.{listing.symbol}", "type": "snapshot", "ts": self.now // MILLI, "data": {}})
        if self.faults.strikes("stranger") and self.strangers:
            listing = self.rng.pick(self.strangers)
        elif self.faults.strikes("redepth"):
            return self._redepth(listing)
        if self.now - self.pinged > 20 * SECOND:
            self._pong()
        draw = self.rng.unit()
        if draw < 0.66:
            self._book(listing)
        elif draw < 0.83:
            self._trades(listing)
        elif draw < 0.96 or not self.derivative:
            self._ticker(listing)
        elif draw < 0.98 and self.liquidations:
            self._liquidations(listing)
        else:
            self._kline(listing)

    def _subscribe(self):
        topics = [f"orderbook.{d}.{x.symbol}" for x in self.listings for d in self.depths[x.symbol]]
        topics += [f"publicTrade.{x.symbol}" for x in self.listings]
        topics += [f"tickers.{x.symbol}" for x in self.listings]
        if self.derivative and self.liquidations:
            topics += [f"allLiquidation.{x.symbol}" for x in self.listings]
        identifier = self._request("subscribe", topics)
        if self.faults.strikes("early"):
            for listing in self.listings:
                depth = self.depths[listing.symbol][0]
                listing.update[depth] = 100 + self.rng.below(9000)
                listing.published[depth] = listing.book.top(depth)
                self._delta(listing, depth)
        self._ack("subscribe", True, identifier)

    def _request(self, op, topics):
        """Sent with an id where the connection gives its requests one."""
        self.requests += 1
        identifier = f"{self.name}-{self.requests}" if self.named else ""
        request = {"req_id": identifier} if identifier else {}
        self.receive({**request, "op": op, "args": topics}, kind="out")
        return identifier

    def _redepth(self, listing):
        """A book is asked for at another depth beside its own or instead of it; acks with ids come in any order."""
        depths = self.depths[listing.symbol]
        old, new = self.rng.pick(depths or DEPTHS), self.rng.pick(DEPTHS)
        steps = [("subscribe", new)] if self.rng.chance(0.4) else [("unsubscribe", old), ("subscribe", new)]
        if len(depths) > 1 and self.rng.chance(0.5):
            steps = [("unsubscribe", old)]
        asked = [(op, depth, self._request(op, [f"orderbook.{depth}.{listing.symbol}"])) for op, depth in steps]
        if self.named and self.rng.chance(0.5):
            asked.reverse()
        for op, depth, identifier in asked:
            success = op == "unsubscribe" or self.rng.chance(0.85)
            self._ack(op, success, identifier)
            if op == "unsubscribe":
                self.depths[listing.symbol] = [d for d in self.depths[listing.symbol] if d != depth]
            elif success and depth not in self.depths[listing.symbol]:
                self.depths[listing.symbol].append(depth)
            listing.published[depth] = None

    def _reconnect(self):
        self.drop()
        if self.faults.rates.get("redepth"):
            self.depths = {x.symbol: [self.rng.pick(DEPTHS)] for x in self.listings}
        for listing in self.listings:
            listing.published = dict.fromkeys(listing.published)
            listing.ticker_sent = False
        self._subscribe()

    def _ack(self, op, success, identifier=""):
        text = "subscribe" if self.market == "spot" and op == "subscribe" else ""
        self.receive({"success": success, "ret_msg": text, "conn_id": f"{self.name}-7d1e", "req_id": identifier, "op": op})

    def _pong(self):
        self.pinged = self.now
        if self.market == "spot":
            self.receive({"success": True, "ret_msg": "pong", "conn_id": f"{self.name}-7d1e", "op": "ping"})
        else:
            self.receive({"req_id": "", "op": "pong", "args": [str(self.now // MILLI)], "conn_id": f"{self.name}-7d1e"})

    # MARK: - books

    def _book(self, listing):
        listing.book.step()
        asked = self.depths.get(listing.symbol, [50])
        depth = usual = asked[0] if len(asked) == 1 else self.rng.pick(asked or [50])
        if self.faults.strikes("shallow"):
            depth = 1
        elif self.faults.strikes("deeper"):
            depth = 200
        if depth != usual and listing.published[depth] is None and self.rng.chance(0.7):
            depth = usual  # the other depths come into play late, and rarely
        if depth == 1 or listing.published[depth] is None or self.rng.chance(0.002):
            return self._snapshot(listing, depth)
        if self.faults.strikes("restart"):
            return self._snapshot(listing, depth, update=1)
        if self.faults.strikes("clear"):
            return self._snapshot(listing, depth, update=1, sides=({}, {}))
        if self.faults.strikes("oneside"):
            return self._snapshot(listing, depth, sides=({}, listing.book.top(depth)[1]))
        lost = self.faults.strikes("gap")
        if lost:
            listing.update[depth] += self.rng.between(1, 3)
        self._delta(listing, depth)
        if lost and self.rng.chance(0.6):
            return self._resubscribe(listing, depth)
        if self.faults.strikes("repeat"):
            self.receive(self.lines[-1].text)

    def _resubscribe(self, listing, depth):
        topic = f"orderbook.{depth}.{listing.symbol}"
        for op in ("unsubscribe", "subscribe"):
            self._ack(op, True, self._request(op, [topic]))
        listing.published[depth] = None

    def _target(self, listing, depth):
        bids, asks = listing.book.top(depth)
        if listing.phantom and self.now >= listing.phantom[0]:
            listing.phantom = None
        if listing.phantom is None and self.faults.strikes("crossed"):
            listing.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks) + self.rng.below(2))
        if listing.phantom:
            bids[listing.phantom[1]] = 5
        return bids, asks

    def _snapshot(self, listing, depth, update=None, sides=None):
        sides = sides or self._target(listing, depth)
        listing.published[depth] = sides
        known = listing.update.get(depth, 1000 + self.rng.below(90_000_000))
        listing.update[depth] = update if update is not None else known + 1
        self._send_book(listing, depth, "snapshot", list(sides[0].items()), list(sides[1].items()))

    def _delta(self, listing, depth):
        before, after = listing.published[depth], self._target(listing, depth)
        listing.published[depth] = after
        listing.update[depth] += 1
        self._send_book(listing, depth, "delta", changes(before[0], after[0]), changes(before[1], after[1]))

    def _send_book(self, listing, depth, kind, bids, asks):
        listing.cross_sequence += self.rng.between(1, 40)
        stamp = self.stamp()
        sides = [[[listing.price(p), listing.size(s) if s else "0"] for p, s in side] for side in (bids, asks)]
        data = {"s": listing.symbol, "b": sides[0], "a": sides[1], "u": listing.update[depth], "seq": listing.cross_sequence}
        frame = {"topic": f"orderbook.{depth}.{listing.symbol}", "type": kind, "ts": stamp // MILLI + self.rng.below(3),
                 "data": data, "cts": stamp // MILLI}
        if self.faults.strikes("stamp"):
            if self.rng.chance(0.5):
                del frame["cts"]
            else:
                frame["cts"] = "soon"
        if self.faults.strikes("level"):
            self._spoil(sides)
        self.receive(frame)

    def _spoil(self, sides):
        side = sides[self.rng.below(2)] or sides[0] or sides[1]
        if not side:
            return
        at = self.rng.below(len(side))
        price, size = side[at]
        side[at] = self.rng.pick([[price, "-1"], ["abc", size], [price], [price, ""], ["-" + price, size],
                                  [price, "1.2.3"], [price, "99999999999999999999"], [None, size]])

    # MARK: - trades and liquidations

    def _trades(self, listing):
        entries = []
        for _ in range(self.rng.between(1, 4)):
            buys, price, units = listing.book.hit()
            listing.cross_sequence += 1
            entry = {"T": self.stamp(self.rng.below(3) * MILLI) // MILLI, "s": listing.symbol,
                     "S": "Buy" if buys else "Sell", "v": listing.size(units), "p": listing.price(price)}
            if self.derivative:
                entry["L"] = self.rng.pick(["PlusTick", "ZeroPlusTick", "MinusTick", "ZeroMinusTick"])
            entry["i"] = self._trade_id()
            entry["BT"] = False
            if self.faults.strikes("duplicate") and listing.last_trade:
                entry["i"] = listing.last_trade
            listing.last_trade = entry["i"]
            if self.faults.strikes("zeros"):
                entry["v"] += ("" if "." in entry["v"] else ".") + "0" * 16
            entry["seq"] = listing.cross_sequence
            entries.append(self._maybe_spoiled_trade(entry))
        if self.faults.strikes("empty"):
            entries = []
        self.receive({"topic": f"publicTrade.{listing.symbol}", "type": "snapshot", "ts": self.now // MILLI, "data": entries})

    def _trade_id(self):
        self.trade_number += 1
        if not self.derivative:
            return str(self.trade_number)
        digits = "".join(f"{self.rng.below(16):x}" for _ in range(32))
        return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _maybe_spoiled_trade(self, entry):
        if self.faults.strikes("trade"):
            key, value = self.rng.pick([("S", "None"), ("p", "x"), ("v", "-1"), ("T", "later"), ("p", None), ("v", "1e"),
                                        ("p", "-5"), ("S", 1), ("v", ""), ("i", None)])
            if value is None:
                entry.pop(key, None)
            else:
                entry[key] = value
        return entry

    def _liquidations(self, listing):
        entries = []
        for _ in range(self.rng.between(1, 3)):
            price = self.rng.pick([listing.book.bid, listing.book.ask])
            entry = {"T": self.stamp(self.rng.below(400) * MILLI) // MILLI, "s": listing.symbol,
                     "S": self.rng.pick(["Buy", "Sell"]), "v": listing.size(1 + self.rng.below(9000)),
                     "p": listing.price(price)}
            entries.append(self._maybe_spoiled_trade(entry))
        topic = f"allLiquidation.{listing.symbol}"
        if self.faults.strikes("shallow"):
            first = entries[0]
            retired = {"updatedTime": first.get("T"), "symbol": listing.symbol, "side": first.get("S"),
                       "size": first.get("v"), "price": first.get("p", "x")}
            return self.receive({"topic": f"liquidation.{listing.symbol}", "type": "snapshot", "ts": self.now // MILLI,
                                 "data": retired})
        self.receive({"topic": topic, "type": "snapshot", "ts": self.now // MILLI, "data": entries})

    # MARK: - tickers

    def _ticker(self, listing):
        last = listing.price(listing.book.bid)
        data = {"symbol": listing.symbol, "lastPrice": last}
        if not self.derivative:
            data.update({"usdIndexPrice": last, "volume24h": "1000", "turnover24h": "5"})
        elif not listing.ticker_sent and not self.faults.strikes("early"):
            data.update(self._interest(listing), **self._funding(listing), markPrice=last, indexPrice=last)
            listing.ticker_sent = True
            return self._send_ticker(listing, "snapshot", data)
        elif self.rng.chance(0.4):
            data.update(self._interest(listing))
            if self.rng.chance(0.2):
                del data["openInterestValue"]
        elif self.rng.chance(0.2):
            full = self._funding(listing)
            key = self.rng.pick(sorted(full))
            data[key] = full[key]
        elif self.rng.chance(0.5):
            data["markPrice"] = last
        else:
            data["bid1Price"], data["bid1Size"] = last, "3"
        self._send_ticker(listing, "delta" if self.derivative else "snapshot", data)

    def _send_ticker(self, listing, kind, data):
        if "nextFundingTime" in data and self.faults.strikes("nosettlement"):
            data["nextFundingTime"] = self.rng.pick(["0", "0", ""])
        if self.derivative and self.faults.strikes("ticker"):
            key = self.rng.pick(["fundingRate", "openInterest", "nextFundingTime", "openInterestValue"])
            data[key] = self.rng.pick(["", "x", "1..2"])
        listing.cross_sequence += 1
        self.receive({"topic": f"tickers.{listing.symbol}", "type": kind, "data": data, "cs": listing.cross_sequence,
                      "ts": self.stamp() // MILLI})

    def _interest(self, listing):
        listing.interest += self.rng.between(-500, 500)
        value = listing.interest * listing.book.bid * listing.tick
        return {"openInterest": listing.size(listing.interest),
                "openInterestValue": decimal(value // 1000, 2)}

    def _funding(self, listing):
        listing.rate += self.rng.between(-5, 5)
        eight_hours = 28_800 * SECOND
        after = (self.now // eight_hours + 1) * eight_hours
        return {"fundingRate": decimal(listing.rate, 8), "nextFundingTime": str(after // MILLI),
                "fundingIntervalHour": listing.interval}

    def _kline(self, listing):
        last = listing.price(listing.book.bid)
        candle = {"start": self.now // MILLI, "interval": "1", "open": last, "close": last, "confirm": False}
        self.receive({"topic": f"kline.1.{listing.symbol}", "type": "snapshot", "ts": self.now // MILLI, "data": [candle]})
