"""A connection to Coinbase Advanced Trade: level 2, market trades, heartbeats, subscription lists."""

from .market import MILLI, SECOND, Book, Connection, changes
from .wire import decimal, rfc3339


class Product:
    def __init__(self, rng, name, places, size_places, mid, typical, levels=120):
        self.name, self.places, self.size_places = name, places, size_places
        self.book = Book(rng, mid, levels, typical)
        self.published, self.phantom = None, None
        self.trade_id, self.recent = 800_000_000 + rng.below(90_000_000), []


class Coinbase(Connection):
    def __init__(self, name, rng, faults, start, products, mean_wait=40 * MILLI, strangers=()):
        super().__init__(name, rng, faults, start, mean_wait)
        self.strangers = strangers
        self.products, self.sequence, self.beat = products, 0, start
        self.subscribed, self.counter = {}, 0

    def run(self, frames):
        self._connect()
        while self.received < frames:
            self.advance()
            self._one(self.rng.pick(self.products))
        return self.lines

    def _one(self, product):
        self.nonsense()
        self.hiccup()
        if self.faults.strikes("drop"):
            self.drop()
            return self._connect()
        if self.faults.strikes("unknown"):
            self._send("mystery", [{"type": "snapshot"}])
        if self.now - self.beat > SECOND:
            self.beat = self.now
            self.counter += 1
            self._send("heartbeats", [{"current_time": rfc3339(self.now, 9), "heartbeat_counter": self.counter}])
        if self.faults.strikes("gap"):
            self.sequence += self.rng.between(1, 3)
            if self.rng.chance(0.6):
                return self._connect()
        if self.faults.strikes("repeat"):
            self.sequence -= 1
        if self.faults.strikes("unsubscribe"):
            return self._resubscribe(product)
        if self.strangers and self.faults.strikes("stranger"):
            return self._stranger(product)
        draw = self.rng.unit()
        if draw < 0.75:
            self._book(product)
        elif draw < 0.93:
            self._trades(product)
        else:
            self._ticker(product)

    def _stranger(self, product):
        """Trades of a product that nobody asked for, alone or among others."""
        trades = [self._trade(self.rng.pick(self.strangers), 0)]
        if self.rng.chance(0.4):
            trades.append(self._trade(product, 0))
        self._send("market_trades", [{"type": "update", "trades": trades}])

    def _connect(self):
        self.sequence = 0
        names = [p.name.replace("ETH-USD", "ETH-USDC") if self.strangers else p.name for p in self.products]
        for channel in ("level2", "market_trades", "heartbeats"):
            self.receive({"type": "subscribe", "channel": channel, "product_ids": names}, kind="out")
        self.subscribed = {}
        trades_first = self.rng.chance(0.5)
        if trades_first:
            self._trade_lists()
        for product in self.products:
            if self.faults.strikes("early"):
                product.published = product.book.top(9999)
                self._update(product)
            self._snapshot(product)
        self.subscribed["level2"] = [p.name for p in self.products]
        self._acknowledge()
        if not trades_first:
            self._trade_lists()
        self.subscribed["heartbeats"] = ["heartbeats"]
        self._acknowledge()

    def _trade_lists(self):
        for product in self.products:
            while len(product.recent) < 5:
                product.recent.insert(0, self._trade(product, self.rng.below(20 * SECOND)))
            self._send("market_trades", [{"type": "snapshot", "trades": product.recent[:10]}])
        self.subscribed["market_trades"] = [p.name for p in self.products]
        self._acknowledge()

    def _acknowledge(self):
        self._send("subscriptions", [{"subscriptions": {k: list(v) for k, v in self.subscribed.items()}}])

    def _resubscribe(self, product):
        channel = self.rng.pick(["level2", "market_trades"])
        listed = self.subscribed.get(channel, [])
        if product.name in listed:
            self.subscribed[channel] = [n for n in listed if n != product.name]
            return self._acknowledge()
        self.subscribed[channel] = listed + [product.name]
        if channel == "level2":
            self._snapshot(product)
        self._acknowledge()

    def _send(self, channel, events, lag=0):
        stamp = self.stamp(lag)
        text = rfc3339(stamp, self.rng.pick([9, 9, 9, 6, 3, 0]) if self.faults.strikes("disorder") else 9)
        frame = {"channel": channel, "timestamp": text, "sequence_num": self.sequence, "events": events}
        if self.faults.strikes("stamp"):
            frame["timestamp"] = self.rng.pick(["yesterday", "2026-13-01T00:00:00Z", ""])
        self.sequence += 1
        self.receive(frame)

    # MARK: - books

    def _book(self, product):
        product.book.step()
        if product.name not in self.subscribed.get("level2", []):
            return
        if self.faults.strikes("restart"):
            return self._snapshot(product)
        if self.faults.strikes("clear"):
            return self._levels(product, "snapshot", ({}, {}), ({}, {}))
        self._update(product)

    def _target(self, product):
        bids, asks = product.book.top(9999)
        if product.phantom and self.now >= product.phantom[0]:
            product.phantom = None
        if product.phantom is None and self.faults.strikes("crossed"):
            product.phantom = (self.now + self.rng.between(20, 2500) * MILLI, min(asks))
        if product.phantom:
            bids[product.phantom[1]] = 700
        return bids, asks

    def _snapshot(self, product):
        self._levels(product, "snapshot", ({}, {}), self._target(product))

    def _update(self, product):
        self._levels(product, "update", product.published, self._target(product))

    def _levels(self, product, kind, before, after):
        product.published = after
        updates = []
        for side, old, new in (("bid", before[0], after[0]), ("offer", before[1], after[1])):
            for price, size in changes(old, new):
                updates.append({"side": side, "event_time": rfc3339(self.now - self.rng.below(90) * MILLI, 6),
                                "price_level": decimal(price, product.places),
                                "new_quantity": decimal(size, product.size_places) if size else "0"})
        if updates and self.faults.strikes("level"):
            key, value = self.rng.pick([("side", "ask"), ("price_level", "x"), ("new_quantity", "-0.5"), ("new_quantity", "")])
            self.rng.pick(updates)[key] = value
        name = {"product_id": product.name}
        if self.faults.strikes("nameless"):
            name = self.rng.pick([{}, {"product_id": 5}])
        if self.faults.strikes("empty"):
            # A level that was never published is deleted: normal at this venue.
            updates.append({"side": "bid", "event_time": rfc3339(self.now, 6), "price_level": "1.01", "new_quantity": "0"})
        events = [{"type": kind, **name, "updates": updates}]
        if kind == "update" and len(updates) > 1 and self.rng.chance(0.1):
            events = [{"type": kind, "product_id": product.name, "updates": updates[:1]},
                      {"type": kind, "product_id": product.name, "updates": updates[1:]}]
        self._send("l2_data", events, lag=0)

    # MARK: - trades

    def _trade(self, product, lag):
        buys, price, units = product.book.hit()
        product.trade_id += 1
        return {"product_id": product.name, "trade_id": str(product.trade_id), "price": decimal(price, product.places),
                "size": decimal(units, product.size_places), "time": rfc3339(self.stamp(lag), 6),
                "side": "SELL" if buys else "BUY"}

    def _trades(self, product):
        if product.name not in self.subscribed.get("market_trades", []):
            return
        trades = []
        for _ in range(self.rng.between(1, 4)):
            trade = self._trade(product, self.rng.below(250) * MILLI)
            if product.recent and self.faults.strikes("duplicate"):
                trade = dict(self.rng.pick(product.recent[:6]))
            trades.insert(0, trade)
        product.recent = (trades + product.recent)[:20]
        sent = [dict(t) for t in trades]
        for trade in sent:
            if self.faults.strikes("trade"):
                key, value = self.rng.pick([("side", "UNKNOWN"), ("price", "x"), ("size", "-1"), ("time", "noon"), ("size", "")])
                trade[key] = value
        events = [{"type": "update", "trades": [] if self.faults.strikes("empty") else sent}]
        self._send("market_trades", events)

    def _ticker(self, product):
        self._send("ticker", [{"type": "update", "tickers": [{"product_id": product.name, "price": "1"}]}])
