"""Runs the command on a session, and reads back what it wrote."""

import json
import os
import pathlib
import subprocess

import pyarrow.parquet as parquet

from reference.venues import VENUES

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNITS = (("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1))


class CommandFailed(Exception):
    pass


def duration(ns):
    return next(f"{ns // size}{unit}" for unit, size in UNITS if ns % size == 0)


def binary(given=None):
    """The command: as given, else ATELIER, else the newest build in the package."""
    if given or os.environ.get("ATELIER"):
        return pathlib.Path(given or os.environ["ATELIER"]).resolve()
    builds = [p for p in ROOT.glob(".build*/**/atelier") if p.is_file() and os.access(p, os.X_OK)]
    if not builds:
        raise CommandFailed("no build of atelier found: run swift build, or set ATELIER to the command")
    return max(builds, key=lambda p: p.stat().st_mtime)


class Atelier:
    def __init__(self, path):
        self.path = str(path)

    def run(self, *arguments, accept=(0,)):
        done = subprocess.run([self.path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode not in accept:
            command = " ".join(map(str, arguments))
            raise CommandFailed(f"atelier {command}\nexit {done.returncode}\n{done.stderr.decode(errors='replace')[-2000:]}")
        return done.stdout

    def imported(self, source, folder, *extra):
        """A source of the reference as a recording in `folder`."""
        lines, out = folder / f"{source.name}.jsonl", folder / f"{source.name}.mcap"
        lines.write_text("".join(json.dumps(_import_line(line)) + "\n" for line in source.lines))
        markets = [x for name, market in source.markets.items() for x in ("--market", f"{name}={market}")]
        subscribed = ["--subscribed", ",".join(source.subscribed)] if source.subscribed else []
        self.run("import", lines, "--out", out, "--exchange", source.exchange,
                 *(markets if VENUES[source.exchange].market == "given" else []), *subscribed, *extra)
        return out

    def replayed(self, recordings, config, out, *extra):
        """(the summary, the rows by instrument, each in the order of its file)."""
        text = self.run("replay", *recordings, "--clock", config.clock, "--period", duration(config.period),
                        "--time-basis", config.basis, "--hold-back", duration(config.hold_back), "--depth", config.depth,
                        "--max-gap-fill", config.max_gap_fill, "--out", out, "--json", *extra,
                        accept=(0, 3))
        return json.loads(text), aggregates(out)


def _import_line(line):
    """As `import` reads it: frames as they are, the others with their direction."""
    kind = next((k for k in ("out", "status") if k in line), None)
    if kind is None:
        return line
    text = line[kind] if isinstance(line[kind], str) else json.dumps(line[kind])
    return {"recv_ns": line["recv_ns"], "conn": line["conn"], "frame": text, "dir": kind}


def aggregates(folder):
    rows = {}
    for path in sorted((folder / "aggregates").glob("*.parquet")):
        for row in parquet.read_table(path).to_pylist():
            rows.setdefault((row["exchange"], row["market"], row["symbol"]), []).append(row)
    return rows
