#!/usr/bin/env python3
"""Replays that are cut at a random frame, written down and gone on with in a new process, beside the replay in one go.

    scripts/fold-states --sessions 40 --histories 40           # made-up ones, with every fault
    scripts/fold-states --recordings ../shared/recordings      # the real ones
    scripts/fold-states --first-seed 17 --sessions 1 --keep FOLDER

Equal must be: every row, both digests, the summary, the ledger, the state of the end; a state that is read and written
again; the state of the same frames in other chunks and another codec. Each difference is printed with its command lines.
"""

import argparse
import itertools
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recorded  # noqa: E402
from atelier import Atelier, CommandFailed, binary  # noqa: E402
from compare_histories import Writing  # noqa: E402
from compare_rows import made_up  # noqa: E402
from real_files import real  # noqa: E402
from reference.synchronizer import CLOCKS  # noqa: E402
from sessions.history import VENUES, History  # noqa: E402
from sessions.market import Rng  # noqa: E402

import pyarrow as arrow  # noqa: E402
import pyarrow.parquet as parquet  # noqa: E402

# What a summary says of the run, not of the rows.
OF_THE_RUN = ("seconds", "frames_per_second", "files")


class Difference(Exception):
    pass


def every_option():
    """Each clock in each basis, with each rule of rows and each scope that goes with it."""
    options = []
    for clock, basis in itertools.product(CLOCKS, ("receive", "exchange")):
        common = ["--clock", clock, "--time-basis", basis]
        for scope, delay in (("instrument", "0s"), ("global", "0s"), ("instrument", "200ms"), ("global", "1300ms")):
            options.append([*common, "--clock-scope", scope, "--hold-back", delay])
        options.append([*common, "--sampling", "event"])
        if clock == "trade-driven":
            options += [[*common, "--bars", bars] for bars in ("tick:7", "volume:3.5", "notional:40000")]
    return options


def tables(folder):
    """Each table of market files: its path in the folder, and its rows."""
    if not folder.exists():
        return {}
    # A file's name ends with the time of its first row.
    return {re.sub(r"_[0-9]{8}_[0-9.]+$", "", str(path.relative_to(folder).with_suffix(""))): parquet.ParquetFile(path).read()
            for path in sorted(folder.rglob("*.parquet"))}


def lines(folder):
    path = folder / "gaps.jsonl"
    return path.read_text() if path.exists() else ""


class Folding:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.cuts = self.replays = self.sessions = self.frames = self.rows = 0

    def run(self, *arguments):
        return json.loads(self.command.run("replay", *arguments, "--json", accept=(0, 3)))

    def fold(self, rng, recordings, options, cuts, raw):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        extra = [*options, "--folders", "hive", *(["--raw"] if raw else [])]
        try:
            whole = self.run(*recordings, *extra, "--out", folder / "whole")
            end = folder / "whole.state"
            self.command.run("replay", *recordings, *options, "--save-state", end, accept=(0, 3))
            frames = whole["frames"]
            points = [0, 1, frames] if rng.chance(0.2) else []
            points += [rng.between(0, frames) for _ in range(cuts)]
            for number, cut in enumerate(dict.fromkeys(min(p, frames) for p in points)):
                try:
                    self._cut(recordings, extra, options, cut, folder / f"cut{number}", whole, folder / "whole", end)
                except Difference as error:
                    raise Difference(f"cut after {cut} of {frames} frames, {' '.join(extra)}\n{error}") from error
            self.replays += 1
            self.frames += frames
            self.rows += whole["rows"]
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _cut(self, recordings, extra, options, cut, folder, whole, whole_files, end):
        folder.mkdir()
        state, again, last = folder / "state", folder / "again", folder / "last"
        self.run(*recordings, *extra, "--out", folder / "first", "--stop-after", cut, "--save-state", state)
        rest = self.run(*recordings, *extra, "--out", folder / "rest", "--resume", state)
        for name, value in whole.items():
            if name not in OF_THE_RUN and rest[name] != value:
                raise Difference(f"{name}: in one go {value}, cut {rest[name]}")
        self._same_files(whole_files, folder / "first", folder / "rest")
        self.run(*recordings, *options, "--resume", state, "--stop-after", cut, "--save-state", again)
        if state.read_bytes() != again.read_bytes():
            raise Difference(f"a state that is read and written again differs\n{self._parts(state, again)}")
        self.run(*recordings, *options, "--resume", state, "--save-state", last)
        if end.read_bytes() != last.read_bytes():
            raise Difference(f"the state of the end differs\n{self._parts(end, last)}")
        self.cuts += 1

    def _same_files(self, whole, first, rest):
        if lines(whole) != lines(first) + lines(rest):
            raise Difference(f"gaps.jsonl\n{lines(whole)}\n--- cut\n{lines(first)}+\n{lines(rest)}")
        parts = [tables(first), tables(rest)]
        expected = tables(whole)
        if set(expected) != set(parts[0]) | set(parts[1]):
            raise Difference(f"files: {sorted(expected)}, cut {sorted(set(parts[0]) | set(parts[1]))}")
        for name, table in expected.items():
            found = arrow.concat_tables([p[name].replace_schema_metadata() for p in parts if name in p])
            if not table.replace_schema_metadata().equals(found):
                raise Difference(f"{name}: {table.num_rows} rows in one go, {found.num_rows} cut, or other values")

    def _parts(self, one, other):
        """The parts that differ between two states."""
        found = [{p["name"]: p for p in json.loads(self.command.run("state", path, "--json"))["parts"]}
                 for path in (one, other)]
        names = sorted(set(found[0]) | set(found[1]))
        return "\n".join(f"  {n}: {found[0].get(n)} {found[1].get(n)}" for n in names
                         if found[0].get(n) != found[1].get(n))

    def chunked(self, rng, source, folder, options):
        """The same frames in other chunks and another codec have the same state, part for part."""
        digests = []
        for number in range(2):
            path = folder / f"chunks{number}" / f"{source.name}.mcap"
            path.parent.mkdir()
            recorded.write(source, path, rng.pick(recorded.COMPRESSIONS), rng.pick([1 << 20, 40_000, 3_000]))
            shown = json.loads(self.command.run("state", path, *options, "--json", accept=(0, 3)))
            digests.append([(p["name"], p["sha256"]) for p in shown["parts"]])
        if digests[0] != digests[1]:
            raise Difference(f"in other chunks: {[a for a, b in zip(*digests) if a != b]}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atelier", help="the command to check (default: ATELIER, or the newest build)")
    parser.add_argument("--sessions", type=int, default=0, help="how many made-up sessions")
    parser.add_argument("--histories", type=int, default=0, help="how many histories of several sessions")
    parser.add_argument("--recordings", type=pathlib.Path, help="a folder of real recordings")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=120, help="frames a connection of made-up sessions")
    parser.add_argument("--cuts", type=int, default=1, help="random cuts a replay")
    parser.add_argument("--configs", type=int, default=3, help="replays a session; 0 = every combination of options")
    parser.add_argument("--seconds", type=float, default=90, help="no new session after so many (default 90)")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the recordings of what differs here")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first difference")
    return parser.parse_args()


