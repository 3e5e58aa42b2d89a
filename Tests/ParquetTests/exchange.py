"""Random Parquet files, both ways.

    exchange.py write SEED COUNT FOLDER   files by pyarrow, DuckDB and polars, each with a .txt of its values
    exchange.py check FOLDER              every file as pyarrow, DuckDB and polars read it against its .txt
"""

import decimal
import math
import pathlib
import random
import struct
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

import dump

SPECIAL = [0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, -1.7976931348623157e308]


def number(rng, pattern, row, floating):
    if pattern == "constant":
        value = 7
    elif pattern == "few":
        value = rng.randrange(5) - 2
    elif pattern == "runs":
        value = row // 50
    elif pattern == "rising":
        value = row * 3 + rng.randrange(3)
    else:
        value = rng.randrange(-(2**31), 2**31) if rng.random() < 0.9 else rng.choice([2**31 - 1, -(2**31), 0])
    if not floating:
        return value
    if pattern == "wild":
        return rng.choice(SPECIAL) if rng.random() < 0.2 else rng.uniform(-1e9, 1e9)
    return value / 8


def text(rng, pattern, row):
    if pattern in ("constant", "few"):
        return ["", "a", "bb", "Zürich ✓", "x" * 40][rng.randrange(1 if pattern == "constant" else 5)]
    if pattern == "rising":
        return f"prefix-{row:06d}"
    return "".join(chr(rng.choice([rng.randrange(32, 127), rng.randrange(0xA0, 0xD000)])) for _ in range(rng.randrange(20)))


def column(rng, rows):
    kind = rng.choice(["bool", "i8", "u16", "i32", "u32", "i64", "u64", "f16", "f32", "f64", "str", "bin", "fix",
                       "ts", "date", "dec9", "dec18", "dec38"])
    pattern = rng.choice(["constant", "few", "runs", "rising", "wild"])
    nulls = rng.choice([0, 0, 0.01, 0.5, 1])
    values = []
    for row in range(rows):
        if rng.random() < nulls:
            values.append(None)
            continue
        n = number(rng, pattern, row, kind in ("f16", "f32", "f64"))
        if kind == "bool":
            n = n % 2 == 0
        elif kind == "i8":
            n = n % 256 - 128
        elif kind == "u16":
            n %= 2**16
        elif kind == "u32":
            n %= 2**32
        elif kind in ("i64", "ts"):
            n *= 2**20
        elif kind == "u64":
            n %= 2**64
        elif kind == "f16":
            n = n if n != n or abs(n) == math.inf else struct.unpack("<e", struct.pack("<e", max(-6e4, min(6e4, n))))[0]
        elif kind == "f32":
            n = n if n != n or abs(n) > 3e38 else struct.unpack("<f", struct.pack("<f", n))[0]
            n = n if n != n or abs(n) < 3e38 else math.copysign(math.inf, n)
        elif kind in ("str", "bin"):
            n = text(rng, pattern, row) if kind == "str" else text(rng, pattern, row).encode()[::-1]
        elif kind == "fix":
            n = (n % 2**56).to_bytes(7, "big")
        elif kind == "date":
            n %= 30000
        elif kind == "dec9":
            n = decimal.Decimal(n % 10**9 - 5 * 10**8).scaleb(-2)
        elif kind == "dec18":
            n = decimal.Decimal(n * 10**6).scaleb(-4)
        elif kind == "dec38":
            n = decimal.Decimal(n).scaleb(20).scaleb(-10)
        values.append(n)
    kinds = {"bool": pa.bool_(), "i8": pa.int8(), "u16": pa.uint16(), "i32": pa.int32(), "u32": pa.uint32(),
             "i64": pa.int64(), "u64": pa.uint64(), "f16": pa.float16(), "f32": pa.float32(), "f64": pa.float64(),
             "str": pa.string(), "bin": pa.binary(), "fix": pa.binary(7),
             "ts": pa.timestamp(rng.choice(["ms", "us", "ns"]), rng.choice(["UTC", None])), "date": pa.date32(),
             "dec9": pa.decimal128(9, 2), "dec18": pa.decimal128(18, 4), "dec38": pa.decimal128(38, 10)}
    if kind == "ts":
        values = [None if v is None else v % 10**15 for v in values]
    return kind, pa.array(values, kinds[kind])


