"""Decoding of a whole session: frames in, items out, counters that add up."""

from collections import OrderedDict

from . import numbers, recording
from .binance import BinanceDecoder
from .bitfinex import BitfinexDecoder
from .bitmex import BitmexDecoder
from .books import Book
from .bybit import BybitDecoder
from .coinbase import CoinbaseDecoder
from .deribit import DeribitDecoder
from .hyperliquid import HyperliquidDecoder
from .items import AWAITING, BOOK, BookChange, DecodedFrame, FeedEnd, FeedStart, Moment
from .kraken import KrakenDecoder
from .kraken_futures import KrakenFuturesDecoder
from .okx import OKXDecoder
from .venues import VENUES, market_of

DECODERS = {"binance": BinanceDecoder, "bitfinex": BitfinexDecoder, "bitmex": BitmexDecoder, "bybit": BybitDecoder,
            "coinbase": CoinbaseDecoder, "deribit": DeribitDecoder, "hyperliquid": HyperliquidDecoder,
            "kraken": KrakenDecoder, "kraken-futures": KrakenFuturesDecoder, "okx": OKXDecoder}
DUPLICATE_MEMORY = 100_000
ENDING = {"disconnected": "disconnect", "connected": "disconnect", "stalled": "stalled", "dropped": "dropped"}


class Counts:
    def __init__(self):
        self.frames = self.decoded = self.ignored = self.unknown = self.error_frames = self.decode_errors = 0
        self.book_snapshots = self.book_deltas = self.trades = self.liquidations = 0
        self.funding_rates = self.open_interest = self.snapshot_trades = self.duplicate_trades = 0
        self.checksums_verified = self.checksums_failed = 0
        self.sequences_verified = self.sequences_broken = 0
        self.unsubscribed = self.missing = 0
        self.snapshot_liquidations = 0
        self.excluded_trades = self.duplicate_books = self.tickers_verified = self.tickers_failed = 0


class LogSession:
    """One session of the log: its connections, and the symbols that were asked for."""

    def __init__(self, name):
        self.name, self.connections, self.asked, self.counters = name, {}, {}, {}
        self.ended = False
        self.forms = {}   # of each instrument's first trade: whether it was a sum

    def ask(self, market, symbols):
        if symbols:
            self.asked.setdefault(market, set()).update(symbols)


