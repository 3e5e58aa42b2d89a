"""A WebSocket server that misbehaves, on plain sockets, with Python's standard library alone.

    hostile_server.py MODE [--frames N] [--rate R] [--tls CERT KEY] [--times N] …

The first N connections (one by default) meet MODE; later ones are served well. Frames are Bybit trades numbered from 1 over
all connections. Prints its port, then one JSON line for each thing a test wants to know.
"""

import argparse
import base64
import hashlib
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ACK = b'{"success":true,"ret_msg":"","conn_id":"hostile","req_id":"","op":"subscribe"}'


def frame(data, opcode=1, fin=True):
    head = bytes([(0x80 if fin else 0) | opcode])
    size = len(data)
    if size < 126:
        return head + bytes([size]) + data
    if size < 65536:
        return head + b"\x7e" + struct.pack(">H", size) + data
    return head + b"\x7f" + struct.pack(">Q", size) + data


def trade(number, padding=0):
    now = int(time.time() * 1000)
    extra = ',"x":"' + "y" * padding + '"' if padding else ""
    return (f'{{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":{now},"data":[{{"T":{now},"s":"BTCUSDT",'
            f'"S":"Buy","v":"0.001","p":"50000.0","i":"{number}","BT":false}}]{extra}}}').encode()


class Peer:
    """One client: its socket, and the frames it sent."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = b""

    def more(self):
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError("the client is gone")
        self.buffer += data

    def handshake(self, extra=b""):
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"sec-websocket-key:"):
                key = line.split(b":", 1)[1].strip()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        self.connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + extra)

    def receive(self):
        """The next frame: opcode and unmasked data; requests are short."""
        while True:
            if len(self.buffer) >= 2:
                size, start = self.buffer[1] & 0x7F, 6
                if size == 126 and len(self.buffer) >= 4:
                    size, start = struct.unpack(">H", self.buffer[2:4])[0], 8
                if len(self.buffer) >= start + size:
                    mask, data = self.buffer[start - 4:start], self.buffer[start:start + size]
                    opcode = self.buffer[0] & 15
                    self.buffer = self.buffer[start + size:]
                    return opcode, bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
            self.more()

    def send(self, data, opcode=1, fin=True):
        self.connection.sendall(frame(data, opcode, fin))


class Server:
    def __init__(self, options):
        self.options, self.connections, self.number = options, 0, 0
        self.lock = threading.Lock()

    def say(self, **what):
        print(json.dumps(what), flush=True)

    def numbered(self, peer, count, padding=0):
        for _ in range(count):
            self.number += 1
            peer.send(trade(self.number, padding))
            if self.options.rate:
                time.sleep(1 / self.options.rate)

    def serve(self, connection, place):
        peer = Peer(connection)
        try:
            if place <= self.options.times and self.options.mode != "good":
                getattr(self, self.options.mode.replace("-", "_"))(peer)
            else:
                self.good(peer)
        except OSError as error:
            self.say(connection=place, ended=str(error))
        finally:
            connection.close()

    def good(self, peer):
        peer.handshake()
        peer.receive()
        peer.send(ACK)
        self.numbered(peer, self.options.frames)
        self.settle(peer)

    def settle(self, peer):
        """Says how many frames were sent once the client has read them all: its pong comes after them."""
        peer.send(b"done", opcode=9)
        while peer.receive()[0] != 10:
            pass
        self.say(sent=self.number)
        self.linger(peer)

    def raw(self, peer):
        """Bytes as they are told, after three frames; says which close code they are answered with."""
        peer.handshake()
        peer.receive()
        self.numbered(peer, 3)
        peer.connection.sendall(bytes.fromhex(self.options.bytes))
        while True:
            opcode, data = peer.receive()
            if opcode == 8:
                self.say(close=struct.unpack(">H", data[:2])[0] if data else 0)
                return

    def answer(self, peer):
        """An answer to the upgrade with changed or further headers, and frames behind it."""
        peer.more()
        key = peer.buffer.split(b"Sec-WebSocket-Key:")[1].split(b"\r\n")[0].strip()
        headers = {"Upgrade": "websocket", "Connection": "Upgrade",
                   "Sec-WebSocket-Accept": base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()}
        for header in self.options.header:
            name, value = header.split(":", 1)
            headers[name] = value.strip()
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        peer.connection.sendall(f"HTTP/1.1 101 Switching Protocols\r\n{head}\r\n".encode() + frame(trade(999)))
        time.sleep(1)

    def unread(self, peer):
        """Pings without end from a server that reads nothing."""
        peer.handshake()
        peer.receive()
        block = frame(b"x" * 125, opcode=9) * 500
        sent = 0
        try:
            while True:
                peer.connection.sendall(block)
                sent += 500
        except OSError:
            self.say(pings=sent)

    def refusals(self, peer):
        """The same and other refusals without end, with what steers a terminal in them."""
        peer.handshake()
        peer.receive()
        for number in range(2000):
            text = {"success": False, "ret_msg": f"no \x1b[31mway\r\n\x07{number % 500}\u202e", "op": "subscribe"}
            peer.send(json.dumps(text, ensure_ascii=False).encode())
        peer.send(struct.pack(">H", 4001) + "bye\x1b]0;owned\x07\n\u202efine".encode(), 8)
        self.linger(peer)

    def flapping(self, peer):
        """A connection that ends with a reason after three frames."""
        peer.handshake()
        peer.receive()
        self.numbered(peer, 3)
        peer.send(struct.pack(">H", 4000 + self.connections) + b"again", 8)
        peer.receive()

    def linger(self, peer):
        while True:
            opcode, data = peer.receive()
            if opcode == 8:
                peer.send(data, 8)
                return
            if opcode == 9:
                peer.send(data, 10)

    # What can go wrong.

    def early(self, peer):
        """Three frames in the same segment as the answer to the upgrade."""
        frames = b""
        for _ in range(3):
            self.number += 1
            frames += frame(trade(self.number))
        peer.handshake(frames)
        peer.receive()
        self.numbered(peer, self.options.frames)
        self.settle(peer)

    def large(self, peer):
        """Frames of 5 MB."""
        peer.handshake()
        peer.receive()
        self.numbered(peer, self.options.frames, padding=5 << 20)
        self.settle(peer)

    def binary(self, peer):
        peer.handshake()
        peer.receive()
        peer.send(bytes(range(256)), opcode=2)
        peer.send(b'{"topic":"\xff\xfe broken"}')
        peer.send(b"not json at all")
        peer.send(b"")
        self.numbered(peer, self.options.frames)
        self.settle(peer)

    def garbage(self, peer):
        peer.handshake()
        peer.receive()
        peer.connection.sendall(b"\xff" * 4096)
        self.linger(peer)

    def endless(self, peer):
        """A message whose fragments never end."""
        peer.handshake()
        peer.receive()
        peer.send(b"{", fin=False)
        while True:
            peer.connection.sendall(frame(b"", opcode=0, fin=False) * 1000)

    def oversized(self, peer):
        """A frame that says it is 2^62 bytes long."""
        peer.handshake()
        peer.receive()
        peer.connection.sendall(b"\x81\x7f" + struct.pack(">Q", 1 << 62))
        self.linger(peer)

    def stalled(self, peer):
        peer.handshake()
        peer.receive()
        self.numbered(peer, 3)
        time.sleep(3600)

    def closing(self, peer):
        peer.handshake()
        peer.receive()
        self.numbered(peer, 3)
        peer.send(struct.pack(">H", 4007) + b"maintenance", opcode=8)
        self.linger(peer)

    def cut(self, peer):
        """Gone in the middle of a frame."""
        peer.handshake()
        peer.receive()
        self.numbered(peer, 3)
        peer.connection.sendall(frame(trade(0))[:40])

    def silent(self, peer):
        """Takes the connection and never answers."""
        time.sleep(3600)

    def refusing(self, peer):
        peer.more()
        peer.connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy")

    def babbling(self, peer):
        peer.more()
        peer.connection.sendall(b"220 mail.example.org ESMTP\r\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode")
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--tls-version", default="")
    parser.add_argument("--bytes", default="")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    server = Server(options)
    listener = socket.create_server(("127.0.0.1", 0))
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        if options.tls_version:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, options.tls_version)
    server.say(port=listener.getsockname()[1])
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    while True:
        connection, _ = listener.accept()
        try:
            if context:
                connection = context.wrap_socket(connection, server_side=True)
        except OSError as error:
            server.say(ended=str(error))
            continue
        server.connections += 1
        threading.Thread(target=server.serve, args=(connection, server.connections), daemon=True).start()


if __name__ == "__main__":
    main()
