"""Bybit v5."""

from . import numbers
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

FUNDING_KEYS = ("fundingRate", "nextFundingTime", "fundingIntervalHour")
INTEREST_KEYS = ("openInterest", "openInterestValue")
KINDS_OF_TOPIC = {"orderbook": (BOOK,), "publicTrade": (TRADES,), "allLiquidation": (LIQUIDATIONS,),
                  "liquidation": (LIQUIDATIONS,), "tickers": (FUNDING, INTEREST)}


def levels(entries):
    """Parsed levels, or `None` where any is malformed."""
    if not isinstance(entries, list):
        return None
    result = []
    for entry in entries:
        if not isinstance(entry, list) or len(entry) < 2:
            return None
        price, size = numbers.exact(entry[0]), numbers.exact(entry[1])
        if price is None or size is None or price <= 0 or size < 0:
            return None
        result.append((price, size, entry[0], entry[1]))
    return result


class BybitDecoder:
    def __init__(self, connection):
        self.connection, self.session, self.tickers = connection, connection.session, {}

    def frame_time(self, value):
        return numbers.from_millis(value.get("ts")) if isinstance(value, dict) else None

    def reconnected(self):
        self.connection.requests, self.tickers = [], {}
        for instrument in self.connection.books:
            self.session.book(instrument).last_update = None

    def sent(self, text):
        request = numbers.parse_json(text)
        if request.get("op") in ("subscribe", "unsubscribe"):
            self.connection.requests.append((request["op"], request["args"]))

    def receive(self, value):
        topic = value.get("topic")
        if not isinstance(topic, str):
            return self._control(value)
        name, _, rest = topic.partition(".")
        if name == "orderbook":
            depth, _, symbol = rest.partition(".")
            return self._book(value, int(depth), symbol)
        if name == "publicTrade":
            return self._trades(value, rest)
        if name in ("allLiquidation", "liquidation"):
            return self._liquidations(value, rest)
        if name == "tickers":
            return "ignored" if self.connection.market == "spot" else self._ticker(value, rest)
        return "ignored" if name == "kline" else "unknown"

    def _control(self, value):
        op = value.get("op")
        if op in ("subscribe", "unsubscribe"):
            if self.connection.requests:
                self._acknowledged(*self.connection.requests.pop(0), value.get("success") is True)
            return "ignored"
        return "ignored" if op in ("ping", "pong") else "unknown"

    def _acknowledged(self, op, topics, success):
        if not success:
            return
        for topic in topics:
            name, _, rest = topic.partition(".")
            if name == "tickers" and self.connection.market == "spot":
                continue   # they carry neither funding nor interest
            symbol = rest.partition(".")[2] if name == "orderbook" else rest
            for kind in KINDS_OF_TOPIC.get(name, ()):
                instrument = self.connection.instrument(symbol)
                if op == "unsubscribe":
                    self._unsubscribed(instrument, kind, rest)
                else:
                    self.connection.start(instrument, kind)

    def _unsubscribed(self, instrument, kind, rest):
        """The book ends with the topic it follows; it may then follow another."""
        if kind == BOOK:
            book = self.session.book(instrument)
            if book.depth is not None and book.depth != int(rest.partition(".")[0]):
                return
            book.depth = book.last_update = None
        self.connection.unsubscribe(instrument, kind)

    # MARK: - books

    def _book(self, value, depth, symbol):
        kind, data = value.get("type"), value.get("data")
        instrument = self.connection.instrument(symbol)
        book = self.session.book(instrument)
        data = data if isinstance(data, dict) else {}
        stamp = value["cts"] if "cts" in value else value.get("ts")
        time, update = numbers.from_millis(stamp), numbers.whole(data.get("u"))
        bids, asks = levels(data.get("b")), levels(data.get("a"))
        if (stamp is not None and time is None) or update is None or bids is None or asks is None:
            return self._malformed(instrument, book, depth)
        if book.depth is not None and depth != book.depth and (depth < book.depth or kind != "snapshot"):
            return "ignored"
        book.depth = depth
        self.connection.books.add(instrument)
        self.connection.start(instrument, BOOK)
        if kind == "snapshot":
            self.session.counts.book_snapshots += 1
            book.reset()
        else:
            self.session.counts.book_deltas += 1
            self._follow(book, update)
        book.last_update = update
        if book.state == "synced":
            book.put(bids, asks)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _malformed(self, instrument, book, depth):
        """A message of a topic that the book does not follow does not touch it."""
        self.session.counts.decode_errors += 1
        if book.depth in (None, depth):
            self.connection.start(instrument, BOOK)
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return "content"

    def _follow(self, book, update):
        counts = self.session.counts
        if book.state != "synced":
            book.gap()
        if book.last_update is None:
            return
        if update == book.last_update + 1:
            counts.sequences_verified += 1
        else:
            counts.sequences_broken += 1
            book.gap()

    # MARK: - trades and liquidations

    def _trades(self, value, symbol):
        instrument = self.connection.instrument(symbol)
        if not value.get("data"):
            self.connection.start(instrument, TRADES)
        for entry in value.get("data"):
            parsed = self._flow(entry, "T", "S", "p", "v")
            if parsed is None:
                self.session.counts.decode_errors += 1
                continue
            time, price, size, side = parsed
            self.connection.start(instrument, TRADES)
            self.session.trade(Trade(instrument, time, price, size, side == "Buy"), entry.get("i"))
        return "content"

    def _liquidations(self, value, symbol):
        instrument = self.connection.instrument(symbol)
        data = value.get("data")
        for entry in data if isinstance(data, list) else [data]:
            names = ("T", "S", "p", "v") if isinstance(data, list) else ("updatedTime", "side", "price", "size")
            parsed = self._flow(entry, *names)
            if parsed is None:
                self.session.counts.decode_errors += 1
                continue
            time, price, size, side = parsed
            self.connection.start(instrument, LIQUIDATIONS)
            self.session.counts.liquidations += 1
            self.session.joined(instrument)
            # "Buy" says a long was liquidated: the forced order sells.
            self.session.emit(Liquidation(instrument, time, price, size, side == "Sell"))
        return "content"

    @staticmethod
    def _flow(entry, time_key, side_key, price_key, size_key):
        time = numbers.from_millis(entry.get(time_key))
        price, size = numbers.exact(entry.get(price_key)), numbers.exact(entry.get(size_key))
        side = entry.get(side_key)
        if (entry.get(time_key) is not None and time is None) or price is None or size is None:
            return None
        if price <= 0 or size <= 0 or side not in ("Buy", "Sell"):
            return None
        return time, price, size, side

    # MARK: - tickers

    def _ticker(self, value, symbol):
        instrument = self.connection.instrument(symbol)
        data = value.get("data")
        parsed = self._ticker_fields(data)
        time = numbers.from_millis(value.get("ts"))
        malformed = parsed is None or ("ts" in value and time is None)
        # One topic carries both feeds, whatever fields a message of it has.
        self.connection.start(instrument, FUNDING)
        self.connection.start(instrument, INTEREST)
        if malformed:
            self.session.counts.decode_errors += 1
            return "content"
        known = {} if value.get("type") == "snapshot" else self.tickers.get(symbol, {})
        known = self.tickers[symbol] = {**known, **parsed}
        if any(k in parsed for k in FUNDING_KEYS) and "fundingRate" in known:
            self.session.counts.funding_rates += 1
            self.session.joined(instrument)
            self.session.emit(Funding(instrument, time, known["fundingRate"], known.get("fundingIntervalHour"),
                                      known.get("nextFundingTime")))
        if any(k in parsed for k in INTEREST_KEYS) and "openInterest" in known:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, time, known["openInterest"], known.get("openInterestValue"),
                                       known.get("markPrice")))
        return "content"

    @staticmethod
    def _ticker_fields(data):
        parsed = {}
        for key in (*FUNDING_KEYS, *INTEREST_KEYS, "markPrice"):
            # Empty says nothing, like absent: dated contracts have no funding.
            if data.get(key) not in (None, ""):
                parsed[key] = numbers.from_millis(data[key]) if key == "nextFundingTime" else numbers.exact(data[key])
        return None if None in parsed.values() else parsed
