"""All cases of the MCAP conformance suite, written without this project's writer or the mcap library.

  mcap_conformance.py write FOLDER   NAME/NAME-features.mcap and .json for every case, as the suite lays them out
  mcap_conformance.py prove FOLDER   compares with the suite's own files there (or their Git LFS pointers)

The suite writes six small contents with every sensible set of ten features. `prove` shows that what is written here is
what the suite has, byte for byte and record for record, so that `write` can stand for the cases that are not at hand.
"""

import hashlib
import itertools
import json
import pathlib
import struct
import sys
import zlib

MAGIC = b"\x89MCAP0\r\n"
FEATURES = ["ch", "mx", "st", "rsh", "rch", "ax", "mdx", "chx", "sum", "pad"]
PADDING = b"\x01\xff\xff"
SCHEMA = ("Schema", {"id": 1, "name": "Example", "encoding": "c", "data": b"\x04\x05\x06"})
CHANNEL = ("Channel", {"id": 1, "schema_id": 1, "topic": "example", "message_encoding": "a",
                       "metadata": {"foo": "bar"}})


def message(sequence, log_time, publish_time):
    return ("Message", {"channel_id": 1, "sequence": sequence, "log_time": log_time, "publish_time": publish_time,
                        "data": b"\x01\x02\x03"})


CONTENTS = {
    "NoData": [],
    "OneSchemalessMessage": [
        ("Channel", {"id": 1, "schema_id": 0, "topic": "example", "message_encoding": "text", "metadata": {}}),
        message(10, 2, 1),
    ],
    "OneMessage": [SCHEMA, CHANNEL, message(10, 2, 1)],
    "OneAttachment": [
        ("Attachment", {"log_time": 2, "create_time": 1, "name": "myFile", "media_type": "application/octet-stream",
                        "data": b"\x01\x02\x03"}),
    ],
    "OneMetadata": [("Metadata", {"name": "myMetadata", "metadata": {"foo": "bar"}})],
    "TenMessages": [SCHEMA, CHANNEL] + [
        message(sequence, time, time) for sequence, time in enumerate([0, 2, 1, 3, 3, 5, 4, 7, 8, 9])
    ],
}


def sized(value):
    return struct.pack("<I", len(value)) + value


def text(value):
    return sized(value.encode())


def pairs(values, key, value):
    return sized(b"".join(key(name) + value(found) for name, found in values.items()))


def number(form):
    return lambda value: struct.pack("<" + form, value)


# Field after field as the specification has them: opcode, then name and encoding of each field.
LAYOUT = {
    "Header": (1, [("profile", text), ("library", text)]),
    "Footer": (2, [("summary_start", "Q"), ("summary_offset_start", "Q"), ("summary_crc", "I")]),
    "Schema": (3, [("id", "H"), ("name", text), ("encoding", text), ("data", sized)]),
    "Channel": (4, [("id", "H"), ("schema_id", "H"), ("topic", text), ("message_encoding", text),
                    ("metadata", lambda map: pairs(map, text, text))]),
    "Message": (5, [("channel_id", "H"), ("sequence", "I"), ("log_time", "Q"), ("publish_time", "Q"),
                    ("data", bytes)]),
    "Chunk": (6, [("message_start_time", "Q"), ("message_end_time", "Q"), ("uncompressed_size", "Q"),
                  ("uncompressed_crc", "I"), ("compression", text),
                  ("records", lambda records: struct.pack("<Q", len(records)) + records)]),
    "MessageIndex": (7, [("channel_id", "H"), ("records", lambda list: sized(
        b"".join(struct.pack("<QQ", *entry) for entry in list)))]),
    "ChunkIndex": (8, [("message_start_time", "Q"), ("message_end_time", "Q"), ("chunk_start_offset", "Q"),
                       ("chunk_length", "Q"), ("message_index_offsets", lambda map: pairs(map, number("H"), number("Q"))),
                       ("message_index_length", "Q"), ("compression", text), ("compressed_size", "Q"),
                       ("uncompressed_size", "Q")]),
    "Attachment": (9, [("log_time", "Q"), ("create_time", "Q"), ("name", text), ("media_type", text),
                       ("data", lambda data: struct.pack("<Q", len(data)) + data)]),
    "AttachmentIndex": (10, [("offset", "Q"), ("length", "Q"), ("log_time", "Q"), ("create_time", "Q"),
                             ("data_size", "Q"), ("name", text), ("media_type", text)]),
    "Statistics": (11, [("message_count", "Q"), ("schema_count", "H"), ("channel_count", "I"),
                        ("attachment_count", "I"), ("metadata_count", "I"), ("chunk_count", "I"),
                        ("message_start_time", "Q"), ("message_end_time", "Q"),
                        ("channel_message_counts", lambda map: pairs(map, number("H"), number("Q")))]),
    "Metadata": (12, [("name", text), ("metadata", lambda map: pairs(map, text, text))]),
    "MetadataIndex": (13, [("offset", "Q"), ("length", "Q"), ("name", text)]),
    "SummaryOffset": (14, [("group_opcode", "B"), ("group_start", "Q"), ("group_length", "Q")]),
    "DataEnd": (15, [("data_section_crc", "I")]),
}
NEVER_PADDED = {"Footer", "Message", "Chunk", "DataEnd"}


