#!/usr/bin/env python3
"""Compares every cell of every row, and the summary, of `atelier replay` with the reference.

    scripts/compare-rows --sessions 100                    # made-up sessions with every fault
    scripts/compare-rows --recordings ../shared/recordings # the real ones
    scripts/compare-rows --lines F.jsonl --exchange kraken --clock external --period-ms 100

Each difference is printed with the command line that shows it again; exit code 1 if there is one.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import pathlib
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recorded  # noqa: E402
from atelier import Atelier, CommandFailed, binary  # noqa: E402
from real_files import real  # noqa: E402
from reference import aggregate, digest, recording, summary  # noqa: E402
from reference.session import Session  # noqa: E402
from reference.synchronizer import CLOCKS, Config, Synchronizer  # noqa: E402
from reference.venues import VENUES  # noqa: E402
from sessions import catalog  # noqa: E402
from sessions.market import Rng  # noqa: E402

MILLI = 1_000_000
EXACT = ("ts_available", "partial", "book_state", "book_age_ns", "funding_age_ns", "interest_age_ns",
         "observed_trades", "observed_liquidations", "gap")
HOLES = ("session", "dropped")
BOOK_TEXTS = ("best_bid", "best_ask")


class Difference(Exception):
    pass


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs))


# MARK: - comparing

def compare_rows(expected, got):
    """Cells compared; raises at the first one that differs."""
    by_instrument = {}
    for row in expected:
        by_instrument.setdefault((row["exchange"], row["market"], row["symbol"]), []).append(row)
    if set(by_instrument) != set(got):
        raise Difference(f"instruments with rows: expected {sorted(by_instrument)}, found {sorted(got)}")
    cells = 0
    for instrument, rows in by_instrument.items():
        found = got[instrument]
        for mine, theirs in itertools.zip_longest(rows, found):
            cells += compare_row(instrument, mine, theirs)
    return cells


def compare_row(instrument, mine, theirs):
    where = "/".join(instrument)
    if mine is None or theirs is None or mine["ts"] != theirs["ts"]:
        raise Difference(f"{where}: row expected {mine and mine['ts']}, found {theirs and theirs['ts']}\n"
                         f"  expected {mine}\n  found    {theirs}")
    for name in EXACT:
        if mine[name] != theirs[name]:
            raise Difference(f"{where} ts {mine['ts']} {name}: expected {mine[name]}, found {theirs[name]}\n"
                             f"  expected {mine}\n  found    {theirs}")
    for name in aggregate.SCALARS:
        if not same(mine[name], theirs[name]):
            raise Difference(f"{where} ts {mine['ts']} {name}: expected {mine[name]!r}, found {theirs[name]!r}")
    return len(EXACT) + len(aggregate.SCALARS) + 1


def compare_summary(expected, got):
    cells = 0
    for key, value in expected.items():
        if key == "instruments":
            continue
        cells += 1
        if got.get(key) != value:
            raise Difference(f"summary {key}: expected {value}, found {got.get(key)}")
    found = {(i["exchange"], i["market"], i["symbol"]): i for i in got["instruments"]}
    for entry in expected["instruments"]:
        key = (entry["exchange"], entry["market"], entry["symbol"])
        if key not in found:
            raise Difference(f"summary instruments: {key} is missing")
        cells += compare_instrument(key, entry, found.pop(key))
    if found:
        raise Difference(f"summary instruments: {sorted(found)} not expected")
    return cells


def compare_instrument(key, mine, theirs):
    where = f"summary {'/'.join(key)}"
    for name in ("rows", "trades"):
        if mine[name] != theirs[name]:
            raise Difference(f"{where} {name}: expected {mine[name]}, found {theirs[name]}")
    for name, value in mine["book"].items():
        found = theirs["book"].get(name)
        if name in BOOK_TEXTS:
            value, found = (x and [Decimal(t) for t in x] for x in (value, found))
        if value != found:
            raise Difference(f"{where} book {name}: expected {value}, found {found}")
    return 2 + len(mine["book"])


def compare_ledger(holes, path):
    """The holes between a connection's frames that the log itself has: ends of sessions and frames that are missing."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    found = sorted((x["cause"], *x["connection"].split("/")[:2], int(x["time_ns"])) for x in lines
                   if x["event"] == "opened" and x["cause"] in HOLES)
    expected = sorted(hole for hole in holes if hole[0] in HOLES)
    if found != expected:
        raise Difference(f"gaps.jsonl: expected {expected}, found {found}")
    return len(expected)


