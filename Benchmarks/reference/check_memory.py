#!/usr/bin/env python3
"""Peak memory of import and replay on a long recording: 200 MB is the limit, whatever the length.

    scripts/check-memory [--megabytes 500] [--lines FILE] [--limit 200]

The long recording is a short one repeated, with times, ids and sequences moved on. Exit code 1 over the limit.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recordings  # noqa: E402
import repeated  # noqa: E402
from measured import Measured  # noqa: E402

CLOCKS = ("orderbook-driven", "trade-driven", "liquidation-driven", "external")


def main():
    _, exchange, market, lines, _ = recordings.first()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=500, help="size of the JSON lines (default 500)")
    parser.add_argument("--lines", type=pathlib.Path, default=lines)
    parser.add_argument("--exchange", default=exchange)
    parser.add_argument("--market", default=market)
    parser.add_argument("--limit", type=int, default=200, help="MB a command may take (default 200)")
    options = parser.parse_args()
    atelier = os.environ["ATELIER"]
    over = 0
    with tempfile.TemporaryDirectory(prefix="check-memory-") as folder:
        folder = pathlib.Path(folder)
        lines = folder / "long.jsonl"
        frames, size = repeated.write(options.lines, lines, megabytes=options.megabytes)
        print(f"{frames} frames, {size / 1e6:.0f} MB of lines, from {options.lines.name}")
        for codec in ("zstd", "none"):
            over += check(options, f"import ({codec})", frames, [
                atelier, "import", lines, "--out", folder / f"{codec}.mcap", "--exchange", options.exchange,
                "--market", options.market, "--compression", codec])
        lines.unlink()
        for codec in ("zstd", "none"):
            recording = folder / f"{codec}.mcap"
            print(f"{codec}: a recording of {recording.stat().st_size / 1e6:.0f} MB")
            for clock in CLOCKS:
                over += check(options, f"replay --clock {clock}", frames, [
                    atelier, "replay", recording, "--clock", clock, "--out", folder / f"{codec}-{clock}", "--json"])
    return 1 if over else 0


def check(options, name, frames, arguments):
    run = Measured(arguments)
    verdict = "over the limit" if run.peak > options.limit * 1_000_000 else "ok"
    rows = json.loads(run.output)["rows"] if "replay" in name else None
    print(f"  {name}: peak {run.peak / 1e6:.1f} MB, {frames / run.wall:,.0f} frames/s"
          f"{f', {rows} rows' if rows is not None else ''}: {verdict}", flush=True)
    return verdict != "ok"


if __name__ == "__main__":
    sys.exit(main())
