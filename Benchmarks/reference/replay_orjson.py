#!/usr/bin/env python3
"""A replay as one writes it in Python: orjson, SortedDict, floats. The figure beside `atelier replay`.

    Benchmarks/reference/replay_orjson.py FILE.jsonl[.zst|.gz]… [--period-ms 100] [--repeat 5]

Reads JSON lines, keeps each book in two SortedDicts, and emits a trade-driven row of the same fifteen scalars
a period. Lines are read and decompressed before the clock starts: only frames to rows is timed, which favours
this side. Prints one JSON object; `frames_per_second` is the median of the repeats.
"""

import argparse
import gzip
import json
import statistics
import sys
import time

import orjson
import zstandard
from sortedcontainers import SortedDict

DEPTH = 50


class Instrument:
    __slots__ = ("bids", "asks", "clock", "trades", "liquidations", "rate", "interval", "next", "interest", "value",
                 "last_interest", "rows")

    def __init__(self):
        self.bids, self.asks, self.clock = SortedDict(), SortedDict(), None
        self.trades, self.liquidations = [], []
        self.rate = self.interval = self.next = self.interest = self.value = self.last_interest = None
        self.rows = 0

    def put(self, side, price, size):
        if size == 0.0:
            side.pop(price, None)
        else:
            side[price] = size

    def row(self, ts):
        mid = spread = imbalance = None
        if self.bids and self.asks:
            bid, ask = self.bids.peekitem(-1)[0], self.asks.peekitem(0)[0]
            mid, spread = (bid + ask) / 2, ask - bid
            heavy = sum(self.bids.values()[-DEPTH:])
            light = sum(self.asks.values()[:DEPTH])
            imbalance = (heavy - light) / (heavy + light)
        volume = sum(s for _, s in self.trades)
        vwap = sum(p * s for p, s in self.trades) / volume if volume else None
        notional = sum(n for n, _ in self.liquidations)
        skew = sum(n if buys else -n for n, buys in self.liquidations) / notional if notional else None
        change = None
        if self.interest is not None and self.last_interest is not None:
            change = self.interest - self.last_interest
        self.last_interest = self.interest
        yearly = self.rate * 8760 / self.interval if self.rate is not None and self.interval else None
        wait = self.next - ts // 1_000_000 if self.next is not None else None
        result = (ts, mid, spread, imbalance, volume, vwap, len(self.trades), notional, len(self.liquidations), skew,
                  self.rate, yearly, wait, self.interest, self.value, change)
        self.trades, self.liquidations = [], []
        self.rows += 1
        return result


