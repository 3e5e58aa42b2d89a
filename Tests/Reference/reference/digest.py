"""The two digests of a replay, over rows as the reference computed them."""

import hashlib
import struct

from .aggregate import SCALARS

STATES = {"awaiting": 0, "synced": 1, "gapped": 2}


def _integer(value):
    return b"\1" + struct.pack("<q", int(value))


def _double(value):
    return b"\0" if value is None else b"\1" + struct.pack("<d", value + 0.0)


def _row(row, with_available):
    parts = []
    for key in ("exchange", "market", "symbol"):
        text = row[key].encode()
        parts.append(struct.pack("<I", len(text)) + text)
    parts.append(_integer(row["ts"]))
    if with_available:
        parts.append(_integer(row["ts_available"]))
    parts += [_double(row[name]) for name in SCALARS]
    parts.append(_integer(STATES[row["book_state"]]))
    parts += [_integer(row[name]) for name in ("observed_trades", "observed_liquidations", "gap", "partial")]
    return b"".join(parts)


def digest(rows):
    return hashlib.sha256(b"".join(_row(r, True) for r in rows)).hexdigest()


def content_digest(rows):
    ordered = sorted(rows, key=lambda r: (r["ts"], r["exchange"].encode(), r["market"].encode(), r["symbol"].encode()))
    return hashlib.sha256(b"".join(_row(r, False) for r in ordered)).hexdigest()