class Connection:
    """What the decoders keep of one connection, whatever the venue."""

    def __init__(self, session, log_session, name, source):
        self.session, self.log_session = session, log_session
        self.name, self.exchange, self.market = name, source.exchange_of(name), source.market_of(name)
        self.subscribed, self.seen = source.subscribed, set()
        self.first, self.previous = None, None
        self.live, self.broken, self.has_data = set(), False, False
        self.topics = set()   # of books, by depth: confirmed or heard, and not ended; a loss does not end them
        self.is_open, self.is_whole = False, True   # a frame came since its last end; and since its last loss
        self.requests = []
        self.decoder = DECODERS[self.exchange](self)

    # MARK: - who is asked for

    def hear(self, text):
        """A request restricts the symbols if it stands before the first data of its attempt; later ones only add."""
        symbols = self.decoder.symbols_asked(text)
        if not self.has_data or (self.exchange, self.market) in self.log_session.asked:
            self.log_session.ask((self.exchange, self.market), symbols)

    def admits(self, symbol, entries=1):
        """Whether entries are of a symbol that was asked for; counted if not."""
        if self.knows(symbol):
            return True
        self.session.counts.unsubscribed += entries
        return False

    def knows(self, symbol):
        asked = self.log_session.asked.get((self.exchange, self.market))
        return asked is None or symbol in asked

    def instrument(self, symbol):
        """The instrument of a symbol; its first mention starts the feeds that import was told of."""
        instrument = (self.exchange, market_of(self.exchange, self.market, symbol), symbol)
        if instrument not in self.seen:
            self.seen.add(instrument)
            for kind in self.subscribed:
                if kind in VENUES[self.exchange].kinds:
                    self.start(instrument, kind, at=self.first)
        return instrument

    # MARK: - feeds

    def start(self, instrument, kind, depth=None, at=None):
        if depth is not None:
            self.topics.add((instrument, kind, depth))
        if (instrument, kind, depth) not in self.live:
            self.live.add((instrument, kind, depth))
            self.session.carry(self, instrument, kind, at or self.session.moment)

    def carries(self, instrument, kind):
        return any(feed[:2] == (instrument, kind) for feed in self.live)

    def interrupt(self, cause, dated=False):
        """What was live ended with the frame before. Books are gapped now, or `dated` to that frame too.

        After a break that is the connection's end nothing of it leads a book any more.
        """
        over = cause in ("session", "disconnect", "stalled")
        if cause != "sequence":
            self._tell(cause, over)
        feeds, self.live, self.broken = sorted({feed[:2] for feed in self.live}), set(), True
        self.topics = set() if over else self.topics
        for instrument, kind in feeds:
            self.session.release(self, instrument, kind, early=True)
        self.gap_all(self.previous if dated else None, over)

    def _tell(self, cause, over):
        """One line of the ledger for one loss, whatever tells of it."""
        if self.previous and (self.is_open if over else self.is_whole):
            self.session.holes.append((cause, self.exchange, self.market, self.previous.receipt))
        if over:
            self.is_open = False
        else:
            self.is_whole = False

    def restart(self):
        """What comes is another attempt's: its own requests, numbers and tickers."""
        self.decoder.reconnected()
        self.has_data = False

    def gap_unnamed(self):
        """A bad book message that does not say whose it is: no book of the connection can be trusted."""
        self.session.counts.decode_errors += 1
        self.gap_all()

    def gap_all(self, at=None, over=False):
        for instrument, book in sorted(self.session.books.items()):
            if not book.passed_on(self) and book.is_led_by(self):
                book.gap()
                book.last_update = None
                self.session.emit_book(instrument, self.session.moment.venue, is_event=False, at=at)
                if over:
                    book.leader = None

    def resume(self):
        """The first frame after a break: the feeds that import was told of are live again."""
        if self.broken:
            self.broken, self.first = False, self.session.moment
            for instrument in sorted(self.seen):
                for kind in self.subscribed:
                    if kind in VENUES[self.exchange].kinds:
                        self.start(instrument, kind)

    def unsubscribe(self, instrument, kind, depth=None):
        """The feed ended with the frame before, which this frame's tick is to know; the book changes with this frame."""
        was_live = self.carries(instrument, kind)
        self.live.discard((instrument, kind, depth))
        self.topics.discard((instrument, kind, depth))
        if was_live:
            self.live |= {topic for topic in self.topics if topic[:2] == (instrument, kind)}
        if not any(feed[:2] == (instrument, kind) and feed[2] is not None for feed in self.live):
            self.live.discard((instrument, kind, None))
        if was_live and not self.carries(instrument, kind):
            self.session.release(self, instrument, kind)
        book = self.session.book(instrument)
        if kind == BOOK and book.is_led_by(self, depth):
            book.await_snapshot()
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)


