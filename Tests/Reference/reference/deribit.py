"""Deribit v2: JSON-RPC; changes of books name the number before them, and liquidations are trades."""

from . import numbers
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

CHANNELS = ("book", "trades", "ticker", "quote", "perpetual")
IGNORED = ("incremental_ticker", "platform_state", "markprice", "chart", "instrument", "block_rfq", "rfq", "announcements",
           "estimated_expiration_price", "block_trade_confirmations")
EIGHT_HOURS = numbers.Decimal(8)
WHOLE = float("inf")   # a book that has every level


def parts_of(channel):
    """(name, symbol, depth of a book) of a channel; no symbol where a whole group is named."""
    parts = channel.split(".")
    if parts[0] == "book" and len(parts) == 5:
        return parts[0] if parts[2] == "none" else "grouped", parts[1], numbers.whole(parts[3])
    symbol = parts[1] if len(parts) == (2 if parts[0] == "quote" else 3) else None
    return parts[0], symbol, WHOLE if parts[0] == "book" else None


def kinds(name, symbol):
    """Spot has no positions, and nothing but perpetuals has funding."""
    if name == "book":
        return (BOOK,)
    if name == "perpetual" or "-" not in symbol:
        return {"perpetual": (FUNDING,), "trades": (TRADES,)}.get(name, ())
    funds = (FUNDING,) if symbol.endswith("-PERPETUAL") else ()
    return {"trades": (TRADES, LIQUIDATIONS), "ticker": (*funds, INTEREST)}.get(name, ())


def levels(entries):
    """`["new"|"change"|"delete", price, amount]`, or `[price, amount]` of a window; `None` where any is malformed."""
    if not isinstance(entries, list):
        return None
    result = []
    for entry in entries:
        if not isinstance(entry, list) or len(entry) not in (2, 3):
            return None
        action = entry[0] if len(entry) == 3 else "new"
        price, size = numbers.exact(entry[-2]), numbers.exact(entry[-1])
        if price is None or size is None or price <= 0 or size < 0 or action not in ("new", "change", "delete"):
            return None
        result.append((price, 0 if action == "delete" else size))
    return result


def time_of(value):
    """The greatest of what a message tells of; when an answer was given."""
    if isinstance(value, dict) and "usOut" in value:
        return numbers.from_micros(value["usOut"])
    params = value.get("params") if isinstance(value, dict) else None
    data = params.get("data") if isinstance(params, dict) else None
    entries = [e for e in (data if isinstance(data, list) else [data]) if isinstance(e, dict)]
    return max((t for t in (numbers.from_millis(e.get("timestamp")) for e in entries) if t is not None), default=None)


