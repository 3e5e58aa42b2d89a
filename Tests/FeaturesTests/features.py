"""The features of rows, computed a second time with numpy: whole columns at once, NaN where undefined.

Usage: features.py ROWS.json FEATURES.json
"""

import json
import sys

import numpy as np

NAN = float("nan")


def column(rows, of):
    return np.array([of(row) for row in rows], dtype=float)


def ladder(rows, side, what, depth):
    """A matrix rows x depth of prices (what = 0) or sizes (what = 1) of uncrossed books."""
    out = np.full((len(rows), depth), NAN)
    for i, row in enumerate(rows):
        if "book" not in row or row["crossed"]:
            continue
        for k, level in enumerate(row["book"][side][:depth]):
            out[i, k] = float(level[what])
    return out


def imbalance(bids, asks):
    a, b = np.nansum(bids, axis=1), np.nansum(asks, axis=1)
    with np.errstate(all="ignore"):
        return (a - b) / (a + b)


def rolling(values, window, fold):
    out = np.full(len(values), NAN)
    for i in range(window - 1, len(values)):
        part = values[i - window + 1 : i + 1]
        if not np.isnan(part).any():
            out[i] = fold(part)
    return out


def book_features(rows, out):
    bp, bs = ladder(rows, "bids", 0, 50), ladder(rows, "bids", 1, 50)
    ap, az = ladder(rows, "asks", 0, 50), ladder(rows, "asks", 1, 50)
    mid = (bp[:, 0] + ap[:, 0]) / 2
    out["ob_mid_price"] = mid
    out["ob_spread"] = np.round(ap[:, 0] - bp[:, 0], 10)
    out["ob_imbalance"] = imbalance(bs, az)
    for levels in (1, 5, 10):
        out[f"queue_imbalance_{levels}"] = imbalance(bs[:, :levels], az[:, :levels])
    out["microprice"] = (bp[:, 0] * az[:, 0] + ap[:, 0] * bs[:, 0]) / (bs[:, 0] + az[:, 0])
    out["spread_bps"] = 1e4 * out["ob_spread"] / mid
    for bps in (5, 10, 25):
        low, high = mid - mid * bps / 1e4, mid + mid * bps / 1e4
        with np.errstate(all="ignore"):
            near = np.where(bp >= low[:, None], bs, 0.0).sum(axis=1)
            out[f"depth_bid_{bps}bps"] = np.where(np.isnan(mid), NAN, near)
            near = np.where(ap <= high[:, None], az, 0.0).sum(axis=1)
            out[f"depth_ask_{bps}bps"] = np.where(np.isnan(mid), NAN, near)
    for k in range(5):
        for name, price, size in (("bid", bp, bs), ("ask", ap, az)):
            out[f"{name}_px_{k:02d}_bps"] = 1e4 * (price[:, k] - mid) / mid
            out[f"{name}_sz_{k:02d}"] = size[:, k]
    flow = np.full(len(rows), NAN)
    for i in range(1, len(rows)):
        if np.isnan(mid[i]) or np.isnan(mid[i - 1]):
            continue
        up, down = bp[i, 0] >= bp[i - 1, 0], bp[i, 0] <= bp[i - 1, 0]
        fell, rose = ap[i, 0] <= ap[i - 1, 0], ap[i, 0] >= ap[i - 1, 0]
        flow[i] = up * bs[i, 0] - down * bs[i - 1, 0] - fell * az[i, 0] + rose * az[i - 1, 0]
    out["order_flow_imbalance"] = flow
    return mid


def trade_features(rows, inverse, out):
    def total(side, weigh):
        def of(row):
            if not row["observed"]:
                return NAN
            return sum(weigh(float(p), float(s)) for d, p, s in row["trades"] if side in (None, d))

        return column(rows, of)

    base = (lambda p, s: s / p) if inverse else (lambda p, s: s)
    quote = (lambda p, s: s) if inverse else (lambda p, s: p * s)
    for side in ("buy", "sell"):
        out[f"trade_{side}_volume"] = total(side, base)
        out[f"trade_{side}_notional"] = total(side, quote)
        out[f"trade_{side}_count"] = total(side, lambda p, s: 1.0)
    out["trade_volume"], out["trade_notional"] = total(None, base), total(None, quote)
    out["trade_count"] = total(None, lambda p, s: 1.0)
    with np.errstate(all="ignore"):
        out["trade_vwap"] = out["trade_notional"] / out["trade_volume"]
        signed = out["trade_buy_volume"] - out["trade_sell_volume"]
        out["trade_imbalance"] = signed / (out["trade_buy_volume"] + out["trade_sell_volume"])
    held = lambda row: row["observed"] and row["trades"]
    out["trade_px_first"] = column(rows, lambda r: float(r["trades"][0][1]) if held(r) else NAN)
    out["trade_px_last"] = column(rows, lambda r: float(r["trades"][-1][1]) if held(r) else NAN)
    out["signed_volume"] = signed
    return signed


def rolling_features(mid, signed, out):
    returns = np.full(len(mid), NAN)
    returns[1:] = np.diff(np.log(mid))
    changes = np.full(len(mid), NAN)
    changes[1:] = np.diff(mid)
    volume = out["trade_buy_volume"] + out["trade_sell_volume"]
    for window in (4, 50):
        out[f"realized_volatility_{window}"] = rolling(returns, window, lambda r: np.sqrt(np.sum(r**2)))
        with np.errstate(all="ignore"):
            out[f"vpin_{window}"] = rolling(np.abs(signed), window, np.sum) / rolling(volume, window, np.sum)
        out[f"kyle_lambda_{window}"] = slopes(signed, changes, window)


def slopes(x, y, window):
    out = np.full(len(x), NAN)
    for i in range(window - 1, len(x)):
        a, b = x[i - window + 1 : i + 1], y[i - window + 1 : i + 1]
        if np.isnan(a).any() or np.isnan(b).any() or np.ptp(a) == 0:
            continue
        design = np.stack([a, np.ones(window)], axis=1)
        out[i] = np.linalg.lstsq(design, b, rcond=None)[0][0]
    return out


def main(source, target):
    with open(source) as file:
        document = json.load(file)
    rows, out = document["rows"], {}
    mid = book_features(rows, out)
    signed = trade_features(rows, document["market"] == "inverse", out)
    rolling_features(mid, signed, out)
    for name in ("book_age", "interest_age"):
        out[f"{name}_ms"] = column(rows, lambda row: row.get(name, NAN)) / 1e6
    with open(target, "w") as file:
        columns = {k: [None if np.isnan(x) else float(x) for x in v] for k, v in out.items()}
        json.dump(columns, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
