"""OKX v5: spot, swaps, futures and options on one connection."""

import heapq
import zlib

from . import numbers
from .binance import Copies
from .bybit import levels
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

DEPTHS = {"books": 400, "books-l2-tbt": 400, "books50-l2-tbt": 50, "books5": 5, "bbo-tbt": 1}
KINDS = {**dict.fromkeys(DEPTHS, BOOK), "trades": TRADES, "trades-all": TRADES, "funding-rate": FUNDING,
         "open-interest": INTEREST, "liquidation-orders": LIQUIDATIONS}
IGNORED = ("tickers", "mark-price", "index-tickers", "books-rpi", "status", "instruments", "estimated-price", "price-limit")
EVENTS = ("subscribe", "unsubscribe", "error", "notice", "login", "channel-conn-count")
HOUR = 3_600_000_000_000


def checksum(book):
    """Signed CRC-32 of the 25 best levels of both sides in turns, as their texts stand on the wire."""
    bids = [book.bids[p][1:] for p in heapq.nlargest(25, book.bids)]
    asks = [book.asks[p][1:] for p in heapq.nsmallest(25, book.asks)]
    texts = [text for i in range(25) for side in (bids, asks) if i < len(side) for text in side[i]]
    value = zlib.crc32(":".join(texts).encode())
    return value - (1 << 32) if value >= 1 << 31 else value


def type_of(symbol):
    parts = symbol.split("-")
    return {2: "SPOT", 3: "SWAP" if parts[-1] == "SWAP" else "FUTURES"}.get(len(parts), "OPTION")


