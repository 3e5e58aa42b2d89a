"""Writes a source as the recorder would have: an MCAP file with what was sent and what happened beside the frames.

Written with the Python library `mcap`, so that the reading side is checked with files that are not our own.
"""

import json

from mcap.writer import CompressionType, Writer

from reference import recording

PROTOCOLS = {"bybit": "bybit-v5", "coinbase": "coinbase-adv-v3", "kraken": "kraken-v2"}
COMPRESSIONS = (CompressionType.ZSTD, CompressionType.LZ4, CompressionType.NONE)


def is_recorded(source):
    """Whether the lines hold more than received frames."""
    return any("frame" not in line for line in source.lines)


def write(source, path, compression=CompressionType.ZSTD, chunk_size=64 * 1024):
    frames = recording.frames_of(source)
    slots = {name: f"c{place}" for place, name in enumerate(source.markets)}
    with open(path, "wb") as stream:
        writer = Writer(stream, chunk_size=chunk_size, compression=compression)
        writer.start(profile="atelier", library="recorded.py")
        channels, counters = {}, {}
        for frame in frames:
            topic = f"/{frame.exchange}/{frame.market}/{slots[frame.connection]}/{frame.kind}"
            if topic not in channels:
                metadata = {"exchange": frame.exchange, "market": frame.market,
                            "protocol": PROTOCOLS[frame.exchange]}
                if source.subscribed:
                    metadata["subscribed"] = ",".join(source.subscribed)
                channels[topic] = writer.register_channel(topic, "json", 0, metadata)
            counters[topic] = counters.get(topic, 0) + 1
            text = json.dumps(frame.text) if frame.kind == "status" else frame.text
            writer.add_message(channels[topic], frame.receipt, text.encode(), frame.receipt, counters[topic])
        writer.finish()
