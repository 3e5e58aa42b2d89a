#!/usr/bin/env python3
"""hftbacktest's own converter of Binance futures beside `atelier cat --events`: the same depth rows and trades.

    Tests/Reference/compare_converter.py ATELIER RECORDING.jsonl.zst

By hand, where hftbacktest is installed: it needs another numpy than the tests. Compared are the kind, side, venue's
time, price and size of every row; its converter moves receive times so that none is before the venue's. Exit code 1
if a row differs.
"""

import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

from hftbacktest import BUY_EVENT, DEPTH_EVENT, EXCH_EVENT
from hftbacktest.data.utils import binancefutures

from reference import recording

KINDS = {"trade": "trade", "book_delta": "depth"}


def theirs(frames, path):
    with gzip.open(path, "wt") as file:
        for time, text in frames:
            if '"stream":' in text:
                file.write(f"{time} {text}\n")
    for row in binancefutures.convert(str(path), buffer_size=2_000_000):
        # A row out of order is there twice, for the venue's time and for ours.
        if not int(row["ev"]) & EXCH_EVENT:
            continue
        kind = "depth" if int(row["ev"]) & 0xFF == DEPTH_EVENT else "trade"
        side = "buy" if int(row["ev"]) & BUY_EVENT else "sell"
        yield kind, side, int(row["exch_ts"]), float(row["px"]), float(row["qty"])


def ours(atelier, path, folder):
    log = folder / "converted.mcap"
    subprocess.run([atelier, "import", path, "--exchange", "binance", "--market", "linear", "--out", log], check=True)
    text = subprocess.run([atelier, "cat", log, "--events", "--json"], check=True, stdout=subprocess.PIPE).stdout
    for event in map(json.loads, text.splitlines()):
        kind = KINDS.get(event["type"])
        if kind == "trade" and not event.get("excluded"):
            yield kind, event["side"], int(event["ts_event_ns"]), float(event["price"]), float(event["size"])
        elif kind == "depth":
            for side, levels in (("buy", event["bids"]), ("sell", event["asks"])):
                for price, size in levels:
                    yield kind, side, int(event["ts_event_ns"]), float(price), float(size)


def main(atelier, path):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = recording.read_lines(pathlib.Path(path))
        frames = [(line["recv_ns"], line["frame"]) for line in lines if isinstance(line.get("frame"), str)]
        expected = collections.Counter(theirs(frames, folder / "frames.gz"))
        found = collections.Counter(ours(atelier, path, folder))
    for row in list((expected - found).keys())[:5]:
        print(f"missing: {row}")
    for row in list((found - expected).keys())[:5]:
        print(f"too many: {row}")
    print(collections.Counter(row[0] for row in expected.elements()), "equal" if expected == found else "differ")
    return expected != found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