class OKXDecoder:
    PLAIN = ("ping", "pong")

    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.reconnected()

    def reconnected(self):
        self.types, self.fresh, self.named = set(), set(), []   # of liquidations: live; those whose list of old ones is due
        self.requested = set()   # the symbols whose forced orders are this connection's own, where it names any
        for book in self.session.books.values():
            if book.is_led_by(self.connection):
                book.last_update = None

    def frame_time(self, value):
        if not isinstance(value, dict) or not isinstance(value.get("data"), list):
            return None
        arg = value.get("arg") if isinstance(value.get("arg"), dict) else {}
        if arg.get("channel") not in KINDS:
            return None
        entries = [e for e in value["data"] if isinstance(e, dict)]
        if arg["channel"] == "liquidation-orders":
            entries = [d for e in entries for d in e.get("details", [])]
        return max((t for t in (numbers.from_millis(e.get("ts")) for e in entries) if t is not None), default=None)

    def sent(self, text):
        self.requested |= self.symbols_asked(text)

    @staticmethod
    def symbols_asked(text):
        if text in OKXDecoder.PLAIN:
            return set()
        request = numbers.parse_json(text)
        args = request.get("args", []) if request.get("op") == "subscribe" else []
        return {arg["instId"] for arg in args if "instId" in arg}

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        if "event" in value:
            return self._answer(value) if value["event"] in EVENTS else "unknown"
        arg = value.get("arg")
        if not isinstance(arg, dict) or not isinstance(value.get("data"), list):
            return "unknown"
        channel = arg.get("channel")
        if channel in DEPTHS:
            return self._books(value, DEPTHS[channel], arg.get("instId"))
        if channel in KINDS:
            read = {TRADES: self._trades, FUNDING: self._funding, INTEREST: self._interest,
                    LIQUIDATIONS: self._liquidations}[KINDS[channel]]
            return read(value["data"], arg)
        return "ignored" if channel in IGNORED or str(channel).startswith(("candle", "mark-price-candle")) else "unknown"

    def _instrument(self, symbol):
        """Its first mention starts what a live topic of its type carries."""
        instrument = self.connection.instrument(symbol)
        if symbol not in self.named:
            self.named.append(symbol)
            if type_of(symbol) in self.types:
                self.connection.start(instrument, LIQUIDATIONS)
        return instrument

    def _answer(self, value):
        arg = value.get("arg") or {}
        kind = KINDS.get(arg.get("channel"))
        if value["event"] not in ("subscribe", "unsubscribe") or kind is None:
            return "ignored"
        starts = value["event"] == "subscribe"
        if kind == LIQUIDATIONS:
            self._answer_type(arg.get("instType"), starts)
        elif self.connection.knows(arg.get("instId")):
            instrument = self._instrument(arg["instId"])
            depth = DEPTHS.get(arg["channel"])
            (self.connection.start if starts else self.connection.unsubscribe)(instrument, kind, depth)
        return "ignored"

    def _answer_type(self, kind, starts):
        (self.types.add if starts else self.types.discard)(kind)
        (self.fresh.add if starts else self.fresh.discard)(kind)
        for symbol in self.named:
            if type_of(symbol) == kind:
                instrument = self.connection.instrument(symbol)
                (self.connection.start if starts else self.connection.unsubscribe)(instrument, LIQUIDATIONS)

    def _error(self):
        self.session.counts.decode_errors += 1

    # MARK: - books

    def _books(self, value, depth, symbol):
        if not numbers.is_text(symbol):
            self.connection.gap_unnamed()
            return "content"
        if not self.connection.admits(symbol):
            return "unknown"
        outcomes = [self._book(value.get("action", "snapshot"), depth, symbol, entry) for entry in value["data"]]
        return "ignored" if outcomes and set(outcomes) == {"ignored"} else "content"

    def _book(self, action, depth, symbol, entry):
        instrument = self._instrument(symbol)
        book = self.session.book(instrument)
        if not hasattr(book, "copies"):
            book.copies = Copies()
        time = numbers.from_millis(entry.get("ts"))
        bids, asks = levels(entry.get("bids")), levels(entry.get("asks"))
        number, before = numbers.whole(entry.get("seqId")), numbers.whole(entry.get("prevSeqId"))
        self.connection.start(instrument, BOOK, depth)
        if time is None or bids is None or asks is None or action not in ("snapshot", "update"):
            return self._malformed(instrument, book, depth)
        is_snapshot = action == "snapshot"
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
            self._prove(book, entry)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _follow(self, book, number, before):
        if number is not None and before is not None and book.last_update is not None:
            follows = before == book.last_update and number >= before
            self.session.counts.sequences_verified += follows
            self.session.counts.sequences_broken += not follows
            if not follows:
                book.gap()
        book.last_update = number
        if book.state != "synced":
            book.gap()

    def _malformed(self, instrument, book, depth):
        self._error()
        if self.session.touches(self.connection, instrument, depth):
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return "content"

    def _prove(self, book, entry):
        proof = numbers.signed(entry.get("checksum"))
        if proof in (None, 0):
            return   # nothing to be checked
        if proof == checksum(book):
            self.session.counts.checksums_verified += 1
        else:
            self.session.counts.checksums_failed += 1
            book.gap()

    # MARK: - trades, liquidations, funding, interest

    def _each(self, entries, name, read):
        """An entry by itself; a frame with nothing but symbols that were not asked for is unknown."""
        kept = [e for e in entries if not numbers.is_text(e.get(name)) or self.connection.admits(e[name])]
        for entry in kept:
            if not numbers.is_text(entry.get(name)) or read(entry) is False:
                self._error()
        return "content" if kept or not entries else "unknown"

    def _trades(self, entries, arg):
        return self._each(entries, "instId", self._trade)

    def _trade(self, entry):
        time, price, size = numbers.from_millis(entry.get("ts")), numbers.exact(entry.get("px")), numbers.exact(entry.get("sz"))
        instrument = self._instrument(entry["instId"])
        if None in (time, price, size) or price <= 0 or size <= 0 or entry.get("side") not in ("buy", "sell"):
            return False
        self.connection.start(instrument, TRADES)
        self.session.trade(Trade(instrument, time, price, size, entry["side"] == "buy"), entry.get("tradeId"))
        return True

    def _liquidations(self, entries, arg):
        kind = arg.get("instType")
        listed = kind in self.fresh
        self.fresh.discard(kind)
        details = [{**detail, "instId": entry.get("instId")} for entry in entries for detail in entry.get("details", [])]
        own = [d for d in details if not self.requested or d["instId"] in self.requested]
        self.session.counts.unsubscribed += len(details) - len(own)
        if details and not own:
            return "unknown"
        details = own
        return self._each(details, "instId", lambda detail: self._liquidation(detail, listed))

    def _liquidation(self, entry, listed):
        time, price, size = numbers.from_millis(entry.get("ts")), numbers.exact(entry.get("bkPx")), numbers.exact(entry.get("sz"))
        instrument = self._instrument(entry["instId"])
        if None in (time, price, size) or price <= 0 or size <= 0 or entry.get("side") not in ("buy", "sell"):
            return False
        self.connection.start(instrument, LIQUIDATIONS)
        self.session.counts.liquidations += 1
        self.session.counts.snapshot_liquidations += listed
        self.session.joined(instrument)
        self.session.emit(Liquidation(instrument, time, price, size, entry["side"] == "buy", listed))
        return True

    def _funding(self, entries, arg):
        return self._each(entries, "instId", self._rate)

    def _rate(self, entry):
        instrument, is_stated = self._instrument(entry["instId"]), entry.get("fundingRate") not in (None, "")
        rate = numbers.exact(entry["fundingRate"]) if is_stated else 0
        times = [numbers.from_millis(entry[k]) if entry.get(k) not in (None, "") else 0
                 for k in ("ts", "fundingTime", "nextFundingTime")]
        if rate is None or None in times:
            return False
        time, coming, following = times
        hours = (following - coming) // HOUR if coming and following > coming and (following - coming) % HOUR == 0 else None
        self.connection.start(instrument, FUNDING)
        if not is_stated:
            return True
        self.session.counts.funding_rates += 1
        self.session.joined(instrument)
        self.session.emit(Funding(instrument, time or None, rate, hours, coming or None))
        return True

    def _interest(self, entries, arg):
        return self._each(entries, "instId", self._open)

    def _open(self, entry):
        instrument, interest = self._instrument(entry["instId"]), numbers.exact(entry.get("oi"))
        time = numbers.from_millis(entry.get("ts"))
        value = numbers.exact(entry["oiUsd"]) if entry.get("oiUsd") not in (None, "") else 0
        if None in (interest, time, value) or interest < 0 or value < 0:
            return False
        self.connection.start(instrument, INTEREST)
        self.session.counts.open_interest += 1
        self.session.joined(instrument)
        self.session.emit(Interest(instrument, time, interest, value if entry.get("oiUsd") not in (None, "") else None, None))
        return True
