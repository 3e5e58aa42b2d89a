"""A REST server that misbehaves, on plain sockets, with Python's standard library alone.

    hostile_rest.py MODE [--tls CERT KEY]

Every request meets MODE. Prints its port, then a JSON line for each request: its path.
"""

import argparse
import gzip
import json
import socket
import ssl
import threading
import time


def reply(entries, cursor=""):
    return json.dumps({"retCode": 0, "retMsg": "OK", "result": {
        "category": "linear", "list": entries, "nextPageCursor": cursor}}).encode()


def entry(symbol):
    return {"symbol": symbol, "contractType": "LinearPerpetual", "status": "Trading",
            "priceFilter": {"tickSize": "0.10"}, "lotSizeFilter": {"qtyStep": "0.001", "minOrderQty": "0.001"}}


GOOD = reply([entry("BTCUSDT"), entry("ETHUSDT")])


def head(status="200 OK", length=None, more=()):
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body, status="200 OK", more=()):
    return head(status, len(body), more) + body


def endless(connection):
    """A body that never ends, as fast as it is taken."""
    connection.sendall(head(more=["Transfer-Encoding: chunked"]))
    block = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while True:
        connection.sendall(block)


def drip(connection):
    """A byte now and then: never silent, never done."""
    connection.sendall(head(length=1000000))
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def silent(connection):
    time.sleep(600)


MODES = {
    "good": whole(GOOD),
    "error": whole(b"upstream is down", "503 Service Unavailable"),
    "redirect": whole(b"", "302 Found", ["Location: https://elsewhere.example/"]),
    "gzip": whole(gzip.compress(GOOD), more=["Content-Encoding: gzip"]),
    "huge": head(length=1 << 34) + b"{",
    "garbage": b"\x00\x01 this is no HTTP \xff\xfe\r\n\r\n" * 20,
    "cut": head(length=len(GOOD)) + GOOD[:40],
    "hangup": b"",
    "nojson": whole(b"<html>maintenance</html>"),
    "other": whole(b'{"retCode":0,"result":{"timeSecond":"1"}}'),
    "refused": whole(b'{"retCode":10006,"retMsg":"Too many visits!","result":{}}'),
    "loop": whole(reply([entry("BTCUSDT")], "first%3DBTCUSDT")),
    "endless": endless,
    "drip": drip,
    "silent": silent,
}


def serve(connection, mode, context):
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(4096)
            if not data:
                return
            request += data
        lines = request.decode("latin-1").split("\r\n")
        accepts = [line for line in lines if line.lower().startswith("accept-encoding")]
        print(json.dumps({"path": lines[0].split(" ")[1], "accepts": accepts}), flush=True)
        answer = MODES[mode]
        answer(connection) if callable(answer) else connection.sendall(answer)
    except OSError:
        pass
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=sorted(MODES))
    parser.add_argument("--tls", nargs=2)
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, options.mode, context), daemon=True).start()


main()
