#!/usr/bin/env python3
"""Compares every cell of `atelier replay` with the reference over histories of several sessions.

    scripts/compare-histories --histories 100                  # each difference with its seed
    scripts/compare-histories --first-seed 17 --histories 1 --keep FOLDER

Sessions end in every way, follow each other, overlap, come in pieces; files are missing, torn or damaged, frames are
missing by their counters; books change depth. See sessions/history.py.
"""

import argparse
import pathlib
import sys
import tempfile
import time
from dataclasses import replace

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recorded  # noqa: E402
from atelier import Atelier, CommandFailed, binary  # noqa: E402
from compare_rows import MILLI, Comparison, Difference  # noqa: E402
from reference.synchronizer import CLOCKS, Config  # noqa: E402
from sessions.history import VENUES, History  # noqa: E402
from sessions.market import Rng  # noqa: E402


class Writing:
    """The files of a history in a folder, and the sources as a reader finds them."""

    def __init__(self, command, history, rng):
        self.command, self.history, self.rng = command, history, rng

    def __call__(self, folder):
        sources, paths = [], []
        for file in self.history.files:
            path, source = self._written(file, folder)
            if file.given and source.lines:
                sources.append(source)
                paths.append(path)
        # The order of the arguments is not the order of the sessions.
        order = list(range(len(paths)))
        self.rng.shuffle(order)
        return sources, [paths[i] for i in order]

    def _written(self, file, folder):
        source = file.source
        if file.imported:
            extra = ["--continues", folder / f"{file.previous.source.name}.mcap"] if file.previous else []
            return self.command.imported(source, folder, *extra), source
        path = folder / f"{source.name}.mcap"
        recorded.write(source, path, self.rng.pick(recorded.COMPRESSIONS), file.chunk_size)
        chunks = recorded.chunks(path)
        if file.harm == "chunk" and len(chunks) > 1:
            return path, self._spoiled(source, path, chunks)
        if file.harm == "torn":
            return path, self._torn(source, path, chunks)
        return path, source

    def _spoiled(self, source, path, chunks):
        """A chunk that cannot be read; sometimes the file is then recovered."""
        number = self.rng.below(len(chunks))
        recorded.spoil(path, chunks[number])
        start = sum(messages for _, _, messages in chunks[:number])
        hole = [{"lost": [name for name in source.markets if any(x["conn"] == name for x in source.lines)]}]
        return self._recovered(path, replace(source, lines=source.lines[:start] + hole
                                             + source.lines[start + chunks[number][2]:]))

    def _torn(self, source, path, chunks):
        """Cut off behind a chunk or in one, as kill -9 leaves it."""
        number = self.rng.below(len(chunks))
        offset, length, messages = chunks[number]
        whole = self.rng.chance(0.5)
        recorded.tear(path, offset + (length if whole else self.rng.between(1, length - 1)))
        kept = sum(m for _, _, m in chunks[:number]) + (messages if whole else 0)
        return self._recovered(path, replace(source, lines=source.lines[:kept]))

    def _recovered(self, path, source):
        if source.lines and any("lost" not in x for x in source.lines) and self.rng.chance(0.4):
            whole = path.with_suffix(".torn")
            path.rename(whole)
            self.command.run("recover", whole, "--out", path, accept=(0, 3))
        return source


def configs(rng, count):
    pairs = [(c, b) for c in CLOCKS for b in ("receive", "exchange")]
    rng.shuffle(pairs)
    return [Config(c, rng.pick([50, 100, 250, 1000]) * MILLI, b, rng.pick([0, 0, 0, 200, 2000]) * MILLI,
                   rng.pick([50, 5]), rng.pick([36_000, 36_000, 20])) for c, b in pairs[:count]]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atelier", type=pathlib.Path, help="the command (default: ATELIER, else the newest build)")
    parser.add_argument("--histories", type=int, default=24)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=80, help="frames a connection (default 80)")
    parser.add_argument("--configs", type=int, default=4, help="configurations a history (default 4)")
    parser.add_argument("--seconds", type=float, default=90, help="no new history after so many (default 90)")
    parser.add_argument("--kind", choices=VENUES, action="append", help="connections of these kinds only")
    parser.add_argument("--no-digests", action="store_true")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first history that differs")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the files of what differs here")
    return parser.parse_args()


def run(comparison, options, seed):
    rng = Rng(f"writing {seed}")
    history = History(seed, options.frames, options.kind or VENUES)
    comparison.written(Writing(comparison.command, history, rng), configs(rng, options.configs))


def main():
    options = arguments()
    try:
        command = Atelier(binary(options.atelier))
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 2
    failed, until = 0, time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory(prefix="compare-histories-") as folder:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        comparison = Comparison(command, options.keep or folder, not options.no_digests, False, False, bool(options.keep))
        for seed in range(options.first_seed, options.first_seed + options.histories):
            if time.monotonic() > until:
                break
            try:
                run(comparison, options, seed)
            except (Difference, CommandFailed) as error:
                failed += 1
                print(f"\nhistory of seed {seed} ({options.frames} frames) differs: {error}\n", flush=True)
                if not options.go_on:
                    break
    print(f"{comparison.sessions} histories, {comparison.replays} replays, {comparison.rows} rows, "
          f"{comparison.cells} cells compared; {failed} histories differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
