"""BitMEX: tables whose rows are inserted, updated and deleted; the rows of a book are known by side and id."""

import itertools

from . import numbers
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, Funding, Interest, Liquidation, Trade

WHOLE = float("inf")   # a book that has every level
DEPTHS = {"orderBookL2": WHOLE, "orderBookL2_25": 25, "orderBookL2_100": 100, "orderBook10": 10}
KINDS = {**dict.fromkeys(DEPTHS, (BOOK,)), "trade": (TRADES,), "liquidation": (LIQUIDATIONS,), "funding": (FUNDING,),
         "instrument": (FUNDING, INTEREST), "quote": ()}
IGNORED = ("announcement", "chat", "connected", "insurance", "publicNotifications", "settlement")
ACTIONS = ("partial", "insert", "update", "delete")
STATED = ("fundingRate", "fundingTimestamp", "fundingInterval", "openInterest", "markPrice")
NOBODY = "00000000-0000-0000-0000-000000000000"
HOUR = 3_600_000_000_000


def time_of(value):
    """The greatest of a message's rows."""
    rows = value.get("data") if isinstance(value, dict) else None
    rows = rows if isinstance(rows, list) else []
    times = (numbers.from_rfc3339(row.get("timestamp")) for row in rows if isinstance(row, dict))
    return max((t for t in times if t is not None), default=None)


def hours(end):
    """An interval is told by the time it ends at if it begins with the year 2000."""
    since = None if end is None else end - numbers.from_rfc3339("2000-01-01T00:00:00Z")
    return numbers.Decimal(since) / HOUR if since and since > 0 else None


