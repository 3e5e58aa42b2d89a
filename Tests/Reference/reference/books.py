"""An order book that is awaiting its snapshot, synced, or gapped."""

import heapq

from .items import AWAITING, GAPPED, SYNCED

CROSSED_LIMIT = 1_000_000_000


class Book:
    def __init__(self):
        self.state, self.bids, self.asks = AWAITING, {}, {}
        self.crossed, self.crossed_since, self.crossed_seen, self.gaps = False, None, 0, 0
        self.leader, self.last_update, self.depth = None, None, None
        self.known = (None, None)   # the lowest bid and highest ask that are known of, where a seed was cut
        self.on_forget = lambda: None
        self.tops = []      # tickers without a number that it did not equal as they came
        self.carried = {}   # the connections that carry it, where numbers are the same on all

    def is_led_by(self, connection, topic=None):
        """Whether a connection's topic is the one followed; without a topic: any of the connection's."""
        return self.leader is not None and self.leader[0] is connection and topic in (None, self.leader[1])

    def lead(self, connection, topic, depth):
        if self.leader != (connection, topic):
            self.last_update = None
        if not self.is_led_by(connection):
            self.tops = []
        self.leader, self.depth = (connection, topic), depth

    def passed_on(self, connection):
        """A connection ends or loses messages: whether the lead passes to another that carries the book."""
        self.carried.pop(connection, None)
        if not self.is_led_by(connection) or not self.carried:
            return False
        self.leader = (next(iter(self.carried)), self.leader[1])
        return True

    def gap(self):
        if self.state != GAPPED:
            self.gaps += 1
        self._forget(GAPPED)

    def await_snapshot(self):
        self.leader = self.last_update = None
        self._forget(AWAITING)

    def _forget(self, state):
        self.state, self.crossed, self.crossed_since, self.tops = state, False, None, []
        self.on_forget()

    def reset(self):
        self.bids, self.asks = {}, {}
        if self.state != SYNCED:
            self.crossed_since = None
        self.state = SYNCED

    def put(self, bids, asks):
        """Levels in order; size zero deletes. A level: (price, size, price text, size text)."""
        for side, levels in ((self.bids, bids), (self.asks, asks)):
            for price, size, *texts in levels:
                if size == 0:
                    side.pop(price, None)
                else:
                    side[price] = (size, *texts)

    def cut(self, depth):
        for side, best in ((self.bids, heapq.nlargest), (self.asks, heapq.nsmallest)):
            if len(side) > depth:
                kept = best(depth, side)
                for price in [p for p in side if p not in set(kept)]:
                    del side[price]

    def judge(self, receipt):
        """After a whole message: crossed for a second of receive time is a gap."""
        if self.state != SYNCED:
            return
        for top, counts in self.tops:
            counts.tickers_verified += self._equals(top)
            counts.tickers_failed += not self._equals(top)
        self.tops = []
        self.crossed = bool(self.bids and self.asks) and max(self.bids) >= min(self.asks)
        if not self.crossed:
            self.crossed_since = None
            return
        self.crossed_seen += 1
        if self.crossed_since is None:
            self.crossed_since = receipt
        elif receipt - self.crossed_since >= CROSSED_LIMIT:
            self.gap()

    def state_top(self, connection, bid, ask, counts):
        """A ticker's best (price, size if it states one): of the book as it is, or after its next message."""
        if self.state != SYNCED or not self.is_led_by(connection):
            return
        if self._equals((bid, ask)):
            counts.tickers_verified += 1
        else:
            self.tops.append(((bid, ask), counts))

    def _equals(self, top):
        best = [(max(self.bids, default=0), self.bids), (min(self.asks, default=0), self.asks)]
        return all(price == stated and (not size or price == 0 or side[price][0] == size)
                   for (price, side), (stated, size) in zip(best, top))

    def top(self, count):
        low, high = self.known
        bids = tuple((p, self.bids[p][0]) for p in heapq.nlargest(count, self.bids) if low is None or p >= low)
        asks = tuple((p, self.asks[p][0]) for p in heapq.nsmallest(count, self.asks) if high is None or p <= high)
        return bids, asks
