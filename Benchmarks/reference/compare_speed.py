#!/usr/bin/env python3
"""frames/s of `atelier replay` (recording to rows) beside a Python orjson + SortedDict replay of the same frames.

    scripts/compare-speed [--repeat 5]

Each recording is repeated until a run takes a while; the two programs take turns, medians are quoted. The Python
side is timed from frames in memory to rows; atelier as a whole process, from the zstd recording to Parquet files.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recordings  # noqa: E402
import repeated  # noqa: E402
import replay_orjson  # noqa: E402
from measured import Measured  # noqa: E402

def measure(options, folder, exchange, market, path, times):
    lines, recording = folder / "lines.jsonl", folder / "recording.mcap"
    repeated.write(path, lines, times=times)
    atelier = os.environ["ATELIER"]
    Measured([atelier, "import", lines, "--out", recording, "--exchange", exchange,
              "--market", market])
    frames = replay_orjson.read(str(lines))
    decode = replay_orjson.reading(frames)
    ours, theirs, rows = [], [], 0
    for _ in range(options.repeat):
        # Python writes no files, so neither do we; the rows are made and go into a digest.
        run = Measured([atelier, "replay", recording, "--clock", "trade-driven", "--json"])
        rows = json.loads(run.output)["rows"]
        ours.append(run.wall)
        theirs.append(replay_orjson.run(frames, decode, 100_000_000))
    recording.unlink()
    lines.unlink()
    mine, python = statistics.median(ours), statistics.median(s for s, _ in theirs)
    return {"recording": path.name, "frames": len(frames), "rows": rows, "python_rows": theirs[0][1],
            "atelier_frames_per_second": round(len(frames) / mine),
            "python_frames_per_second": round(len(frames) / python), "ratio": round(python / mine, 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = []
    for _, exchange, market, path, times in recordings.listed():
        if not times:
            continue
        if not path.exists():
            print(f"skipped: no {path.name}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory(prefix="compare-speed-") as folder:
            results.append(measure(options, pathlib.Path(folder), exchange, market, path, times))
        if not options.json:
            r = results[-1]
            print(f"{r['recording']}: {r['frames']} frames; atelier {r['atelier_frames_per_second']:,} frames/s, "
                  f"Python {r['python_frames_per_second']:,}: {r['ratio']}x", flush=True)
    if options.json:
        print(json.dumps(results, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
