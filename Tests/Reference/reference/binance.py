"""Binance: spot, USD-M and COIN-M. Books are seeded by replies; changes wait for them."""

from . import numbers
from .bybit import levels
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

TIMED = ("depthUpdate", "trade", "aggTrade", "bookTicker", "markPriceUpdate", "forceOrder", None)
IGNORED = ("kline", "continuous_kline", "24hrTicker", "24hrMiniTicker", "avgPrice", "serverShutdown")
KINDS_OF_STREAM = {"depth": BOOK, "trade": TRADES, "aggTrade": TRADES, "forceOrder": LIQUIDATIONS, "markPrice": FUNDING}
USUAL_LIMIT = {"spot": 100, "linear": 500, "inverse": 500}


def from_unix(value):
    """Milliseconds or, from 10^14 on, microseconds."""
    number = numbers.whole(value)
    if number is not None and number >= 10**14:
        return number * 1000
    return numbers.from_millis(value)


def payload_of(value):
    """(what the frame holds, the name of its stream)"""
    if isinstance(value, dict) and numbers.is_text(value.get("stream")) and "data" in value:
        return value["data"], value["stream"]
    return value, None


def time_of(message):
    if not isinstance(message, dict):
        return None
    if message.get("e") == "markPriceUpdate":
        return from_unix(message.get("E"))
    order = message.get("o") if isinstance(message.get("o"), dict) else {}
    places = ((message, "T"), (order, "T"), (message, "E"), (message, "time"))
    return from_unix(next((place[key] for place, key in places if key in place), None))


def mark_of(message):
    """(time, mark price, rate or `None`, settlement or 0), `None` where any is malformed."""
    time, mark, rate = from_unix(message["E"]), numbers.exact(message["p"]), message.get("r")
    if time is None or mark is None or mark < 0:
        return None
    if rate in (None, ""):
        return time, mark, None, 0
    settlement = 0 if message.get("T") in (None, "") else from_unix(message["T"])
    return None if numbers.exact(rate) is None or settlement is None else (time, mark, numbers.exact(rate), settlement)


def forced_of(message):
    """(time, price, size), `None` where any is malformed."""
    order = message["o"]
    time, price, size = from_unix(order.get("T", message.get("E"))), numbers.exact(order["ap"]), numbers.exact(order["z"])
    if None in (time, price, size) or price <= 0 or size <= 0 or order["S"] not in ("BUY", "SELL"):
        return None
    return time, price, size


def is_stamp_bad(message):
    """Whether the time that holds, `T` else `E`, is there and is none."""
    return any(key in message for key in ("T", "E")) and time_of(message) is None


