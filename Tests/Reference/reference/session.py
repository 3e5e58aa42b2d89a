"""Decoding of a whole session: frames in, items out, counters that add up."""

from collections import OrderedDict

from . import numbers, recording
from .books import Book
from .bybit import BybitDecoder
from .coinbase import CoinbaseDecoder
from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES, BookChange, DecodedFrame, FeedEnd, FeedStart, Moment
from .kraken import KrakenDecoder

DECODERS = {"bybit": BybitDecoder, "coinbase": CoinbaseDecoder, "kraken": KrakenDecoder}
DUPLICATE_MEMORY = 100_000
PUBLISHED = {"bybit": {BOOK, TRADES, LIQUIDATIONS, FUNDING, INTEREST}, "coinbase": {BOOK, TRADES}, "kraken": {BOOK, TRADES}}
ENDING = {"disconnected", "stalled", "dropped"}


class Counts:
    def __init__(self):
        self.frames = self.decoded = self.ignored = self.unknown = self.error_frames = self.decode_errors = 0
        self.book_snapshots = self.book_deltas = self.trades = self.liquidations = 0
        self.funding_rates = self.open_interest = self.snapshot_trades = self.duplicate_trades = 0
        self.checksums_verified = self.checksums_failed = 0
        self.sequences_verified = self.sequences_broken = 0


class Connection:
    """What the decoders keep of one connection, whatever the venue."""

    def __init__(self, session, frame, subscribed):
        self.session, self.exchange, self.market = session, frame.exchange, frame.market
        self.subscribed, self.seen = subscribed, set()
        self.first, self.previous = None, None
        self.live, self.books, self.broken = set(), set(), False
        self.requests = []
        self.decoder = DECODERS[frame.exchange](self)

    def instrument(self, symbol):
        """The instrument of a symbol; its first mention starts the feeds that import was told of."""
        instrument = (self.exchange, self.market, symbol)
        if instrument not in self.seen:
            self.seen.add(instrument)
            for kind in self.subscribed:
                if kind in PUBLISHED[self.exchange]:
                    self.start(instrument, kind, self.first)
        return instrument

    def start(self, instrument, kind, at=None):
        if (instrument, kind) not in self.live:
            self.live.add((instrument, kind))
            self.session.emit(FeedStart(instrument, kind, at or self.session.moment))

    def interrupt(self):
        """A break of the connection: what was live ended with the frame before, the books are gapped now."""
        for instrument, kind in sorted(self.live):
            self.session.end(FeedEnd(instrument, kind, self.previous or self.session.moment))
        self.live, self.broken = set(), True
        self.gap_all()

    def gap_unnamed(self):
        """A bad book message that does not say whose it is: no book of the connection can be trusted."""
        self.session.counts.decode_errors += 1
        self.gap_all()

    def gap_all(self):
        for instrument in sorted(self.books):
            self.session.book(instrument).gap()
            self.session.book(instrument).last_update = None
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)

    def resume(self):
        """The first frame after a break: the feeds that import was told of are live again."""
        if self.broken:
            self.broken, self.first = False, self.session.moment
            for instrument in sorted(self.seen):
                for kind in self.subscribed:
                    if kind in PUBLISHED[self.exchange]:
                        self.start(instrument, kind)

    def unsubscribe(self, instrument, kind):
        """The feed ended with the frame before, which this frame's tick is to know; the book changes with this frame."""
        if (instrument, kind) in self.live:
            self.live.discard((instrument, kind))
            if self.previous is None or self.session.starts_here(instrument, kind):
                self.session.emit(FeedEnd(instrument, kind, self.previous or self.session.moment))
            else:
                self.session.end(FeedEnd(instrument, kind, self.previous))
        if kind == BOOK and instrument in self.books:
            self.books.discard(instrument)
            self.session.book(instrument).await_snapshot()
            self.session.emit_book(instrument, self.session.moment.venue, is_event=False)


class Session:
    """Decodes everything once; `frames` then feeds any number of synchronizers."""

    def __init__(self, sources, top=50):
        self.counts, self.top = Counts(), top
        self.books, self.trades_of, self.order = {}, OrderedDict(), []
        self._memory, self._connections = {}, {}
        self.frames, self.moment, self._items, self._ended = [], None, None, None
        subscribed = {s.name: s.subscribed for s in sources}
        for frame in recording.merged(sources):
            self._take(frame, subscribed)

    # MARK: - called by the decoders

    def emit(self, item):
        self._items.append(item)

    def end(self, item):
        self._ended.append(item)

    def starts_here(self, instrument, kind):
        """Whether a feed began with the frame at hand."""
        return any(isinstance(i, FeedStart) and (i.instrument, i.kind) == (instrument, kind) for i in self._items)

    def book(self, instrument):
        return self.books.setdefault(instrument, Book())

    def joined(self, instrument):
        if instrument not in self.trades_of:
            self.trades_of[instrument] = 0

    def emit_book(self, instrument, venue, is_event=True):
        book = self.book(instrument)
        bids, asks = book.top(self.top) if book.state == "synced" else ((), ())
        if is_event:
            self.joined(instrument)
        self.emit(BookChange(instrument, venue, book.state, book.crossed, bids, asks, is_event))

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

    def _take(self, frame, subscribed):
        key = (frame.source, frame.connection)
        if key not in self._connections:
            self._connections[key] = Connection(self, frame, subscribed[frame.source])
        connection = self._connections[key]
        self._items, self._ended = [], []
        if frame.kind == "out":
            return connection.decoder.sent(frame.text)
        if frame.kind == "status":
            return self._status(connection, frame)
        self._received(connection, frame)
        self.frames.append(DecodedFrame(frame.receipt, self._items, self._ended))

    def _status(self, connection, frame):
        self.moment = Moment(frame.receipt, None)
        if frame.text["state"] in ENDING:
            connection.interrupt()
        if frame.text["state"] in ("connected", "disconnected"):
            connection.decoder.reconnected()
        self.frames.append(DecodedFrame(frame.receipt, self._items, self._ended, moves_time=False))

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
        verdict = self._decoded(connection, value) if readable else "error"
        connection.previous = self.moment
        counts.decoded += verdict == "decoded"
        counts.ignored += verdict == "ignored"
        counts.unknown += verdict == "unknown"
        counts.error_frames += verdict == "error"

    def _decoded(self, connection, value):
        """`ignored`, `unknown`, or by what came of it: an error frame made errors and no event."""
        errors, events = self.counts.decode_errors, self._event_total()
        verdict = connection.decoder.receive(value) if isinstance(value, dict) else "unknown"
        if verdict != "content":
            return verdict
        failed = self.counts.decode_errors > errors and self._event_total() == events
        return "error" if failed else "decoded"

    def _event_total(self):
        c = self.counts
        return c.book_snapshots + c.book_deltas + c.trades + c.liquidations + c.funding_rates + c.open_interest