def encode(kind, fields, padded=False):
    opcode, layout = LAYOUT[kind]
    content = b""
    for name, form in layout:
        content += form(fields[name]) if callable(form) else struct.pack("<" + form, fields[name])
    if kind == "Attachment":
        content += struct.pack("<I", zlib.crc32(content))
    if padded and kind not in NEVER_PADDED:
        content += PADDING
    return struct.pack("<BQ", opcode, len(content)) + content


class Case:
    """The bytes of one case, and its records in the order a reader meets them."""

    def __init__(self, records, features):
        self.features = features
        self.bytes = MAGIC
        self.records = []
        self.groups = []
        self.chunk_indexes, self.attachment_indexes, self.metadata_indexes = [], [], []
        self.add("Header", {"profile": "", "library": ""})
        self.write_data(records)
        self.add("DataEnd", {"data_section_crc": zlib.crc32(self.bytes)})
        self.write_summary(records)

    def add(self, kind, fields):
        encoded = encode(kind, fields, "pad" in self.features)
        place = {"offset": len(self.bytes), "length": len(encoded)}
        self.bytes += encoded
        if kind not in ("Chunk", "MessageIndex"):
            self.records.append((kind, fields))
        return place

    def write_data(self, records):
        held = []
        for kind, fields in records:
            if kind in ("Attachment", "Metadata"):
                place = self.add(kind, fields) | {"name": fields["name"]}
                if kind == "Metadata":
                    self.metadata_indexes.append(place)
                else:
                    shown = {name: fields[name] for name in ("log_time", "create_time", "media_type")}
                    self.attachment_indexes.append(place | shown | {"data_size": len(fields["data"])})
            elif "ch" in self.features:
                held.append((kind, fields))
            else:
                self.add(kind, fields)
        if "ch" in self.features:
            self.write_chunk(held)

    def write_chunk(self, held):
        inner, indexes = b"", {}
        for kind, fields in held:
            if kind == "Message":
                indexes.setdefault(fields["channel_id"], []).append((fields["log_time"], len(inner)))
            inner += encode(kind, fields)
        times = [fields["log_time"] for kind, fields in held if kind == "Message"] or [0]
        span = {"message_start_time": min(times), "message_end_time": max(times)}
        place = self.add("Chunk", span | {"uncompressed_size": len(inner), "uncompressed_crc": zlib.crc32(inner),
                                          "compression": "", "records": inner})
        self.records += held
        start, offsets = len(self.bytes), {}
        if "mx" in self.features:
            for channel, entries in indexes.items():
                offsets[channel] = len(self.bytes)
                self.add("MessageIndex", {"channel_id": channel, "records": entries})
        self.chunk_indexes.append(span | {
            "chunk_start_offset": place["offset"], "chunk_length": place["length"], "message_index_offsets": offsets,
            "message_index_length": len(self.bytes) - start, "compression": "", "compressed_size": len(inner),
            "uncompressed_size": len(inner),
        })

    def group(self, feature, kind, list):
        start = len(self.bytes)
        for fields in list if feature in self.features else []:
            self.add(kind, fields)
        if len(self.bytes) > start:
            self.groups.append({"group_opcode": LAYOUT[kind][0], "group_start": start,
                                "group_length": len(self.bytes) - start})

    def write_summary(self, records):
        start = len(self.bytes)
        self.group("rsh", "Schema", [fields for kind, fields in records if kind == "Schema"])
        self.group("rch", "Channel", [fields for kind, fields in records if kind == "Channel"])
        self.group("st", "Statistics", [self.statistics(records)])
        self.group("mdx", "MetadataIndex", self.metadata_indexes)
        self.group("ax", "AttachmentIndex", self.attachment_indexes)
        self.group("chx", "ChunkIndex", self.chunk_indexes)
        footer = {"summary_start": start if len(self.bytes) > start else 0, "summary_offset_start": 0, "summary_crc": 0}
        if "sum" in self.features:
            footer["summary_offset_start"] = len(self.bytes)
            for group in self.groups:
                self.add("SummaryOffset", group)
        covered = self.bytes[start:] + encode("Footer", footer)[:-4]
        footer["summary_crc"] = zlib.crc32(covered)
        self.add("Footer", footer)
        self.bytes += MAGIC

    def statistics(self, records):
        messages = [fields for kind, fields in records if kind == "Message"]
        times = [fields["log_time"] for fields in messages] or [0]
        counts = {}
        for fields in messages:
            counts[fields["channel_id"]] = counts.get(fields["channel_id"], 0) + 1
        count = {name: sum(kind == name for kind, _ in records) for name in LAYOUT}
        return {"message_count": len(messages), "schema_count": count["Schema"], "channel_count": count["Channel"],
                "attachment_count": count["Attachment"], "metadata_count": count["Metadata"],
                "chunk_count": int("ch" in self.features), "message_start_time": min(times),
                "message_end_time": max(times), "channel_message_counts": counts}

    def json(self):
        listed = [{"type": kind, "fields": [[name, shown(value)] for name, value in sorted(fields.items())]}
                  for kind, fields in self.records]
        ordered = [feature for feature in FEATURES if feature in self.features]
        return {"records": listed, "meta": {"variant": {"features": ordered}}}


