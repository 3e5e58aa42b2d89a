"""Writes a source as the recorder would have: an MCAP file with what was sent and what happened beside the frames.

Written with the Python library `mcap`, so that the reading side is checked with files that are not our own.
"""

import json
import re

from mcap.stream_reader import StreamReader, breakup_chunk
from mcap.records import Chunk
from mcap.writer import CompressionType, Writer

from reference import recording
from reference.venues import VENUES

COMPRESSIONS = (CompressionType.ZSTD, CompressionType.LZ4, CompressionType.NONE)
CLOCK = "/session/clock"


def is_recorded(source):
    """Whether the lines hold more than received frames."""
    return any("frame" not in line for line in source.lines)


def write(source, path, compression=CompressionType.ZSTD, chunk_size=64 * 1024):
    with open(path, "wb") as stream:
        writer = Writer(stream, chunk_size=chunk_size, compression=compression)
        writer.start(profile="atelier", library="recorded.py")
        if source.start is not None:
            writer.add_metadata("session", {"start_ns": str(source.start)})
        channels = {}
        for frame in recording.frames_of(source):
            topic = (_topic(source, frame), frame.request)   # replies: a channel for each request
            if topic not in channels:
                metadata = _metadata(source, frame.connection)
                metadata |= {"request": frame.request} if frame.request else {}
                channels[topic] = writer.register_channel(topic[0], "json", 0, metadata)
            text = frame.text if isinstance(frame.text, str) else json.dumps(frame.text)
            writer.add_message(channels[topic], frame.receipt, text.encode(), frame.receipt, frame.sequence)
        writer.finish()


def _topic(source, frame):
    if frame.kind == "clock":
        return CLOCK
    name = frame.connection
    slot = name if re.fullmatch(r"c[0-9]+", name) else f"c{list(source.markets).index(name)}"
    return f"/{source.exchange_of(name)}/{source.market_of(name)}/{slot}/{frame.kind}"


def _metadata(source, connection):
    if connection is None:
        return {}
    exchange = source.exchange_of(connection)
    metadata = {"exchange": exchange, "market": source.market_of(connection), "protocol": VENUES[exchange].protocol}
    if source.subscribed:
        metadata["subscribed"] = ",".join(source.subscribed)
    if source.subscriptions.get(connection):
        metadata["subscriptions"] = " ".join(f"book,trades:{s}" for s in source.subscriptions[connection])
    return metadata


def chunks(path):
    """(offset, length, messages) of the chunks of a file, in its order."""
    found, offset = [], 8
    with open(path, "rb") as stream:
        data = stream.read()
    while offset + 9 <= len(data):
        length = int.from_bytes(data[offset + 1:offset + 9], "little")
        if data[offset] == 0x06:
            record = next(r for r in StreamReader(_Records(data[offset:offset + 9 + length]), True, True).records
                          if isinstance(r, Chunk))
            messages = sum(type(r).__name__ == "Message" for r in breakup_chunk(record))
            found.append((offset, 9 + length, messages))
        if data[offset] == 0x0F:
            break
        offset += 9 + length
    return found


class _Records:
    def __init__(self, data):
        self._data, self._at = data, 0

    def read(self, count=-1):
        end = len(self._data) if count < 0 else self._at + count
        part, self._at = self._data[self._at:end], min(end, len(self._data))
        return part


def spoil(path, chunk):
    """Makes a chunk unreadable: a byte of its records is another."""
    offset, length, _ = chunk
    with open(path, "r+b") as stream:
        stream.seek(offset + length - 5)
        byte = stream.read(1)[0]
        stream.seek(offset + length - 5)
        stream.write(bytes([byte ^ 0x5A]))


def tear(path, size):
    with open(path, "r+b") as stream:
        stream.truncate(size)
