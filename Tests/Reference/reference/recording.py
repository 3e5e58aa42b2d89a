"""JSON lines into frames in replay order, by the rules of import."""

import gzip
import io
import json
import subprocess
from dataclasses import dataclass, field

from . import binance, bitfinex, bitmex, deribit, numbers, venues


@dataclass
class Source:
    """One file: its lines, and what import was told of them.

    A line is {"recv_ns", "conn", and "frame", "out", "status" or "clock"}; a line of the recorder has "sequence" too.
    {"lost": [connections of the file]} stands where a chunk of it cannot be read.
    """

    name: str
    exchange: str
    markets: dict
    lines: list
    subscribed: list = field(default_factory=list)
    session: str | None = None                        # files of one session have the same; else a session of its own
    start: int | None = None                          # of the session; else the time of the first line
    exchanges: dict = field(default_factory=dict)     # of connections whose exchange is another than the file's
    subscriptions: dict = field(default_factory=dict)  # the symbols that channels' metadata name, by connection
    sorted: bool = False                              # the lines lie as a recorder wrote them
    counters: dict = field(default_factory=dict)      # where those of a continued session stand, by (connection, kind)

    def exchange_of(self, connection):
        return self.exchanges.get(connection, self.exchange)

    def market_of(self, connection):
        market = venues.VENUES[self.exchange_of(connection)].market
        return self.markets.get(connection, "spot") if market == "given" else market

    @property
    def of_session(self):
        return self.session or self.name


KINDS_OF_LINE = {"frame": "in", "out": "out", "status": "status", "clock": "clock", "lost": "lost"}


@dataclass
class Frame:
    receipt: int
    source: Source
    connection: str
    kind: str    # in, out, status, clock; lost: no record, a hole behind the record before
    text: object
    sequence: int | None = None
    request: str | None = None   # the path that a reply answers


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
    if exchange == "bitfinex":
        return bitfinex.time_of(value)
    if not isinstance(value, dict):
        return None
    if exchange in ("bitmex", "deribit"):
        return (bitmex if exchange == "bitmex" else deribit).time_of(value)
    if exchange == "binance":
        return binance.time_of(binance.payload_of(value)[0])
    if exchange == "bybit":
        return numbers.from_millis(value.get("ts"))
    if exchange == "coinbase":
        return numbers.from_rfc3339(value.get("timestamp"))
    if exchange == "kraken-futures":
        entries = value.get("trades", []) if value.get("feed") == "trade_snapshot" else [value]
        stamps = [numbers.from_millis(e.get("timestamp", e.get("time"))) for e in entries if isinstance(e, dict)]
        return max((s for s in stamps if s is not None), default=None)
    entries = value.get("data")
    if exchange == "hyperliquid" and isinstance(entries, dict):
        return numbers.from_millis(entries.get("time"))
    entries = entries if isinstance(entries, list) else []
    if exchange in ("hyperliquid", "okx"):
        details = [d for e in entries if isinstance(e, dict) for d in e.get("details", [])]
        stamps = [numbers.from_millis(e.get("ts", e.get("time"))) for e in entries + details if isinstance(e, dict)]
        return max((s for s in stamps if s is not None), default=None)
    stamps = [numbers.from_rfc3339(e.get("timestamp")) for e in entries if isinstance(e, dict)]
    return max((s for s in stamps if s is not None), default=None)


def _venue_time_of_text(exchange, text):
    try:
        return venue_time(exchange, numbers.parse_json(text))
    except (ValueError, RecursionError):
        return None


def _receipts(source):
    """The receive times, filled in where they are missing; those of a recorder never step back."""
    resolved, previous = [], None
    for line in source.lines:
        receipt = line.get("recv_ns")
        if receipt is None and "frame" in line:
            venue = _venue_time_of_text(source.exchange_of(line["conn"]), line["frame"])
            known = [t for t in (previous, venue) if t is not None]
            receipt = max(known) if known else None
        if source.sorted and previous is not None and receipt is not None:
            receipt = max(previous, receipt)
        resolved.append(previous if "lost" in line else receipt)
        previous = receipt if receipt is not None else previous
    first = next((r for r in resolved if r is not None), None)
    return [first if r is None else r for r in resolved]


def frames_of(source):
    """The frames of a file in its order: an import is sorted by receipt, and counted from there."""
    frames, counters = [], dict(source.counters)
    for line, receipt in zip(source.lines, _receipts(source)):
        key = next(key for key in KINDS_OF_LINE if key in line)
        kind = "http" if "rest" in line else KINDS_OF_LINE[key]
        frames.append(Frame(receipt, source, line.get("conn"), kind, line[key], line.get("sequence"), line.get("rest")))
    if not source.sorted:
        frames.sort(key=lambda f: f.receipt)
    for frame in frames:
        if frame.sequence is None:
            key = (frame.connection, frame.kind) if frame.request is None else (frame.connection, "http", frame.request)
            frame.sequence = counters[key] = counters.get(key, 0) + 1
    return frames


def merged(sources):
    """All frames in the total order of a replay: receipt, then source (session's start, name), then place in it."""
    per_source = [frames_of(s) for s in sources if s.lines]
    per_source.sort(key=lambda frames: (_start(frames), frames[0].source.name))
    everything = [f for frames in per_source for f in frames]
    everything.sort(key=lambda f: f.receipt)
    return everything


def _start(frames):
    return frames[0].receipt if frames[0].source.start is None else frames[0].source.start
