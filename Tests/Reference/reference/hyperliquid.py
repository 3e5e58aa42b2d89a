"""Hyperliquid: whole books, trades, and contexts without a time."""

from . import numbers
from .items import BOOK, FUNDING, INTEREST, TRADES, Funding, Interest, Trade

KINDS = {"l2Book": (BOOK,), "trades": (TRADES,), "activeAssetCtx": (FUNDING, INTEREST)}
IGNORED = ("subscriptionResponse", "pong", "error", "bbo", "allMids", "candle", "notification", "webData2")


class HyperliquidDecoder:
    def __init__(self, connection):
        self.connection, self.session, self.fresh = connection, connection.session, set()

    def reconnected(self):
        self.fresh = set()

    def frame_time(self, value):
        if not isinstance(value, dict):
            return None
        data = value.get("data")
        if value.get("channel") == "l2Book" and isinstance(data, dict):
            return numbers.from_millis(data.get("time"))
        if value.get("channel") == "trades" and isinstance(data, list):
            times = [numbers.from_millis(e.get("time")) for e in data if isinstance(e, dict)]
            return max((t for t in times if t is not None), default=None)
        return None

    def sent(self, text):
        pass   # acks name what they acknowledge

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        asked = request.get("subscription", {}) if request.get("method") == "subscribe" else {}
        return {asked["coin"]} if "coin" in asked else set()

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        channel, data = value.get("channel"), value.get("data")
        if channel == "subscriptionResponse":
            self._answer(data)
        if channel == "l2Book":
            return self._book(data if isinstance(data, dict) else {})
        if channel == "trades":
            return self._trades(data if isinstance(data, list) else None)
        if channel == "activeAssetCtx":
            return self._context(data if isinstance(data, dict) else {})
        return "ignored" if channel in IGNORED else "unknown"

    def _answer(self, data):
        asked = data.get("subscription") or {}
        symbol, kinds = asked.get("coin"), KINDS.get(asked.get("type"), ())
        if symbol is None or not kinds or not self.connection.knows(symbol):
            return
        starts = data.get("method") == "subscribe"
        if asked["type"] == "trades":
            (self.fresh.add if starts else self.fresh.discard)(symbol)
        instrument = self.connection.instrument(symbol)
        depth = (5 if asked.get("fast") else 20) if asked["type"] == "l2Book" else None
        for kind in kinds:
            (self.connection.start if starts else self.connection.unsubscribe)(instrument, kind, depth)

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    @staticmethod
    def _levels(entries):
        result = []
        for entry in entries:
            price, size = numbers.exact(entry.get("px")), numbers.exact(entry.get("sz"))
            if price is None or size is None or price <= 0 or size < 0:
                return None
            result.append((price, size, entry["px"], entry["sz"]))
        return result

    def _book(self, data):
        symbol = data.get("coin")
        if not numbers.is_text(symbol):
            self.connection.gap_unnamed()
            return "content"
        if not self.connection.admits(symbol):
            return "unknown"
        instrument, time = self.connection.instrument(symbol), numbers.from_millis(data.get("time"))
        book, depth = self.session.book(instrument), 5 if data.get("fast") else 20
        bids, asks = (self._levels(side) for side in data["levels"])
        self.connection.start(instrument, BOOK, depth)
        if time is None or bids is None or asks is None:
            self._error()
            if self.session.touches(self.connection, instrument, depth):
                book.gap()
                self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
            return "content"
        if self.session.follow(self.connection, instrument, depth, depth, True) == "ignored":
            return "ignored"
        self.session.counts.book_snapshots += 1
        book.reset()
        book.put(bids, asks)
        book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _trades(self, entries):
        if entries is None:
            return self._error()
        kept = [e for e in entries if not numbers.is_text(e.get("coin")) or self.connection.admits(e["coin"])]
        listed = {e.get("coin") for e in kept} & self.fresh
        self.fresh -= listed
        for entry in kept:
            self._trade(entry, entry.get("coin") in listed)
        return "content" if kept or not entries else "unknown"

    def _trade(self, entry, listed):
        if not numbers.is_text(entry.get("coin")):
            return self._error()
        instrument = self.connection.instrument(entry["coin"])
        time, price, size = numbers.from_millis(entry.get("time")), numbers.exact(entry.get("px")), numbers.exact(entry.get("sz"))
        if None in (time, price, size) or price <= 0 or size <= 0 or entry.get("side") not in ("A", "B"):
            return self._error()
        self.connection.start(instrument, TRADES)
        self.session.trade(Trade(instrument, time, price, size, entry["side"] == "B", listed), entry.get("tid"))
        return "content"

    def _context(self, data):
        symbol = data.get("coin")
        if not numbers.is_text(symbol):
            return self._error()
        if not self.connection.admits(symbol):
            return "unknown"
        instrument, context = self.connection.instrument(symbol), data.get("ctx") or {}
        said = {k: context.get(k) not in (None, "") for k in ("funding", "openInterest", "markPx")}
        rate, interest, mark = (numbers.exact(context[k]) if said[k] else 0 for k in said)
        for kind in (FUNDING, INTEREST):
            self.connection.start(instrument, kind)
        if rate is None or interest is None or interest < 0 or mark is None or mark < 0:
            return self._error()
        if said["funding"]:
            self.session.counts.funding_rates += 1
            self.session.joined(instrument)
            self.session.emit(Funding(instrument, None, rate, numbers.Decimal(1), None))
        if said["openInterest"]:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, None, interest, None, mark or None))
        return "content"
