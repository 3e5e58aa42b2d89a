"""Recomputes a dataset from its unscaled rows, in numpy, mean and σ in fractions, and compares every cell of every array.

Usage: check_dataset.py RAW SET WINDOW STRIDE EMBARGO_NS LATENCY_NS SCALING T1 T2

RAW is a dataset of the same recordings without split, scaling or labels, float64 Parquet: it holds rows only.
SET is the dataset under test (npy, safetensors, parquet; labels log_return_3, direction_5_band_1,
triple_barrier_1s_up_5_down_5, return_sign; scaled per instrument). T1 and T2 are the shares at which parts end.
Written from docs/DATASETS.md: prices are decimals, so returns are compared in fractions.
"""

import glob
import json
import math
import sys
from fractions import Fraction

import numpy as np
import polars as pl
from safetensors.numpy import load_file

import exact_scales

raw, path = sys.argv[1], sys.argv[2]
window, stride, embargo, latency = (int(a) for a in sys.argv[3:7])
scaling, t1, t2 = sys.argv[7], Fraction(sys.argv[8]), Fraction(sys.argv[9])
LABELS = ["log_return_3", "direction_5_band_1", "triple_barrier_1s_up_5_down_5", "return_sign"]

manifest = json.load(open(path + "/manifest.json"))
names = [f["name"] for f in manifest["features"]]
instruments = [i["instrument"] for i in manifest["instruments"]]


def rows_of(instrument):
    exchange, market, symbol = instrument.split("/", 2)
    files = sorted(glob.glob(f"{raw}/parquet/exchange={exchange}/market={market}/symbol={symbol}/*/*.parquet"))
    return pl.concat([pl.read_parquet(f, hive_partitioning=False) for f in files])


def labels_of(rows):
    ts, available = rows["ts"].to_list(), rows["ts_available"].to_list()
    price, jump = rows["reference_price"].to_list(), rows["jump"].to_list()
    # A mid of two decimals of few digits is the decimal that its double is nearest to.
    price = [None if p is None else Fraction(repr(p)) for p in price]
    broken = [g or p for g, p in zip(rows["gap"].to_list(), rows["partial"].to_list())]
    n = len(ts)
    whole = lambda j: price[j] is not None and not broken[j]
    out = [[None] * 4 for _ in range(n)]
    ends = [[available[-1]] * 4 for _ in range(n)]
    points = lambda a, b: (a - b) / b * 10_000
    for i in range(n):
        ends[i][3] = available[i]
        if i and whole(i) and not jump[i] and price[i - 1] is not None:
            out[i][3] = float((price[i] > price[i - 1]) - (price[i] < price[i - 1]))
        entry = next((j for j in range(n) if ts[j] >= available[i] + latency), None)
        if entry is None:
            continue
        if not whole(entry):
            ends[i][:3] = [available[entry]] * 3
            continue
        for k in range(3):
            for j in range(entry + 1, n):
                if not whole(j) or jump[j]:
                    ends[i][k] = available[j]
                    break
                r = points(price[j], price[entry])
                value = None
                if k == 0 and j == entry + 3:
                    value = math.log(price[j] / price[entry])
                if k == 1 and j == entry + 5:
                    value = 1.0 if r > 1 else -1.0 if r < -1 else 0.0
                if k == 2:
                    value = 1.0 if r >= 5 else -1.0 if r <= -5 else None
                    if value is None and ts[j] - ts[entry] >= 1_000_000_000:
                        value = 0.0
                if value is not None:
                    out[i][k], ends[i][k] = value, available[j]
                    break
    return out, ends, broken, jump


tables = [rows_of(i) for i in instruments]
decisions = [t["ts_available"].to_numpy() + latency for t in tables]
first = min(int(d.min()) for d in decisions)
last = max(int(d.max()) for d in decisions)
bounds = [first + math.floor(t * (last - first)) for t in (t1, t2)]
parts = ["train", "validation", "test"]
begin, end = [first] + bounds, bounds + [None]

expected = {p: {k: [] for k in ("features", "mask", "row_ts", "labels", "label_mask", "label_end", "ts",
                                "ts_available", "instrument", "window_start", "owner")} for p in parts}