def arrow_options(rng, kinds):
    options = dict(
        compression=rng.choice(["none", "snappy", "gzip", "zstd", "lz4"]),
        data_page_version=rng.choice(["1.0", "2.0"]),
        data_page_size=rng.choice([100, 5000, 2**20]),
        row_group_size=rng.choice([10, 700, 10**6]),
        write_statistics=rng.random() < 0.5,
        write_page_index=rng.random() < 0.5,
        write_page_checksum=rng.random() < 0.5,
        store_decimal_as_integer=rng.random() < 0.5,
        dictionary_pagesize_limit=rng.choice([200, 2**20]),
    )
    if rng.random() < 0.5:
        options["use_dictionary"] = True
    else:
        choices = {"bool": ["PLAIN", "RLE"], "str": ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"],
                   "bin": ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"],
                   "fix": ["PLAIN", "BYTE_STREAM_SPLIT", "DELTA_BYTE_ARRAY"], "f16": ["PLAIN", "BYTE_STREAM_SPLIT"],
                   "f32": ["PLAIN", "BYTE_STREAM_SPLIT"], "f64": ["PLAIN", "BYTE_STREAM_SPLIT"]}
        whole = ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]
        options["use_dictionary"] = False
        options["column_encoding"] = {
            f"c{i}": rng.choice(choices.get(kind, ["PLAIN"] if kind.startswith("dec") else whole))
            for i, kind in enumerate(kinds)
        }
    return options


def write(seed, count, folder):
    for index in range(count):
        rng = random.Random(seed * 1000 + index)
        rows = rng.choice([0, 1, 2, 100, 1000, 5000])
        pairs = [column(rng, rows) for _ in range(rng.randrange(1, 7))]
        table = pa.table({f"c{i}": array for i, (_, array) in enumerate(pairs)})
        writer = rng.choice(["arrow", "arrow", "polars", "duckdb"])
        path = folder / f"{index:03d}-{writer}.parquet"
        if writer == "arrow":
            pq.write_table(table, path, **arrow_options(rng, [kind for kind, _ in pairs]))
        elif writer == "polars":
            keep = [i for i, (kind, _) in enumerate(pairs) if kind not in ("f16", "fix")]
            table = table.select(keep or []) if keep else pa.table({"c0": pa.array([1, 2])})
            polars.from_arrow(table).write_parquet(
                path, compression=rng.choice(["uncompressed", "snappy", "gzip", "zstd", "lz4"]),
                row_group_size=rng.choice([None, 300]), data_page_size=rng.choice([None, 500]))
            table = pq.read_table(path)
        else:
            keep = [i for i, (kind, _) in enumerate(pairs) if kind not in ("f16", "ts")]
            table = table.select(keep) if keep else pa.table({"c0": pa.array([1, 2])})
            codec = rng.choice(["uncompressed", "snappy", "gzip", "zstd", "lz4_raw"])
            version = rng.choice(["V1", "V2"])
            connection = duckdb.connect()
            connection.register("source", table)
            connection.execute(
                f"copy (select * from source) to '{path}' (format parquet, compression {codec}, parquet_version {version})")
            # Some of these pyarrow does not read: delta pages that hold nulls only.
            table = connection.execute("select * from read_parquet(?)", [str(path)]).to_arrow_table()
        path.with_suffix(".txt").write_text(dump.table_text(table))


def nanoseconds(table):
    for i, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(i, field.name, table[i].cast(pa.timestamp("ns")))
    return table


def compare(path, reader, table, expected):
    found = dump.table_text(nanoseconds(table))
    if found != expected:
        pairs = zip(found.split("\n"), expected.split("\n"))
        first = next(((i, a, b) for i, (a, b) in enumerate(pairs) if a != b), ("length", len(found), len(expected)))
        sys.exit(f"{path.name}: {reader} differs at line {first[0]}: found {first[1]}, expected {first[2]}")


def check(folder):
    connection = duckdb.connect()
    count = 0
    for path in sorted(folder.glob("*.parquet")):
        expected = path.with_suffix(".txt").read_text()
        compare(path, "pyarrow", pq.read_table(path, page_checksum_verification=True), expected)
        compare(path, "polars", polars.read_parquet(path).to_arrow(), expected)
        table = connection.execute("select * from read_parquet(?)", [str(path)]).to_arrow_table()
        compare(path, "duckdb", table, expected)
        count += 1
    print(f"same {count}")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4]))
    else:
        check(pathlib.Path(sys.argv[2]))
