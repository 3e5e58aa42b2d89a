"""Kraken Futures: a level a message, numbered; liquidations are trades."""

from . import numbers
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

KINDS = {"book": (BOOK,), "trade": (TRADES, LIQUIDATIONS), "ticker": (FUNDING, INTEREST)}
EVENTS = ("info", "subscribed", "unsubscribed", "error", "alert", "challenge", "subscribed_failed", "unsubscribed_failed")
IGNORED = ("heartbeat",)
NO_MARKET = ("assignment", "termination", "block")


class KrakenFuturesDecoder:
    def __init__(self, connection):
        self.connection, self.session = connection, connection.session

    def reconnected(self):
        for book in self.session.books.values():
            if book.is_led_by(self.connection):
                book.last_update = None

    def frame_time(self, value):
        if not isinstance(value, dict) or "event" in value:
            return None
        if value.get("feed") in ("book", "book_snapshot"):
            return numbers.from_millis(value.get("timestamp"))
        if value.get("feed") == "trade_snapshot":
            times = [numbers.from_millis(t.get("time")) for t in value.get("trades", [])]
            return max((t for t in times if t is not None), default=None)
        return numbers.from_millis(value.get("time")) if value.get("feed") in ("trade", "ticker") else None

    def sent(self, text):
        pass   # acks name what they acknowledge

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        return {s.upper() for s in request.get("product_ids", [])} if request.get("event") == "subscribe" else set()

    @staticmethod
    def returned_as(symbols):
        return {s.upper() for s in symbols}

    def receive(self, value):
        if "event" in value:
            return self._answer(value) if value["event"] in EVENTS else "unknown"
        feed, symbol = value.get("feed"), value.get("product_id")
        read = {"book_snapshot": self._snapshot, "book": self._level, "trade": self._trade, "ticker": self._ticker,
                "ticker_lite": self._top, "trade_snapshot": self._trades}.get(feed)
        if read is None:
            return "ignored" if feed in IGNORED else "unknown"
        if not numbers.is_text(symbol):
            if feed in ("book", "book_snapshot"):
                self.connection.gap_unnamed()
                return "content"
            return self._error()
        entries = len(value["trades"]) if feed == "trade_snapshot" else 1
        if not self.connection.admits(symbol, entries):
            return "unknown"
        return read(value, self.connection.instrument(symbol))

    def _answer(self, value):
        if value["event"] in ("subscribed", "unsubscribed"):
            for symbol in value.get("product_ids", []):
                for kind in KINDS.get(value.get("feed"), ()) if self.connection.knows(symbol) else ():
                    instrument = self.connection.instrument(symbol)
                    starts = value["event"] == "subscribed"
                    (self.connection.start if starts else self.connection.unsubscribe)(instrument, kind, None)
        return "ignored"

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    # MARK: - books

    @staticmethod
    def _read(entry):
        price, size = numbers.exact(entry.get("price")), numbers.exact(entry.get("qty"))
        return None if price is None or size is None or price <= 0 or size < 0 else (price, size, entry["price"], entry["qty"])

    def _malformed(self, instrument):
        book = self.session.book(instrument)
        if self.session.touches(self.connection, instrument, None):
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return self._error()

    def _snapshot(self, value, instrument):
        sides = [[self._read(entry) for entry in value[name]] for name in ("bids", "asks")]
        number, time = numbers.whole(value.get("seq")), numbers.from_millis(value.get("timestamp"))
        self.connection.start(instrument, BOOK)
        if number is None or time is None or any(level is None for side in sides for level in side):
            return self._malformed(instrument)
        self.session.follow(self.connection, instrument, None, None, True)
        book = self.session.book(instrument)
        self.session.counts.book_snapshots += 1
        book.reset()
        book.put(*sides)
        book.last_update = number
        book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _level(self, value, instrument):
        level, number = self._read(value), numbers.whole(value.get("seq"))
        time = numbers.from_millis(value["timestamp"]) if "timestamp" in value else 0
        self.connection.start(instrument, BOOK)
        if level is None or number is None or time is None or value.get("side") not in ("buy", "sell"):
            return self._malformed(instrument)
        leads = self.session.follow(self.connection, instrument, None, None, False) == "leads"
        book = self.session.book(instrument)
        self.session.counts.book_deltas += 1
        if leads:
            self._follow(book, number)
        if leads and book.state == "synced":
            sides = ([level], []) if value["side"] == "buy" else ([], [level])
            book.put(*sides)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time or None)
        return "content"

    def _follow(self, book, number):
        follows = None if book.last_update is None else number == book.last_update + 1
        book.last_update = number
        if follows is not None:
            self.session.counts.sequences_verified += follows
            self.session.counts.sequences_broken += not follows
        if follows is False or book.state != "synced":
            book.gap()

    def _top(self, value, instrument):
        prices = [numbers.exact(value[name]) if value.get(name) not in (None, "") else 0 for name in ("bid", "ask")]
        if any(price is None or price < 0 for price in prices):
            return self._error()
        bid, ask = ((price, None) for price in prices)
        self.session.book(instrument).state_top(self.connection, bid, ask, self.session.counts)
        return "content"

    # MARK: - trades and tickers

    def _trades(self, value, instrument):
        for entry in value["trades"]:
            self._trade(entry, instrument, True)
        return "content"

    def _trade(self, entry, instrument, listed=False):
        time, price, size = numbers.from_millis(entry.get("time")), numbers.exact(entry.get("price")), numbers.exact(entry.get("qty"))
        buys, kind = entry.get("side") == "buy", entry.get("type")
        if None in (time, price, size) or price <= 0 or size <= 0 or entry.get("side") not in ("buy", "sell"):
            return self._error()
        if kind not in ("fill", "liquidation", *NO_MARKET):
            return self._error()
        self.connection.start(instrument, TRADES)
        if kind in NO_MARKET:
            self.session.counts.excluded_trades += 1
            self.session.joined(instrument)
            return "content"
        self.session.trade(Trade(instrument, time, price, size, buys, listed), entry.get("uid"))
        if kind == "liquidation":
            self.connection.start(instrument, LIQUIDATIONS)
            self.session.counts.liquidations += 1
            self.session.counts.snapshot_liquidations += listed
            self.session.emit(Liquidation(instrument, time, price, size, buys, listed))
        return "content"

    def _ticker(self, value, instrument):
        time = numbers.from_millis(value.get("time"))
        rate, interest, mark = (numbers.exact(value[k]) if value.get(k) not in (None, "") else 0 for k in
                                ("relative_funding_rate", "openInterest", "markPrice"))
        settlement = numbers.from_millis(value["next_funding_rate_time"]) if "next_funding_rate_time" in value else 0
        if None in (time, rate, interest, mark, settlement) or interest < 0 or mark < 0:
            return self._error()
        for kind, key in ((FUNDING, "relative_funding_rate"), (INTEREST, "openInterest")):
            self.connection.start(instrument, kind)
            if value.get(key) in (None, ""):
                continue
            self.session.joined(instrument)
            if kind == FUNDING:
                self.session.counts.funding_rates += 1
                self.session.emit(Funding(instrument, time, rate, None, settlement or None))
            else:
                self.session.counts.open_interest += 1
                self.session.emit(Interest(instrument, time, interest, None, mark or None))
        return "content"