class Waiting:
    """What a seeded book keeps beside its levels."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.changes, self.seed, self.number, self.tops = [], None, None, []


class Copies:
    """Which connections have brought each number: of changes, and of tickers."""

    def __init__(self):
        self.changes, self.tickers = {}, {}

    @staticmethod
    def brought(numbers, number, connection):
        """Whether another connection has brought a number; this one has from now on."""
        by = numbers.setdefault(number, set())
        others = bool(by - {connection})
        by.add(connection)
        return others


class BinanceDecoder:
    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.spot, self.lone, self.marks, self.hours = connection.market == "spot", set(), {}, None

    def frame_time(self, value):
        """The time of its events: what makes none has none."""
        message = payload_of(value)[0]
        kind = message.get("e") if isinstance(message, dict) else None
        if kind == "markPriceUpdate" and mark_of(message) is None or kind == "forceOrder" and forced_of(message) is None:
            return None
        return time_of(message) if kind in TIMED else None

    def reconnected(self):
        self.lone, self.connection.requests = set(), []
        for book in self.session.books.values():
            if book.is_led_by(self.connection):
                book.last_update = None

    def sent(self, text):
        request = numbers.parse_json(text)
        if request.get("method") in ("SUBSCRIBE", "UNSUBSCRIBE"):
            self.connection.requests.append((request.get("id"), request["method"], request["params"]))

    @staticmethod
    def symbols_asked(text):
        request = numbers.parse_json(text)
        streams = request.get("params", []) if request.get("method") == "SUBSCRIBE" else []
        return {stream.partition("@")[0].upper() for stream in streams if not stream.startswith("!")}

    @staticmethod
    def returned_as(symbols):
        return {symbol.upper() for symbol in symbols}

    def receive(self, value):
        message, stream = payload_of(value)
        if not isinstance(message, dict):
            return "unknown"
        kind, symbol = message.get("e"), message.get("s")
        if kind == "depthUpdate":
            assert stream is None or "@depth" in stream and not stream.partition("@depth")[2][:1].isdigit()
            if symbol is None:
                self.connection.gap_unnamed()
                return "content"
            return self._admitted(symbol, lambda: self._change(message))
        if kind in ("trade", "aggTrade"):
            return self._admitted(symbol, lambda: self._trade(message, kind == "aggTrade"))
        if kind == "bookTicker" or kind is None and all(k in message for k in ("u", "s", "b", "B", "a", "A")):
            return self._admitted(symbol, lambda: self._ticker(message))
        if kind == "markPriceUpdate":
            return self._admitted(symbol, lambda: self._mark(message))
        if kind == "forceOrder":
            return self._admitted(message["o"]["s"], lambda: self._forced(message["o"], message))
        if kind is None and "lastUpdateId" in message:
            return self._plain_seed(message)
        if kind is None and ("result" in message or "error" in message or "code" in message):
            return self._answer(message)
        return "ignored" if kind in IGNORED else "unknown"

    def _answer(self, message):
        """To the request with its id, without one the oldest."""
        waiting = [r for r in self.connection.requests if message.get("id") in (None, r[0])]
        if waiting:
            self.connection.requests.remove(waiting[0])
            if message.get("result", "") is None:
                self._granted(*waiting[0][1:])
        return "ignored"

    def _granted(self, method, streams):
        for stream in streams:
            symbol, _, channel = stream.partition("@")
            kind = KINDS_OF_STREAM.get(channel.partition("@")[0])
            if kind is None or not self.connection.knows(symbol.upper()):
                continue
            instrument = self.connection.instrument(symbol.upper())
            depth = 0 if kind == BOOK else None
            if method == "SUBSCRIBE":
                self.connection.start(instrument, kind, depth)
            else:
                self.connection.unsubscribe(instrument, kind, depth)

    def _admitted(self, symbol, decode):
        return decode() if self.connection.admits(symbol) else "unknown"

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    # MARK: - books

    def _waiting(self, book):
        """Emptied by whatever gaps the book."""
        if not hasattr(book, "waiting"):
            book.waiting, book.on_forget = Waiting(), lambda: book.waiting.clear()
            book.copies = Copies()
        return book.waiting

    def _malformed(self, book, instrument):
        self.session.counts.decode_errors += 1
        if self.session.touches(self.connection, instrument, 0):
            self.connection.start(instrument, BOOK, 0)
            book.gap()
            book.last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return "content"

    def _change(self, message):
        instrument = self.connection.instrument(message["s"])
        book = self.session.book(instrument)
        waiting = self._waiting(book)
        first, last = numbers.whole(message.get("U")), numbers.whole(message.get("u"))
        previous = numbers.whole(message.get("pu")) if not self.spot else first and first - 1
        change = (first, last, previous, levels(message.get("b")), levels(message.get("a")))
        if None in change or is_stamp_bad(message):
            return self._malformed(book, instrument)
        self.lone.add(instrument)
        self.connection.start(instrument, BOOK, 0)
        book.carried[self.connection] = True
        is_next = previous == book.last_update
        known = Copies.brought(book.copies.changes, last, self.connection)
        if known and not is_next and book.last_update is not None and last <= book.last_update:
            self.session.counts.duplicate_books += 1
            return "content"
        if is_next and book.leader:
            book.leader = (self.connection, 0)   # numbers are the same on all: whichever brings the next leads
        leads = self.session.follow(self.connection, instrument, 0, None, False) == "leads"
        self.session.counts.book_deltas += 1
        if leads:
            self._follow(book, waiting, change)
        self.session.emit_book(instrument, time_of(message))
        return "content"

    def _is_newer(self, seed, last):
        return last > seed if self.spot else last >= seed

    def _joins(self, seed, first, previous):
        return first <= (seed + 1 if self.spot else seed) or previous == seed

    def _follow(self, book, waiting, change):
        first, last, previous, bids, asks = change
        before, book.last_update = book.last_update, last
        old = waiting.seed is not None and not self._is_newer(waiting.seed, last)
        if waiting.seed is not None and not old:
            follows = self._joins(waiting.seed, first, previous)
        else:
            follows = None if before is None else before == previous
        if follows is not None:
            self.session.counts.sequences_verified += follows and before is not None
            self.session.counts.sequences_broken += not follows
        if old:
            return
        if book.state == "synced" and follows is not False:
            waiting.seed = None
            book.put(bids, asks)
            self._compare(book, waiting, last)
            book.judge(self.session.moment.receipt)
            return
        if follows is False:
            if book.state == "synced":
                book.gap()
            waiting.changes = []   # tickers of what comes may still meet a book at their number
        waiting.changes.append(change)

    def _plain_seed(self, body):
        if len(self.lone) != 1:
            return "unknown"
        return "content" if self._seed(body, next(iter(self.lone))[2], 0) else "ignored"

    def replied(self, path, body):
        """Whether the reply to a request makes an event."""
        query = dict(part.partition("=")[::2] for part in path.partition("?")[2].split("&"))
        if isinstance(body, list):
            self.hours = {entry["symbol"]: numbers.exact(entry["fundingIntervalHours"]) for entry in body}
        if not isinstance(body, dict):
            return False
        if "openInterest" in body:
            return self._interest(body)
        if "lastUpdateId" not in body:
            return False
        limit = numbers.whole(query.get("limit")) or USUAL_LIMIT[self.connection.market]
        return self.connection.admits(query["symbol"]) and self._seed(body, query["symbol"], limit)

    def _seed(self, body, symbol, limit):
        instrument, number = self.connection.instrument(symbol), numbers.whole(body["lastUpdateId"])
        book = self.session.book(instrument)
        waiting = self._waiting(book)
        newer = [c for c in waiting.changes if self._is_newer(number, c[1])]
        if book.state == "synced" or newer and not self._joins(number, newer[0][0], newer[0][2]):
            return False
        bids, asks = levels(body["bids"]), levels(body["asks"])
        if not book.leader:
            self.session.follow(self.connection, instrument, 0, None, True)
        self.connection.start(instrument, BOOK, 0)
        book.carried[self.connection] = True
        self.session.counts.book_snapshots += 1
        book.reset()
        book.put(bids, asks)
        # A side that has as many levels as there can be may go on: what lies beyond is unknown.
        book.known = (min(p for p, *_ in bids) if bids and len(bids) >= limit else None,
                      max(p for p, *_ in asks) if asks and len(asks) >= limit else None)
        waiting.number = None
        for change in newer:
            book.put(change[3], change[4])
            self._compare(book, waiting, change[1])
        waiting.changes, waiting.seed = [], None if newer else number
        book.judge(self.session.moment.receipt)
        self.session.emit_book(instrument, time_of(body))
        return True

    # MARK: - tickers

    def _ticker(self, message):
        book = self.session.book(self.connection.instrument(message["s"]))
        waiting = self._waiting(book)
        top = (numbers.whole(message["u"]), *(numbers.exact(message[k]) for k in "bBaA"))
        if Copies.brought(book.copies.tickers, top[0], self.connection):
            return "content"
        if top[0] == waiting.number:
            self._judge(book, top)
        elif top[0] > (waiting.number or 0):
            waiting.tops.append(top)
        return "content"

    def _compare(self, book, waiting, number):
        waiting.number = number
        for top in waiting.tops:
            if top[0] == number:
                self._judge(book, top)
        waiting.tops = [top for top in waiting.tops if top[0] > number]

    def _judge(self, book, top):
        bid, ask = max(book.bids, default=0), min(book.asks, default=0)
        right = (bid, book.bids.get(bid, [top[2]])[0], ask, book.asks.get(ask, [top[4]])[0]) == top[1:]
        self.session.counts.tickers_verified += right
        self.session.counts.tickers_failed += not right

    # MARK: - trades, liquidations, funding, interest

    def _trade(self, message, is_sum):
        instrument = self.connection.instrument(message["s"])
        time, price, size = from_unix(message["T"]), numbers.exact(message["p"]), numbers.exact(message["q"])
        excluded = not is_sum and message.get("X", "MARKET") != "MARKET"
        if None in (time, price, size) or message["m"] not in (True, False) or min(price, size) < 0:
            return self._error()
        if not excluded and not (price and size):
            return self._error()
        forms = self.connection.log_session.forms
        if forms.setdefault(instrument, is_sum) != is_sum:
            return "ignored"
        self.connection.start(instrument, TRADES)
        if excluded:
            self.session.counts.excluded_trades += 1
            self.session.joined(instrument)
            return "content"
        identifier = message["a"] if is_sum else message["t"]
        self.session.trade(Trade(instrument, time, price, size, message["m"] is False), identifier)
        return "content"

    def _forced(self, order, message):
        instrument = self.connection.instrument(order["s"])
        if forced_of(message) is None:
            return self._error()
        time, price, size = forced_of(message)
        self.connection.start(instrument, LIQUIDATIONS)
        self.session.counts.liquidations += 1
        self.session.joined(instrument)
        self.session.emit(Liquidation(instrument, time, price, size, order["S"] == "BUY"))
        return "content"

    def _mark(self, message):
        instrument = self.connection.instrument(message["s"])
        if mark_of(message) is None:
            return self._error()
        time, self.marks[instrument], rate, settlement = mark_of(message)
        if rate is None:
            return "content"
        self.connection.start(instrument, FUNDING)
        self.session.counts.funding_rates += 1
        self.session.joined(instrument)
        hours = None if self.hours is None else self.hours.get(message["s"], numbers.Decimal(8))
        self.session.emit(Funding(instrument, time, rate, hours, settlement or None))
        return "content"

    def _interest(self, body):
        if not self.connection.admits(body["symbol"]):
            return False
        instrument = self.connection.instrument(body["symbol"])
        self.connection.start(instrument, INTEREST)
        self.session.counts.open_interest += 1
        self.session.joined(instrument)
        self.session.emit(Interest(instrument, from_unix(body["time"]), numbers.exact(body["openInterest"]), None,
                                   self.marks.get(instrument)))
        return True
