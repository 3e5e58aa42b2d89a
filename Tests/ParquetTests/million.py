"""A million rows by a formula that MillionRowTests.swift has as well.

    million.py write FOLDER    arrow.parquet, duckdb.parquet and polars.parquet
    million.py check FILE      what pyarrow, DuckDB and polars read from a file
"""

import sys

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1_000_000


def mixed():
    """SplitMix64 of the row numbers."""
    value = (np.arange(ROWS, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def table():
    bits = mixed()
    kind = bits % np.uint64(23)
    real = (bits >> np.uint64(11)).astype(np.int64) / 8
    for place, special in enumerate((np.nan, -0.0, 0.0, np.inf, -np.inf)):
        real = np.where(kind == place, special, real)
    absent = bits % np.uint64(10) == 0
    few = (bits % np.uint64(1000)).astype(np.int64)
    return pa.table({
        "wild": bits.view(np.int64),
        "rising": np.arange(ROWS, dtype=np.int64) * 100_000_000 + few,
        "real": real,
        "few": pa.array((bits % np.uint64(100)).astype(np.int32), mask=absent),
        "flag": bits % np.uint64(2) == 0,
        "text": pa.array([f"t{value}" for value in few.tolist()]),
        "run": np.arange(ROWS, dtype=np.int64) // 1000,
    })


def same(name, found, expected):
    for column in expected.column_names:
        left, right = found[column].combine_chunks(), expected[column].combine_chunks()
        if column == "real":
            left, right = (pa.array(array.to_numpy(zero_copy_only=False).view(np.int64)) for array in (left, right))
        if left.cast(right.type) != right:
            sys.exit(f"{name}: {column} differs")


def write(folder):
    rows = table()
    pq.write_table(rows, f"{folder}/arrow.parquet", compression="zstd", data_page_version="2.0", row_group_size=300_000)
    connection = duckdb.connect()
    connection.register("source", rows)
    connection.execute(f"copy (select * from source) to '{folder}/duckdb.parquet' (format parquet, parquet_version V2)")
    polars.from_arrow(rows).write_parquet(f"{folder}/polars.parquet")


def check(path):
    expected = table()
    same("pyarrow", pq.read_table(path, page_checksum_verification=True), expected)
    same("polars", polars.read_parquet(path).to_arrow(), expected)
    same("DuckDB", duckdb.sql(f"select * from read_parquet('{path}')").to_arrow_table(), expected)
    print("same")


write(sys.argv[2]) if sys.argv[1] == "write" else check(sys.argv[2])
