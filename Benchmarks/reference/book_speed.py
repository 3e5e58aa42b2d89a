"""hftbacktest's ROI depth on the level updates of a Bybit recording: million updates a second.

usage: book_speed.py RECORDING.jsonl.zst SYMBOL TICK LOT LOWEST HIGHEST [ROUNDS]

Needs hftbacktest (2.4.4) and the program zstdcat. The updates are fed as local depth events only, a
microsecond apart, so that one depth is kept and nothing else is done; processor time, best of the rounds and
median.
"""

import json
import statistics
import subprocess
import sys
import time

import numpy as np
from hftbacktest import BUY_EVENT, DEPTH_EVENT, LOCAL_EVENT, SELL_EVENT
from hftbacktest import BacktestAsset, ROIVectorMarketDepthBacktest
from hftbacktest.types import event_dtype

PASSES = 300


def updates(path, symbol):
    text = subprocess.run(["zstdcat", path], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        frame = json.loads(json.loads(line)["frame"])
        topic = frame.get("topic", "")
        if topic.startswith("orderbook.") and topic.endswith("." + symbol):
            for side, levels in ((BUY_EVENT, frame["data"]["b"]), (SELL_EVENT, frame["data"]["a"])):
                for price, size in levels:
                    yield DEPTH_EVENT | LOCAL_EVENT | side, float(price), float(size)


def main(path, symbol, tick, lot, lowest, highest, rounds=7):
    rows = list(updates(path, symbol))
    events = np.zeros(len(rows) * PASSES, event_dtype)
    for column, place, kind in (("ev", 0, np.uint64), ("px", 1, float), ("qty", 2, float)):
        events[column] = np.tile(np.array([row[place] for row in rows], dtype=kind), PASSES)
    events["exch_ts"] = events["local_ts"] = np.arange(len(events), dtype=np.int64) * 1000 + 10**9
    speeds = []
    for _ in range(int(rounds)):
        asset = (
            BacktestAsset().data([events]).linear_asset(1.0).constant_order_latency(0, 0)
            .risk_adverse_queue_model().no_partial_fill_exchange().trading_value_fee_model(0, 0)
            .tick_size(float(tick)).lot_size(float(lot)).roi_lb(float(lowest)).roi_ub(float(highest))
        )
        test = ROIVectorMarketDepthBacktest([asset])
        begin = time.process_time()
        test.elapse(len(events) * 1000 + 10)
        speeds.append(len(events) / (time.process_time() - begin) / 1e6)
        depth = test.depth(0)
        assert depth.best_bid < depth.best_ask
    print(f"{symbol}: {len(rows)} updates, {max(speeds):.1f} best, {statistics.median(speeds):.1f} median M/s")


if __name__ == "__main__":
    main(*sys.argv[1:])