class DeribitDecoder:
    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.reconnected()

    def reconnected(self):
        self.requests = {}   # what waits for an answer, by id: whether it subscribes
        for book in self.session.books.values():
            if book.is_led_by(self.connection):
                book.last_update = None

    def frame_time(self, value):
        params = value.get("params") if isinstance(value, dict) else None
        channel = params.get("channel") if isinstance(params, dict) else None
        is_read = isinstance(channel, str) and channel.split(".")[0] in CHANNELS
        return time_of(value) if is_read or isinstance(value, dict) and isinstance(value.get("result"), list) else None

    def sent(self, text):
        request = numbers.parse_json(text)
        if request.get("method") in ("public/subscribe", "public/unsubscribe"):
            self.requests[str(request.get("id"))] = request["method"] == "public/subscribe"

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        channels = request["params"]["channels"] if request.get("method") == "public/subscribe" else []
        return {symbol for _, symbol, _ in map(parts_of, channels) if symbol}

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        params = value.get("params")
        if value.get("method") == "subscription" and isinstance(params, dict) and numbers.is_text(params.get("channel")):
            return self._message(params)
        if value.get("method") == "heartbeat":
            return "ignored"
        if "id" in value and ("result" in value or "error" in value):
            self._answer(value)
            return "ignored"
        return "unknown"

    def _answer(self, value):
        starts = self.requests.pop(str(value["id"]), True)
        for channel in value["result"] if isinstance(value.get("result"), list) else []:
            name, symbol, depth = parts_of(channel)
            if symbol is None or not self.connection.knows(symbol):
                continue
            for kind in kinds(name, symbol):
                instrument = self.connection.instrument(symbol)
                (self.connection.start if starts else self.connection.unsubscribe)(instrument, kind, depth)

    def _message(self, params):
        name, symbol, depth = parts_of(params["channel"])
        data = params.get("data")
        if name == "trades":
            return self._trades(data) if isinstance(data, list) else self._error()
        if name not in CHANNELS:
            return "ignored" if name in (*IGNORED, "grouped") or name.startswith("deribit_") else "unknown"
        if not isinstance(data, dict):
            return self._error()
        # Funding alone does not name its instrument.
        symbol = symbol if name == "perpetual" else data.get("instrument_name")
        if not numbers.is_text(symbol):
            if name == "book":
                self.connection.gap_unnamed()
                return "content"
            return self._error()
        if not self.connection.admits(symbol):
            return "unknown"
        instrument = self.connection.instrument(symbol)
        if name == "book":
            return self._book(data, instrument, depth)
        return {"ticker": self._ticker, "quote": self._quote, "perpetual": self._perpetual}[name](data, instrument)

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    # MARK: - books

    def _book(self, data, instrument, depth):
        book = self.session.book(instrument)
        time, number = numbers.from_millis(data.get("timestamp")), numbers.whole(data.get("change_id"))
        before = numbers.whole(data["prev_change_id"]) if data.get("prev_change_id") is not None else 0
        bids, asks, kind = levels(data.get("bids")), levels(data.get("asks")), data.get("type")
        self.connection.start(instrument, BOOK, depth)
        if None in (time, number, before, bids, asks) or kind not in (None, "snapshot", "change"):
            return self._malformed(instrument, book, depth)
        is_snapshot = kind == "snapshot" or before == 0 or depth < WHOLE
        place = self.session.follow(self.connection, instrument, depth, depth, is_snapshot)
        if place == "ignored":
            return place
        if is_snapshot:
            self.session.counts.book_snapshots += 1
            book.reset()
            book.last_update = number
        else:
            self.session.counts.book_deltas += 1
            if place == "leads":
                self._follow(book, number, before)
        if place == "leads" and book.state == "synced":
            book.put(bids, asks)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _follow(self, book, number, before):
        if book.last_update is not None:
            follows = before == book.last_update
            self.session.counts.sequences_verified += follows
            self.session.counts.sequences_broken += not follows
            if not follows:
                book.gap()
        book.last_update = number
        if book.state != "synced":
            book.gap()

    def _malformed(self, instrument, book, depth):
        if self.session.touches(self.connection, instrument, depth):
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return self._error()

    # MARK: - trades and tickers

    def _trades(self, entries):
        kept = [e for e in entries if not isinstance(e, dict) or not numbers.is_text(e.get("instrument_name"))
                or self.connection.admits(e["instrument_name"])]
        outcomes = [isinstance(e, dict) and numbers.is_text(e.get("instrument_name")) and self._trade(e) for e in kept]
        self.session.counts.decode_errors += outcomes.count(False)
        return "read" if True in outcomes else "content" if kept or not entries else "unknown"

    def _trade(self, entry):
        instrument = self.connection.instrument(entry["instrument_name"])
        time = numbers.from_millis(entry.get("timestamp"))
        price, size = numbers.exact(entry.get("price")), numbers.exact(entry.get("amount"))
        side, forced = entry.get("direction"), entry.get("liquidation")
        if None in (time, price, size) or price <= 0 or size <= 0 or side not in ("buy", "sell"):
            return False
        if forced not in (None, "T", "M", "MT"):
            return False
        self.connection.start(instrument, TRADES)
        if entry.get("block_trade_id") is not None:
            self.session.counts.excluded_trades += 1
            self.session.joined(instrument)
        else:
            self.session.trade(Trade(instrument, time, price, size, side == "buy"), entry.get("trade_id"))
        for party in forced or "":
            self.connection.start(instrument, LIQUIDATIONS)
            self.session.counts.liquidations += 1
            self.session.emit(Liquidation(instrument, time, price, size, (side == "buy") == (party == "T")))
        return True

    def _ticker(self, data, instrument):
        time, top = numbers.from_millis(data.get("timestamp")), self._top(data)
        said = {k: data.get(k) is not None for k in ("current_funding", "open_interest", "mark_price")}
        rate, interest, mark = (numbers.exact(data[k]) if said[k] else 0 for k in said)
        if None in (time, rate, interest, mark, top) or interest < 0 or mark < 0:
            return self._error()
        for kind in kinds("ticker", instrument[2]):
            self.connection.start(instrument, kind)
        self.session.book(instrument).state_top(self.connection, *top, self.session.counts)
        if said["current_funding"]:
            self._fund(instrument, time, rate)
        if said["open_interest"]:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, time, interest, None, mark or None))
        return "content"

    def _fund(self, instrument, time, rate):
        self.session.counts.funding_rates += 1
        self.session.joined(instrument)
        self.session.emit(Funding(instrument, time, rate, EIGHT_HOURS, None))

    @staticmethod
    def _top(data):
        """The best (price, size) of both sides; `None` where one is malformed."""
        names = ("best_bid_price", "best_bid_amount", "best_ask_price", "best_ask_amount")
        found = [numbers.exact(data[name]) if data.get(name) is not None else 0 for name in names]
        return None if None in found or min(found) < 0 else (tuple(found[:2]), tuple(found[2:]))

    def _quote(self, data, instrument):
        top = self._top(data)
        if top is None or numbers.from_millis(data.get("timestamp")) is None:
            return self._error()
        self.session.book(instrument).state_top(self.connection, *top, self.session.counts)
        return "content"

    def _perpetual(self, data, instrument):
        time, rate = numbers.from_millis(data.get("timestamp")), numbers.exact(data.get("interest"))
        if time is None or rate is None:
            return self._error()
        self.connection.start(instrument, FUNDING)
        self._fund(instrument, time, rate)
        return "content"