class BitmexDecoder:
    PLAIN = ("ping", "pong")

    def __init__(self, connection):
        self.connection, self.session = connection, connection.session
        self.reconnected()

    def reconnected(self):
        self.rows, self.tickers = {}, {}   # prices by side and id, of a table and symbol; what is known of an instrument

    def frame_time(self, value):
        return time_of(value) if isinstance(value, dict) and value.get("table") in KINDS else None

    def sent(self, text):
        pass   # acks name what they acknowledge

    @classmethod
    def symbols_asked(cls, text):
        if text in cls.PLAIN:
            return set()
        request = numbers.parse_json(text)
        topics = request.get("args", []) if request.get("op") == "subscribe" else []
        topics = [topics] if isinstance(topics, str) else topics
        return {topic.partition(":")[2] for topic in topics if ":" in topic}

    @staticmethod
    def returned_as(symbols):
        return set(symbols)

    def receive(self, value):
        table = value.get("table")
        if table is None:
            return self._answer(value)
        if table not in KINDS:
            return "ignored" if table in IGNORED or str(table).startswith(("quoteBin", "tradeBin")) else "unknown"
        rows, action = value.get("data"), value.get("action")
        if action not in ACTIONS or not isinstance(rows, list):
            if table in DEPTHS:
                self._forget(table)
                self.connection.gap_unnamed()
                return "content"
            return self._error()
        if table in DEPTHS:
            return self._books(value, table, rows, action)
        read = {"trade": self._trade, "liquidation": self._liquidation, "instrument": self._instrument,
                "funding": self._settled}
        if table == "quote":
            return self._quote(rows)
        return self._each(rows, lambda row: read[table](row, action))

    def _answer(self, value):
        if not any(key in value for key in ("success", "error", "info", "status")):
            return "unknown"
        for key in ("subscribe", "unsubscribe") if value.get("success") is True else ():
            table, _, symbol = str(value.get(key, "")).partition(":")
            if symbol and self.connection.knows(symbol):
                for kind in KINDS.get(table, ()):
                    change = self.connection.start if key == "subscribe" else self.connection.unsubscribe
                    change(self.connection.instrument(symbol), kind, DEPTHS.get(table))
                if key == "unsubscribe":
                    self.rows.pop((table, symbol), None)
        return "ignored"

    def _error(self):
        self.session.counts.decode_errors += 1
        return "content"

    # MARK: - books

    def _forget(self, table):
        self.rows = {key: rows for key, rows in self.rows.items() if key[0] != table}

    def _books(self, value, table, rows, action):
        """Rows of one symbol that follow each other are a message to its book."""
        by_symbol = itertools.groupby(rows, lambda row: row.get("symbol") if isinstance(row, dict) else None)
        runs = [(symbol, list(run)) for symbol, run in by_symbol]
        if not rows:
            runs = [((value.get("filter") or {}).get("symbol"), [])] if action == "partial" else []
        outcomes = []
        for symbol, run in runs:
            if not numbers.is_text(symbol):
                self._forget(table)
                self.connection.gap_unnamed()
                outcomes.append("content")
            elif not self.connection.admits(symbol, max(1, len(run))):
                outcomes.append("unknown")
            elif table == "orderBook10":
                outcomes += [self._window(symbol, row, action) for row in run]
            else:
                outcomes.append(self._book(symbol, run, action, table))
        return next((x for x in ("read", "content", "ignored") if x in outcomes), "unknown" if outcomes else "content")

    def _book(self, symbol, run, action, table):
        instrument, depth = self.connection.instrument(symbol), DEPTHS[table]
        book = self.session.book(instrument)
        self.connection.start(instrument, BOOK, depth)
        if action == "partial":
            self.rows[table, symbol] = {}
        known = self.rows.get((table, symbol))
        if known is None:
            return "read"   # part of the partial that is still to come
        changes = self._changes(run, action, known)
        if changes is None:
            self.rows.pop((table, symbol))
            return self._malformed(instrument, book, depth)
        return self._apply(instrument, book, depth, changes, action == "partial", run)

    def _apply(self, instrument, book, depth, changes, is_snapshot, run):
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
            book.put(*changes)
            book.judge(self.session.moment.receipt)
        times = [numbers.from_rfc3339(row["timestamp"]) for row in run if row.get("timestamp") is not None]
        self.session.emit_book(instrument, max(times, default=None))
        return "content"

    @staticmethod
    def _changes(run, action, known):
        """Levels by side; `None` where a row cannot be read, or is not what the rows before let expect."""
        sides = {"Buy": [], "Sell": []}
        for row in run:
            number, side = numbers.whole(row.get("id")), row.get("side")
            size = 0 if action == "delete" else numbers.exact(row.get("size"))
            price = numbers.exact(row["price"]) if row.get("price") is not None else None
            if number is None or number >= 2**61 or side not in sides or size is None or size < 0:
                return None
            if row.get("timestamp") is not None and numbers.from_rfc3339(row["timestamp"]) is None:
                return None
            key, is_new = (side, number), action in ("partial", "insert")
            if is_new == (key in known) or (is_new and price is None) or (price is not None and price <= 0):
                return None
            if row.get("price") is not None and price != (price if is_new else known[key]):
                return None
            sides[side].append((price if is_new else known[key], size))
            if action == "delete":
                del known[key]
            elif is_new:
                known[key] = price
        return sides["Buy"], sides["Sell"]

    def _window(self, symbol, row, action):
        instrument = self.connection.instrument(symbol)
        book, sides = self.session.book(instrument), []
        self.connection.start(instrument, BOOK, 10)
        for levels in (row.get("bids"), row.get("asks")):
            pairs = levels if isinstance(levels, list) else [None]
            read = [tuple(map(numbers.exact, p)) if isinstance(p, list) and len(p) == 2 else (None, None) for p in pairs]
            if any(price is None or size is None or price <= 0 or size < 0 for price, size in read):
                return self._malformed(instrument, book, 10)
            sides.append(read)
        if row.get("timestamp") is not None and numbers.from_rfc3339(row["timestamp"]) is None:
            return self._malformed(instrument, book, 10)
        return self._apply(instrument, book, 10, sides, True, [row])

    def _malformed(self, instrument, book, depth):
        if self.session.touches(self.connection, instrument, depth):
            book.gap()
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)
        return self._error()

    def _quote(self, rows):
        """The last top of a message is that of the book as it is; those of a part of the book are passed over."""
        whole = [row for row in rows if isinstance(row, dict) and row.get("pool") in (None, "Aggregated")]

        def read(row, is_last):
            names = ("bidPrice", "bidSize", "askPrice", "askSize")
            found = [numbers.exact(row[name]) if row.get(name) is not None else 0 for name in names]
            if None in found or min(found) < 0:
                return False
            instrument = self.connection.instrument(row["symbol"])
            if is_last:
                book = self.session.book(instrument)
                book.state_top(self.connection, tuple(found[:2]), tuple(found[2:]), self.session.counts)
            return True
        return self._each(rows, lambda row: read(row, row is whole[-1] if whole else False))

    # MARK: - trades, liquidations, tickers

    def _each(self, rows, read):
        named = [isinstance(row, dict) and numbers.is_text(row.get("symbol")) for row in rows]
        kept = [(row, is_named) for row, is_named in zip(rows, named) if not is_named or self.connection.admits(row["symbol"])]
        outcomes = [is_named and read(row) for row, is_named in kept]
        self.session.counts.decode_errors += outcomes.count(False)
        return "read" if True in outcomes else "content" if kept or not rows else "unknown"

    def _trade(self, row, action):
        instrument = self.connection.instrument(row["symbol"])
        time = numbers.from_rfc3339(row.get("timestamp"))
        price, size = numbers.exact(row.get("price")), numbers.exact(row.get("size"))
        side, kind = row.get("side"), row.get("trdType")
        if None in (time, price, size) or price <= 0 or size < 0 or side not in ("Buy", "Sell", "", None):
            return False
        if kind is not None and not numbers.is_text(kind):
            return False
        is_excluded = not side or kind not in (None, "Regular")
        if size == 0 and not is_excluded:
            return False
        self.connection.start(instrument, TRADES)
        if is_excluded:
            self.session.counts.excluded_trades += 1
            self.session.joined(instrument)
        else:
            identifier = row.get("trdMatchID")
            self.session.trade(Trade(instrument, time, price, size, side == "Buy", action == "partial"),
                               None if identifier == NOBODY else identifier)
        return True

    def _liquidation(self, row, action):
        instrument, side = self.connection.instrument(row["symbol"]), row.get("side")
        if action in ("update", "delete"):
            self.connection.start(instrument, LIQUIDATIONS)
            return True
        price, size = numbers.exact(row.get("price")), numbers.exact(row.get("leavesQty"))
        if price is None or size is None or price <= 0 or size <= 0 or side not in ("Buy", "Sell"):
            return False
        self.connection.start(instrument, LIQUIDATIONS)
        listed = action == "partial"
        self.session.counts.liquidations += 1
        self.session.counts.snapshot_liquidations += listed
        self.session.joined(instrument)
        self.session.emit(Liquidation(instrument, None, price, size, side == "Buy", listed))
        return True

    def _fund(self, instrument, time, known, due):
        self.session.counts.funding_rates += 1
        self.session.joined(instrument)
        self.session.emit(Funding(instrument, time, known["fundingRate"], hours(known.get("fundingInterval")), due))

    def _settled(self, row, action):
        """A rate of the past: of no use where the table of instruments has told one that is in force."""
        instrument = self.connection.instrument(row["symbol"])
        self.connection.start(instrument, FUNDING)
        time, rate = numbers.from_rfc3339(row.get("timestamp")), numbers.exact(row.get("fundingRate"))
        if time is None or rate is None:
            return False
        if self.tickers.get(row["symbol"], {}).get("fundingRate") is None:
            interval = numbers.from_rfc3339(row.get("fundingInterval"))
            self._fund(instrument, time, {"fundingRate": rate, "fundingInterval": interval}, None)
        return True

    def _instrument(self, row, action):
        symbol = row["symbol"]
        instrument, time = self.connection.instrument(symbol), numbers.from_rfc3339(row.get("timestamp"))
        self.connection.start(instrument, FUNDING)
        self.connection.start(instrument, INTEREST)
        stated = {}
        for key in STATED:
            if row.get(key) is not None:
                read = numbers.from_rfc3339 if key in ("fundingTimestamp", "fundingInterval") else numbers.exact
                stated[key] = read(row[key])
                if stated[key] is None or (key in ("openInterest", "markPrice") and stated[key] < 0):
                    return False
            elif key in row:
                stated[key] = None
        if row.get("timestamp") is not None and time is None:
            return False
        known = self.tickers[symbol] = {**({} if action == "partial" else self.tickers.get(symbol, {})), **stated}
        if any(key.startswith("funding") for key in stated) and known.get("fundingRate") is not None:
            self._fund(instrument, time, known, known.get("fundingTimestamp"))
        if "openInterest" in stated and stated["openInterest"] is not None:
            self.session.counts.open_interest += 1
            self.session.joined(instrument)
            self.session.emit(Interest(instrument, time, known["openInterest"], None, known.get("markPrice") or None))
        return True
