"""Bitfinex v2: channels by number, messages that are lists, and behind them the connection's count and a time, if asked for."""

import heapq
import zlib

from . import numbers
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

IGNORED = ("info", "conf", "subscribed", "unsubscribed", "error", "pong")
BULK = 536_870_912
LEAST_TIME = 10**12     # milliseconds; a lesser number is the connection's
REMEMBERED = 4_096
MAINTAINED = "20061"
OLD = 60_000_000_000   # of an order of a first list


def text_of(value):
    """A number as JavaScript writes it: below a millionth with an exponent."""
    sign, digits, exponent = value.normalize().as_tuple()
    digits = "".join(map(str, digits))
    if abs(value) >= numbers.Decimal("0.000001"):
        return format(value.normalize(), "f")
    power = len(digits) - 1 + exponent
    return f"{'-' if sign else ''}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{power}"


def checksum(book):
    """Signed CRC-32 of the 25 best levels of both sides in turns; amounts of asks have a minus."""
    bids = [(p, book.bids[p][0]) for p in heapq.nlargest(25, book.bids)]
    asks = [(p, -book.asks[p][0]) for p in heapq.nsmallest(25, book.asks)]
    texts = [text_of(x) for i in range(25) for side in (bids, asks) if i < len(side) for x in side[i]]
    value = zlib.crc32(":".join(texts).encode())
    return value - (1 << 32) if value >= 1 << 31 else value


def parts_of(value):
    """(word, content, what stands behind it) of a message."""
    if numbers.is_text(value[1]):
        taken = {"hb": 2}.get(value[1], 3)
        return value[1], value[2] if taken == 3 and len(value) > 2 else None, value[taken:]
    return None, value[1], value[2:]


def behind(rest):
    """(the connection's number, the time), `None` where there is none; `None` alone where what stands there is no number."""
    number = None
    for element in rest[:2]:
        found = None if numbers.is_text(element) else numbers.whole(element)
        if found is None:
            return None
        if found >= LEAST_TIME:
            return number, numbers.from_millis(element)
        if number is not None:
            break
        number = found
    return number, None


