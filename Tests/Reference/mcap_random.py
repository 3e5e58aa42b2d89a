"""Random MCAP files by the official Python library, and readings of files by it.

  mcap_random.py write SEED FILE   writes a random file, prints what it holds
  mcap_random.py read FILE         prints what the library finds, CRCs checked, by file order and by log time
One line a record: kind and fields, separated by tabs; data as hexadecimal digits.
"""

import random
import sys

from mcap.reader import make_reader
from mcap.writer import CompressionType, IndexType, Writer


def message_line(topic, message):
    fields = (topic, message.sequence, message.log_time, message.publish_time, message.data.hex())
    return "\t".join(["message", *map(str, fields)])


def write(seed, path):
    rng = random.Random(seed)
    compression = rng.choice([CompressionType.NONE, CompressionType.LZ4, CompressionType.ZSTD])
    with open(path, "wb") as stream:
        writer = Writer(
            stream,
            chunk_size=rng.choice([1, 100, 5_000, 1 << 20]),
            compression=compression,
            index_types=rng.choice([IndexType.ALL, IndexType.NONE, IndexType.CHUNK, IndexType.MESSAGE]),
            repeat_channels=rng.random() < 0.8,
            repeat_schemas=rng.random() < 0.8,
            use_chunking=rng.random() < 0.8,
            use_statistics=rng.random() < 0.8,
            use_summary_offsets=rng.random() < 0.8,
            enable_crcs=rng.random() < 0.8,
            enable_data_crcs=rng.random() < 0.5,
        )
        writer.start(profile=rng.choice(["", "ros2", "atelier"]), library="random")
        channels = []
        for number in range(rng.randint(1, 5)):
            schema = 0
            if rng.random() < 0.5:
                schema = writer.register_schema(f"s{number}", "jsonschema", rng.randbytes(rng.randint(0, 30)))
            metadata = {f"k{n}": "é" * n for n in range(rng.randint(0, 3))}
            topic = f"/topic/{number}"
            channels.append((writer.register_channel(topic, "json", schema, metadata), topic))
        time = rng.randint(0, 1 << 62)
        for sequence in range(rng.randint(0, 400)):
            time = max(0, time + rng.choice([0, 0, 1, 5, 1000, -3]))
            channel, topic = rng.choice(channels)
            data = rng.randbytes(rng.choice([0, 1, 10, 300, 5_000])) if rng.random() < 0.3 else b'{"a":1}' * rng.randint(0, 40)
            publish = rng.randint(0, 1 << 63)
            writer.add_message(channel, time, data, publish, sequence & 0xFFFFFFFF)
            print("\t".join(["message", topic, str(sequence), str(time), str(publish), data.hex()]))
            if rng.random() < 0.01:
                content = rng.randbytes(rng.randint(0, 200))
                writer.add_attachment(time, time, f"a{sequence}", "text/plain", content)
                print(f"attachment\ta{sequence}\t{content.hex()}", file=sys.stderr)
        writer.finish()


def read(path):
    with open(path, "rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        for _, channel, message in reader.iter_messages(log_time_order=False):
            print(message_line(channel.topic, message))
        print("by time")
        for _, channel, message in reader.iter_messages(log_time_order=True):
            print(message_line(channel.topic, message))
        for attachment in reader.iter_attachments():
            print(f"attachment\t{attachment.name}\t{attachment.data.hex()}")
        summary = reader.get_summary()
        if summary and summary.statistics:
            print(f"statistics\t{summary.statistics.message_count}")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), sys.argv[3])
    else:
        read(sys.argv[2])
