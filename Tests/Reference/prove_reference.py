#!/usr/bin/env python3
"""The reference against the rows that others computed from the real recordings, cell by cell.

    Tests/Reference/prove_reference.py [FOLDER]        (default: ../shared/recordings)
"""

import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from reference import aggregate, recording, summary  # noqa: E402
from reference.session import Session  # noqa: E402
from reference.synchronizer import Config, Synchronizer  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPARED = ("ts_available", "partial", *aggregate.SCALARS)
MARKETS = {"bybit": "linear", "coinbase": "spot", "kraken": "spot"}


def agrees(ours, theirs):
    if ours is None or theirs is None or isinstance(theirs, bool):
        return ours == theirs
    return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs))


def config_of(name):
    match = re.fullmatch(r"(.+)-(\d+)ms(-exchange)?(?:-holdback(\d+)ms)?", name)
    clock, period, exchange, hold_back = match.groups()
    return Config(clock, int(period) * 10**6, "exchange" if exchange else "receive", int(hold_back or 0) * 10**6)


def compare(expected, synchronizer):
    ours = {(r["symbol"], r["ts"]): r for r in synchronizer.rows}
    cells, problems = 0, []
    for row in expected:
        mine = ours.pop((row["symbol"], row["ts"]), None)
        if mine is None:
            problems.append(f"missing row {row['symbol']} {row['ts']}")
            continue
        exact = row.get("exact", {})
        for name in COMPARED:
            cells += 1
            if not agrees(mine[name], exact.get(name, row[name])):
                problems.append(f"{row['symbol']} {row['ts']} {name}: {mine[name]} expected {exact.get(name, row[name])}")
    problems += [f"extra row {key}" for key in ours]
    return cells, problems


def compare_summary(expected, ours):
    problems = []
    for key, value in expected.items():
        if key in ours and key != "instruments" and ours[key] != value:
            problems.append(f"summary {key}: {ours[key]} expected {value}")
    for theirs, mine in zip(expected["instruments"], ours["instruments"], strict=True):
        if theirs != mine:
            problems.append(f"summary instrument: {mine} expected {theirs}")
    return problems


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "recordings"
    if not folder.is_dir():
        print(f"skipped: no recordings at {folder}")
        return 0
    failed = 0
    for oracle in sorted((folder / "oracles" / "rows").iterdir()):
        path = next(folder.glob(f"*/{oracle.name}.jsonl.zst"))
        exchange = path.parent.name
        lines = recording.read_lines(path)
        markets = {line["conn"]: MARKETS[exchange] for line in lines}
        session = Session([recording.Source(oracle.name, exchange, markets, lines)])
        for rows in sorted(oracle.glob("*.jsonl.zst")):
            name = rows.name.removesuffix(".jsonl.zst")
            synchronizer = Synchronizer(config_of(name)).run(session.frames)
            cells, problems = compare(recording.read_lines(rows), synchronizer)
            expected = json.loads((oracle / f"{name}.summary.json").read_text())
            problems += compare_summary(expected, summary.summary(session, synchronizer))
            print(f"{'ok  ' if not problems else 'FAIL'} {oracle.name} {name}: {cells} cells, {len(problems)} differ")
            for problem in problems[:5]:
                print(f"     {problem}")
            failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