def time_of(value):
    """Of a message whose channel is not known: what stands behind it, else by its form a trade's, a status' or an order's."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    _, content, rest = parts_of(value)
    sent = [t for t in map(time_in, rest) if t is not None]
    if sent or not isinstance(content, list):
        return sent[-1] if sent else None
    if any(isinstance(entry, list) for entry in content):
        entries = [e for e in content if isinstance(e, list) and e]
        found = [time_in(e[2 if numbers.is_text(e[0]) else 1]) for e in entries if len(e) > 2]
        return max((t for t in found if t is not None), default=None)
    return next((t for t in map(time_in, content) if t is not None), None)


def time_in(element):
    """The nanoseconds of a number that is none of messages."""
    number = None if numbers.is_text(element) else numbers.whole(element)
    return numbers.from_millis(element) if number is not None and number >= LEAST_TIME else None


class BitfinexDecoder:
    READS = (dict, list)

    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.reconnected()

    def reconnected(self):
        self.channels, self.number, self.is_bulk = {}, None, False   # (channel, key, depth, precision) by number
        self.whole = set()                     # the channels of books that were there
        self.told, self.listed = [], {}        # trades told once; the greatest of a channel's first list
        self.has_orders, self.fresh = False, False   # of liquidations: live; whether old ones are due
        self.named = []                        # the symbols that the connection has channels of

    def frame_time(self, value):
        if not isinstance(value, list) or len(value) < 2:
            return None
        _, content, rest = parts_of(value)
        stamp = behind(rest)
        if stamp is None or stamp[1] is not None:
            return stamp and stamp[1]
        name, key = self.channels.get(value[0], (None, ""))[:2]
        place = {"trades": 1, "status": 2 if key == "liq:global" else 0}.get(name)
        if place is None or key.startswith("f") or not isinstance(content, list):
            return None
        entries = content if content and isinstance(content[0], list) else [content]
        times = [numbers.from_millis(e[place]) for e in entries if isinstance(e, list) and len(e) > place]
        return max((t for t in times if t is not None), default=None)

    def sent(self, text):
        pass   # answers name what they answer

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        if request.get("event") != "subscribe":
            return set()
        symbol = request.get("symbol") or request.get("key", "").partition("deriv:")[2]
        return {symbol} if symbol else set()

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        if isinstance(value, dict):
            return self._event(value)
        if len(value) < 2 or numbers.is_text(value[0]) or numbers.whole(value[0]) is None:
            return "unknown"
        word, content, rest = parts_of(value)
        stamp = behind(rest)
        if stamp and stamp[0] is not None:
            self._count(stamp[0])
        name, key, depth, precision = self.channels.get(value[0], (None, "", None, None))
        is_book = name == "book" and key.startswith("t") and precision == "P0"
        if stamp is None and not is_book:
            return self._error()
        if name is None:
            return "ignored" if word == "hb" else "unknown"
        if name not in ("book", "trades", "status") or key.startswith("f") or (name == "book" and not is_book):
            return "ignored"
        if word == "hb":
            orders = [(self.connection.instrument(symbol), LIQUIDATIONS) for symbol in self.named if key == "liq:global"]
            for instrument, kind in self._carried(value[0]) + orders:
                self.connection.start(instrument, kind, depth)
            return "content"
        if name == "book":
            return self._book(word, content, value[0], stamp)
        if name == "trades":
            return self._trades(word, content, key, value[0])
        return self._liquidations(content, stamp[1]) if key == "liq:global" else self._status(content, key.partition(":")[2])

    # MARK: - channels

    def _event(self, value):
        event, number = value.get("event"), value.get("chanId")
        if event == "conf":
            self.is_bulk = bool(int(numbers.whole(value.get("flags")) or 0) & BULK)
        if event == "info" and value.get("code") == MAINTAINED:
            self.connection.interrupt("sequence")
            self.connection.resume()
        if event == "subscribed":
            name, key = value.get("channel"), value.get("symbol") or value.get("key") or ""
            depth = numbers.whole(value.get("len", "25")) if name == "book" else None
            self.channels[number] = (name, key, depth, value.get("prec", "P0"))
            self._begin(number, depth)
        if event == "unsubscribed" and number in self.channels:
            self._end(number)
            del self.channels[number]
        return "ignored" if event in IGNORED else "unknown"

    def _begin(self, number, depth):
        if self.channels[number][:2] == ("status", "liq:global"):
            self.has_orders = self.fresh = True
            for symbol in self.named:
                self.connection.start(self.connection.instrument(symbol), LIQUIDATIONS)
        self.listed.pop(number, None)
        self.whole.discard(number)
        for instrument, kind in self._carried(number):
            self.connection.start(instrument, kind, depth)
            if instrument[2] not in self.named:
                self.named.append(instrument[2])
                if self.has_orders:
                    self.connection.start(instrument, LIQUIDATIONS)

    def _end(self, number):
        if self.channels[number][:2] == ("status", "liq:global"):
            self.has_orders = self.fresh = False
            for symbol in self.named:
                self.connection.unsubscribe(self.connection.instrument(symbol), LIQUIDATIONS)
        for instrument, kind in self._carried(number):
            self.connection.unsubscribe(instrument, kind, self.channels[number][2])

    def _carried(self, number):
        name, key, _, precision = self.channels[number]
        symbol = key.partition("deriv:")[2] if name == "status" else key
        kinds = {"book": (BOOK,) if precision == "P0" else (), "trades": (TRADES,), "status": (FUNDING, INTEREST)}.get(name, ())
        if not symbol.startswith("t") or not kinds or not self.connection.knows(symbol):
            return []
        return [(self.connection.instrument(symbol), kind) for kind in kinds]

    def _count(self, number):
        if self.number is not None:
            follows = number == self.number + 1
            self.session.counts.sequences_verified += follows
            self.session.counts.sequences_broken += not follows
            if not follows:
                self.connection.interrupt("sequence")
                self.connection.resume()
        self.number = number

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    # MARK: - books

    def _book(self, word, content, channel, stamp):
        _, symbol, depth, _ = self.channels[channel]
        if word not in (None, "cs"):
            return "unknown"
        if not self.connection.admits(symbol):
            return "unknown"
        instrument = self.connection.instrument(symbol)
        book = self.session.book(instrument)
        is_list = word is None and isinstance(content, list) and (not content or isinstance(content[0], list))
        rows = [] if word else [self._level(row) for row in (content if is_list else [content])]
        proof = numbers.signed(content) if word else None
        self.connection.start(instrument, BOOK, depth)
        if None in rows or (word and proof is None) or stamp is None:
            if self.session.touches(self.connection, instrument, depth):
                book.gap()
                self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
            return self._error()
        is_snapshot = is_list and not (self.is_bulk and channel in self.whole)
        self.whole.add(channel)
        place = self.session.follow(self.connection, instrument, depth, depth, is_snapshot)
        if place == "ignored":
            return place
        if is_snapshot:
            self.session.counts.book_snapshots += 1
            book.reset()
        else:
            self.session.counts.book_deltas += 1
            if place == "leads" and book.state != "synced":
                book.gap()
        if place == "leads" and book.state == "synced":
            book.put([r[1:] for r in rows if r[0]], [r[1:] for r in rows if not r[0]])
            self._prove(proof, book)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, stamp[1])
        return "content"

    @staticmethod
    def _level(row):
        """(is a bid, price, size) of `[price, count, amount]`."""
        if not isinstance(row, list) or len(row) != 3:
            return None
        price, count, amount = numbers.exact(row[0]), numbers.whole(row[1]), numbers.exact(row[2])
        if None in (price, count, amount) or price <= 0 or amount == 0:
            return None
        return amount > 0, price, abs(amount) if count else 0

    def _prove(self, proof, book):
        if proof is None:
            return
        if proof == checksum(book):
            self.session.counts.checksums_verified += 1
        else:
            self.session.counts.checksums_failed += 1
            book.gap()

    # MARK: - trades, forced orders, status

    def _trades(self, word, content, symbol, channel):
        if word not in (None, "te", "tu"):
            return "unknown"
        entries = content if word is None else [content]
        if not isinstance(entries, list):
            return self._error()
        if not self.connection.admits(symbol, max(1, len(entries))):
            return "unknown"
        instrument = self.connection.instrument(symbol)
        outcomes = [self._trade(entry, instrument, word, channel) for entry in entries]
        self.session.counts.decode_errors += outcomes.count(False)
        if True in outcomes or not outcomes:
            self.connection.start(instrument, TRADES)
        if word is None:
            numbers_listed = [numbers.whole(e[0]) or 0 for e in entries if isinstance(e, list) and e]
            self.listed.setdefault(channel, max(numbers_listed, default=0))
        return "read" if True in outcomes else "content"

    def _trade(self, entry, instrument, word, channel):
        if not isinstance(entry, list) or len(entry) < 4:
            return False
        number, time = numbers.whole(entry[0]), numbers.from_millis(entry[1])
        amount, price = numbers.exact(entry[2]), numbers.exact(entry[3])
        if None in (number, time, amount, price) or price <= 0 or amount == 0:
            return False
        if word == "tu" and number in self.told:
            self.told.remove(number)
            return True
        if word == "tu" and number <= self.listed.get(channel, -1):
            return True
        if word == "te":
            if len(self.told) == REMEMBERED:
                self.told = self.told[REMEMBERED // 2:]
            self.told.append(number)
        self.session.trade(Trade(instrument, time, price, abs(amount), amount > 0, word is None), entry[0])
        return True

    def _liquidations(self, entries, sent):
        if not isinstance(entries, list):
            return self._error()
        # Behind an ack comes what was closed last, be it hours ago.
        since = (self.session.moment.receipt if sent is None else sent) - OLD if self.fresh else None
        self.fresh = False
        outcomes = {self._liquidation(entry, since) for entry in entries} - {"passed"}
        return "unknown" if outcomes == {"unknown"} else "content"

    def _liquidation(self, entry, since):
        if not isinstance(entry, list) or len(entry) < 9 or entry[0] != "pos" or not numbers.is_text(entry[4]):
            return self._error()
        symbol = entry[4]
        if entry[8] == "1":
            return "passed"   # a trade of an order
        if self.named and symbol not in self.named:
            self.session.counts.unsubscribed += 1
            return "unknown"
        if not self.connection.admits(symbol):
            return "unknown"
        time, amount, price = numbers.from_millis(entry[2]), numbers.exact(entry[5]), numbers.exact(entry[6])
        if None in (time, amount, price) or price <= 0 or amount == 0 or entry[8] != "0":
            return self._error()
        instrument = self.connection.instrument(symbol)
        self.connection.start(instrument, LIQUIDATIONS)
        listed = since is not None and time < since
        self.session.counts.liquidations += 1
        self.session.counts.snapshot_liquidations += listed
        self.session.joined(instrument)
        self.session.emit(Liquidation(instrument, time, price, abs(amount), amount < 0, listed))
        return "content"

    def _status(self, entry, symbol):
        if not symbol:
            return "ignored"
        if not self.connection.admits(symbol):
            return "unknown"
        instrument = self.connection.instrument(symbol)
        at = entry + [None] * 20 if isinstance(entry, list) else [None] * 20
        time, due = numbers.from_millis(at[0]), numbers.from_millis(at[7]) if at[7] is not None else 0
        rate, mark, interest = (numbers.exact(at[k]) if at[k] is not None else 0 for k in (11, 14, 17))
        if None in (time, due, rate, mark, interest) or mark < 0 or interest < 0:
            return self._error()
        self.connection.start(instrument, FUNDING)
        self.connection.start(instrument, INTEREST)
        if at[11] is not None:
            self.session.counts.funding_rates += 1
            self.session.joined(instrument)
            self.session.emit(Funding(instrument, time, rate, None, due or None))
        if at[17] is not None:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, time, interest, None, mark or None))
        return "content"