class Session:
    """Decodes everything once; `frames` then feeds any number of synchronizers."""

    def __init__(self, sources, top=50):
        self.counts, self.top = Counts(), top
        self.books, self.trades_of, self.order = {}, OrderedDict(), []
        self._memory, self._sessions, self._carriers = {}, {}, {}
        self._left, self._read, self._lost, self._shown = {}, set(), [], {}
        self.frames, self.moment, self._items, self._ended = [], None, None, None
        self.holes = []   # (cause, exchange, market, time of the last frame before)
        frames = recording.merged(sources)
        last = {frame.source.of_session: number for number, frame in enumerate(frames) if frame.kind != "lost"}
        for number, frame in enumerate(frames):
            self._take(number, frame, last)

    # MARK: - called by the decoders

    def emit(self, item):
        self._items.append(item)

    def carry(self, connection, instrument, kind, at):
        """A feed is live while any connection carries it."""
        carriers = self._carriers.setdefault((instrument, kind), set())
        if not carriers:
            self._left[(instrument, kind)] = []
            self.emit(FeedStart(instrument, kind, at))
        carriers.add(connection)

    def release(self, connection, instrument, kind, early=False):
        """It ends with the last that carried it, at the latest frame of them all; known before this frame's tick."""
        carriers = self._carriers[(instrument, kind)]
        carriers.discard(connection)
        self._left[(instrument, kind)].append(connection.previous or self.moment)
        if carriers:
            return
        end = FeedEnd(instrument, kind, self._left[(instrument, kind)])
        started_here = not early and (connection.previous is None or self.starts_here(instrument, kind))
        (self._items if started_here else self._ended).append(end)

    def starts_here(self, instrument, kind):
        """Whether a feed began with the frame at hand."""
        return any(isinstance(i, FeedStart) and (i.instrument, i.kind) == (instrument, kind) for i in self._items)

    def book(self, instrument):
        return self.books.setdefault(instrument, Book())

    def joined(self, instrument):
        if instrument not in self.trades_of:
            self.trades_of[instrument] = 0

    def follow(self, connection, instrument, topic, depth, is_snapshot):
        """What a book message is to the book: `ignored`, `aside` (counted, not applied), or `leads`."""
        book = self.book(instrument)
        leads = book.is_led_by(connection, topic)
        if book.leader and not leads and book.state == "synced" and depth is not None and depth < book.depth:
            return "ignored"
        if is_snapshot or book.leader is None:
            book.lead(connection, topic, depth)
            return "leads"
        return "leads" if leads else "aside"

    def touches(self, connection, instrument, topic):
        """Whether a malformed message of a topic concerns the book: not where another one leads."""
        book = self.book(instrument)
        return book.leader is None or book.is_led_by(connection, topic)

    def emit_book(self, instrument, venue, is_event=True, at=None):
        book = self.book(instrument)
        bids, asks = book.top(self.top) if book.state == "synced" else ((), ())
        if is_event:
            self.joined(instrument)
        elif self._shown.get(instrument, AWAITING) == book.state:
            return   # it was so before
        self._shown[instrument] = book.state
        change = BookChange(instrument, venue, book.state, book.crossed, bids, asks, is_event, at)
        (self._items if at is None else self._ended).append(change)

    def trade(self, item, identifier):
        self.counts.trades += 1
        self.joined(item.instrument)
        if item.listed:
            self.counts.snapshot_trades += 1
        else:
            if self._is_duplicate(item.instrument, identifier):
                self.counts.duplicate_trades += 1
                return
            self.trades_of[item.instrument] += 1
        self.emit(item)

    def _is_duplicate(self, instrument, identifier):
        if identifier is None:
            return False
        memory = self._memory.setdefault(instrument, OrderedDict())
        if identifier in memory:
            return True
        memory[identifier] = True
        if len(memory) > DUPLICATE_MEMORY:
            memory.popitem(last=False)
        return False

    # MARK: - frames

    def _take(self, number, frame, last):
        self._items, self._ended, self.moment = [], [], Moment(frame.receipt, None)
        log_session = self._sessions.setdefault(frame.source.of_session, LogSession(frame.source.of_session))
        if frame.kind == "lost":
            return self._lost.append((log_session, frame.text))
        self._end_sessions(number, last)
        self._end_lost(log_session, frame)
        if frame.connection:
            self._read_metadata(log_session, frame.source, frame.connection)
        connection = self._connection(log_session, frame) if frame.connection else None
        if frame.kind == "in":
            self._received(connection, frame)
        elif frame.kind == "out":
            connection.decoder.sent(frame.text)
            connection.hear(frame.text)
        elif frame.kind == "status":
            self._status(connection, frame)
        elif frame.kind == "http":
            return self._replied(connection, frame)
        self.frames.append(DecodedFrame(frame.receipt, self._items, self._ended, moves_time=frame.kind == "in"))

    def _replied(self, connection, frame):
        """A reply that makes an event moves time as a frame does; it counts as none."""
        body = numbers.parse_json(frame.text)
        self.moment = Moment(frame.receipt, connection.decoder.frame_time(body))
        moves = connection.decoder.replied(frame.request, body)
        self.frames.append(DecodedFrame(frame.receipt, self._items, self._ended, moves_time=moves))

    def _connection(self, log_session, frame):
        source, name = frame.source, frame.connection
        key = (source.exchange_of(name), source.market_of(name), name)
        if key not in log_session.connections:
            log_session.connections[key] = Connection(self, log_session, name, source)
        return log_session.connections[key]

    def _read_metadata(self, log_session, source, name):
        """What a channel's metadata name counts from its first record in a file on."""
        if (source.name, name) in self._read:
            return
        self._read.add((source.name, name))
        exchange, market = source.exchange_of(name), source.market_of(name)
        log_session.ask((exchange, market), DECODERS[exchange].returned_as(source.subscriptions.get(name, [])))

    def _end_sessions(self, number, last):
        """A session ends with its last record, seen at the first record of another behind it."""
        for log_session in self._sessions.values():
            if not log_session.ended and last.get(log_session.name, number) < number:
                log_session.ended = True
                for connection in log_session.connections.values():
                    connection.interrupt("session", dated=True)
                    connection.restart()

    def _end_lost(self, log_session, frame):
        """Frames that the log itself lacks: a lost chunk before this record, or a step of the connection's counter."""
        for where, names in self._lost:
            for connection in where.connections.values():
                if connection.name in names and not where.ended:   # else the session's end says it all
                    connection.interrupt("dropped", dated=True)
        self._lost = []
        missing = self._missing(log_session, frame)
        self.counts.missing += missing
        if missing and frame.kind == "in":
            self._connection(log_session, frame).interrupt("dropped", dated=True)

    @staticmethod
    def _missing(log_session, frame):
        """How far the counter of a record's channel stepped over what should lie between."""
        channel = (frame.source.exchange_of(frame.connection), frame.source.market_of(frame.connection),
                   frame.connection or frame.source.name, frame.kind, frame.request)
        previous = log_session.counters.get(channel)
        log_session.counters[channel] = frame.sequence
        missing = 0 if previous is None else (frame.sequence - previous - 1) % 2**32
        return missing if missing < 2**31 else 0

    def _status(self, connection, frame):
        state = frame.text["state"]
        if state == "disconnected" and frame.text.get("reason") == "session ended" and frame.text.get("epoch") is None:
            # A merge wrote it, for the connection's last frame; a recorder's own has an epoch.
            connection.interrupt("session", dated=True)
        elif state in ENDING:
            # A new attempt ends the one before, though no status said so; after a drop the connection goes on.
            connection.interrupt(ENDING[state])
        if state in ("connected", "disconnected"):
            connection.restart()

    def _received(self, connection, frame):
        counts = self.counts
        counts.frames += 1
        try:
            value, readable = numbers.parse_json(frame.text), True
        except (ValueError, RecursionError):
            value, readable = None, False
        if not readable:
            self.moment = Moment(frame.receipt, None)
            counts.decode_errors += 1
        else:
            self.moment = Moment(frame.receipt, connection.decoder.frame_time(value))
        connection.first = connection.first or self.moment
        connection.resume()
        if frame.text in getattr(connection.decoder, "PLAIN", ()):
            readable, verdict = True, "ignored"
            counts.decode_errors -= 1
        else:
            verdict = self._decoded(connection, value) if readable else "error"
        connection.previous, connection.is_open, connection.is_whole = self.moment, True, True
        counts.decoded += verdict == "decoded"
        counts.ignored += verdict == "ignored"
        counts.unknown += verdict == "unknown"
        counts.error_frames += verdict == "error"

    def _decoded(self, connection, value):
        """`ignored`, `unknown`, or by what came of it: of an error frame nothing was read, else `read`, if it made an event or not."""
        errors, events = self.counts.decode_errors, self._event_total()
        reads = getattr(connection.decoder, "READS", dict)
        verdict = connection.decoder.receive(value) if isinstance(value, reads) else "unknown"
        if verdict not in ("content", "read"):
            return verdict
        connection.has_data = True
        failed = verdict != "read" and self.counts.decode_errors > errors and self._event_total() == events
        return "error" if failed else "decoded"

    def _event_total(self):
        c = self.counts
        return c.book_snapshots + c.book_deltas + c.trades + c.liquidations + c.funding_rates + c.open_interest
