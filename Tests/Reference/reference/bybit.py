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
        for book in self.session.books.values():
            if book.is_led_by(self.connection):
                book.last_update = None

    def sent(self, text):
        request = numbers.parse_json(text)
        if request.get("op") in ("subscribe", "unsubscribe"):
            self.connection.requests.append((request.get("req_id") or "", request["op"], request["args"]))

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        topics = request["args"] if request.get("op") == "subscribe" else []
        return {topic.rpartition(".")[2] for topic in topics if "." in topic}

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        topic = value.get("topic")
        if not isinstance(topic, str):
            return self._control(value)
        name, _, rest = topic.partition(".")
        carries = name in KINDS_OF_TOPIC and not (name == "tickers" and self.connection.market == "spot")
        entries = len(value["data"]) if isinstance(value.get("data"), list) else 1
        if carries and not self.connection.admits(topic.rpartition(".")[2], entries):
            return "unknown"
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
            request = self._request(op, value)
            if request:
                self.connection.requests.remove(request)
                self._acknowledged(*request[1:], value.get("success") is True)
            return "ignored"
        return "ignored" if op in ("ping", "pong") else "unknown"

    def _request(self, op, ack):
        """The request an ack answers: by its id where there is one, else the oldest, of those without an id first."""
        identifier = ack.get("req_id") or ""
        waiting = [r for r in self.connection.requests if r[1] == op and (not identifier or r[0] == identifier)]
        named = [r for r in waiting if ack.get("success") is not True and any(t in ack.get("ret_msg", "") for t in r[2])]
        return next(iter((not identifier and named) or [r for r in waiting if not r[0]] or waiting), None)

    def _acknowledged(self, op, topics, success):
        if not success:
            return
        for topic in topics:
            name, _, rest = topic.partition(".")
            if name == "tickers" and self.connection.market == "spot":
                continue   # they carry neither funding nor interest
            depth = int(rest.partition(".")[0]) if name == "orderbook" else None
            symbol = topic.rpartition(".")[2]
            if not self.connection.knows(symbol):
                continue
            for kind in KINDS_OF_TOPIC.get(name, ()):
                instrument = self.connection.instrument(symbol)
                if op == "unsubscribe":
                    self.connection.unsubscribe(instrument, kind, depth)
                else:
                    self.connection.start(instrument, kind, depth)

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
        place = self.session.follow(self.connection, instrument, depth, depth, kind == "snapshot")
        self.connection.start(instrument, BOOK, depth)
        if place == "ignored":
            return "ignored"
        if kind == "snapshot":
            self.session.counts.book_snapshots += 1
            book.reset()
            book.last_update = update
        else:
            self.session.counts.book_deltas += 1
            if place == "leads":
                self._follow(book, update)
        if place == "leads" and book.state == "synced":
            book.put(bids, asks)
            book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time)
        return "content"

    def _malformed(self, instrument, book, depth):
        """A message of a topic that the book does not follow does not touch it."""
        self.session.counts.decode_errors += 1
        if self.session.touches(self.connection, instrument, depth):
            self.connection.start(instrument, BOOK, depth)
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return "content"

    def _follow(self, book, update):
        counts = self.session.counts
        if book.state != "synced":
            book.gap()
        previous, book.last_update = book.last_update, update
        if previous is None:
            return
        if update == previous + 1:
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
                                      known.get("nextFundingTime") or None))   # 0 says that there is none
        if any(k in parsed for k in INTEREST_KEYS) and "openInterest" in known:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, time, known["openInterest"], known.get("openInterestValue"),
                                       known.get("markPrice") or None))
        return "content"

    @staticmethod
    def _ticker_fields(data):
        parsed = {}
        for key in (*FUNDING_KEYS, *INTEREST_KEYS, "markPrice"):
            # Empty says nothing, like absent (dated contracts have no funding); of these two that there is none.
            if key in ("nextFundingTime", "fundingIntervalHour") and key in data and data[key] in (None, ""):
                parsed[key] = 0
            elif data.get(key) not in (None, ""):
                parsed[key] = numbers.from_millis(data[key]) if key == "nextFundingTime" else numbers.exact(data[key])
        return None if None in parsed.values() else parsed
