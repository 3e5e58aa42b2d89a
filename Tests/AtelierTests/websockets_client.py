"""Python's `websockets` pointed at a fake Bybit: `websockets_client.py PORT`.

Asks for one symbol's book and another's trades as the venue's documents say, pings, asks for a topic that does not
exist, and reads until both have come. Prints what came; what the venue would not send ends it with an error.
"""

import asyncio
import json
import sys

import websockets

WANTED = ["orderbook.50.BTCUSDT", "publicTrade.ETHUSDT"]


async def follow(socket):
    seen = {"topics": set(), "books": 0, "trades": 0, "acks": 0, "refusals": 0, "pongs": 0}
    last = None
    while seen["books"] < 300 or seen["trades"] < 20 or not seen["pongs"]:
        message = json.loads(await asyncio.wait_for(socket.recv(), 30))
        if "topic" not in message:
            # Bybit answers a ping with op "pong" or "ping" and ret_msg "pong".
            if "pong" in (message.get("op"), message.get("ret_msg")):
                seen["pongs"] += 1
            else:
                assert message["op"] == "subscribe", message
                seen["acks" if message["success"] else "refusals"] += 1
            continue
        seen["topics"].add(message["topic"])
        if message["topic"].startswith("orderbook"):
            number = message["data"]["u"]
            assert message["type"] == "snapshot" if last is None else number == last + 1, (last, message)
            last = number
            seen["books"] += 1
            if seen["books"] == 10:
                await socket.send(json.dumps({"op": "ping"}))
        else:
            seen["trades"] += len(message["data"])
    return seen


async def main(port):
    async with websockets.connect(f"ws://127.0.0.1:{port}/v5/public/linear") as socket:
        await socket.send(json.dumps({"op": "subscribe", "args": ["orderbook.50.NOSUCH"]}))
        await socket.send(json.dumps({"op": "subscribe", "args": WANTED}))
        seen = await follow(socket)
        await (await socket.ping())
    seen["topics"] = sorted(seen["topics"])
    print(json.dumps(seen))


asyncio.run(main(int(sys.argv[1])))
