#!/usr/bin/env python3
"""Records random lives of a venue with `atelier record`, and checks log, summary, ledger and replay against a naive model.

    scripts/record-histories --histories 20                   # each difference with its seed
    scripts/record-histories --first-seed 17 --histories 1 --keep FOLDER

A venue (sessions/live_venue.py) acknowledges or not, refuses, breaks books, falls silent and ends connections in every way;
two sessions lie in one folder, ended by a signal, a duration, or kill -9 and `recover`. What must hold is in `Checks`.
"""

import argparse
import concurrent.futures
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from mcap.reader import make_reader
from mcap.stream_reader import StreamReader
from mcap.records import Metadata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from atelier import Atelier, CommandFailed, binary  # noqa: E402
from compare_histories import configs  # noqa: E402
from compare_rows import Comparison, Difference  # noqa: E402
from reference.recording import Source  # noqa: E402
from sessions.live_venue import LiveVenue, Script  # noqa: E402
from sessions.market import SECOND, Rng  # noqa: E402

GAP = 1            # --gap-threshold, seconds
STALENESS = 1.5
PATIENCE = 2.5     # in which a book that can be mended is
SURE = SECOND * 3 // 2
SOON = SECOND // 10  # in which the ledger knows what the log has
KINDS = {"in": "frame", "out": "out", "status": "status"}
OPENING = {"disconnected": "disconnect", "stalled": "stalled"}


def same(found, expected, what):
    if found != expected:
        raise Difference(f"{what}: expected {expected}, found {found}")


def must(condition, what):
    if not condition:
        raise Difference(what)