for number, table in enumerate(tables):
    values, ends, broken, jump = labels_of(table)
    part_of = np.searchsorted(np.array(bounds), decisions[number], side="right")
    run, previous = 0, None
    features = table.select(names).to_numpy()
    ts, available = table["ts"].to_list(), table["ts_available"].to_list()
    for i in range(len(table)):
        part = int(part_of[i])
        if part != previous or jump[i]:
            run = 0
        previous = part
        run = 0 if broken[i] else run + 1
        e = expected[parts[part]]
        e["row_ts"].append(ts[i])
        e["owner"].append(number)
        e["features"].append([v for v in features[i]])
        decision = available[i] + latency
        if run < window or (run - window) % stride:
            continue
        if all(v is None for v in values[i]):
            continue
        if end[part] is not None and max(ends[i]) >= end[part]:
            continue
        if part > 0 and decision < begin[part] + embargo:
            continue
        e["labels"].append([math.nan if v is None else v for v in values[i]])
        e["label_mask"].append([v is not None for v in values[i]])
        e["label_end"].append(ends[i])
        e["ts"].append(ts[i])
        e["ts_available"].append(available[i])
        e["instrument"].append(number)
        e["window_start"].append(len(e["row_ts"]) - window)

matrix = {p: np.array(expected[p]["features"], dtype=float).reshape(-1, len(names)) for p in parts}
owner = {p: np.array(expected[p].pop("owner"), dtype=int) for p in parts}


def scale(column):
    """(center, spread) of the values of a feature of an instrument in training."""
    if column.size == 0:
        return 0.0, 0.0
    settled = lambda spread: 0.0 if spread <= math.ldexp(np.abs(column).max(), -40) else spread
    if scaling == "z-score":
        mean, deviation = exact_scales.scale(column.tolist())
        return mean, settled(deviation)
    center = np.median(column)
    first, third = np.quantile(column, [0.25, 0.75])
    spreads = [1.4826 * np.median(np.abs(column - center)), 0.7413 * (third - first), exact_scales.scale(column.tolist())[1]]
    return center, next((s for s in map(settled, spreads) if s > 0), 0.0)


center, spread = (np.zeros((len(instruments), len(names))) for _ in range(2))
for number in range(len(instruments)):
    for f in range(len(names)):
        column = matrix["train"][owner["train"] == number, f]
        center[number, f], spread[number, f] = scale(column[~np.isnan(column)])
        if scaling != "none":
            stored = manifest["folds"][0]["statistics"][number]["features"][f]
            found, want = (stored["center"], stored["spread"]), (center[number, f], spread[number, f])
            # numpy interpolates quartiles in another order.
            same = found == want or stored["measure"] == "iqr" and np.allclose(found, want, rtol=1e-15, atol=0)
            assert same and stored["count"] == np.sum(~np.isnan(column)), (number, names[f], stored, want)

cells = 0
for part in parts:
    middle, width = center[owner[part]], spread[owner[part]]
    scaled = np.where(width == 0, 0.0, (matrix[part] - middle) / np.where(width == 0, 1, width))
    scaled = matrix[part] if scaling == "none" else scaled
    mask = ~np.isnan(matrix[part])
    expected[part]["features"] = np.where(mask, scaled, 0)
    expected[part]["mask"] = mask
    tensors = load_file(f"{path}/safetensors/{part}.safetensors")
    for name, want in expected[part].items():
        found = np.load(f"{path}/npy/{part}/{name}.npy", mmap_mode="r")
        assert found.offset % 64 == 0
        want = np.array(want).reshape(found.shape)
        assert np.array_equal(found, tensors[name], equal_nan=name == "labels"), (part, name, "safetensors")
        cells += found.size
        if name in ("features", "labels"):
            assert np.allclose(found, want, rtol=3e-7, atol=1e-9, equal_nan=True), (part, name, np.abs(found - want).max())
        else:
            assert np.array_equal(found, want), (part, name)
    frame = pl.read_parquet(f"{path}/parquet/**/*.parquet", hive_partitioning=True).filter(pl.col("split") == part)
    assert len(frame) == len(expected[part]["ts"]), part
    for k, label in enumerate(LABELS):
        found = frame.sort("symbol", "ts")[label].fill_null(0).sum()
        assert abs(found - np.nansum([v[k] for v in expected[part]["labels"]])) < 1e-3
for part, counts in zip(parts, manifest["folds"][0]["parts"]):
    assert counts["samples"] == len(expected[part]["ts"]), (part, counts)
    for k, label in enumerate(counts["labels"]):
        column = [v[k] for v, m in zip(expected[part]["labels"], expected[part]["label_mask"]) if m[k]]
        assert label["defined"] == len(column)
        assert (label["negative"], label["zero"], label["positive"]) == (
            sum(v < 0 for v in column), sum(v == 0 for v in column), sum(v > 0 for v in column))
print("same", cells)
