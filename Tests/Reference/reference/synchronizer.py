"""Items onto the grid: SPEC 5 for one clock, one basis, one period, one hold-back."""

import bisect
from dataclasses import dataclass

from . import aggregate
from .items import (AWAITING, BAD_TIME, GAPPED, LIQUIDATIONS, SYNCED, TRADES, BookChange, FeedEnd, FeedStart, Funding,
                    Interest, Liquidation, Trade)
from .venues import VENUES

CLOCKS = {"orderbook-driven": BookChange, "trade-driven": Trade, "liquidation-driven": Liquidation, "external": None}


@dataclass
class Config:
    clock: str = "trade-driven"
    period: int = 100_000_000
    basis: str = "receive"
    hold_back: int = 0
    depth: int = 50
    max_gap_fill: int = 36_000


class Feed:
    """The spans in which a feed was live, in the time of the basis."""

    def __init__(self):
        self.spans = []

    @property
    def first(self):
        return self.spans[0][0] if self.spans else None

    def start(self, time):
        if self.spans and time <= self.spans[-1][1]:
            self.spans[-1][1] = None
        else:
            self.spans.append([time, None])

    def end(self, time):
        self.spans[-1][1] = max(time, self.spans[-1][0])

    def covers(self, left, right):
        """Live throughout; a feed that begins again at the instant it ended was."""
        return any(start <= left and (end is None or right <= end) for start, end in self.spans)


class Latest:
    """States by their own time: the latest strictly before an edge."""

    def __init__(self):
        self.keys, self.values = [], []

    def add(self, time, order, value):
        at = bisect.bisect(self.keys, (time, order))
        self.keys.insert(at, (time, order))
        self.values.insert(at, (time, value))

    def before(self, edge):
        at = bisect.bisect_left(self.keys, (edge, -1))
        return self.values[at - 1] if at else (None, None)


class Grid:
    """One instrument's state."""

    def __init__(self, instrument):
        self.instrument, self.inverse = instrument, instrument[1] == "inverse"
        self.counts_contracts = VENUES[instrument[0]].counts_contracts(instrument[1])
        self.clock = self.anchor = self.last_drive = None
        self.buffer, self.order = [], 0
        self.feeds, self.funding, self.interest = {}, Latest(), Latest()
        self.book_times, self.book_changes = [], []
        self.message_time = None   # the running maximum of the book's messages
        self.previous_interest, self.rows, self.flows = None, 0, 0   # flows: trades and liquidations in rows

    def feed(self, kind):
        return self.feeds.setdefault(kind, Feed())

    def change_book(self, time, change):
        """A change never shows before an earlier one; the book's age counts from its messages alone."""
        if change.is_event:
            time = self.message_time = time if self.message_time is None else max(time, self.message_time)
        self.book_times.append(max([time, *self.book_times[-1:]]))
        self.book_changes.append((self.message_time, change))

    def book_before(self, edge):
        at = bisect.bisect_left(self.book_times, edge)
        return self.book_changes[at - 1] if at else (None, None)

    def book_gapped_within(self, left, right):
        at = bisect.bisect_right(self.book_times, left)
        if at and self.book_changes[at - 1][1].state == GAPPED:
            return True
        within = slice(bisect.bisect_left(self.book_times, left), bisect.bisect_left(self.book_times, right))
        states = [c.state for _, c in self.book_changes[max(within.start - 1, 0):within.stop]]
        states = states if within.start else [AWAITING, *states]
        return any(after == GAPPED != before for before, after in zip(states, states[1:]))


