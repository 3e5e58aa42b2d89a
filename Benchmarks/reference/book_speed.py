"""hftbacktest's ROI depth on the level updates of a recording with a topic or stream a symbol.

The updates are fed as local depth events only, a microsecond apart, so that one depth is kept and nothing else
is done; its event loop is part of what is measured.
"""

import json
import time

import numpy as np
from hftbacktest import BUY_EVENT, DEPTH_EVENT, LOCAL_EVENT, SELL_EVENT
from hftbacktest import BacktestAsset, ROIVectorMarketDepthBacktest
from hftbacktest.types import event_dtype


def _updates(frames, symbol):
    for text in frames:
        frame = json.loads(text)
        topic, data = frame.get("topic", ""), frame.get("data", frame)
        is_book = topic.startswith("orderbook.") and topic.endswith("." + symbol)
        if is_book or isinstance(data, dict) and data.get("e") == "depthUpdate" and data["s"] == symbol:
            for side, levels in ((BUY_EVENT, data["b"]), (SELL_EVENT, data["a"])):
                for price, size in levels:
                    yield DEPTH_EVENT | LOCAL_EVENT | side, price, size


def _step(texts):
    return float(10 ** -max(len(text.partition(".")[2].rstrip("0")) for text in texts))


def reads(frames):
    """Whether these are frames with a topic or stream a symbol, which ``BookSpeed`` reads."""
    return any('"topic":"orderbook.' in text.decode() or '"e":"depthUpdate"' in text.decode() for text in frames[:100])


class BookSpeed:
    """All updates of one symbol, again and again; `seconds` is the processor time of so many passes."""

    def __init__(self, frames, symbol):
        rows = list(_updates(frames, symbol))
        self.units = len(rows)
        self.rows = np.zeros(len(rows), event_dtype)
        for column, place, kind in (("ev", 0, np.uint64), ("px", 1, float), ("qty", 2, float)):
            self.rows[column] = np.array([row[place] for row in rows], dtype=kind)
        self.tick, self.lot = _step([row[1] for row in rows]), _step([row[2] for row in rows])
        self.bounds = self.rows["px"].min() - self.tick, self.rows["px"].max() + self.tick

    def seconds(self, passes):
        events = np.tile(self.rows, passes)
        events["exch_ts"] = events["local_ts"] = np.arange(len(events), dtype=np.int64) * 1000 + 10**9
        asset = (
            BacktestAsset().data([events]).linear_asset(1.0).constant_order_latency(0, 0)
            .risk_adverse_queue_model().no_partial_fill_exchange().trading_value_fee_model(0, 0)
            .tick_size(self.tick).lot_size(self.lot).roi_lb(self.bounds[0]).roi_ub(self.bounds[1])
        )
        test = ROIVectorMarketDepthBacktest([asset])
        begin = time.process_time()
        test.elapse(len(events) * 1000 + 10)
        took = time.process_time() - begin
        depth = test.depth(0)
        if not depth.best_bid < depth.best_ask:
            raise SystemExit(f"hftbacktest's book is crossed: {depth.best_bid} {depth.best_ask}")
        return took
