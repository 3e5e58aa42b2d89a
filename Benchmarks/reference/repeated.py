"""A long recording out of a short one: the frames again and again, with times, ids and sequences moved on."""

import gzip
import json
import pathlib
import re
import subprocess
from datetime import datetime, timedelta

_MILLIS = re.compile(r'"(ts|cts|T)":([0-9]{13})')
_TRADE_ID = re.compile(r'"i":"[0-9a-f]{8}-')
_UPDATE = re.compile(r'"(u|sequence_num|trade_id)":("?)([0-9]+)')
_RFC3339 = re.compile(r'"(timestamp|time|event_time|time_in|time_out)":"([0-9T:-]{19})')


def read_lines(path):
    path = pathlib.Path(path)
    if path.suffix == ".zst":
        text = subprocess.run(["zstd", "-dcq", str(path)], check=True, stdout=subprocess.PIPE).stdout
    else:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _moved(text, times, seconds):
    """The frame `times` repetitions later; every repetition takes whole seconds, so texts keep their shape."""
    later = timedelta(seconds=seconds * times)
    step = times * 1_000_000
    text = _MILLIS.sub(lambda m: f'"{m[1]}":{int(m[2]) + seconds * times * 1000}', text)
    text = _TRADE_ID.sub(f'"i":"{times:08x}-', text)
    text = _UPDATE.sub(lambda m: f'"{m[1]}":{m[2]}{int(m[3]) + step}', text)
    return _RFC3339.sub(lambda m: f'"{m[1]}":"{(datetime.fromisoformat(m[2]) + later).isoformat()}', text)


def write(source, target, megabytes=None, times=None):
    """Writes JSON lines to `target`; (frames, bytes). Ends at `megabytes`, or after `times` repetitions.

    Where messages are counted without a break over the whole connection, the numbers go on from repetition to
    repetition; other venues begin anew with a snapshot.
    """
    lines = [line for line in read_lines(source) if line["recv_ns"] is not None]
    if not lines:
        raise SystemExit(f"{source}: no receive times to move on")
    span = (lines[-1]["recv_ns"] - lines[0]["recv_ns"]) // 1_000_000_000 + 2
    counted = '"sequence_num"' in lines[0]["frame"]
    frames = size = repetition = 0
    with open(target, "w", encoding="utf-8") as out:
        while (times is None or repetition < times) and (megabytes is None or size < megabytes * 1_000_000):
            for place, line in enumerate(lines):
                text = _moved(line["frame"], repetition, span) if repetition else line["frame"]
                if counted:
                    number = repetition * len(lines) + place
                    text = re.sub(r'"sequence_num":[0-9]+', f'"sequence_num":{number}', text, count=1)
                moved = {"recv_ns": line["recv_ns"] + repetition * span * 1_000_000_000, "conn": line["conn"],
                         "frame": text}
                size += out.write(json.dumps(moved, separators=(",", ":")) + "\n")
                frames += 1
            repetition += 1
    return frames, size
