"""Whether the official Python library finds files sound: checksums, summary, statistics, indexes, slices.

  mcap_sound.py FILE…    one JSON object a line: what the library finds; fails at the first thing that is wrong
"""

import json
import random
import sys

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import Chunk, Message, MessageIndex
from mcap.stream_reader import StreamReader, get_chunk_data_stream


def key(channel, message):
    return (channel.topic, message.sequence, message.log_time, message.publish_time, message.data)


def check_statistics(summary, messages, metadata):
    found = summary.statistics
    times = [message[2] for message in messages] or [0]
    assert found.message_count == len(messages), (found.message_count, len(messages))
    assert (found.message_start_time, found.message_end_time) == (min(times), max(times))
    assert found.chunk_count == len(summary.chunk_indexes)
    assert found.channel_count == len(summary.channels) and found.schema_count == len(summary.schemas)
    assert found.metadata_count == len(metadata) == len(summary.metadata_indexes)
    assert found.attachment_count == len(summary.attachment_indexes)
    by_topic = {}
    for number, count in found.channel_message_counts.items():
        topic = summary.channels[number].topic
        by_topic[topic] = by_topic.get(topic, 0) + count
    for topic, count in by_topic.items():
        assert count == sum(message[0] == topic for message in messages), topic
    return by_topic


def check_slices(reader, messages, seed):
    """Topics and times by the index, beside the same choice from all messages."""
    rng = random.Random(seed)
    by_time = sorted(messages, key=lambda message: message[2])
    assert [key(c, m) for _, c, m in reader.iter_messages()] == by_time
    topics = sorted({message[0] for message in messages})
    for _ in range(12 if messages else 0):
        wanted = rng.sample(topics, rng.randint(1, len(topics)))
        low, high = sorted((rng.choice(by_time)[2], rng.choice(by_time)[2]))
        found = [key(c, m) for _, c, m in reader.iter_messages(topics=wanted, starting_at=low, ending_before=high)]
        assert found == [m for m in by_time if m[0] in wanted and low <= m[2] < high], (wanted, low, high)


def check_indexes(stream, summary):
    """Every message index names exactly the messages of its channel in its chunk."""
    for index in summary.chunk_indexes:
        stream.seek(index.chunk_start_offset)
        records = StreamReader(stream, skip_magic=True, emit_chunks=True).records
        chunk = next(records)
        assert isinstance(chunk, Chunk)
        data, _ = get_chunk_data_stream(chunk, validate_crc=True)
        places = {}
        while data.count < chunk.uncompressed_size:
            at = data.count
            opcode, length = data.read1(), data.read8()
            body = data.read(length)
            if opcode == 5:
                number = int.from_bytes(body[:2], "little")
                places.setdefault(number, []).append((int.from_bytes(body[6:14], "little"), at))
        assert sorted(index.message_index_offsets) == sorted(places), index
        for number, offset in index.message_index_offsets.items():
            stream.seek(offset)
            record = next(StreamReader(stream, skip_magic=True).records)
            assert isinstance(record, MessageIndex) and record.channel_id == number
            assert sorted(map(tuple, record.records)) == sorted(places[number])


def check(path):
    with open(path, "rb") as stream:
        plain = NonSeekingReader(stream, validate_crcs=True)
        messages = [key(c, m) for _, c, m in plain.iter_messages(log_time_order=False)]
    with open(path, "rb") as stream:
        raw = [r for r in StreamReader(stream, validate_crcs=True).records if isinstance(r, Message)]
        assert len(raw) == len(messages)
    with open(path, "rb") as stream:
        reader = SeekingReader(stream, validate_crcs=True)
        summary = reader.get_summary()
        assert [key(c, m) for _, c, m in reader.iter_messages(log_time_order=False)] == messages
        metadata = list(reader.iter_metadata())
        by_topic = check_statistics(summary, messages, metadata)
        check_slices(reader, messages, len(messages))
        check_indexes(stream, summary)
        profile = reader.get_header().profile
    print(json.dumps({
        "file": path, "profile": profile, "messages": len(messages), "topics": by_topic,
        "metadata": [record.name for record in metadata], "chunks": len(summary.chunk_indexes),
    }))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        check(name)
