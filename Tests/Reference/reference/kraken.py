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
        self.connection, self.session, self.depths = connection, connection.session, {}

    def frame_time(self, value):
        if not isinstance(value, dict):
            return None
        if "method" in value:
            return numbers.from_rfc3339(value.get("time_out"))
        return recording.venue_time("kraken", value)

    def reconnected(self):
        self.depths = {}

    def sent(self, text):
        pass  # acks of this venue name what they acknowledge

    def receive(self, value):
        if "method" in value:
            return self._acknowledged(value)
        channel = value.get("channel")
        if channel == "book":
            for entry in value["data"]:
                self._book(value["type"], entry)
            return "content"
        if channel == "trade":
            for entry in value["data"]:
                self._trade(value["type"], entry)
            return "content"
        return "ignored" if channel in IGNORED else "unknown"

    def _acknowledged(self, value):
        result = value.get("result") or {}
        kind = KIND_OF_CHANNEL.get(result.get("channel"))
        if value.get("success") is True and kind and "symbol" in result:
            instrument = self.connection.instrument(result["symbol"])
            if value["method"] == "subscribe":
                if kind == BOOK:
                    self.depths[instrument] = numbers.whole(result.get("depth"))
                self.connection.start(instrument, kind)
            elif value["method"] == "unsubscribe":
                if kind == BOOK:
                    self.depths.pop(instrument, None)
                self.connection.unsubscribe(instrument, kind)
        return "ignored" if value["method"] in ("subscribe", "unsubscribe", "ping", "pong") else "unknown"

    def _book(self, kind, entry):
        if not numbers.is_text(entry.get("symbol")):
            return self.connection.gap_unnamed()
        instrument = self.connection.instrument(entry["symbol"])
        book = self.session.book(instrument)
        self.connection.books.add(instrument)
        self.connection.start(instrument, BOOK)
        time = numbers.from_rfc3339(entry.get("timestamp"))
        bids, asks = self._levels(entry["bids"]), self._levels(entry["asks"])
        if ("timestamp" in entry and time is None) or bids is None or asks is None:
            self.session.counts.decode_errors += 1
            book.gap()
            return self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        if kind == "snapshot":
            self.session.counts.book_snapshots += 1
            book.reset()
            if self.depths.get(instrument) is None:
                held = max(len(bids), len(asks))
                book.depth = next((d for d in DEPTHS if d >= held), DEPTHS[-1])
        else:
            self.session.counts.book_deltas += 1
            if book.state != "synced":
                book.gap()
        if book.state == "synced":
            book.put(bids, asks)
            book.cut(self.depths.get(instrument) or book.depth)
            self._prove(book, entry)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)

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