class Synchronizer:
    def __init__(self, config):
        self.config, self.grids, self.joined, self.rows = config, {}, [], []
        self.late = self.late_states = self.before_first = self.bad_time = self.jumps = self.partial = 0
        self.log_period = None
        self.now = self.last_frame = None   # the time of what is being taken; of the last frame

    def grid(self, instrument):
        return self.grids.setdefault(instrument, Grid(instrument))

    def run(self, frames):
        for frame in frames:
            self.now = frame.receipt
            if frame.moves_time:
                self.last_frame = frame.receipt
            for item in frame.ended:
                self._take(item)
            if self.config.clock == "external" and frame.moves_time:
                self._tick(frame.receipt)
            for item in frame.items:
                self._take(item)
        self._finish()
        return self

    # MARK: - items

    def _take(self, item):
        grid = self.grid(item.instrument)
        if isinstance(item, FeedStart):
            return grid.feed(item.kind).start(item.at.within(self.config.basis))
        if isinstance(item, FeedEnd):
            return grid.feed(item.kind).end(max(at.within(self.config.basis) for at in item.at))
        if not isinstance(item, BookChange) or item.is_event:
            self._join(grid)
        if isinstance(item, BookChange):
            return self._book(grid, item)
        if isinstance(item, (Trade, Liquidation)):
            return self._flow(grid, item)
        return self._state(grid, item)

    def _join(self, grid):
        if grid in self.joined:
            return
        self.joined.append(grid)
        if self.config.clock == "external":
            self._anchor(grid, self.now // self.config.period)

    def _time(self, venue, counted):
        """(time in the basis, whether it may drive)."""
        if self.config.basis == "receive" or venue is None:
            return self.now, True
        if venue - self.now > BAD_TIME:
            self.bad_time += counted
            return self.now, False
        return venue, True

    def _flow(self, grid, item):
        if item.listed:
            return
        time, trusted = self._time(item.venue, True)
        self._drive(grid, item, time, trusted)
        if grid.clock is not None and time // self.config.period < grid.clock:
            self.late += 1
            return
        grid.order += 1
        grid.buffer.append((time, grid.order, item))

    def _book(self, grid, item):
        if item.at is not None:
            return grid.change_book(item.at.within(self.config.basis), item)
        time, trusted = self._time(item.venue, item.is_event)
        if item.is_event:
            self._drive(grid, item, time, trusted)
            self._judge_state(grid, time)
        grid.change_book(time, item)

    def _state(self, grid, item):
        time, _ = self._time(item.venue, True)
        self._judge_state(grid, time)
        grid.order += 1
        (grid.funding if isinstance(item, Funding) else grid.interest).add(time, grid.order, item)

    def _judge_state(self, grid, time):
        if grid.clock is not None and grid.clock > grid.anchor and time < grid.clock * self.config.period:
            self.late_states += 1

    # MARK: - the clock

    def _drive(self, grid, item, time, trusted):
        driver = CLOCKS[self.config.clock]
        if driver is None or not isinstance(item, driver) or not trusted:
            return
        grid.last_drive = time if grid.last_drive is None else max(grid.last_drive, time)
        if grid.clock is None:
            self._anchor(grid, time // self.config.period)
        else:
            self._emit_all([grid], (time - self.config.hold_back) // self.config.period)

    def _anchor(self, grid, index):
        grid.clock = grid.anchor = index
        kept = [b for b in grid.buffer if b[0] // self.config.period >= index]
        self.before_first += len(grid.buffer) - len(kept)
        grid.buffer = kept

    def _tick(self, receipt):
        period = receipt // self.config.period
        if self.log_period is None or period > self.log_period:
            self.log_period = period
            tick = period * self.config.period
            self._emit_all(self.joined, (tick - self.config.hold_back) // self.config.period)

    def _plan(self, grid, to):
        """The rows that moving the clock to `to` emits, and whether that is a jump."""
        if to <= grid.clock:
            return [], False
        if to - grid.clock <= self.config.max_gap_fill:
            return list(range(grid.clock + 1, to + 1)), False
        held = sorted({t // self.config.period + 1 for t, _, _ in grid.buffer})
        held = [p for p in held if p <= to]
        if held and held[-1] - grid.clock <= self.config.max_gap_fill:
            return list(range(grid.clock + 1, held[-1] + 1)), True
        return held, True

    def _emit_all(self, grids, to):
        """Row by row: for each `ts` the instruments in order of joining."""
        plans = []
        for place, grid in enumerate(grids):
            rows, jump = self._plan(grid, to)
            self.jumps += jump
            plans += [(row, place, grid) for row in rows]
        for row, _, grid in sorted(plans, key=lambda p: p[:2]):
            self._emit(grid, row, False)
        for grid in grids:
            grid.clock = max(grid.clock, to)

    def _finish(self):
        period, self.now = self.config.period, self.last_frame
        for grid in self.joined:
            if grid.clock is None:
                self.before_first += len(grid.buffer)
                continue
            driven = self.now if self.config.clock == "external" else grid.last_drive
            last = max([driven] + [t for t, _, _ in grid.buffer])
            rows, jump = self._plan(grid, last // period + 1)
            self.jumps += jump
            for row in rows:
                self._emit(grid, row, row * period > driven)

    # MARK: - rows

    def _emit(self, grid, row, partial):
        config = self.config
        left, right = (row - 1) * config.period, row * config.period
        content = sorted((b for b in grid.buffer if left <= b[0] < right), key=lambda b: b[:2])
        grid.buffer = [b for b in grid.buffer if not left <= b[0] < right]
        trades = [b[2] for b in content if isinstance(b[2], Trade)]
        liquidations = [b[2] for b in content if isinstance(b[2], Liquidation)]
        result = {
            "exchange": grid.instrument[0], "market": grid.instrument[1], "symbol": grid.instrument[2], "ts": right,
            "ts_available": self.now, "partial": partial,
            "observed_trades": grid.feed(TRADES).covers(left, right),
            "observed_liquidations": grid.feed(LIQUIDATIONS).covers(left, right),
        }
        values = self._book_values(grid, right, result)
        values += aggregate.trade_scalars(trades, grid.inverse) if result["observed_trades"] else (None,) * 3
        values += (aggregate.liquidation_scalars(liquidations, grid.inverse) if result["observed_liquidations"]
                   else (None,) * 3)
        values += self._state_values(grid, right, result)
        result.update(zip(aggregate.SCALARS, values))
        if grid.counts_contracts:   # of an amount that no definition states
            result.update(trade_volume=None, liq_notional=None)
        feeds = [f for f in grid.feeds.values() if f.first is not None and f.first < right]
        result["gap"] = grid.book_gapped_within(left, right) or not all(f.covers(left, right) for f in feeds)
        self.rows.append(result)
        self.partial += partial
        grid.rows += 1
        grid.flows += len(content)

    def _book_values(self, grid, edge, result):
        time, change = grid.book_before(edge)
        result["book_state"] = change.state if change else AWAITING
        if change is None or change.state != SYNCED:
            result["book_age_ns"] = None
            return (None,) * 3
        result["book_age_ns"] = edge - time
        return aggregate.book_scalars(change.bids, change.asks, change.crossed, self.config.depth)

    def _state_values(self, grid, edge, result):
        funding_time, funding = grid.funding.before(edge)
        interest_time, interest = grid.interest.before(edge)
        result["funding_age_ns"] = None if funding is None else edge - funding_time
        result["interest_age_ns"] = None if interest is None else edge - interest_time
        values = aggregate.funding_scalars(funding, edge)
        values += aggregate.interest_scalars(interest, grid.previous_interest, grid.inverse or grid.counts_contracts)
        grid.previous_interest = interest.interest if interest else None
        return values