def shown(value):
    if isinstance(value, bytes):
        return [str(byte) for byte in value]
    if isinstance(value, dict):
        return {str(key): shown(found) for key, found in value.items()}
    return str(value)


def is_sensible(features, kinds):
    """Whether the suite has a case of these features for a content of these kinds of record."""
    needed = {"ax": "Attachment", "mdx": "Metadata", "rsh": "Schema", "rch": "Channel"}
    if any(feature in features and kind not in kinds for feature, kind in needed.items()):
        return False
    if features & {"ch", "chx", "mx"} and not kinds & {"Message", "Channel", "Schema"}:
        return False
    if features & {"chx", "mx"} and "ch" not in features:
        return False
    return "sum" not in features or bool(features & {"chx", "rsh", "rch", "mdx", "ax", "st"})


def cases():
    for name, records in CONTENTS.items():
        kinds = {kind for kind, _ in records}
        for count in range(len(FEATURES) + 1):
            for chosen in itertools.combinations(FEATURES, count):
                if is_sensible(set(chosen), kinds):
                    yield name, "-".join([name, *sorted(chosen)]), Case(records, set(chosen))


def write(folder):
    for base, name, case in cases():
        place = pathlib.Path(folder) / base
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.mcap").write_bytes(case.bytes)
        (place / f"{name}.json").write_text(json.dumps(case.json()))


def prove(folder):
    root = pathlib.Path(folder)
    known = {f"{base}/{name}": case for base, name, case in cases()}
    files = sorted(root.glob("*/*.mcap"))
    for path in files:
        case = known[f"{path.parent.name}/{path.stem}"]
        found = path.read_bytes()
        if found.startswith(b"version https://git-lfs"):
            digest, size = (line.split()[1].split(b":")[-1].decode() for line in found.splitlines()[1:3])
        else:
            digest, size = hashlib.sha256(found).hexdigest(), str(len(found))
        assert (digest, size) == (hashlib.sha256(case.bytes).hexdigest(), str(len(case.bytes))), path
        assert json.loads(path.with_suffix(".json").read_text()) == case.json(), path
    print(f"{len(files)} files of the suite are the same here, of {len(known)} cases")


if __name__ == "__main__":
    {"write": write, "prove": prove}[sys.argv[1]](sys.argv[2])