# MARK: - one session under many configurations

class Comparison:
    def __init__(self, command, folder, digests, slices, foreign, keep=False):
        self.foreign, self.keep = foreign, keep
        self.command, self.folder, self.digests, self.slices = command, folder, digests, slices
        self.cells = self.rows = self.replays = self.sessions = 0

    def counts(self):
        return self.sessions, self.replays, self.rows, self.cells

    def session(self, sources, configs, extra=()):
        """Raises `Difference` with the configuration in its text."""
        self.written(lambda folder: (sources, [self._recording(s, folder) for s in sources]), configs, extra)

    def written(self, write, configs, extra=()):
        """`write` puts recordings into a folder: the sources as they are to be read, and the files."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        same = False
        try:
            sources, recordings = write(folder)
            if not recordings:
                same = True
                return   # no file holds anything
            decoded = Session(sources)
            self.sessions += 1
            for number, config in enumerate(configs):
                try:
                    self._replay(decoded, recordings, config, folder / f"out{number}", extra)
                except (Difference, CommandFailed) as error:
                    raise Difference(f"{config}\n{error}") from error
            same = True
        finally:
            if same or not self.keep:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                print(f"files: {folder}")

    def _slice(self, rows, recordings, config, out):
        """Some replays are run again for a part of the time and one instrument: the same rows, fewer."""
        rng = Rng(f"slice {len(rows)} {config}")
        if not self.slices or not rows or not rng.chance(0.3):
            return
        times = [r["ts"] for r in rows]
        start, end = sorted(rng.between(min(times) - config.period, max(times) + 1) for _ in range(2))
        instrument = rng.pick(sorted({(r["exchange"], r["market"], r["symbol"]) for r in rows}))
        if start == end:
            return
        options = ["--from", start, "--to", end, "--instruments", "/".join(instrument)]
        _, got = self.command.replayed(recordings, config, out.with_name(out.name + "-slice"), *options)
        kept = [r for r in rows if start < r["ts"] <= end and (r["exchange"], r["market"], r["symbol"]) == instrument]
        try:
            self.cells += compare_rows(kept, got)
        except Difference as error:
            raise Difference(f"{' '.join(map(str, options))}\n{error}") from error

    def _recording(self, source, folder):
        if not recorded.is_recorded(source) and not self.foreign:
            return self.command.imported(source, folder)
        path = folder / f"{source.name}.mcap"
        pick = len(source.lines) % 3
        recorded.write(source, path, recorded.COMPRESSIONS[pick], (1 << 20, 40_000, 3_000)[pick])
        return path

    def _replay(self, decoded, recordings, config, out, extra):
        expected = Synchronizer(config).run(decoded.frames)
        self._slice(expected.rows, recordings, config, out)
        got_summary, got_rows = self.command.replayed(recordings, config, out, *extra)
        self.cells += compare_rows(expected.rows, got_rows)
        self.cells += compare_summary(summary.summary(decoded, expected), got_summary)
        self.cells += compare_ledger(decoded.holes, out / "gaps.jsonl")
        self.rows += len(expected.rows)
        self.replays += 1
        if self.digests:
            for name, mine in (("digest", digest.digest), ("content_digest", digest.content_digest)):
                if mine(expected.rows) != got_summary.get(name):
                    raise Difference(f"{name}: the cells agree within 1e-12, the digest does not")
        shutil.rmtree(out, ignore_errors=True)


def every_config(periods_ms, hold_backs_ms, depths=(50,), max_gap_fills=(36_000,)):
    product = itertools.product(CLOCKS, ("receive", "exchange"), periods_ms, hold_backs_ms, depths, max_gap_fills)
    return [Config(c, int(p * MILLI), b, int(w * MILLI), d, m) for c, b, p, w, d, m in product]


def some_configs(rng, count):
    """`count` configurations drawn at random, every clock in both bases among them first."""
    pairs = [(c, b) for c in CLOCKS for b in ("receive", "exchange")]
    rng.shuffle(pairs)
    while len(pairs) < count:
        pairs.append((rng.pick(list(CLOCKS)), rng.pick(["receive", "exchange"])))
    return [Config(c, int(rng.pick([10, 50, 100, 100, 250, 1000, 7.5, 60_000]) * MILLI), b,
                   int(rng.pick([0, 0, 0, 50, 200, 130.5, 2000]) * MILLI), rng.pick([50, 50, 1, 5, 10]),
                   rng.pick([36_000, 36_000, 36_000, 3, 20])) for c, b in pairs[:count]]


# MARK: - sessions

def made_up(seed, frames, only=None, faults=None):
    """One to three connections of different venues, with faults of random strength; or as told."""
    rng = Rng(f"comparison {seed}")
    kinds = [only] if only else list(catalog.KINDS)
    rng.shuffle(kinds)
    sources = []
    for kind in kinds[:rng.pick([1, 1, 2, 3])]:
        strength = rng.pick([0, 0.3, 1, 1, 3])
        rates = {k: min(v * strength, 0.9) for k, v in catalog.parse_faults("all").items() if rng.chance(0.7)}
        rates = rates if faults is None else catalog.parse_faults(faults)
        made = catalog.make(kind, f"{seed}", frames, rates, rng.pick([2, 40, 40, 200]) * MILLI)
        lines, subscribed = [catalog.as_line(x) for x in made.lines], []
        if not rng.chance(0.4):
            # As from a capture of frames alone; else as the recorder writes it, with what was sent and what happened.
            lines = [line for line in lines if "frame" in line]
            if rng.chance(0.2) and not any("rest" in line for line in lines):   # replies have a time of their own
                lines = [{**line, "recv_ns": None} for line in lines]
            if rng.chance(0.4):
                subscribed = [k for k in VENUES[made.exchange].kinds if rng.chance(0.7)]
        sources.append(recording.Source(kind, made.exchange, made.markets, lines, subscribed))
    return sources


def shrunk(comparison, sources, config, patience):
    """Fewer lines that still differ, by leaving out ever smaller runs of them."""
    until = time.monotonic() + patience

    def differs(candidate):
        try:
            comparison.session(candidate, [config])
        except Difference:
            return True
        return False

    for at in range(len(sources)):
        size = max(1, len(sources[at].lines) // 2)
        while size and time.monotonic() < until:
            start, shorter = 0, False
            while start < len(sources[at].lines) and time.monotonic() < until:
                lines = sources[at].lines[:start] + sources[at].lines[start + size:]
                trial = list(sources)
                trial[at] = recording.Source(**{**vars(sources[at]), "lines": lines})
                if lines and differs(trial):
                    sources, shorter = trial, True
                else:
                    start += size
            size = size if shorter and size > 1 else size // 2
    return sources


# MARK: - the command

def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atelier", help="the command to check (default: ATELIER, or the newest build)")
    parser.add_argument("--sessions", type=int, default=0, help="how many made-up sessions")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=300, help="frames a connection in made-up sessions")
    parser.add_argument("--configs", type=int, default=8, help="replays a made-up session")
    parser.add_argument("--kind", choices=list(catalog.KINDS), help="made-up sessions of this kind alone")
    parser.add_argument("--faults", help="with these faults, as make-session takes them")
    parser.add_argument("--no-jumps", action="store_true", help="every empty row is filled")
    parser.add_argument("--recordings", type=pathlib.Path, help="a folder of real recordings")
    parser.add_argument("--quick", action="store_true",
                        help="one period a real recording, not three; of the long ones one time basis a clock")
    parser.add_argument("--lines", type=pathlib.Path, help="one file of JSON lines")
    parser.add_argument("--exchange", default="bybit")
    parser.add_argument("--market", default="linear")
    parser.add_argument("--subscribed", default="")
    parser.add_argument("--clock", choices=list(CLOCKS))
    parser.add_argument("--period-ms", type=float, default=100)
    parser.add_argument("--basis", choices=("receive", "exchange"))
    parser.add_argument("--hold-back-ms", type=float, default=0)
    parser.add_argument("--max-gap-fill", type=int, default=36_000)
    parser.add_argument("--no-digests", action="store_true", help="compare cells only, not the digests")
    parser.add_argument("--foreign", action="store_true", help="recordings written by Python, not by import")
    parser.add_argument("--no-slices", action="store_true", help="whole replays only, without --from, --to, --instruments")
    parser.add_argument("--shrink", type=float, default=0, metavar="SECONDS", help="look for a smaller example so long")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the lines of sessions that differ")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes (default: one a core)")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first session that differs")
    return parser.parse_args()


def jobs(options):
    """(name, sources, configurations)"""
    if options.lines:
        lines = recording.read_lines(options.lines)
        market = VENUES[options.exchange].market
        market = options.market if market == "given" else market
        source = recording.Source("lines", options.exchange, {line["conn"]: market for line in lines}, lines,
                                  options.subscribed.split(",") if options.subscribed else [])
        configs = every_config([options.period_ms], [options.hold_back_ms], max_gap_fills=[options.max_gap_fill])
        yield str(options.lines), [source], [c for c in configs if options.clock in (None, c.clock)
                                             and options.basis in (None, c.basis)]
    if options.recordings and options.recordings.is_dir():
        for name, sources in real(options.recordings):
            frames = sum(len(source.lines) for source in sources)
            heavy = "first300" in name or frames > 10_000
            configs = every_config([100] if heavy or options.quick else [10, 100, 1000],
                                   [0] if frames > 10_000 else [0, 200])
            if options.quick and frames > 10_000:
                configs = [c for index, c in enumerate(configs) if (index // 2 + index) % 2 == 0]
            yield name, sources, configs
    elif options.recordings:
        print(f"skipped: no recordings at {options.recordings}")
    for seed in range(options.first_seed, options.first_seed + options.sessions):
        configs = some_configs(Rng(f"configs {seed}"), options.configs)
        if options.no_jumps:
            configs = [replace(c, max_gap_fill=1_000_000) for c in configs]
        yield f"seed {seed}", made_up(seed, options.frames, options.kind, options.faults), configs


def report(options, comparison, name, sources, error):
    print(f"\n{name} differs: {error}\n", flush=True)
    if options.shrink:
        config = next(c for c in every_named_config(options, name) if str(error).startswith(repr(c)))
        sources = shrunk(comparison, sources, config, options.shrink)
        try:
            comparison.session(sources, [config])
        except Difference as smaller:
            print(f"with {sum(len(s.lines) for s in sources)} lines: {smaller}\n")
    if options.keep or options.shrink:
        folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="compare-rows-"))
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            path = folder / f"{name.replace(' ', '-')}-{source.name}.jsonl"
            path.write_text("".join(json.dumps(line) + "\n" for line in source.lines))
            print(f"{path}  {source.exchange} {source.markets} subscribed {source.subscribed}")


def every_named_config(options, name):
    return next(configs for job, _, configs in jobs(options) if job == name)


def start(options, command, folder):
    """Makes this process one that compares sessions."""
    global comparison
    comparison = Comparison(command, folder, not options.no_digests, not options.no_slices, options.foreign)


def compare(job):
    """What a session added to the counts, and how it differs, if it does."""
    _, sources, configs = job
    before = comparison.counts()
    try:
        comparison.session(sources, configs)
        error = None
    except Difference as difference:
        error = str(difference)
    return [now - then for now, then in zip(comparison.counts(), before)], error


def main():
    options = arguments()
    try:
        command = Atelier(binary(options.atelier))
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 2
    failed, counts = 0, [0] * 4
    with tempfile.TemporaryDirectory(prefix="compare-rows-") as folder:
        start(options, command, folder)
        todo = list(jobs(options))
        # The long ones first, so that no process ends up with one alone.
        todo.sort(key=lambda job: -len(job[2]) * sum(len(source.lines) for source in job[1]))
        with multiprocessing.Pool(options.jobs, start, (options, command, folder)) as pool:
            for (name, sources, _), (more, error) in zip(todo, pool.imap(compare, todo)):
                counts = [a + b for a, b in zip(counts, more)]
                if error:
                    failed += 1
                    report(options, comparison, name, sources, error)
                    if not options.go_on:
                        break
    sessions, replays, rows, cells = counts
    print(f"{sessions} sessions, {replays} replays, {rows} rows, {cells} cells compared; {failed} sessions differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