def jobs(options, folding):
    """(name, a function that writes recordings into a folder)"""
    def imported(sources):
        return lambda folder: [folding.command.imported(s, folder) for s in sources]

    if options.recordings and options.recordings.is_dir():
        for name, sources in real(options.recordings):
            yield name, imported(sources)
    elif options.recordings:
        print(f"skipped: no recordings at {options.recordings}")
    for number in range(max(options.sessions, options.histories)):
        seed = options.first_seed + number
        if number < options.sessions:
            yield f"session {seed}", imported(made_up(seed, options.frames))
        if number < options.histories:
            history = History(seed, options.frames // 2, VENUES)
            yield f"history {seed}", lambda folder, h=history, s=seed: \
                Writing(folding.command, h, Rng(f"writing {s}"))(folder)[1]


def main():
    options = arguments()
    try:
        command = Atelier(binary(options.atelier))
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 2
    failed, until, choices = 0, time.monotonic() + options.seconds, every_option()
    with tempfile.TemporaryDirectory(prefix="fold-states-") as temporary:
        folding = Folding(command, temporary)
        for number, (name, write) in enumerate(jobs(options, folding)):
            if time.monotonic() > until:
                break
            rng, folder = Rng(f"fold {name} {options.first_seed}"), pathlib.Path(tempfile.mkdtemp(dir=temporary))
            recordings = write(folder)
            if not recordings:
                continue
            # All combinations take their turns, one session after another.
            chosen = choices if options.configs == 0 else \
                [choices[(number * options.configs + i) % len(choices)] for i in range(options.configs)]
            folding.sessions += 1
            try:
                for chosen_options in chosen:
                    period = ["--period", rng.pick(["50ms", "100ms", "1s"]), "--max-gap-fill", rng.pick([36_000, 20])]
                    folding.fold(rng, recordings, [*chosen_options, *map(str, period)], options.cuts, rng.chance(0.3))
                if name.startswith("session") and rng.chance(0.3):
                    for source in made_up(int(name.split()[1]), options.frames)[:1]:
                        folding.chunked(rng, source, folder, chosen[0])
            except (Difference, CommandFailed) as error:
                failed += 1
                print(f"\n{name} differs: {error}\n", flush=True)
                if options.keep:
                    shutil.copytree(folder, options.keep / name.replace(" ", "-"), dirs_exist_ok=True)
                if not options.go_on:
                    break
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{folding.sessions} sessions, {folding.replays} replays of {folding.frames} frames and {folding.rows} rows, "
          f"cut {folding.cuts} times (first seed {options.first_seed}); {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