class Replay:
    def __init__(self, period):
        self.period, self.instruments, self.last = period, {}, None

    def of(self, symbol):
        found = self.instruments.get(symbol)
        if found is None:
            found = self.instruments[symbol] = Instrument()
        return found

    def trade(self, instrument, receipt, price, size):
        index = receipt // self.period
        if instrument.clock is None:
            instrument.clock = index
        while instrument.clock < index:
            instrument.clock += 1
            self.last = instrument.row(instrument.clock * self.period)
        instrument.trades.append((price, size))

    def topics(self, receipt, frame):
        topic = frame.get("topic")
        if topic is None:
            return
        name, _, rest = topic.partition(".")
        data = frame["data"]
        if name == "orderbook":
            instrument = self.of(data["s"])
            if frame["type"] == "snapshot":
                instrument.bids.clear()
                instrument.asks.clear()
            for side, levels in ((instrument.bids, data["b"]), (instrument.asks, data["a"])):
                for price, size in levels:
                    instrument.put(side, float(price), float(size))
        elif name == "publicTrade":
            instrument = self.of(rest)
            for entry in data:
                self.trade(instrument, receipt, float(entry["p"]), float(entry["v"]))
        elif name == "tickers":
            instrument = self.of(rest)
            if "fundingRate" in data:
                instrument.rate = float(data["fundingRate"])
            if "fundingIntervalHour" in data:
                instrument.interval = float(data["fundingIntervalHour"])
            if "nextFundingTime" in data:
                instrument.next = int(data["nextFundingTime"])
            if "openInterest" in data:
                instrument.interest = float(data["openInterest"])
            if "openInterestValue" in data:
                instrument.value = float(data["openInterestValue"])
        elif name == "allLiquidation":
            instrument = self.of(rest)
            for entry in data:
                instrument.liquidations.append((float(entry["p"]) * float(entry["v"]), entry["S"] == "Sell"))

    def events(self, receipt, frame):
        channel = frame["channel"]
        if channel == "l2_data":
            for event in frame["events"]:
                instrument = self.of(event["product_id"])
                if event["type"] == "snapshot":
                    instrument.bids.clear()
                    instrument.asks.clear()
                for update in event["updates"]:
                    side = instrument.bids if update["side"] == "bid" else instrument.asks
                    instrument.put(side, float(update["price_level"]), float(update["new_quantity"]))
        elif channel == "market_trades":
            for event in frame["events"]:
                if event["type"] == "update":
                    for entry in reversed(event["trades"]):
                        instrument = self.of(entry["product_id"])
                        self.trade(instrument, receipt, float(entry["price"]), float(entry["size"]))

    def channels(self, receipt, frame):
        channel = frame.get("channel")
        if channel == "book":
            for entry in frame["data"]:
                instrument = self.of(entry["symbol"])
                if frame["type"] == "snapshot":
                    instrument.bids.clear()
                    instrument.asks.clear()
                for side, levels in ((instrument.bids, entry["bids"]), (instrument.asks, entry["asks"])):
                    for level in levels:
                        instrument.put(side, level["price"], level["qty"])
        elif channel == "trade":
            for entry in frame["data"]:
                self.trade(self.of(entry["symbol"]), receipt, entry["price"], entry["qty"])

    def streams(self, receipt, frame):
        data = frame.get("data", frame)
        if data.get("e") == "depthUpdate":
            instrument = self.of(data["s"])
            for side, levels in ((instrument.bids, data["b"]), (instrument.asks, data["a"])):
                for price, size in levels:
                    instrument.put(side, float(price), float(size))
        elif data.get("e") == "trade":
            self.trade(self.of(data["s"]), receipt, float(data["p"]), float(data["q"]))


def read(path):
    with open(path, "rb") as stream:
        if path.endswith(".zst"):
            data = zstandard.ZstdDecompressor().stream_reader(stream).read()
        else:
            data = gzip.decompress(stream.read()) if path.endswith(".gz") else stream.read()
    frames = []
    for line in data.splitlines():
        line = orjson.loads(line)
        if "frame" not in line:
            # The reply to a request.
            continue
        frames.append((line["recv_ns"] or 0, line["frame"].encode()))
    return frames


# Channels of venues that are not read here but name theirs alike.
OTHERS = ("subscriptionResponse", "l2Book", "trades", "activeAssetCtx")


def reading(frames):
    """How such frames are read, by what the first one names: a topic, counted events, a channel or a stream; else None."""
    for _, text in frames:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if not isinstance(value, dict) or not {"jsonrpc", "event"}.isdisjoint(value) or value.get("channel") in OTHERS:
            return None
        if "topic" in value:
            return Replay.topics
        if "sequence_num" in value:
            return Replay.events
        if "channel" in value or "method" in value:
            return Replay.channels
        if "stream" in value:
            return Replay.streams
    return None


def run(frames, decode, period):
    replay = Replay(period)
    begin = time.perf_counter()
    for receipt, text in frames:
        decode(replay, receipt, orjson.loads(text))
    return time.perf_counter() - begin, sum(i.rows for i in replay.instruments.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--period-ms", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    for path in options.files:
        frames = read(path)
        decode = reading(frames) or sys.exit(f"{path}: no frame of a known kind")
        runs = [run(frames, decode, options.period_ms * 1_000_000) for _ in range(options.repeat)]
        seconds = statistics.median(s for s, _ in runs)
        print(json.dumps({"file": path, "frames": len(frames), "rows": runs[0][1], "seconds": seconds,
                          "frames_per_second": round(len(frames) / seconds)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
