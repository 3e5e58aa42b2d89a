"""A venue on a loopback socket that plays a random life: what it answers, sends, breaks and how it ends, by a seed."""

import json
import pathlib
import socket
import struct
import sys
import threading
import time
import zlib

from .wire import rfc3339

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "AtelierTests"))

from hostile_server import Peer  # noqa: E402

ROUND = 0.05
ENDS = ("close", "bare", "fin", "reset", "silence")
SYMBOLS = {"bybit": ("BTCUSDT", "ETHUSDT", "ODDUSDT"), "coinbase": ("BTC-USD", "ETH-USD", "ODD-USD"),
           "kraken": ("BTC/USD", "ETH/USD", "ODD/USD")}
STRANGERS = {"bybit": "EVILUSDT", "coinbase": "EVIL-USD", "kraken": "EVIL/USD"}
CHANNELS = {"bybit": (("orderbook", "book"), ("publicTrade", "trades")), "kraken": (("book", "book"), ("trade", "trades")),
            "coinbase": (("level2", "book"), ("market_trades", "trades"))}


def stamp():
    return rfc3339(time.time_ns(), 6)


class Script:
    """What one session asks for, and what the venue does about it."""

    def __init__(self, rng, exchange):
        self.exchange, self.symbols = exchange, [s for s in SYMBOLS[exchange] if rng.chance(0.6)] or [SYMBOLS[exchange][0]]
        self.depth = rng.pick({"bybit": [50, 200], "kraken": [10, 25], "coinbase": [None]}[exchange])
        topics = [(kind, symbol) for _, kind in CHANNELS[exchange] for symbol in self.symbols]
        rng.shuffle(topics)
        count = len(topics) // 2 if rng.chance(0.3) else 0
        self.refused = set(topics[:rng.below(count + 1)])
        self.mute = {topic for topic in topics if rng.chance(0.06)}
        self.acks = rng.pick(["at once", "at once", "late", "never"])
        # A refusal at Kraken names no channel: without an id it is told by the order of the answers alone.
        self.ids = rng.chance(0.7) or exchange == "kraken" and self.acks != "at once"
        self.rate = rng.pick([0, 0, 0, 1, 2])            # requests refused for rate, of each connection
        self.answers = rng.chance(0.8)                   # a resync brings a snapshot
        self.strangers, self.garbage = rng.chance(0.4), rng.chance(0.3)
        self.padding = rng.pick([0, 0, 3_000])
        self.attempts = [Attempt(rng) for _ in range(40)]
        if rng.chance(0.3):
            self.attempts[0] = Attempt(rng, ends=False)

    def __repr__(self):
        return " ".join(f"{k}={v}" for k, v in vars(self).items() if k != "attempts")


class Attempt:
    """One connection: whether books begin with a snapshot, when they break, when and how it ends."""

    def __init__(self, rng, ends=True):
        self.refused_upgrade = rng.chance(0.08)
        self.snapshot = rng.chance(0.85)
        self.breaks = rng.between(8, 40) if rng.chance(0.4) else None
        self.end = rng.pick(ENDS) if ends and rng.chance(0.7) else None
        self.after = rng.between(10, 60)


class LiveVenue:
    """The listening side; `lives` has every connection whose upgrade was answered, in order."""

    def __init__(self, script):
        self.script, self.lives, self.accepted, self.numbers = script, [], 0, {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            attempt = self.script.attempts[min(self.accepted, len(self.script.attempts) - 1)]
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection, attempt), daemon=True).start()

    def _serve(self, connection, attempt):
        try:
            if attempt.refused_upgrade:
                connection.recv(100)
                return connection.close()
            peer = Peer(connection)
            peer.handshake()
            life = Life(self, peer, attempt)
            self.lives.append(life)
            life.run()
        except OSError:
            pass

    def number(self, name, step=1):
        self.numbers[name] = self.numbers.get(name, 0) + step
        return self.numbers[name]


