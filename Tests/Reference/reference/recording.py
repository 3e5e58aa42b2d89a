"""JSON lines into frames in replay order, by the rules of import."""

import gzip
import io
import json
import subprocess
from dataclasses import dataclass, field

from . import numbers


@dataclass
class Source:
    """One recording: its lines, and what import was told of them."""

    name: str
    exchange: str
    markets: dict
    lines: list
    subscribed: list = field(default_factory=list)


@dataclass
class Frame:
    receipt: int
    source: str
    connection: str
    exchange: str
    market: str
    kind: str    # in, out, status
    text: str


def read_lines(path):
    path = str(path)
    if path.endswith(".zst"):
        data = subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    elif path.endswith(".gz"):
        with gzip.open(path, "rb") as stream:
            data = stream.read()
    else:
        with open(path, "rb") as stream:
            data = stream.read()
    return [json.loads(line) for line in io.BytesIO(data) if line.strip()]


def venue_time(exchange, value):
    """The time a venue stamped on a frame, `None` where it stamps none."""
    if not isinstance(value, dict):
        return None
    if exchange == "bybit":
        return numbers.from_millis(value.get("ts"))
    if exchange == "coinbase":
        return numbers.from_rfc3339(value.get("timestamp"))
    entries = value.get("data")
    entries = entries if isinstance(entries, list) else []
    stamps = [numbers.from_rfc3339(e.get("timestamp")) for e in entries if isinstance(e, dict)]
    return max((s for s in stamps if s is not None), default=None)


def _venue_time_of_text(exchange, text):
    try:
        return venue_time(exchange, numbers.parse_json(text))
    except (ValueError, RecursionError):
        return None


def frames_of(source):
    """Receipts filled in where they are missing, then a stable sort by them."""
    resolved, previous = [], None
    for line in source.lines:
        receipt = line.get("recv_ns")
        if receipt is None:
            venue = _venue_time_of_text(source.exchange, line["frame"]) if "frame" in line else None
            known = [t for t in (previous, venue) if t is not None]
            receipt = max(known) if known else None
        resolved.append(receipt)
        previous = receipt if receipt is not None else previous
    first = next((r for r in resolved if r is not None), None)
    frames = []
    for line, receipt in zip(source.lines, resolved):
        kind = "in" if "frame" in line else "out" if "out" in line else "status"
        text = line.get("frame", line.get("out", line.get("status")))
        market = source.markets[line["conn"]] if source.exchange == "bybit" else "spot"
        frames.append(Frame(receipt if receipt is not None else first, source.name, line["conn"],
                            source.exchange, market, kind, text))
    frames.sort(key=lambda f: f.receipt)
    return frames


def merged(sources):
    """All frames in the total order of a replay: receipt, then source (start, name), then place in it."""
    per_source = [frames_of(s) for s in sources if s.lines]
    per_source.sort(key=lambda frames: (frames[0].receipt, frames[0].source))
    everything = [f for frames in per_source for f in frames]
    everything.sort(key=lambda f: f.receipt)
    return everything
