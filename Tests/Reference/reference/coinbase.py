"""Coinbase Advanced Trade."""

from . import numbers
from .items import BOOK, TRADES, Trade

IGNORED = {"heartbeats", "candles", "ticker", "ticker_batch", "status"}
WHOLE = float("inf")   # a book here has every level
KIND_OF_CHANNEL = {"level2": BOOK, "market_trades": TRADES}


class CoinbaseDecoder:
    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.last_number, self.listed = None, set()

    def frame_time(self, value):
        return numbers.from_rfc3339(value.get("timestamp")) if isinstance(value, dict) else None

    def reconnected(self):
        self.last_number, self.listed = None, set()

    def sent(self, text):
        pass  # acks of this venue name what they acknowledge

    @classmethod
    def symbols_asked(cls, text):
        request = numbers.parse_json(text)
        return cls.returned_as(request.get("product_ids", [])) if request.get("type") == "subscribe" else set()

    @staticmethod
    def returned_as(symbols):
        """Products in USDC come back as those in USD."""
        return set(symbols) | {s.removesuffix("-USDC") + "-USD" for s in symbols if s.endswith("-USDC")}

    def receive(self, value):
        self._sequence(value)
        channel = value.get("channel")
        if channel == "l2_data":
            return self._each([(value, event) for event in value["events"]], self._book)
        if channel == "market_trades":
            entries = [(event, entry) for event in value["events"] for entry in reversed(event["trades"])]
            return self._each(entries, self._trade)
        if channel == "subscriptions":
            self._subscriptions(value["events"])
            return "ignored"
        # A refusal is an answer, as an acknowledgement is.
        return "ignored" if channel in IGNORED or channel is None and value.get("type") == "error" else "unknown"

    def _each(self, entries, read):
        """A frame with nothing but symbols that were not asked for is unknown."""
        kept = [(outer, entry) for outer, entry in entries
                if not numbers.is_text(entry.get("product_id")) or self.connection.admits(entry["product_id"])]
        for outer, entry in kept:
            read(outer, entry)
        return "content" if kept or not entries else "unknown"

    def _sequence(self, value):
        number = numbers.whole(value.get("sequence_num"))
        if number is None:
            return
        if self.last_number is not None:
            if number == self.last_number + 1:
                self.session.counts.sequences_verified += 1
            else:
                self.session.counts.sequences_broken += 1
                self.connection.interrupt("sequence")
                self.connection.resume()
        self.last_number = number

    def _subscriptions(self, events):
        now = set()
        for event in events:
            for channel, names in event["subscriptions"].items():
                if channel in KIND_OF_CHANNEL:
                    now |= {(KIND_OF_CHANNEL[channel], name) for name in names if self.connection.knows(name)}
        for kind, name in sorted(self.listed - now):
            self.connection.unsubscribe(self.connection.instrument(name), kind)
        for kind, name in sorted(now - self.listed):
            instrument = self.connection.instrument(name)
            self.connection.start(instrument, kind)
        for kind, name in sorted(now & self.listed):
            self.connection.start(self.connection.instrument(name), kind)
        self.listed = now

    def _book(self, value, event):
        if not numbers.is_text(event.get("product_id")):
            return self.connection.gap_unnamed()
        instrument = self.connection.instrument(event["product_id"])
        book = self.session.book(instrument)
        self.connection.start(instrument, BOOK)
        time = self.frame_time(value)
        bids, asks = self._levels(event["updates"])
        if ("timestamp" in value and time is None) or bids is None:
            self.session.counts.decode_errors += 1
            if not self.session.touches(self.connection, instrument, None):
                return None
            book.gap()
            return self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        is_snapshot = event["type"] == "snapshot"
        place = self.session.follow(self.connection, instrument, None, WHOLE, is_snapshot)
        if is_snapshot:
            self.session.counts.book_snapshots += 1
            book.reset()
        else:
            self.session.counts.book_deltas += 1
            if place == "leads" and book.state != "synced":
                book.gap()
        if place == "leads" and book.state == "synced":
            book.put(bids, asks)
            book.judge(self.session.moment.receipt)
        return self.session.emit_book(instrument, time)

    @staticmethod
    def _levels(updates):
        sides = {"bid": [], "offer": []}
        for update in updates:
            price, size = numbers.exact(update.get("price_level")), numbers.exact(update.get("new_quantity"))
            side = sides.get(update.get("side"))
            if side is None or price is None or size is None or price <= 0 or size < 0:
                return None, None
            side.append((price, size, update["price_level"], update["new_quantity"]))
        return sides["bid"], sides["offer"]

    def _trade(self, event, entry):
        if not numbers.is_text(entry.get("product_id")):
            self.session.counts.decode_errors += 1
            return
        instrument = self.connection.instrument(entry["product_id"])
        time = numbers.from_rfc3339(entry.get("time"))
        price, size = numbers.exact(entry.get("price")), numbers.exact(entry.get("size"))
        side = entry.get("side")
        bad_time = entry.get("time") is not None and time is None
        if bad_time or price is None or size is None or price <= 0 or size <= 0 or side not in ("BUY", "SELL"):
            self.session.counts.decode_errors += 1
            return
        self.connection.start(instrument, TRADES)
        # The wire names the maker's side.
        trade = Trade(instrument, time, price, size, side == "SELL", event["type"] == "snapshot")
        self.session.trade(trade, entry.get("trade_id"))