class Recorded:
    """One session as `record` made it: the venue's side, the exit code, the summary, and the files it left."""

    def __init__(self, command, rng, exchange, folder):
        self.exchange, self.folder, self.script = exchange, folder, Script(rng, exchange)
        self.ended = rng.pick(["term", "duration", "kill"])
        self.seconds = rng.between(30, 50) / 10
        self.rotates = rng.chance(0.4)
        before = set(folder.glob("*.mcap*"))
        self.venue = LiveVenue(self.script)
        self._run(command)
        self.venue.stop()
        self.files = self._recovered(command, sorted(set(folder.glob("*.mcap*")) - before))

    def __repr__(self):
        return f"{self.exchange} {self.seconds} s, {self.ended}, rotates={self.rotates}, {self.script!r}"

    def _run(self, command):
        market = {"bybit": ["--market", "linear"]}.get(self.exchange, [])
        depth = ["--depth", self.script.depth] if self.script.depth else []
        rotation = ["--rotate-size", 65_536, "--compression", "none"] if self.rotates else []
        duration = ["--duration", f"{int(self.seconds * 1000)}ms"] if self.ended == "duration" else []
        arguments = ["record", "--out", self.folder, "--exchange", self.exchange, "--kinds", "book,trades", "--symbols",
                     ",".join(self.script.symbols), "--endpoint", f"ws://127.0.0.1:{self.venue.port}", "--no-definitions",
                     "--gap-threshold", f"{GAP}s", "--staleness", f"{int(STALENESS * 1000)}ms", "--chunk-interval", "200ms",
                     "--json", *market, *depth, *rotation, *duration]
        process = subprocess.Popen([command.path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self.ended != "duration":
            time.sleep(self.seconds)
            process.send_signal(signal.SIGTERM if self.ended == "term" else signal.SIGKILL)
        self.stopped = time.time_ns()
        out, error = process.communicate(timeout=60)
        if self.ended == "duration":
            self.stopped = time.time_ns()
        self.code, self.error = process.returncode, error.decode(errors="replace")
        self.summary = json.loads(out) if self.ended != "kill" else None

    def _recovered(self, command, paths):
        whole = []
        for path in paths:
            if path.suffix == ".partial":
                must(self.ended == "kill", f"{path.name} is left over")
                command.run("recover", path, "--out", path.with_suffix(""), accept=(0, 3))
                path.unlink()
                path = path.with_suffix("")
            whole.append(path)
        return whole

    @property
    def topics(self):
        return {(kind, symbol) for kind in ("book", "trades") for symbol in self.script.symbols}


class Log:
    """The lines of a session's files as Python's own reader finds them, and of each connection attempt."""

    def __init__(self, session):
        self.session, self.sources, self.lines = session, [], []
        for path in session.files:
            self._read(path)
        self.epochs = self._epochs()

    def _read(self, path):
        with open(path, "rb") as stream:
            start = next(r for r in StreamReader(stream).records if isinstance(r, Metadata) and r.name == "session")
        start, lines, symbols = int(start.metadata["start_ns"]), [], []
        with open(path, "rb") as stream:
            for _, channel, message in make_reader(stream, validate_crcs=True).iter_messages(log_time_order=False):
                lines.append(self._line(channel.topic, message))
                said = channel.metadata.get("subscriptions", "")
                symbols = symbols or sorted({word.rpartition(":")[2] for word in said.split()})
        market = "linear" if self.session.exchange == "bybit" else "spot"
        self.lines += lines
        self.sources.append(Source(path.stem, self.session.exchange, {"c0": market}, lines, session=str(start), start=start,
                                   subscriptions={"c0": symbols}, sorted=True))

    @staticmethod
    def _line(topic, message):
        line = {"recv_ns": message.log_time, "sequence": message.sequence}
        if topic == "/session/clock":
            return {**line, "conn": None, "clock": json.loads(message.data)}
        _, _, _, name, kind = topic.split("/")
        text = message.data.decode()
        return {**line, "conn": name, KINDS[kind]: json.loads(text) if kind == "status" else text}

    def _epochs(self):
        epochs = []
        for line in self.lines:
            if line.get("status", {}).get("state") == "connected":
                epochs.append([])
            elif epochs:
                epochs[-1].append(line)
        return epochs

    @staticmethod
    def frames(epoch):
        return [line["frame"] for line in epoch if "frame" in line]


class Checks:
    """What must hold of a session, whatever happened in it."""

    def __init__(self, session):
        self.session, self.log, self.script = session, Log(session), session.script
        self.lives = session.venue.lives

    def run(self):
        self.counters()
        must(len(self.log.epochs) <= len(self.lives), "the log has more connections than the venue")
        for epoch, life in zip(self.log.epochs, self.lives):
            self.received(epoch, life)
            self.sent(epoch, life)
            self.mended(epoch, life)
        self.refused()
        self.ledger()
        if self.session.summary:
            self.told()
        else:
            same(self.session.code, -signal.SIGKILL, "exit code")

    def counters(self):
        """Times never step back, counters follow each other over the files."""
        counters, last = {}, 0
        for line in self.log.lines:
            must(line["recv_ns"] >= last, f"the time steps back at {line}")
            last = line["recv_ns"]
            key = (line["conn"], next(k for k in (*KINDS.values(), "clock") if k in line))
            same(line["sequence"], counters.get(key, 0) + 1, f"counter of {key}")
            counters[key] = line["sequence"]

    def received(self, epoch, life):
        """The frames of an attempt are the first that the venue sent; all of them where it ended the connection itself."""
        found, sent = self.log.frames(epoch), [text for _, text in life.sent]
        for number, text in enumerate(found):
            must(number < len(sent) and sent[number] == text, f"frame {number} of a connection: expected "
                 f"{sent[number] if number < len(sent) else None}, found {text}")
        ended_first = life.ended in ("close", "bare", "fin", "silence") and any(
            line.get("status", {}).get("state") in OPENING and line["status"]["reason"] != "session ended" for line in epoch)
        sure = [text for at, text in life.sent if at < self.session.stopped - SURE]
        if ended_first:
            same(len(found), len(sent), f"frames of a connection that ended by {life.ended}")
        elif life is self.lives[-1] and life.ended is None:
            must(len(found) >= len(sure), f"the log has {len(found)} frames of a connection, {len(sure)} were surely sent")

    def sent(self, epoch, life):
        """Requests in the log are those that the venue read, and name what was asked for alone."""
        found = [line["out"] for line in epoch if "out" in line]
        for ours, theirs in zip(found, life.requests):
            same(ours, theirs, "a request")
        for text in found:
            operation, topics, _ = life.topics(json.loads(text))
            strange = {t for t in topics if t[0] != "heartbeats"} - self.session.topics
            must(operation == "ping" or not strange, f"a request names {strange}: {text}")

    def mended(self, epoch, life):
        """Where the venue answers, a book has its snapshot soon after each break, or the connection is opened again."""
        if not self.script.answers or self.script.rate or self.script.acks == "never":
            return
        frames = [line for line in epoch if "frame" in line]
        over = any(line.get("status", {}).get("state") == "disconnected" for line in epoch)
        for at, symbol in life.broken:
            if over or at >= len(frames) or ("book", symbol) in self.script.refused:
                continue
            since = frames[at]["recv_ns"]
            if self.session.stopped - since < PATIENCE * SECOND or life.ended == "silence":
                continue
            after = [line["frame"] for line in frames[at + 1:]]
            must(any('"snapshot"' in text and symbol in text and "ook" in text for text in after),
                 f"the book of {symbol} broke at frame {at} and got no snapshot")

    def refused(self):
        """What the venue refused by name is not asked for again."""
        refused = set()
        for line in self.log.lines:
            if "out" in line:
                operation, topics, _ = self.lives[0].topics(json.loads(line["out"]))
                again = refused & set(topics)
                must(operation != "subscribe" or not again, f"asked again for {again}, which was refused")
            elif line.get("status", {}).get("state") == "rejected" and line["status"]["topic"]:
                refused.add(tuple(line["status"]["topic"].split("/", 1)))
        # Coinbase names no channel, Kraken none without an id: which request of a symbol it was cannot be told.
        is_vague = self.session.exchange == "coinbase" or self.session.exchange == "kraken" and not self.script.ids
        symbols = {symbol for _, symbol in self.script.refused}
        wrong = {t for t in refused - self.script.refused if not (is_vague and t[1] in symbols)}
        must(not wrong, f"taken for refused: {wrong}")
        self.rejected = refused

    def ledger(self):
        """A line for each end, between the connection's last frame and the status; each is closed once at most."""
        lines = [json.loads(x) for x in (self.session.folder / "gaps.jsonl").read_text().splitlines()] \
            if (self.session.folder / "gaps.jsonl").exists() else []
        start = f"{self.log.sources[0].start}-" if self.log.sources else "none"
        lines = [line for line in lines if line["id"].startswith(start)]
        opened = {}
        for line in lines:
            if line["event"] == "opened":
                must(line["id"] not in opened, f"opened twice: {line}")
                opened[line["id"]] = line
            else:
                must(int(line["time_ns"]) >= int(opened.pop(line["id"])["time_ns"]), f"closed before it opened: {line}")
        self.ends(lines)

    def ends(self, lines):
        """Each end of a connection opens a line, unless one that no data has closed is open, and no line has no end."""
        closed = {x["id"]: int(x["time_ns"]) for x in lines if x["event"] == "closed"}
        opened = [(x["cause"], int(x["time_ns"]), closed.get(x["id"])) for x in lines
                  if x["event"] == "opened" and x["subject"].endswith("/c0")]
        for cause, at, _ in [x for x in opened if x[0] in OPENING.values()]:
            fits = any(cause == c and low <= at <= high for c, low, high, _ in self.expected_ends())
            must(fits or self.session.ended == "kill", f"gaps.jsonl: no {cause} at {at}; ends: {self.expected_ends()}")
        for cause, low, high, is_own in self.expected_ends():
            told = any(cause == c and low <= at <= high for c, at, _ in opened)
            still_open = any(at < low and (end is None or end > low) for _, at, end in opened)
            # Opened again for the sake of a book: that gap has a line of its own.
            must(told or still_open or is_own, f"gaps.jsonl: no line for the {cause} from {low} to {high}; found {opened}")

    def expected_ends(self):
        """(cause, the last frame before, when the ledger knows, whether the recorder wanted it)"""
        expected, last, is_open = [], 0, False
        for line in self.log.lines:
            status = line.get("status", {})
            state, reason = status.get("state"), status.get("reason") or ""
            if state == "connected":
                is_open = True
            elif state in OPENING and is_open and reason != "session ended":
                expected.append((OPENING[state], last, line["recv_ns"] + SOON, reason.startswith("resync")))
                is_open = False
            if "frame" in line or state == "connected":
                last = line["recv_ns"]
        return expected

    # MARK: - what the summary says

    def told(self):
        summary, frames = self.session.summary, sum("frame" in line for line in self.log.lines)
        connection = summary["connections"][0]
        same(summary["logged"], frames, "logged")
        same(summary["received"], frames, "received")
        same(summary["dropped"], 0, "dropped")
        spoke, acknowledged = self.heard()
        rejected = {"/".join(topic) for topic in self.rejected}
        same({x["topic"] for x in connection["refused"]}, rejected, "refused")
        open_topics = {"/".join(t) for t in self.session.topics} - rejected
        never = open_topics - spoke - acknowledged
        same(set(connection["unacknowledged"]), never, "unacknowledged")
        must(len(self.log.epochs) > 1 or set(connection["without_data"]) >= open_topics - spoke - never, f"without_data: {connection['without_data']} "
             f"lacks some of {open_topics - spoke - never}")
        self.code(connection, rejected or never, spoke)

    def heard(self):
        """The topics with a frame, and those that the log has as subscribed."""
        spoke = set()
        for epoch in self.log.epochs:
            for text in self.log.frames(epoch):
                for kind, symbol in self.session.topics:
                    spoke |= {f"{kind}/{symbol}"} if self.is_of(text, kind, symbol) else set()
        acknowledged = {line["status"]["topic"] for line in self.log.lines
                        if line.get("status", {}).get("state") == "subscribed"}
        return spoke, acknowledged

    @staticmethod
    def is_of(text, kind, symbol):
        words = {"book": ('"orderbook.', '"channel":"book"', '"channel":"l2_data"'),
                 "trades": ('"publicTrade.', '"channel":"trade"', '"channel":"market_trades"')}[kind]
        names = (f".{symbol}\"", f'"symbol":"{symbol}"', f'"product_id":"{symbol}"')
        return any(w in text for w in words) and any(n in text for n in names) and '"method"' not in text

    def code(self, connection, lacks, spoke):
        """1 where nothing was ever open or everything was refused; 3 where something asked for is lacking."""
        if not self.log.epochs or len(self.rejected) == len(self.session.topics) and not spoke:
            return same(self.session.code, 1, "exit code")
        if lacks or not spoke:
            return same(self.session.code, 3, f"exit code ({connection})")
        calm = len(self.log.epochs) == 1 and not self.lives[0].broken and self.lives[0].ended is None
        plain = calm and not self.script.mute and not self.script.rate and self.script.acks != "never"
        if plain and self.lives[0].attempt.snapshot and not self.session.rotates:
            return same(self.session.code, 0, f"exit code ({connection})")
        return must(self.session.code in (0, 3), f"exit code {self.session.code}")


def history(command, seed, folder, replaying):
    """Two sessions in one folder, each checked, then the replay of both."""
    rng = Rng(f"recorded history {seed}")
    exchange, recordings, sources = rng.pick(["bybit", "coinbase", "kraken"]), [], []
    for _ in range(2):
        session = Recorded(command, rng, exchange, folder)
        try:
            checks = Checks(session)
            checks.run()
        except Difference as error:
            raise Difference(f"{session}\n{error}\n{session.error[-600:]}") from error
        recordings += session.files
        sources += checks.log.sources
    given = [(s, p) for s, p in zip(sources, recordings) if s.lines]
    if not any("frame" in line for source, _ in given for line in source.lines):
        return 0
    with replaying:
        comparison = Comparison(command, folder, True, False, False, True)
        comparison.written(lambda _: ([s for s, _ in given], [p for _, p in given]), configs(rng, 3))
    return sum("frame" in line for source, _ in given for line in source.lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atelier", type=pathlib.Path, help="the command (default: ATELIER, else the newest build)")
    parser.add_argument("--histories", type=int, default=24)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=6, help="histories recorded at the same time (default 6)")
    parser.add_argument("--seconds", type=float, default=60, help="no new history after so many (default 60)")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the files of what differs here")
    return parser.parse_args()


def main():
    options = arguments()
    try:
        command = Atelier(binary(options.atelier))
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 2
    root = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="record-histories-"))
    until, replaying, counts, failed = time.monotonic() + options.seconds, threading.Lock(), [], []

    def one(seed):
        if time.monotonic() > until:
            return
        folder = root / str(seed)
        folder.mkdir(parents=True)
        try:
            counts.append(history(command, seed, folder, replaying))
            shutil.rmtree(folder, ignore_errors=True)
        except (Difference, CommandFailed) as error:
            failed.append(seed)
            print(f"\nrecorded history of seed {seed} differs: {error}\n", flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        list(pool.map(one, range(options.first_seed, options.first_seed + options.histories)))
    if not options.keep:
        shutil.rmtree(root, ignore_errors=True)
    print(f"{len(counts) + len(failed)} recorded histories, {sum(counts)} frames; {len(failed)} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
