"""A venue that answers requests as a test wants, on plain sockets, with Python's standard library alone.

    venue_server.py EXCHANGE MODE

Prints its port, then each request it reads as a JSON line. See `Venue` for what the modes are.
"""

import json
import os
import socket
import sys
import threading
import time
import zlib

from hostile_server import Peer


def stamp():
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ".000001Z"


class Venue:
    """One connection: reads requests on a thread of its own, and sends what is live ten times a second.

    silent    acknowledges books and never sends any
    mute      acknowledges everything and sends nothing
    unheard   sends what is asked for and acknowledges nothing
    ignored   neither
    deltas    from the second connection on books come without a snapshot, until they are asked for once more
    refused   a sequence or checksum breaks after a second, and resyncs on that connection are refused
    answered  as before, and resyncs are acknowledged but bring no snapshot
    bad       refuses a request that holds what is called BAD, and names it
    unnamed   as before, without saying what is wrong
    nothing   refuses everything
    rate      takes two requests a second
    evil      sends books and trades of symbols nobody asked for, with broken numbers
    flood     sends 5,000 refusals of nothing that was asked
    """

    lock = threading.Lock()

    def __init__(self, exchange, mode, peer, number):
        self.exchange, self.mode, self.peer, self.number = exchange, mode, peer, number
        self.live, self.sequence, self.asked, self.times, self.updates = [], 0, {}, [], {}
        self.writing, self.began = threading.Lock(), time.time()

    def send(self, message):
        with self.writing:
            if self.exchange == "coinbase" and "channel" in message:
                message = dict(message, client_id="", timestamp=stamp(), sequence_num=self.sequence)
                self.sequence += 1
            text = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
            self.peer.send(text.encode())

    # Requests: (is a subscription, [(channel, symbol)], id).

    def read(self, request):
        if self.exchange == "bybit":
            operation, names = request.get("op"), []
            for topic in request.get("args", []):
                parts = topic.split(".")
                names.append((".".join(parts[:-1]), parts[-1]))
            return operation, names, request.get("req_id")
        if self.exchange == "kraken":
            parameters = request.get("params", {})
            names = [(parameters.get("channel"), symbol) for symbol in parameters.get("symbol", [])]
            return request.get("method"), names, request.get("req_id")
        names = [(request["channel"], product) for product in request.get("product_ids", [])]
        return request.get("type"), names, None

    def accept(self, operation, names, identity):
        if self.exchange == "bybit":
            return self.send({"success": True, "ret_msg": "", "conn_id": "x", "req_id": identity or "", "op": operation})
        if self.exchange == "kraken":
            for channel, symbol in names:
                self.send({"method": operation, "req_id": identity, "success": True, "time_in": stamp(),
                           "time_out": stamp(), "result": {"channel": channel, "symbol": symbol}})
            return
        channels = {}
        for channel, product in self.live:
            channels.setdefault(channel, []).append("heartbeats" if channel == "heartbeats" else product)
        self.send({"channel": "subscriptions", "events": [{"subscriptions": channels}]})

    def refuse(self, operation, names, identity, reason, name=None):
        if self.exchange == "bybit":
            text = reason + (",topic:" + ".".join(name) if name else "")
            return self.send({"success": False, "ret_msg": text, "conn_id": "x", "req_id": identity or "",
                              "op": operation})
        text = reason + (" " + name[1] if name else "")
        if self.exchange == "kraken":
            return self.send({"method": operation, "req_id": identity, "success": False, "error": text,
                              "time_in": stamp(), "time_out": stamp()})
        self.send({"type": "error", "message": text})

    def answer(self, request):
        operation, names, identity = self.read(request)
        if operation in ("ping", None):
            return self.send({"op": "pong"} if self.exchange == "bybit" else {"method": "pong"})
        with Venue.lock:
            print(json.dumps({"connection": self.number, "operation": operation,
                              "topics": [".".join(name) for name in names]}), flush=True)
        if operation == "unsubscribe":
            self.live = [name for name in self.live if name not in names]
            return self.accept(operation, names, identity)
        again = any(self.asked.get(name, 0) for name in names)
        for name in names:
            self.asked[name] = self.asked.get(name, 0) + 1
        bad = [name for name in names if "BAD" in name[1]]
        if self.mode == "bad" and bad:
            return self.refuse(operation, names, identity, "error:handler not found", bad[0])
        if self.mode == "nothing" or self.mode == "unnamed" and bad:
            return self.refuse(operation, names, identity, "error:not possible")
        if self.mode == "rate":
            self.times = [at for at in self.times if time.time() - at < 1]
            if len(self.times) >= 2:
                return self.refuse(operation, names, identity, "rate limit exceeded")
            self.times.append(time.time())
        if self.mode == "refused" and again:
            self.live += [name for name in names if name not in self.live]
            return self.refuse(operation, names, identity, "error:already subscribed", names[0])
        self.live += [name for name in names if name not in self.live]
        if self.mode not in ("unheard", "ignored"):
            self.accept(operation, names, identity)
        for name in names:
            if not self.is_book(name) or self.mode in ("silent", "mute", "ignored"):
                continue
            if self.mode == "deltas" and self.number == 2 and not again or self.mode == "answered" and again:
                continue
            self.send(self.book(name, True))

    # Data.

    def is_book(self, name):
        return name[0].startswith(("orderbook", "book", "level2"))

    def book(self, name, whole, broken=False):
        channel, symbol = name
        update = self.updates[name] = self.updates.get(name, 0) + (3 if broken else 1)
        if self.exchange == "bybit":
            now = int(time.time() * 1000)
            return {"topic": channel + "." + symbol, "type": "snapshot" if whole else "delta", "ts": now, "cts": now,
                    "data": {"s": symbol, "b": [["100", str(update)]], "a": [["101", "1"]], "u": update, "seq": update}}
        if self.exchange == "kraken":
            # The digits of 101.0, 1.0, 100.0 and the quantity.
            checksum = zlib.crc32(f"1010101000{update}0".encode())
            side = f'"bids":[{{"price":100.0,"qty":{update}.0}}],"asks":[{{"price":101.0,"qty":1.0}}]'
            time_member = "" if whole else f',"timestamp":"{stamp()}"'
            return (f'{{"channel":"book","type":"{"snapshot" if whole else "update"}","data":[{{"symbol":"{symbol}",'
                    f'{side},"checksum":{checksum + (1 if broken else 0)}{time_member}}}]}}')
        updates = [{"side": "bid", "event_time": stamp(), "price_level": "100", "new_quantity": str(update)},
                   {"side": "offer", "event_time": stamp(), "price_level": "101", "new_quantity": "1"}]
        if broken and self.mode != "evil":
            self.sequence += 1
        return {"channel": "l2_data", "events": [{"type": "snapshot" if whole else "update", "product_id": symbol,
                                                  "updates": updates}]}

    def trade(self, name):
        symbol, number = name[1], self.updates.get(name, 0) + 1
        self.updates[name] = number
        if self.exchange == "bybit":
            now = int(time.time() * 1000)
            return {"topic": "publicTrade." + symbol, "type": "snapshot", "ts": now, "data": [
                {"T": now, "s": symbol, "S": "Buy", "v": "1", "p": "100.5", "i": f"{symbol}{self.number}-{number}",
                 "BT": False}]}
        if self.exchange == "kraken":
            return {"channel": "trade", "type": "update", "data": [
                {"symbol": symbol, "side": "buy", "price": 100.5, "qty": 1.0, "ord_type": "limit",
                 "trade_id": number, "timestamp": stamp()}]}
        return {"channel": "market_trades", "events": [{"type": "update", "trades": [
            {"trade_id": str(number), "product_id": symbol, "price": "100.5", "size": "1", "side": "BUY",
             "time": stamp()}]}]}

    def data(self, round_):
        if self.mode in ("mute", "ignored"):
            return
        for name in list(self.live):
            if self.is_book(name):
                if self.mode == "silent":
                    continue
                breaks = self.mode in ("refused", "answered") and self.number == 1 and round_ == 10
                self.send(self.book(name, False, breaks))
            elif name[0].startswith(("publicTrade", "trade", "market_trades")):
                self.send(self.trade(name))
        if self.mode == "evil" and self.live:
            for channel in {name[0] for name in self.live if name[0] != "heartbeats"}:
                evil = (channel, "EVIL/USD" if self.exchange == "kraken" else "EVIL-USD")
                self.send(self.book(evil, round_ % 7 == 0, round_ % 3 == 0) if self.is_book(evil) else self.trade(evil))
        if self.mode == "flood" and round_ == 5:
            for _ in range(5_000):
                self.refuse("subscribe", [], "none" if self.exchange == "bybit" else 999_999, "no\x1b[31m such thing")

    def serve(self):
        self.peer.handshake()
        threading.Thread(target=self.listen, daemon=True).start()
        for round_ in range(1, 10_000):
            time.sleep(0.1)
            self.data(round_)
            if self.mode == "deltas" and self.number == 1 and round_ == 10:
                return self.peer.send(b"\x03\xe9", 8)

    def listen(self):
        try:
            while True:
                opcode, data = self.peer.receive()
                if opcode == 1:
                    self.answer(json.loads(data))
                elif opcode == 9:
                    self.peer.send(data, 10)
        except OSError:
            pass


def main():
    exchange, mode = sys.argv[1:3]
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    number = 0
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

    def run(venue, connection):
        try:
            venue.serve()
        except OSError:
            pass
        finally:
            connection.close()

    while True:
        connection, _ = listener.accept()
        number += 1
        venue = Venue(exchange, mode, Peer(connection), number)
        threading.Thread(target=run, args=(venue, connection), daemon=True).start()


main()
