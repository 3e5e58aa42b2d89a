#!/usr/bin/env python3
"""The pinned cases of the specification on the reference itself, and its own counters on faulty sessions."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from reference import aggregate, recording  # noqa: E402
from reference.items import BookChange, DecodedFrame, Interest, Trade  # noqa: E402
from reference.numbers import Decimal, exact, from_rfc3339  # noqa: E402
from reference.session import Session  # noqa: E402
from reference.summary import summary  # noqa: E402
from reference.synchronizer import CLOCKS, Config, Synchronizer  # noqa: E402
from sessions import catalog  # noqa: E402

COIN = ("bybit", "linear", "X")
MICRO = 1000


def trade(micros):
    return Trade(COIN, micros * MICRO, Decimal(10), Decimal(1), True)


def book(micros):
    return BookChange(COIN, micros * MICRO, "synced", False, ((Decimal(1), Decimal(1)),), ((Decimal(2), Decimal(1)),))


class Timeline:
    """Items by time (µs, exchange basis); an external tick is a frame without items."""

    def __init__(self, clock, period, hold_back=0):
        self.synchronizer = Synchronizer(Config(clock, period * MICRO, "exchange", hold_back * MICRO))
        self.synchronizer.grid(COIN).feed("trades").start(0)

    def run(self, *frames):
        self.synchronizer.run([DecodedFrame(at * MICRO, items, []) for at, items in frames])
        return [(r["ts"] // MICRO, r["trade_count"]) for r in self.synchronizer.rows if not r["partial"]]


class PinnedCases(unittest.TestCase):
    def test_trade_driven_membership(self):
        rows = Timeline("trade-driven", 1_000_000)
        self.assertEqual(rows.run(*((t, [trade(t)]) for t in (1_000_000, 2_000_000, 2_500_000))), [(2_000_000, 1)])
        last = rows.synchronizer.rows[-1]
        self.assertEqual((last["ts"], last["trade_count"], last["partial"]), (3_000_000 * MICRO, 2, True))

    def test_a_late_event_is_counted(self):
        p = 1_000_000
        rows = Timeline("orderbook-driven", p)
        rows.run((5 * p + 10, [book(5 * p + 10)]), (7 * p + 10, [book(7 * p + 10)]),
                 (7 * p + 11, [trade(5 * p + 500)]), (9 * p + 10, [book(9 * p + 10)]))
        self.assertEqual(rows.synchronizer.late, 1)

    def test_the_book_of_a_row_is_the_last_before_its_edge(self):
        p = 1_000_000
        rows = Timeline("orderbook-driven", p)
        rows.run(*((t, [book(t)]) for t in (p + 100, p + 900_000, 2 * p + 50)))
        first = rows.synchronizer.rows[0]
        self.assertEqual((first["ts"], first["book_age_ns"]), (2 * p * MICRO, 100_000 * MICRO))

    def test_a_hold_back_keeps_rows_open(self):
        rows = Timeline("external", 100_000, 1_000_000)
        got = rows.run((50_000, [trade(50_000)]), (150_000, [trade(150_000)]), (250_000, []),
                       (260_000, [trade(180_000)]), (1_300_000, []))
        self.assertIn((200_000, 2), got)

    def test_empty_rows_are_emitted_and_long_jumps_are_not(self):
        rows = Timeline("trade-driven", 1_000_000)
        rows.synchronizer.config.max_gap_fill = 5
        self.assertEqual([t for t, _ in rows.run(*((t * 1_000_000, [trade(t * 1_000_000)]) for t in (1, 4, 20, 21)))],
                         [2_000_000, 3_000_000, 4_000_000, 5_000_000, 21_000_000])
        self.assertEqual(rows.synchronizer.jumps, 1)

    def test_checks_of_the_scalars(self):
        side = [(Decimal(1), Decimal(6)), (Decimal(1), Decimal(4))], [(Decimal(2), Decimal(3)), (Decimal(3), Decimal(2))]
        self.assertEqual(aggregate.book_scalars(*side, False, 50)[2], 1 / 3)
        trades = [Trade(COIN, 0, Decimal(100), Decimal("0.5"), True), Trade(COIN, 0, Decimal(200), Decimal(1), True)]
        self.assertEqual(aggregate.trade_scalars(trades, False)[1], 250 / 1.5)
        interest = Interest(COIN, 0, Decimal(5200), None, None)
        self.assertEqual(aggregate.interest_scalars(interest, Decimal(5000), False)[2], 200)


class Numbers(unittest.TestCase):
    def test_malformed_numbers_are_refused(self):
        for text in ("", "-", "1.", ".5", "1e", "abc", "1.2.3", "99999999999999999999", "+1", " 1"):
            self.assertIsNone(exact(text), text)
        self.assertEqual(exact("0.0100"), Decimal("0.01"))

    def test_times_are_exact(self):
        self.assertEqual(from_rfc3339("2026-08-09T21:05:48.228568804Z"), 1786309548228568804)
        self.assertEqual(from_rfc3339("1970-01-01T00:00:00Z"), 0)
        self.assertIsNone(from_rfc3339("2026-02-29T00:00:00Z"))


class FaultySessions(unittest.TestCase):
    def test_counters_add_up(self):
        for kind in catalog.KINDS:
            for seed in range(4 if kind.startswith("binance") else 12):
                with self.subTest(kind=kind, seed=seed):
                    self._check(kind, seed)

    def _check(self, kind, seed):
        made = catalog.make(kind, seed, 300, catalog.parse_faults("all"))
        lines = [{"recv_ns": x.recv, "conn": x.conn, "frame": x.text} for x in made.lines if x.kind == "in"]
        session = Session([recording.Source("s", made.exchange, made.markets, lines)])
        for clock in CLOCKS:
            for basis in ("receive", "exchange"):
                ran = Synchronizer(Config(clock, 250_000_000, basis)).run(session.frames)
                got = summary(session, ran)
                self.assertEqual(got["frames"],
                                 got["decoded_frames"] + got["ignored"] + got["unknown"] + got["error_frames"])
                flows = sum(isinstance(i, Trade) and not i.listed for f in session.frames for i in f.items)
                flows += got["events"]["liquidations"] - got["snapshot_liquidations"]
                kept = sum(g.flows for g in ran.grids.values())
                self.assertEqual(flows, kept + got["late_events"] + got["before_first_row"])


class Samples(unittest.TestCase):
    def test_sessions_without_faults_are_without_faults(self):
        for kind in catalog.KINDS:
            made = catalog.make(kind, 5, 500)
            lines = [{"recv_ns": x.recv, "conn": x.conn, "frame": x.text} for x in made.lines if x.kind == "in"]
            session = Session([recording.Source("s", made.exchange, made.markets, lines)])
            got = summary(session, Synchronizer(Config()).run(session.frames))
            for name in ("unknown", "error_frames", "decode_errors", "gaps", "duplicate_trades"):
                self.assertEqual(got[name], 0, (kind, name))
            self.assertEqual((got["checksums"]["failed"], got["sequences"]["broken"]), (0, 0))
            self.assertEqual({i["book"]["crossed_seen"] for i in got["instruments"]}, {0})


if __name__ == "__main__":
    unittest.main()
