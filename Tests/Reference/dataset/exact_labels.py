"""Computes the labels of a dataset again in fractions, from the prices of a replay's books, and compares every row.

Usage: exact_labels.py SET BOOKS

SET has one part and Parquet output. BOOKS is a folder of `orderbooks` files in wide layout, written by a replay of the same
recordings with the same clock. A price there is the double nearest to what the venue sent, so its shortest text is the
decimal sent. Written from docs/DATASETS.md. Prints how many labels of each kind agree.
"""

import glob
import json
import math
import sys
from bisect import bisect_left
from decimal import Decimal, localcontext
from fractions import Fraction

import polars as pl

path, books = sys.argv[1:3]
manifest = json.load(open(path + "/manifest.json"))
plan = manifest["plan"]
UNITS = [("ns", 1), ("us", 10**3), ("ms", 10**6), ("min", 60 * 10**9), ("s", 10**9), ("h", 3600 * 10**9),
         ("d", 86400 * 10**9)]


def nanoseconds(text):
    for unit, size in UNITS:
        if text.endswith(unit):
            return int(Fraction(text[: -len(unit)]) * size)
    return int(text)


def exact(value):
    return Fraction(repr(value))


def prices():
    """Reference prices by (exchange, market, symbol, ts)."""
    found = {}
    names = ["exchange", "market", "symbol", "ts", "bid_px_00", "ask_px_00", "bid_sz_00", "ask_sz_00"]
    for file in glob.glob(books + "/**/*.parquet", recursive=True):
        for row in pl.read_parquet(file, columns=names, hive_partitioning=False).iter_rows():
            if any(v is None for v in row):
                continue
            bid, ask, bought, sold = (exact(v) for v in row[4:])
            if plan["price"] == "mid":
                price = (bid + ask) / 2
            else:
                # Rounded to the nearest double first, then taken for what it is.
                price = Fraction(float((bid * sold + ask * bought) / (bought + sold)))
            found[row[:4]] = price
    return found


def sign(value):
    return (value > 0) - (value < 0)


def logarithm(ratio):
    with localcontext() as context:
        context.prec = 60
        return float((Decimal(ratio.numerator) / Decimal(ratio.denominator)).ln())


class Label:
    def __init__(self, definition):
        words = definition.split(":")
        self.kind = words[0]
        horizon = next((w for w in words[1:] if "=" not in w), None)
        self.rows = int(horizon) if horizon and horizon.isdigit() else None
        self.time = nanoseconds(horizon) if horizon and self.rows is None else None
        options = dict(w.split("=") for w in words[1:] if "=" in w)
        self.timeout = options.pop("timeout", "zero")
        self.bounds = {name: Fraction(value) / 10000 for name, value in options.items()}

    def is_exit(self, row, entry, ts):
        return row - entry >= self.rows if self.rows else ts[row] - ts[entry] >= self.time

    def value(self, change, at_exit):
        """The label, or None while the path goes on."""
        if self.kind == "triple-barrier":
            if change >= self.bounds["up"]:
                return 1
            if change <= -self.bounds["down"]:
                return -1
            return (sign(change) if self.timeout == "sign" else 0) if at_exit else None
        if not at_exit:
            return None
        if self.kind == "direction":
            band = self.bounds.get("band", 0)
            return 1 if change > band else -1 if change < -band else 0
        return float(change) if self.kind == "simple-return" else logarithm(1 + change)


def compute(label, rows, decided):
    """(value, end) of the row `decided`."""
    ts, available, price, broken, jump = rows
    last = len(ts) - 1
    if label.kind == "return-sign":
        known = decided and price[decided] is not None and price[decided - 1] is not None
        whole = known and not broken[decided] and not jump[decided]
        return (sign(price[decided] - price[decided - 1]) if whole else None), available[decided]
    if plan["entry"] == "row":
        entry = decided
    else:
        entry = bisect_left(ts, available[decided] + nanoseconds(plan["latency"]))
    if entry > last:
        return None, available[last]
    if price[entry] is None or broken[entry]:
        return None, available[entry]
    for row in range(entry + 1, last + 1):
        if price[row] is None or broken[row] or jump[row]:
            return None, available[row]
        change = (price[row] - price[entry]) / price[entry]
        value = label.value(change, label.is_exit(row, entry, ts))
        if value is not None:
            return value, available[row]
    return None, available[last]


known = prices()
agreed = {}
for instrument in manifest["instruments"]:
    exchange, market, symbol = instrument["instrument"].split("/", 2)
    files = sorted(glob.glob(f"{path}/parquet/exchange={exchange}/market={market}/symbol=*/*/*.parquet"))
    table = pl.concat(
        [pl.read_parquet(f, hive_partitioning=True) for f in files], how="vertical_relaxed"
    ).filter(pl.col("symbol") == symbol)
    ts = table["ts"].to_list()
    has_price = table["reference_price"].is_not_null().to_list()
    price = [known[(exchange, market, symbol, t)] if p else None for t, p in zip(ts, has_price)]
    for found, want in zip(table["reference_price"].to_list(), price):
        assert found is None or abs(found - want) <= abs(want) * Fraction(1, 2**51), (found, want)
    broken = [g or p for g, p in zip(table["gap"].to_list(), table["partial"].to_list())]
    rows = ts, table["ts_available"].to_list(), price, broken, table["jump"].to_list()
    for label in manifest["labels"]:
        definition, name = label["definition"], label["name"]
        for row, (found, end) in enumerate(zip(table[name].to_list(), table[name + "_end"].to_list())):
            want, want_end = compute(Label(definition), rows, row)
            # Labels may be stored as float32.
            if want is not None and found is not None and plan["dtype"] == "float32":
                same = math.isclose(found, want, rel_tol=1e-7)
            else:
                same = found == want
            assert same and end == want_end, (instrument["instrument"], definition, row, found, want, end, want_end)
            agreed[definition] = agreed.get(definition, 0) + (want is not None)
print("same", json.dumps(agreed))
