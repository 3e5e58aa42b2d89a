"""Reads Parquet files with pyarrow, DuckDB and polars, demands the same values of all, prints them as JSON."""

import json
import math
import sys

import duckdb
import polars
import pyarrow.parquet as parquet


def plain(value):
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value


def columns(rows, names):
    return {name: [plain(value) for value in rows[name]] for name in names}


result = {}
for path in sys.argv[1:]:
    table = parquet.ParquetFile(path).read()
    names = table.column_names
    arrow = columns(table.to_pydict(), names)
    duck = duckdb.connect().execute("SELECT * FROM read_parquet(?, hive_partitioning=false)", [path])
    heads = [head[0] for head in duck.description]
    rows = duck.fetchall()
    assert heads == names, (path, heads, names)
    of_duck = columns({name: [row[place] for row in rows] for place, name in enumerate(names)}, names)
    assert of_duck == arrow, f"{path}: DuckDB differs"
    frame = polars.read_parquet(path, hive_partitioning=False)
    assert columns(frame.to_dict(as_series=False), names) == arrow, f"{path}: polars differs"
    result[path] = arrow
print(json.dumps(result))
