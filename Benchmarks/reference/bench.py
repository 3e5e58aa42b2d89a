#!/usr/bin/env python3
"""Our decoders, books and synchronizer beside the references, turn by turn in one run; medians.

    scripts/bench                   all of it, a few minutes
    scripts/bench --only decode     one kind: decode, books, frames-to-books, clock, parquet
    scripts/bench --short           a second a kind: does it all still run?

Ours and simdjson run in one process (`Speed`), hftbacktest, orjson and cryptofeed in this one. Each turn takes
about --turn milliseconds of processor time; a round gives every side of a row its turn. Quoted are the medians of
all rounds, and how many times as long the reference takes. A reference that is not installed is left out, and said.
"""

import argparse
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ("decode", "books", "frames to books", "clock", "parquet")
TITLES = {
    "decode": "Decoding, ns a frame",
    "books": "Books, ns a level update",
    "frames to books": "Frames to books, ns a frame",
    "clock": "The synchronizer alone, ns an event",
}


class Tool:
    """The process that runs ours and simdjson on command."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.recordings = {name: (exchange, file) for name, exchange, file in self._lines()}
        self.works = [Ours(self, place, *line) for place, line in enumerate(self._lines())]

    def _lines(self):
        while line := self.process.stdout.readline().rstrip("\n"):
            yield line.split("\t")

    def seconds(self, place, passes):
        self.process.stdin.write(f"{place} {passes}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"Speed ended at order {place} {passes}; run it alone to see why")
        return float(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    def __init__(self, tool, place, kind, subject, side, unit, units, size):
        self.tool, self.place, self.kind, self.subject, self.side = tool, place, kind, subject, side
        self.unit, self.units, self.bytes = unit, int(units), int(size)

    def seconds(self, passes):
        return self.tool.seconds(self.place, passes)


def is_there(*modules):
    return all(importlib.util.find_spec(module) for module in modules)


def references(tool):
    """Workloads in this process, by (kind, subject): (side, units a pass, workload)."""
    import replay_orjson
    found, missing = {}, []
    frames = {name: [text for _, text in replay_orjson.read(path)] for name, (_, path) in tool.recordings.items()}
    if is_there("hftbacktest"):
        from book_speed import BookSpeed, reads
        for work in tool.works:
            name, _, symbol = work.subject.removesuffix(" updates").rpartition(" ")
            if work.kind == "books" and reads(frames[name]):
                other = BookSpeed(frames[name], symbol)
                found.setdefault(("books", work.subject), []).append(("hftbacktest", other.units, other))
    else:
        missing.append("hftbacktest")
    import books_in_python
    for name, (exchange, _) in tool.recordings.items():
        if not books_in_python.kind(frames[name]):
            continue
        rows = found.setdefault(("frames to books", name), [])
        rows.append(("orjson + SortedDict", len(frames[name]), books_in_python.Books(frames[name])))
        # Its symbols of inverse markets have other names.
        is_read = books_in_python.kind(frames[name]) in books_in_python.Cryptofeed.READ and "inverse" not in name
        if is_there("cryptofeed") and is_read:
            rows.append(("cryptofeed", len(frames[name]), books_in_python.Cryptofeed(exchange, frames[name])))
    if not is_there("cryptofeed"):
        missing.append("cryptofeed")
    return found, missing


def measured(sides, rounds, turn):
    """Median nanoseconds a unit of each side, all in turn."""
    passes = []
    for _, _, work in sides:
        work.seconds(1)
        passes.append(max(1, min(100_000, round(turn / max(work.seconds(1), 1e-6)))))
    times = [[] for _ in sides]
    for _ in range(rounds):
        for (_, units, work), count, results in zip(sides, passes, times):
            results.append(work.seconds(count) / count / units * 1e9)
    return [statistics.median(results) for results in times]


def table(kind, tool, others, options):
    """Prints one kind; returns its rows."""
    groups = {}
    for work in tool.works:
        if work.kind == kind:
            groups.setdefault(work.subject, []).append((work.side, work.units, work))
    for subject, sides in groups.items():
        sides.extend(others.get((kind, subject), []))
    names = list(dict.fromkeys(side for sides in groups.values() for side, _, _ in sides if side != "ours"))
    print(f"\n{TITLES[kind]}; load {os.getloadavg()[0]:.1f}\n")
    head = [kind, "bytes", "ours"] + [text for name in names for text in (name, "ratio")] + ["M/s"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    rows = []
    for subject, sides in groups.items():
        medians = dict(zip((side for side, _, _ in sides), measured(sides, options.rounds, options.turn / 1000)))
        work = next(work for side, _, work in sides if side == "ours")
        ours = medians["ours"]
        cells = [subject, str(work.bytes // work.units) if work.bytes else "", f"{ours:.1f}"]
        for name in names:
            cells += [f"{medians[name]:.1f}", f"{medians[name] / ours:.2f}"] if name in medians else ["", ""]
        print("| " + " | ".join(cells + [f"{1e3 / ours:.2f}"]) + " |", flush=True)
        rows.append({"kind": kind, "subject": subject, "unit": work.unit, "nanoseconds": medians})
    return rows


def machine():
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.processor())
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores of {model}, load {os.getloadavg()[0]:.1f}"


def parquet(options):
    tool = os.environ.get("PARQUET_SPEED")
    if not tool or not is_there("pyarrow"):
        return "pyarrow"
    print("\nParquet beside pyarrow\n", flush=True)
    size = ["--rows", "50000", "--rounds", "2"] if options.short else []
    subprocess.run([sys.executable, str(HERE.parent / "parquet_speed.py"), tool, *size], check=True)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="few and brief turns")
    parser.add_argument("--rounds", type=int, help="turns of each side (default 21, short 3)")
    parser.add_argument("--turn", type=float, help="milliseconds of a turn (default 20, short 1)")
    parser.add_argument("--only", choices=[kind.replace(" ", "-") for kind in KINDS], action="append")
    parser.add_argument("--json", metavar="FILE", help="the rows as JSON, too")
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.short else 21)
    options.turn = options.turn or (1 if options.short else 20)
    kinds = [kind for kind in KINDS if not options.only or kind.replace(" ", "-") in options.only]
    tool = Tool(os.environ["SPEED"])
    others, missing = references(tool)
    print(f"{machine()}; medians of {options.rounds} rounds; processor time; ratio = reference / ours")
    rows = [row for kind in kinds if kind in TITLES for row in table(kind, tool, others, options)]
    tool.close()
    if "parquet" in kinds and (lacking := parquet(options)):
        missing.append(lacking)
    if missing:
        print(f"\nnot installed, so not measured: {', '.join(missing)}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
