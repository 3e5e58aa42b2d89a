"""Parquet beside pyarrow, one thread each unless told, turn by turn in one run; medians.

    parquet_speed.py <ParquetSpeed binary> [--rows 2000000] [--rounds 9] [--threads 2] [--aggregates FILE.parquet]

The data is 15 doubles and 1 int64 a row: of a file of aggregates (`atelier replay --out`), its first 20,000 rows with
their nulls, repeated with noise; without a file made here in the shape of aggregates (prices on a tick grid, spreads of
few values, ratios, volumes). The last column is our best wall clock on
one thread over that on --threads.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def aggregates(rows):
    rng = np.random.default_rng(7)
    base = 20_000
    mid = np.round(145.0 + np.cumsum(rng.normal(0, 0.01, base)), 2)
    counts = rng.poisson(3, base).astype(float)
    sizes = np.round(rng.lognormal(1, 1.5, base), 3)
    columns = [
        np.round(rng.choice([0.01, 0.01, 0.01, 0.02, 0.03], base), 2), rng.uniform(-1, 1, base), mid,
        np.round(mid + rng.normal(0, 0.003, base), 5), sizes * counts, counts, counts * rng.uniform(0, 1, base),
        np.round(mid * sizes, 4), np.where(counts > 2, rng.uniform(-1, 1, base), 0.0), np.zeros(base),
        np.zeros(base), np.where(rng.uniform(size=base) < 0.01, sizes, 0.0), np.full(base, 0.0001),
        np.round(1e7 + np.cumsum(rng.normal(0, 10, base)), 1), rng.normal(0, 5, base),
    ]
    repeats = -(-rows // base)
    out = [1_700_000_000_000_000_000 + np.arange(rows, dtype=np.int64) * 100_000_000]
    for index, column in enumerate(columns):
        column = np.tile(column, repeats)[:rows]
        if index in (1, 3, 4, 6, 7, 14):
            column = column * (1 + rng.normal(0, 1e-4, rows))
        elif index in (2, 13):
            column = np.round(column + rng.integers(-50, 50, rows) * 0.01, 2)
        out.append(column)
    return out


def replayed(path, rows):
    """The rows of a file of aggregates again and again: prices move by ticks, what is continuous by 0.01 %."""
    rng = np.random.default_rng(7)
    table = pq.read_table(path).slice(0, 20_000)
    names = [field.name for field in table.schema if field.type == pa.float64()][:15]
    repeats = -(-rows // table.num_rows)
    out = [int(table["ts"][0].as_py()) + np.arange(rows, dtype=np.int64) * 100_000_000]
    for name in names:
        column = np.tile(table[name].to_numpy(zero_copy_only=False).astype(float), repeats)[:rows]
        if name in ("ob_mid_price", "trade_vwap"):
            column = np.round(column + rng.integers(-50, 50, rows) * 0.005, 3)
        elif name in ("ob_imbalance", "trade_volume", "oi_contracts", "oi_value", "fr_next_settlement_delta"):
            column = column * (1 + rng.normal(0, 1e-4, rows))
        out.append(column)
    return out


def arrow_write(table, layout, path):
    common = dict(row_group_size=1 << 20, store_schema=False)
    doubles = [name for name in table.column_names if name != "ts"]
    if layout == "plain":
        pq.write_table(table, path, compression="none", use_dictionary=False, **common)
    elif layout in ("snappy", "zstd"):
        encodings = {name: "BYTE_STREAM_SPLIT" for name in doubles} | {"ts": "DELTA_BINARY_PACKED"}
        pq.write_table(table, path, compression=layout, use_dictionary=False, column_encoding=encodings,
                       compression_level=1 if layout == "zstd" else None, **common)
    else:
        pq.write_table(table, path, **common)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layouts", default="plain,snappy,zstd,dictionary")
    parser.add_argument("--aggregates")
    arguments = parser.parse_args()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        if arguments.aggregates:
            columns = replayed(arguments.aggregates, arguments.rows)
        else:
            columns = aggregates(arguments.rows)
        rows = len(columns[0])
        # NaN stands for null, here and in the file of numbers.
        table = pa.table({"ts" if i == 0 else f"x{i}": pa.array(column, from_pandas=True) for i, column in enumerate(columns)})
        numbers = os.path.join(folder, "numbers.bin")
        with open(numbers, "wb") as file:
            for column in columns:
                file.write(np.ascontiguousarray(column).tobytes())
        # Keep freed memory, as pyarrow's own allocator does: page faults would hide what is measured.
        keep = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "4294967296"}
        tool = subprocess.Popen([arguments.binary, numbers, str(rows)], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | keep)

        def order(line):
            tool.stdin.write(line + "\n")
            tool.stdin.flush()
            return tuple(float(word) for word in tool.stdout.readline().split())

        def timed(work):
            start, processor = time.perf_counter(), time.process_time()
            work()
            return time.perf_counter() - start, time.process_time() - processor

        print(f"{rows} rows, load {os.getloadavg()[0]:.2f}, pyarrow {pa.__version__}; seconds: wall, processor")
        head = "".join(f"{name:>9}{name[0] + ' cpu':>9}" for name in ("write", "arrow", "read", "hold", "arrow"))
        print(f"{'layout':<11}{head}  ratios wall/cpu: write, read, hold; size; threads")
        for layout in arguments.layouts.split(","):
            ours, theirs = os.path.join(folder, "ours.parquet"), os.path.join(folder, "theirs.parquet")
            times = {key: [] for key in ("write", "arrow write", "read", "hold", "arrow read", "threads")}
            for _ in range(arguments.rounds):
                # New files: replacing one keeps its memory until the end, truncating it gives it back at once.
                for path in (ours, ours + ".2", theirs):
                    pathlib.Path(path).unlink(missing_ok=True)
                times["write"].append(order(f"write {layout} {ours} 1"))
                times["threads"].append(order(f"write {layout} {ours}.2 {arguments.threads}"))
                times["arrow write"].append(timed(lambda: arrow_write(table, layout, theirs)))
                times["read"].append(order(f"read {theirs}"))
                times["hold"].append(order(f"hold {theirs}"))
                times["arrow read"].append(timed(lambda: pq.read_table(theirs, use_threads=False)))
            assert pq.read_table(ours).equals(table), layout
            # What other processes take hits two threads twice: the best round of each.
            threads = min(wall for wall, _ in times["write"]) / min(wall for wall, _ in times.pop("threads"))
            middle = {key: [statistics.median(column) for column in zip(*values)] for key, values in times.items()}
            with open(ours, "rb") as one, open(ours + ".2", "rb") as other:
                assert one.read() == other.read(), f"{layout}: the bytes depend on the threads"
            cells = "".join(f"{wall:9.3f}{processor:9.3f}" for wall, processor in middle.values())
            pairs = [("arrow write", "write"), ("arrow read", "read"), ("arrow read", "hold")]
            ratios = [f"{middle[a][0] / middle[b][0]:.2f}/{middle[a][1] / middle[b][1]:.2f}" for a, b in pairs]
            size = os.path.getsize(ours) / os.path.getsize(theirs)
            print(f"{layout:<11}{cells}  {'  '.join(ratios)}  {size:.3f}  {threads:.2f}", flush=True)
        tool.stdin.close()
        tool.wait()


if __name__ == "__main__":
    main()