class Life:
    """One connection: every text it sent with its time, and every request that it read."""

    def __init__(self, venue, peer, attempt):
        self.venue, self.script, self.exchange = venue, venue.script, venue.script.exchange
        self.peer, self.attempt, self.writing = peer, attempt, threading.Lock()
        self.sent, self.requests, self.broken, self.live, self.asked = [], [], [], [], {}
        self.sequence, self.limited, self.gone, self.quiet, self.ended = 0, 0, False, False, None
        self.last = {}

    def send(self, message):
        """Where in `sent` it lies."""
        with self.writing:
            if self.quiet or self.gone:
                return None
            if self.exchange == "coinbase" and isinstance(message, dict) and "channel" in message:
                message = {**message, "client_id": "", "timestamp": stamp(), "sequence_num": self.sequence}
                self.sequence += 1
            text = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
            self.sent.append((time.time_ns(), text))
            self.peer.send(text.encode())
            return len(self.sent) - 1

    def run(self):
        reader = threading.Thread(target=self._listen, daemon=True)
        reader.start()
        for number in range(1, 100_000):
            time.sleep(ROUND)
            if self.gone:
                return
            if number == self.attempt.after and self.attempt.end:
                return self._end(reader)
            self._round(number)

    def _end(self, reader):
        with self.writing:
            if self.gone:
                return
            self.ended = self.attempt.end
            self.quiet = True
        raw = self.peer.connection
        if self.ended == "silence":
            reader.join()
            return raw.close()
        if self.ended == "reset":
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return raw.close()
        if self.ended == "close":
            self.peer.send(b"\x03\xe9later", 8)
        elif self.ended == "bare":
            self.peer.send(b"", 8)
        raw.shutdown(socket.SHUT_WR)
        reader.join(5)
        return raw.close()

    def _listen(self):
        try:
            while True:
                opcode, data = self.peer.receive()
                if opcode == 1:
                    self.requests.append(data.decode())
                    self._answer(json.loads(data))
                elif opcode == 8:
                    break
                elif opcode == 9 and not self.quiet:
                    with self.writing:
                        self.peer.send(data, 10)
        except OSError:
            pass
        self.gone = True

    # MARK: - requests

    def _answer(self, request):
        operation, topics, identity = self.topics(request)
        if operation == "ping":
            return self.send({"op": "pong"} if self.exchange == "bybit" else {"method": "pong"})
        if operation == "subscribe" and self.limited < self.script.rate:
            self.limited += 1
            return self._refuse(topics, identity, None)
        if operation == "unsubscribe":
            self.live = [t for t in self.live if t not in topics]
            return self._accept(operation, topics, identity, 0)
        bad = [t for t in topics if t in self.script.refused]
        if bad and self.exchange != "kraken":
            return self._refuse(topics, identity, bad[0])
        for topic in bad:
            self._refuse(topics, identity, topic)
        good = [t for t in topics if t not in bad]
        again = {t for t in good if self.asked.get(t)}
        for topic in good:
            self.asked[topic] = self.asked.get(topic, 0) + 1
        self.live += [t for t in good if t not in self.live and t not in self.script.mute]
        if self.script.acks == "late":
            threading.Timer(0.4, self._accept, (operation, good, identity, 0)).start()
        elif self.script.acks == "at once":
            self._accept(operation, good, identity, 0)
        for topic in good:
            if topic[0] == "book" and topic in self.live and (self.script.answers if topic in again
                                                              else self.attempt.snapshot):
                self.send(self._book(topic[1], True))
        return None

    def topics(self, request):
        """(operation, [(kind, symbol)], id); names of this venue's that it does not know stay as they are."""
        kinds = dict(CHANNELS[self.exchange])
        if self.exchange == "bybit":
            names = [topic.split(".") for topic in request.get("args", [])]
            return request.get("op"), [(kinds.get(n[0], n[0]), n[-1]) for n in names], request.get("req_id")
        if self.exchange == "kraken":
            asked = request.get("params", {})
            return request.get("method"), [(kinds.get(asked.get("channel"), asked.get("channel")), s)
                                           for s in asked.get("symbol", [])], request.get("req_id")
        channel = request["channel"]
        return request["type"], [(kinds.get(channel, channel), s) for s in request.get("product_ids", ["all"])], None

    def _name(self, topic):
        channel = next((c for c, k in CHANNELS[self.exchange] if k == topic[0]), topic[0])
        return f"{channel}.{self.script.depth}.{topic[1]}" if channel == "orderbook" else f"{channel}.{topic[1]}"

    def _accept(self, operation, topics, identity, _):
        try:
            if self.exchange == "bybit":
                self.send({"success": True, "ret_msg": "", "conn_id": "x", "req_id": identity if self.script.ids else "",
                           "op": operation})
            elif self.exchange == "kraken":
                for kind, symbol in topics:
                    result = {"channel": "trade" if kind == "trades" else kind, "symbol": symbol}
                    if kind == "book":
                        result["depth"] = self.script.depth
                    identities = {"req_id": identity} if self.script.ids else {}
                    self.send({"method": operation, **identities, "result": result, "success": True,
                               "time_in": stamp(), "time_out": stamp()})
            else:
                named = {}
                for kind, symbol in self.live:
                    channel = next((c for c, k in CHANNELS["coinbase"] if k == kind), kind)
                    named.setdefault(channel, []).append(channel if channel == "heartbeats" else symbol)
                self.send({"channel": "subscriptions", "events": [{"subscriptions": named}]})
        except OSError:
            pass

    def _refuse(self, topics, identity, topic):
        """For rate where no topic is named."""
        if self.exchange == "bybit":
            text = f"error:handler not found,topic:{self._name(topic)}" if topic else "Too many visits! rate limit"
            return self.send({"success": False, "ret_msg": text, "conn_id": "x",
                              "req_id": identity if self.script.ids else "", "op": "subscribe"})
        if self.exchange == "coinbase":
            return self.send({"type": "error", "message": f"{topic[1]} is not a valid product" if topic
                              else "rate limit exceeded"})
        identities = {"req_id": identity} if self.script.ids else {}
        if topic:
            return self.send({"error": f"Currency pair not supported {topic[1]}", "method": "subscribe", **identities,
                              "success": False, "symbol": topic[1], "time_in": stamp(), "time_out": stamp()})
        for _, symbol in topics:
            self.send({"error": "Exceeded msg rate", "method": "subscribe", **identities, "success": False,
                       "symbol": symbol, "time_in": stamp(), "time_out": stamp()})
        return None

    # MARK: - what it sends by itself

    def _round(self, number):
        for topic in list(self.live):
            if topic[0] == "book":
                broken = number == self.attempt.breaks and topic in self.last
                if broken and self.exchange == "coinbase":
                    self.sequence += 1
                at = self.send(self._book(topic[1], False, broken))
                if broken and at is not None:
                    self.broken.append((at, topic[1]))
            elif topic[0] == "trades" and number % 2:
                self.send(self._trade(topic[1]))
        if self.script.strangers and number % 5 == 0:
            stranger = STRANGERS[self.exchange]
            self.send(self._book(stranger, number % 3 == 0, number % 10 == 0 and self.exchange != "coinbase"))
            self.send(self._trade(stranger))
        if self.script.garbage and number % 17 == 0:
            self.send(["not json {", "{}", '{"topic":"mystery","data":[]}'][number % 3])
        if self.script.padding and self.live:
            self.send(self._padding())

    def _padding(self):
        filler = "y" * self.script.padding
        if self.exchange == "bybit":
            return {"topic": f"kline.1.{self.script.symbols[0]}", "type": "snapshot", "ts": time.time_ns() // 10**6,
                    "data": [{"x": filler}]}
        if self.exchange == "kraken":
            return {"channel": "ohlc", "type": "update", "data": [{"symbol": self.script.symbols[0], "x": filler}]}
        return {"channel": "candles", "events": [{"type": "update", "candles": [{"x": filler}]}]}

    def _book(self, symbol, whole, broken=False):
        topic = ("book", symbol)
        size = self.venue.number(symbol, 3 if broken else 1)
        if whole or topic in self.last:
            self.last[topic] = size
        if self.exchange == "bybit":
            now = time.time_ns() // 10**6
            return {"topic": f"orderbook.{self.script.depth}.{symbol}", "type": "snapshot" if whole else "delta", "ts": now,
                    "data": {"s": symbol, "b": [["100", str(size)]], "a": [["101", "1"]], "u": size, "seq": size}, "cts": now}
        if self.exchange == "kraken":
            number = zlib.crc32(f"1010101000{size}0".encode()) ^ (1 if broken else 0)
            when = "" if whole else f',"timestamp":"{stamp()}"'
            return (f'{{"channel":"book","type":"{"snapshot" if whole else "update"}","data":[{{"symbol":"{symbol}",'
                    f'"bids":[{{"price":100.0,"qty":{size}.0}}],"asks":[{{"price":101.0,"qty":1.0}}],'
                    f'"checksum":{number}{when}}}]}}')
        updates = [{"side": side, "event_time": stamp(), "price_level": price, "new_quantity": quantity}
                   for side, price, quantity in (("bid", "100", str(size)), ("offer", "101", "1"))]
        return {"channel": "l2_data", "events": [{"type": "snapshot" if whole else "update", "product_id": symbol,
                                                  "updates": updates}]}

    def _trade(self, symbol):
        number = self.venue.number(f"trades of {symbol}")
        if self.exchange == "bybit":
            now = time.time_ns() // 10**6
            return {"topic": f"publicTrade.{symbol}", "type": "snapshot", "ts": now, "data": [
                {"T": now, "s": symbol, "S": "Buy", "v": "1", "p": "100.5", "i": f"{symbol}-{number}", "BT": False}]}
        if self.exchange == "kraken":
            return {"channel": "trade", "type": "update", "data": [
                {"symbol": symbol, "side": "buy", "price": 100.5, "qty": 1.0, "ord_type": "limit", "trade_id": number,
                 "timestamp": stamp()}]}
        return {"channel": "market_trades", "events": [{"type": "update", "trades": [
            {"trade_id": str(number), "product_id": symbol, "price": "100.5", "size": "1", "side": "BUY",
             "time": stamp()}]}]}
