#!/usr/bin/env python3
"""How long sessions, connections, subscriptions, feeds and books live: small cases with the values that SPEC gives them."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from reference.numbers import Decimal, exact  # noqa: E402
from reference.recording import Source, read_lines  # noqa: E402
from reference.session import Session  # noqa: E402
from reference.summary import summary  # noqa: E402
from reference.synchronizer import Config, Synchronizer  # noqa: E402

SECOND = 1_000_000_000
START = 1_790_000_000 * SECOND
FAULTS = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "shared" / "faults" / "feeds"


def at(seconds):
    return START + int(seconds * SECOND)


def frame(seconds, value, conn="c0", **more):
    return {"recv_ns": at(seconds), "conn": conn, "frame": json.dumps(value), **more}


def out(seconds, value, conn="c0"):
    return {"recv_ns": at(seconds), "conn": conn, "out": json.dumps(value)}


def status(seconds, state, conn="c0"):
    return {"recv_ns": at(seconds), "conn": conn, "status": {"state": state}}


def book(seconds, depth, kind, update, bid, conn="c0", symbol="X", **more):
    data = {"s": symbol, "b": [[str(bid), "1"]], "a": [[str(bid + 1), "1"]] if kind == "snapshot" else [], "u": update}
    stamp = (START + int(seconds * SECOND)) // 1_000_000
    return frame(seconds, {"topic": f"orderbook.{depth}.{symbol}", "type": kind, "ts": stamp, "data": data, "cts": stamp},
                 conn, **more)


def trade(seconds, identifier, conn="c0", symbol="X", size="1", **more):
    stamp = at(seconds) // 1_000_000
    data = [{"T": stamp, "s": symbol, "S": "Buy", "v": size, "p": "101", "i": identifier}]
    return frame(seconds, {"topic": f"publicTrade.{symbol}", "type": "snapshot", "ts": stamp, "data": data}, conn, **more)


def ask(seconds, *topics, conn="c0", op="subscribe", identifier=None):
    request = {"op": op, "args": list(topics)}
    return out(seconds, {**request, "req_id": identifier} if identifier else request, conn)


def ack(seconds, conn="c0", op="subscribe", success=True, identifier=""):
    return frame(seconds, {"success": success, "ret_msg": "", "op": op, "req_id": identifier}, conn)


def source(lines, name="a", session=None, **more):
    markets = {line["conn"]: "linear" for line in lines if line.get("conn")}
    return Source(name, "bybit", markets, lines, session=session, sorted=True, **more)


class Replay:
    def __init__(self, *sources, clock="external", basis="receive"):
        self.session = Session(list(sources))
        self.synchronizer = Synchronizer(Config(clock, SECOND, basis)).run(self.session.frames)
        self.summary = summary(self.session, self.synchronizer)

    def rows(self, symbol="X"):
        """Second of the row's edge → the row."""
        return {(r["ts"] - START) // SECOND: r for r in self.synchronizer.rows if r["symbol"] == symbol}

    def states(self, symbol="X"):
        """A letter a row: its book (synced, gapped, awaiting), large where its trades are observed."""
        return "".join(r["book_state"][0].upper() if r["observed_trades"] else r["book_state"][0]
                       for r in self.rows(symbol).values())

    @property
    def book(self):
        return self.summary["instruments"][0]["book"]


def day(start, u, symbol="X"):
    return [book(start, 50, "snapshot", u, 100, symbol=symbol), trade(start, f"t{start}", symbol=symbol),
            trade(start + 1, f"t{start + 1}", symbol=symbol), trade(start + 2, f"t{start + 2}", symbol=symbol)]


class SessionEnds(unittest.TestCase):
    def test_the_first_record_of_another_session_ends_feeds_and_books_at_their_last_frames(self):
        got = Replay(source(day(0.5, 1)), source(day(7.5, 1), "b"))
        # The last frame of the first came at 2.5, the second begins at 7.5.
        self.assertEqual(got.states(), "sSgggggsSS")
        self.assertTrue(all(got.rows()[n]["gap"] for n in range(3, 9)))
        self.assertFalse(got.rows()[2]["gap"])
        self.assertIsNone(got.rows()[5]["trade_count"])
        self.assertEqual(got.summary["gaps"], 1)

    def test_files_of_one_session_go_on(self):
        lines = day(0.5, 1)
        got = Replay(source(lines, session="s"), source([trade(7.5, "late", sequence=5)], "b", "s"))
        self.assertEqual(got.states(), "sSSSSSSS")

    def test_a_session_that_overlaps_ends_when_its_last_record_has_passed(self):
        first = day(0.5, 1) + [trade(5.5, "x")]
        got = Replay(source(first), source([trade(2.2, "y", symbol="Y"), trade(9.5, "z", symbol="Y")], "b"))
        self.assertEqual(got.states(), "sSSSSggggg")

    def test_a_feed_ends_with_the_last_connection_that_carries_it(self):
        second = [trade(1.5, "b1"), trade(9.5, "b2")]
        got = Replay(source(day(0.5, 1)), source(second, "b"))
        self.assertEqual(got.states(), "sSGGGGGGGG")

    def test_a_record_that_is_no_frame_ends_it_too_and_moves_no_clock(self):
        got = Replay(source(day(0.5, 1)), source([status(4.5, "connecting")], "b"))
        self.assertEqual(got.states(), "sSg")
        self.assertTrue(got.rows()[3]["partial"])

    def test_a_replay_that_ends_with_the_session_is_as_ever(self):
        self.assertEqual(Replay(source(day(0.5, 1))).states(), "sSS")

    def test_duplicate_ids_and_interest_outlive_the_session(self):
        ticker = {"topic": "tickers.X", "type": "snapshot", "ts": at(0.6) // 10**6,
                  "data": {"openInterest": "7", "fundingRate": "0.1", "nextFundingTime": "0"}}
        delta = {"topic": "tickers.X", "type": "delta", "ts": at(9) // 10**6, "data": {"fundingRate": "0.2"}}
        got = Replay(source([*day(0.5, 1)[:1], frame(0.6, ticker), trade(0.7, "same")]),
                     source([trade(8.5, "same"), frame(9, delta)], "b"))
        self.assertEqual(got.summary["duplicate_trades"], 1)
        self.assertEqual(got.rows()[9]["oi_contracts"], 7)
        self.assertIsNone(got.rows()[9]["fr_next_settlement_delta"])
        self.assertEqual(got.summary["events"]["funding_rates"], 2)

    def test_exchange_basis_dates_the_end_by_the_venue(self):
        # The last frame is stamped 2.5 and the session's end shows in the first row after that.
        self.assertEqual(Replay(source(day(0.5, 1)), source(day(7.5, 1), "b"), basis="exchange").states(), "sSgggggsSS")


class LostFrames(unittest.TestCase):
    def test_a_step_of_the_counter_is_a_drop_at_the_frame_before(self):
        lines = [book(0.5, 50, "snapshot", 1, 100, sequence=1), trade(0.6, "a", sequence=2),
                 trade(6.5, "b", sequence=9), trade(8.5, "c", sequence=10)]
        got = Replay(source(lines))
        self.assertEqual(got.states(), "gggggggGG")
        self.assertEqual(got.summary["missing_frames"], 6)

    def test_between_files_too_and_only_of_frames_received(self):
        first = source([{**x, "sequence": n + 1} for n, x in enumerate(day(0.5, 1))], session="s")
        second = source([{**status(3, "resync"), "sequence": 99}, trade(5.5, "z", sequence=5)], "b", "s")
        self.assertEqual(Replay(first, second).states(), "sSSSSS")
        second.lines[1]["sequence"] = 6
        self.assertEqual(Replay(first, second).states(), "sSgggg")

    def test_a_lost_chunk_is_a_drop_of_every_connection_of_its_file(self):
        lines = [book(0.5, 50, "snapshot", 1, 100, sequence=1), trade(0.6, "a", sequence=2),
                 trade(0.7, "y", "c1", "Y", sequence=1), {"lost": ["c0", "c1"]}, trade(4.5, "b", sequence=3)]
        got = Replay(source(lines))
        self.assertEqual(got.states("Y"), "aaaaa")
        self.assertEqual(got.states("X"), "ggggg")


class Depths(unittest.TestCase):
    def test_a_depth_ends_with_its_session(self):
        got = Replay(source([book(0.5, 500, "snapshot", 1, 100), book(0.6, 500, "delta", 2, 100)]),
                     source([book(9.5, 200, "snapshot", 1, 200), book(9.6, 200, "delta", 2, 200)], "b"))
        self.assertEqual((got.book["state"], got.book["best_bid"], got.summary["ignored"]), ("synced", ["200", "1"], 0))

    def test_a_depth_ends_with_its_connection(self):
        got = Replay(source([book(0.5, 500, "snapshot", 1, 100), status(1, "disconnected"), status(2, "connected"),
                             book(2.5, 200, "snapshot", 1, 200)]))
        self.assertEqual((got.book["state"], got.book["best_bid"]), ("synced", ["200", "1"]))

    def test_the_deepest_live_one_leads(self):
        lines = [book(0.1, 50, "snapshot", 1, 100), book(0.2, 200, "delta", 8, 90), book(0.3, 200, "snapshot", 9, 200),
                 book(0.4, 50, "delta", 2, 101), book(0.5, 50, "snapshot", 7, 102)]
        got = Replay(source(lines))
        self.assertEqual((got.book["best_bid"], got.summary["ignored"]), (["200", "1"], 2))
        self.assertEqual(got.summary["events"]["book_deltas"], 1)   # not applied, gaps nothing
        self.assertEqual(got.summary["gaps"], 0)

    def test_a_shallower_snapshot_makes_the_book_while_the_deeper_one_is_gapped(self):
        lines = [book(0.1, 200, "snapshot", 1, 200), book(0.2, 200, "delta", 5, 200), book(0.3, 50, "delta", 3, 100),
                 book(0.4, 50, "snapshot", 9, 100), book(0.5, 200, "delta", 6, 200)]
        got = Replay(source(lines))
        self.assertEqual((got.book["state"], got.book["best_bid"]), ("synced", ["100", "1"]))
        self.assertEqual((got.summary["ignored"], got.summary["events"]["book_deltas"]), (0, 3))
        back = Replay(source([*lines, book(0.6, 200, "snapshot", 7, 201)]))
        self.assertEqual(back.book["best_bid"], ["201", "1"])

    def test_unsubscribing_the_one_that_leads_awaits_a_snapshot_and_the_other_one_nothing(self):
        lines = [ask(0.1, "orderbook.50.X", "orderbook.200.X"), ack(0.2), book(0.3, 50, "snapshot", 1, 100),
                 book(0.4, 200, "snapshot", 1, 200)]
        for topic, state in (("orderbook.50.X", "synced"), ("orderbook.200.X", "awaiting")):
            got = Replay(source([*lines, ask(0.5, topic, op="unsubscribe"), ack(0.6, op="unsubscribe")]))
            self.assertEqual(got.book["state"], state)

    def test_of_equal_depths_the_last_snapshot_leads(self):
        lines = [book(0.1, 50, "snapshot", 1, 100), book(0.2, 50, "snapshot", 1, 300, "c1"),
                 book(0.3, 50, "delta", 2, 99), status(0.4, "disconnected")]
        got = Replay(source(lines))
        self.assertEqual((got.book["state"], got.book["best_bid"], got.summary["gaps"]), ("synced", ["300", "1"], 0))
        ended = Replay(source([*lines, status(0.5, "disconnected", "c1")]))
        self.assertEqual(ended.book["state"], "gapped")


class Subscriptions(unittest.TestCase):
    def test_symbols_that_nobody_asked_for_are_unknown(self):
        lines = [ask(0.1, "publicTrade.X"), ack(0.2), trade(0.3, "a"), trade(0.4, "b", symbol="EVIL")]
        got = Replay(source(lines))
        self.assertEqual((got.summary["unknown"], got.summary["unsubscribed_symbols"], got.summary["frames"]), (1, 1, 3))
        self.assertEqual([i["symbol"] for i in got.summary["instruments"]], ["X"])

    def test_requests_behind_the_first_data_restrict_nothing_but_add_where_it_restricts(self):
        late = [trade(0.3, "a"), ask(0.4, "publicTrade.X"), trade(0.5, "b", symbol="Y")]
        self.assertEqual(Replay(source(late)).summary["unsubscribed_symbols"], 0)
        added = [ask(0.1, "publicTrade.X"), trade(0.3, "a"), ask(0.4, "publicTrade.Y"), trade(0.5, "b", symbol="Y")]
        self.assertEqual(Replay(source(added)).summary["unsubscribed_symbols"], 0)

    def test_acks_are_matched_by_id_and_by_order_only_without_one(self):
        lines = [ask(0.1, "publicTrade.X", identifier="a1"), ask(0.2, "publicTrade.Y", identifier="b2"),
                 ack(0.3, success=False, identifier="b2"), ack(0.4, identifier="a1"), trade(1.5, "x"), trade(2.5, "y", symbol="Y")]
        got = Replay(source(lines))
        self.assertTrue(got.rows("X")[2]["observed_trades"])
        self.assertFalse(got.rows("Y")[3]["observed_trades"])

    def test_trailing_zeros_are_no_overflow(self):
        self.assertEqual(exact("1000000000000.00000000"), Decimal(10**12))
        self.assertEqual(exact("-0.00000000000000000000000000"), 0)
        self.assertIsNone(exact("9223372036854775808"))
        self.assertIsNone(exact("1000000000000.00000001"))
        self.assertEqual(Replay(source([trade(0.1, "a", size="1000000000000.00000000")])).summary["decode_errors"], 0)


@unittest.skipUnless(FAULTS.is_dir(), "no samples of faults")
class Samples(unittest.TestCase):
    def _source(self, path):
        lines = []
        for line in read_lines(path):
            kind = {"in": "frame"}.get(line.get("dir", "in"), line.get("dir"))
            text = json.loads(line["frame"]) if kind == "status" else line["frame"]
            lines.append({"recv_ns": line["recv_ns"], "conn": line["conn"], kind: text})
        return Source(path.stem, "bybit", {"c": "linear"}, lines)

    def test_an_outage_between_two_captures(self):
        got = Replay(*(self._source(FAULTS / "session-end" / f"day{n}.jsonl") for n in (1, 2)))
        for symbol, last in (("ETHUSDT", 25), ("BTCUSDT", 20)):
            for second in range(6, last):
                row = got.rows(symbol)[second]
                self.assertEqual((row["book_state"], row["trade_count"], row["gap"], row["observed_trades"]),
                                 ("gapped", None, True, False), (symbol, second))

    def test_depths_that_changed(self):
        two = Replay(*(self._source(FAULTS / "depth-change" / f"session{n}.jsonl") for n in (1, 2)))
        one = Replay(self._source(FAULTS / "depth-change" / "one-connection.jsonl"))
        for got in (one, two):
            self.assertEqual((got.book["state"], got.book["best_bid"], got.book["best_ask"]),
                             ("synced", ["200", "2"], ["201", "1"]))


if __name__ == "__main__":
    if not FAULTS.is_dir():
        print(f"skipped: no samples of faults at {FAULTS}")
    unittest.main()
