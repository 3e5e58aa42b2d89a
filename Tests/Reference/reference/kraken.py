"""Kraken v2."""

import heapq
import zlib

from . import numbers, recording
from .items import BOOK, TRADES, Trade

IGNORED = {"heartbeat", "status", "ticker", "ohlc", "instrument"}
KIND_OF_CHANNEL = {"book": BOOK, "trade": TRADES}
DEPTHS = (10, 25, 100, 500, 1000)


def checksum(book):
    digits = ""
    for side, best in ((book.asks, heapq.nsmallest), (book.bids, heapq.nlargest)):
        for price in best(10, side):
            for text in side[price][1:]:
                digits += text.replace(".", "").lstrip("0")
    return zlib.crc32(digits.encode())


class KrakenDecoder:
    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.depths, self.held = {}, {}   # acknowledged; seen in a snapshot

    def frame_time(self, value):
        if not isinstance(value, dict):
            return None
        if "method" in value:
            return numbers.from_rfc3339(value.get("time_out"))
        return recording.venue_time("kraken", value)

    def reconnected(self):
        self.depths, self.held = {}, {}

    def sent(self, text):
        pass  # acks of this venue name what they acknowledge

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        return set((request.get("params") or {}).get("symbol", [])) if request.get("method") == "subscribe" else set()

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def _depth(self, symbol, bids, asks, is_snapshot):
        """As acknowledged, else the smallest that holds the snapshot (this message, where none has come)."""
        holding = next((d for d in DEPTHS if d >= max(len(bids), len(asks))), DEPTHS[-1])
        if is_snapshot:
            self.held[symbol] = holding
        return self.depths.get(symbol) or self.held.get(symbol, holding)

    def receive(self, value):
        if "method" in value:
            return self._acknowledged(value)
        channel = value.get("channel")
        read = {"book": self._book, "trade": self._trade}.get(channel)
        if read is None:
            return "ignored" if channel in IGNORED else "unknown"
        entries = value["data"]
        kept = [e for e in entries if not numbers.is_text(e.get("symbol")) or self.connection.admits(e["symbol"])]
        self.ignored = 0
        for entry in kept:
            read(value["type"], entry)
        if kept and self.ignored == len(kept):
            return "ignored"
        # A frame with nothing but symbols that were not asked for is unknown.
        return "content" if kept or not entries else "unknown"

    def _acknowledged(self, value):
        result = value.get("result") or {}
        kind = KIND_OF_CHANNEL.get(result.get("channel"))
        symbol = result.get("symbol")
        if value.get("success") is True and kind and symbol is not None and self.connection.knows(symbol):
            instrument = self.connection.instrument(symbol)
            if value["method"] == "subscribe":
                if kind == BOOK:
                    self.depths[symbol] = numbers.whole(result.get("depth"))
                self.connection.start(instrument, kind)
            elif value["method"] == "unsubscribe":
                if kind == BOOK:
                    for known in (self.depths, self.held):
                        known.pop(symbol, None)
                self.connection.unsubscribe(instrument, kind)
        return "ignored" if value["method"] in ("subscribe", "unsubscribe", "ping", "pong") else "unknown"

    def _book(self, kind, entry):
        if not numbers.is_text(entry.get("symbol")):
            return self.connection.gap_unnamed()
        instrument = self.connection.instrument(entry["symbol"])
        book = self.session.book(instrument)
        self.connection.start(instrument, BOOK)
        time = numbers.from_rfc3339(entry.get("timestamp"))
        bids, asks = self._levels(entry["bids"]), self._levels(entry["asks"])
        if ("timestamp" in entry and time is None) or bids is None or asks is None:
            self.session.counts.decode_errors += 1
            if not self.session.touches(self.connection, instrument, None):
                return None
            book.gap()
            return self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        is_snapshot = kind == "snapshot"
        depth = self._depth(entry["symbol"], bids, asks, is_snapshot)
        place = self.session.follow(self.connection, instrument, None, depth, is_snapshot)
        if place == "ignored":
            self.ignored += 1
            return None
        if is_snapshot:
            self.session.counts.book_snapshots += 1
            book.reset()
        else:
            self.session.counts.book_deltas += 1
            if place == "leads" and book.state != "synced":
                book.gap()
        if place == "leads" and book.state == "synced":
            book.put(bids, asks)
            book.cut(depth)
            self._prove(book, entry)
            book.judge(self.session.moment.receipt)
        return self.session.emit_book(instrument, time)

    def _prove(self, book, entry):
        if "checksum" not in entry:
            return
        if checksum(book) == numbers.whole(entry["checksum"]):
            self.session.counts.checksums_verified += 1
        else:
            self.session.counts.checksums_failed += 1
            book.gap()

    @staticmethod
    def _levels(entries):
        result = []
        for entry in entries:
            texts = entry.get("price"), entry.get("qty")
            price, size = numbers.exact(texts[0]), numbers.exact(texts[1])
            if price is None or size is None or price <= 0 or size < 0:
                return None
            result.append((price, size, *texts))
        return result

    def _trade(self, kind, entry):
        if not numbers.is_text(entry.get("symbol")):
            self.session.counts.decode_errors += 1
            return
        instrument = self.connection.instrument(entry["symbol"])
        time = numbers.from_rfc3339(entry.get("timestamp"))
        price, size = numbers.exact(entry.get("price")), numbers.exact(entry.get("qty"))
        bad_time = entry.get("timestamp") is not None and time is None
        side = entry.get("side")
        if bad_time or price is None or size is None or price <= 0 or size <= 0 or side not in ("buy", "sell"):
            self.session.counts.decode_errors += 1
            return
        self.connection.start(instrument, TRADES)
        trade = Trade(instrument, time, price, size, side == "buy", kind == "snapshot")
        self.session.trade(trade, entry.get("trade_id"))
