"""Parquet files of many writers and kinds, and what `atelier cat --json` makes of each, value by value.

    parquet_variants.py ATELIER FOLDER

pyarrow in all its versions, page versions, encodings and codecs, DuckDB, polars and, where it is installed,
fastparquet; also what must be refused, column by column.
Prints how many files agreed; the first that does not is named, and the exit code is 1.
"""

import base64
import datetime
import decimal
import json
import math
import pathlib
import subprocess
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
atelier, folder = sys.argv[1], pathlib.Path(sys.argv[2])
agreed = 0


# --- values ---

def expected(field, column):
    """The values as cat prints them."""
    kind = field.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_time32(kind) or pa.types.is_date32(kind):
        column, kind = column.cast(pa.int32()), pa.int32()
    elif pa.types.is_date64(kind):
        column, kind = column.cast(pa.date32()).cast(pa.int32()), pa.int32()
    elif pa.types.is_timestamp(kind) or pa.types.is_time64(kind) or pa.types.is_duration(kind):
        column, kind = column.cast(pa.int64()), pa.int64()
    return [plain(kind, value) for value in column.to_pylist()]


def plain(kind, value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if pa.types.is_decimal(kind):
        return format(value, "f") if value else "0" + ("." + "0" * kind.scale if kind.scale > 0 else "")
    if pa.types.is_floating(kind):
        if math.isnan(value):
            return "NaN"
        return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    return value


def same(left, right):
    if isinstance(left, float) and isinstance(right, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return left == right and type(left) is type(right)


def cat(path):
    run = subprocess.run([atelier, "cat", str(path), "--json"], capture_output=True)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def check(path, table):
    """Compares what cat prints of a file with a table."""
    global agreed
    code, output, errors = cat(path)
    if code != 0:
        sys.exit(f"{path.name}: exit code {code}: {errors}")
    rows = [json.loads(line) for line in output.split("\n") if line]
    if len(rows) != table.num_rows:
        sys.exit(f"{path.name}: {len(rows)} rows, expected {table.num_rows}")
    for field in table.schema:
        for row, value in enumerate(expected(field, table[field.name])):
            if not same(rows[row][field.name], value):
                sys.exit(f"{path.name}, row {row}, {field.name} ({field.type}): {rows[row][field.name]!r}, expected {value!r}")
    agreed += 1


def refuse(path, *words):
    global agreed
    code, _, errors = cat(path)
    if code not in (1, 3) or not all(word in errors for word in words):
        sys.exit(f"{path.name}: exit code {code}, expected a refusal with {words}: {errors!r}")
    agreed += 1


# --- tables ---

def nulls(values, every):
    return [None if every and row % every == 1 else value for row, value in enumerate(values)]


def tables(rows, every):
    """Columns of every type that Arrow and Parquet share, by a name."""
    numbers = range(rows)
    special = [0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1, -1.5]
    wave = [(row * 7919 + 13) % 1009 for row in numbers]
    exact = {
        "bool": (pa.bool_(), [value % 3 == 0 for value in wave]),
        "int8": (pa.int8(), [value % 256 - 128 for value in wave]),
        "uint8": (pa.uint8(), [value % 256 for value in wave]),
        "int16": (pa.int16(), [value * 64 - 32768 for value in wave]),
        "uint16": (pa.uint16(), [value * 64 for value in wave]),
        "int32": (pa.int32(), [(value - 500) * 4_200_000 for value in wave]),
        "uint32": (pa.uint32(), [value * 4_250_000 for value in wave]),
        "int64": (pa.int64(), [(value - 504) * 18_300_000_000_000_000 for value in wave]),
        "uint64": (pa.uint64(), [value * 18_200_000_000_000_000 for value in wave]),
        "float16": (pa.float16(), [float(value % 100) / 4 for value in wave]),
        "float32": (pa.float32(), [special[row % 5] if row % 7 == 0 else (value - 500) / 8 for row, value in enumerate(wave)]),
        "float64": (pa.float64(), [special[row % 9] if row % 7 == 0 else value / 7 for row, value in enumerate(wave)]),
        "string": (pa.string(), [["", "plain", "Zürich ✓", "\"\\\t\u0001", "prefix-%06d" % value][row % 5]
                                 for row, value in enumerate(wave)]),
        "large_string": (pa.large_string(), ["text %d" % (value % 9) for value in wave]),
        "string_view": (pa.string_view(), ["view of some length %d" % (value % 90) for value in wave]),
        "binary": (pa.binary(), [bytes([255, value % 256]) * (row % 4) for row, value in enumerate(wave)]),
        "large_binary": (pa.large_binary(), [b"bytes %d" % value for value in wave]),
        "fixed": (pa.binary(5), [b"%05d" % value for value in wave]),
        "date32": (pa.date32(), [datetime.date(1970, 1, 1) + datetime.timedelta(days=value * 30 - 5000) for value in wave]),
        "date64": (pa.date64(), [datetime.date(1970, 1, 1) + datetime.timedelta(days=value * 9) for value in wave]),
        "time32": (pa.time32("ms"), [value * 80_000 for value in wave]),
        "time_us": (pa.time64("us"), [value * 80_000_000 for value in wave]),
        "time_ns": (pa.time64("ns"), [value * 80_000_000_001 for value in wave]),
        "null": (pa.null(), [None] * rows),
        "dictionary": (pa.dictionary(pa.int8(), pa.string()), ["red green blue".split()[value % 3] for value in wave]),
    }
    for unit in ("ms", "us", "ns"):
        for zone in (None, "UTC", "Europe/Berlin"):
            kind = pa.timestamp(unit, zone)
            exact[f"ts_{unit}_{(zone or 'local')[:3]}"] = kind, [
                (value - 100) * 1_700_000 * UNITS[unit] + value for value in wave]
    for precision, scale in ((5, 2), (9, 0), (18, 4), (25, 3), (38, 10), (76, 20)):
        kind = pa.decimal128(precision, scale) if precision <= 38 else pa.decimal256(precision, scale)
        exact[f"decimal{precision}"] = kind, [
            decimal.Decimal((value - 500) * 10 ** (precision - 4)).scaleb(-scale, decimal.Context(prec=90)) for value in wave]
    for bits, (kind, digits) in {32: (pa.decimal32(7, 3), 7), 64: (pa.decimal64(15, 5), 15)}.items():
        exact[f"decimal_{bits}"] = kind, [
            decimal.Decimal((value - 500) * 10 ** (digits - 4)).scaleb(-kind.scale) for value in wave]
    result = {}
    for name, (kind, values) in exact.items():
        values = values if name == "null" else nulls(values, every)
        if name == "float16":
            import numpy
            values = [None if value is None else numpy.float16(value) for value in values]
        result[name] = pa.array(values, kind)
    return result


# --- writers ---

ENCODINGS = {
    "bool": ["PLAIN", "RLE"], "int": ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"],
    "float": ["PLAIN", "BYTE_STREAM_SPLIT"], "text": ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"],
    "fixed": ["PLAIN", "BYTE_STREAM_SPLIT", "DELTA_BYTE_ARRAY"],
}


def family(name):
    if name == "bool":
        return "bool"
    if name in ("float32", "float64"):
        return "float"
    if "string" in name or "binary" in name:
        return "text"
    if name in ("fixed", "float16"):
        return "fixed"
    return "int" if name.startswith(("int", "uint", "date", "time", "ts_")) else None


def arrow(rows, every):
    columns = tables(rows, every)
    table = pa.table(columns)
    number = 0
    for page in ("1.0", "2.0"):
        for version in ("1.0", "2.4", "2.6"):
            for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
                options = dict(
                    compression=codec, version=version, data_page_version=page, use_dictionary=number % 2 == 0,
                    row_group_size=[rows or 1, 7, 1000][number % 3], data_page_size=[2**20, 300][number % 2],
                    write_page_index=number % 2 == 1, write_page_checksum=number % 3 == 0,
                    write_statistics=number % 4 != 0, store_decimal_as_integer=number % 5 == 0,
                    dictionary_pagesize_limit=[2**20, 400][number % 2], store_schema=number % 2 == 0,
                    allow_truncated_timestamps=True)
                if version != "2.6":
                    options["coerce_timestamps"] = ["us", "ms"][number % 2]
                if number % 3 == 1:
                    options["bloom_filter_options"] = {name: {"ndv": 100, "fpp": 0.05} for name in ("int32", "string")}
                if number % 6 == 5:
                    options["use_deprecated_int96_timestamps"] = True
                    options["coerce_timestamps"] = None
                arrow_file(f"arrow-{rows}-{every}-{page}-{version}-{codec}", table, options)
                number += 1
        for place in range(3):
            encodings = {name: choices[place % len(choices)] for name in columns
                         if (choices := ENCODINGS.get(family(name)))}
            options = dict(use_dictionary=False, column_encoding=encodings, data_page_version=page,
                           row_group_size=rows // 2 + 1, data_page_size=[200, 2**20][place % 2],
                           compression=["zstd", "none", "snappy"][place], allow_truncated_timestamps=True)
            arrow_file(f"arrow-{rows}-{every}-{page}-encoding{place}", table, options)


def arrow_file(name, table, options):
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, **options)
    # What the file holds, which for old versions is not what was handed over; the Arrow schema is left aside.
    found = pq.ParquetFile(path).read()
    if options.get("use_deprecated_int96_timestamps"):
        for place, field in enumerate(found.schema):
            if pa.types.is_timestamp(field.type):
                found = found.set_column(place, field.name, table[field.name].cast(pa.timestamp("ns", field.type.tz)))
    else:
        found = storage(path, found)
    check(path, found)


def storage(path, table):
    """Times in the unit in which they are stored."""
    schema = pq.ParquetFile(path).schema
    for place, field in enumerate(table.schema):
        if not pa.types.is_timestamp(field.type):
            continue
        text = json.loads(schema.column(place).logical_type.to_json())
        unit = {"milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns"}[text["timeUnit"]]
        table = table.set_column(place, field.name, table[field.name].cast(pa.timestamp(unit, field.type.tz)))
    return table


def duck(rows):
    connection = duckdb.connect()
    connection.execute(f"""create table t as select i as big, i::int as int, i::smallint as small, i::utinyint as tiny,
        i::ubigint as ubig, case when i % 7 = 0 then null else i / 8 end as real, (i / 8)::float as single, i % 2 = 0 as flag,
        case when i % 5 = 0 then null else 'text ' || (i % 11) end as text, ('x' || i)::blob as blob,
        date '2020-01-01' + (i % 5000)::int as day, timestamp '2020-01-01' + interval (i) second as ts,
        (timestamp '2020-01-01' + interval (i) second)::timestamp_ns as ns, time '00:00:00' + interval (i % 80000) second as clock,
        (i % 9)::decimal(4, 1) as d4, (i * 3)::decimal(9, 2) as d9, i::decimal(18, 3) as d18, i::decimal(38, 5) as d38,
        -i * 1000003 as negative, 7 as constant, null::int as nothing
        from (select (range % 250) as i from range({rows}))""")
    for version in ("V1", "V2"):
        for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4_raw"):
            for size in (122880, 2048):
                path = folder / f"duckdb-{rows}-{version}-{codec}-{size}.parquet"
                connection.execute(f"copy t to '{path}' (format parquet, compression {codec}, parquet_version {version}, row_group_size {size})")
                table = connection.sql("select * from t").to_arrow_table()
                table = table.set_column(table.schema.get_field_index("ts"), "ts", table["ts"].cast(pa.timestamp("us")))
                check(path, table)


def polar(rows):
    frame = polars.from_arrow(pa.table({
        name: column for name, column in tables(rows, 5).items()
        if name in ("bool", "int8", "uint16", "int32", "int64", "uint64", "float32", "float64", "string", "binary", "date32",
                    "ts_ms_UTC", "ts_us_loc", "ts_ns_UTC", "decimal18", "decimal38", "time_ns")}))
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4"):
        for size in (None, 50):
            path = folder / f"polars-{rows}-{codec}-{size}.parquet"
            frame.write_parquet(path, compression=codec, row_group_size=size, data_page_size=[None, 300][size == 50])
            check(path, pq.ParquetFile(path).read())


def fast(rows):
    """fastparquet, where it is installed."""
    try:
        import fastparquet
        import numpy
        import pandas
    except ImportError:
        return
    numbers = numpy.arange(rows)
    frame = pandas.DataFrame({
        "int": numbers * 3 - 50, "small": numbers.astype("int16"), "real": numbers / 8, "flag": numbers % 3 == 0,
        "text": pandas.Series(["text %d" % (value % 13) for value in numbers], dtype=object),
        "when": pandas.Timestamp("2024-01-01") + pandas.to_timedelta(numbers, "s")})
    for codec in ("UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"):
        for times in ("int64", "int96"):
            path = folder / f"fastparquet-{rows}-{codec}-{times}.parquet"
            fastparquet.write(str(path), frame, compression=codec, times=times, row_group_offsets=max(rows // 2, 1))
            check(path, pq.ParquetFile(path).read())


def refusals():
    nested = pa.table({"plain": [1, 2], "list": [[1], [2, 3]], "struct": [{"a": 1}, {"a": 2}],
                       "map": pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int64()))})
    path = folder / "nested.parquet"
    pq.write_table(nested, path)
    refuse(path, "list", "struct", "map", "nested")
    code, output, _ = cat(path)
    if [json.loads(line) for line in output.split("\n") if line] != [{"plain": 1}, {"plain": 2}]:
        sys.exit(f"{path.name}: the flat column is missing: {output}")
    encrypted()


def encrypted():
    try:
        import pyarrow.parquet.encryption as pe
    except ImportError:
        return

    class Keys(pe.KmsClient):
        def __init__(self, _):
            super().__init__()

        def wrap_key(self, key, _):
            return base64.b64encode(key)

        def unwrap_key(self, key, _):
            return base64.b64decode(key)

    table = pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    for plain_footer in (False, True):
        factory = pe.CryptoFactory(lambda configuration: Keys(configuration))
        configuration = pe.EncryptionConfiguration(
            footer_key="key", column_keys={"other": ["b"]}, plaintext_footer=plain_footer)
        properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
        path = folder / f"encrypted-{plain_footer}.parquet"
        with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
            writer.write_table(table)
        refuse(path, "encrypt")
        rows = [json.loads(line) for line in cat(path)[1].split("\n") if line]
        if rows != ([{"a": 1}, {"a": 2}, {"a": 3}] if plain_footer else []):
            sys.exit(f"{path.name}: the column that is not encrypted: {rows}")


for rows, every in ((0, 0), (1, 0), (2, 2), (300, 4)):
    arrow(rows, every)
for rows in (0, 1, 3000):
    duck(rows)
    polar(min(rows, 400))
    fast(rows)
refusals()
print(f"agreed {agreed}")
