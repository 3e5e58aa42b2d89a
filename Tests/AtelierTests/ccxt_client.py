"""A client library in wide use, ccxt, pointed at a fake exchange: `ccxt_client.py VENUE PORT`.

It keeps a book by its own rules (ccxt checks Kraken's checksums too) and prints how many updates and trades
it saw; a book it finds crossed, or an error of its own, ends it with an error. Of Binance its books and trades are
compared with those of the frames and one seed, read beside it.
"""

import asyncio
import json
import sys
import urllib.request

import ccxt.pro
import websockets

LINEAR = {"id": "BTCUSDT", "symbol": "BTC/USDT:USDT", "quote": "USDT", "settle": "USDT", "type": "swap",
          "linear": True, "inverse": False, "swap": True, "spot": False, "contract": True}
KRAKEN = {"id": "XXBTZUSD", "symbol": "BTC/USD", "quote": "USD", "type": "spot", "spot": True, "swap": False}
COINBASE = dict(KRAKEN, id="BTC-USD")
INVERSE = dict(LINEAR, id="BTCUSD_PERP", symbol="BTC/USD:BTC", quote="USD", settle="BTC", linear=False, inverse=True,
               contractSize=100)
# Market, the members of urls, paths of REST, and the stream of trades.
BINANCE = {"binance-spot": (dict(KRAKEN, id="BTCUSDT"), "spot", "public", "/api/v3", "trade"),
           "binance-linear": (LINEAR, "linear", "fapiPublic", "/fapi/v1", "aggTrade"),
           "binance-inverse": (INVERSE, "inverse", "dapiPublic", "/dapi/v1", "aggTrade")}


def binance(venue, url):
    exchange = ccxt.pro.binance()
    market, socket, rest, prefix, _ = BINANCE[venue]
    # It knows spot by "/stream" in the address, and puts "/public" or "/market" before the "/ws" of linear.
    exchange.urls["api"]["ws"][socket] = url + ("stream" if socket == "spot" else "ws")
    exchange.urls["api"][rest] = url.replace("ws://", "http://").rstrip("/") + prefix
    return exchange, market


def client(venue, url):
    if venue in BINANCE:
        exchange, market = binance(venue, url)
    elif venue == "bybit":
        exchange, market = ccxt.pro.bybit(), LINEAR
        exchange.urls["api"]["ws"]["public"] = {key: url for key in exchange.urls["api"]["ws"]["public"]}
    elif venue == "kraken":
        exchange, market = ccxt.pro.kraken(), KRAKEN
        exchange.urls["api"]["ws"] = {key: url for key in exchange.urls["api"]["ws"]}
    else:
        exchange, market = ccxt.pro.coinbase(), COINBASE
        exchange.urls["api"]["ws"] = url
    known = {"base": "BTC", "baseId": "BTC", "quoteId": market["quote"], "active": True, "contract": False,
             "lowercaseId": market["id"].lower(), "info": {"wsname": "BTC/USD"}, "precision": {"amount": 1e-8, "price": 0.01}, "limits": {}}
    exchange.set_markets([exchange.safe_market_structure({**known, **market})])

    async def markets(*_, **__):
        return exchange.markets

    # Markets are named above: there is no REST server.
    exchange.load_markets = exchange.fetch_markets = markets
    return exchange, market["symbol"]


class Served:
    """What Binance's frames say: books by number, and trades by id."""

    def __init__(self, venue, port):
        market, _, _, self.prefix, self.form = BINANCE[venue]
        self.symbol, self.port, self.spot = market["id"], port, venue == "binance-spot"
        self.books, self.trades, self.changes, self.last = {}, {}, [], None
        self.bids, self.asks = {}, {}

    async def read(self):
        streams = [f"{self.symbol.lower()}@depth@100ms", f"{self.symbol.lower()}@{self.form}"]
        async with websockets.connect(f"ws://127.0.0.1:{self.port}/stream") as socket:
            await socket.send(json.dumps({"method": "SUBSCRIBE", "params": streams, "id": 1}))
            async for frame in socket:
                data = json.loads(frame).get("data", {})
                if data.get("e") == "depthUpdate":
                    await self.change(data)
                elif "e" in data:
                    side = "sell" if data["m"] else "buy"
                    self.trades[str(data["a" if self.form == "aggTrade" else "t"])] = (
                        float(data["p"]), float(data["q"]), side, data["T"])

    async def change(self, data):
        """The book as of before the first change is asked for once changes come: all join it, or are older."""
        if self.last is None:
            url = f"http://127.0.0.1:{self.port}{self.prefix}/depth?symbol={self.symbol}&limit=1000"
            body = await asyncio.to_thread(lambda: urllib.request.urlopen(url).read())
            seed = json.loads(body)
            self.last = seed["lastUpdateId"]
            self.put(seed["bids"], seed["asks"])
        if data["u"] < self.last + self.spot:
            return
        assert data["U"] <= self.last + self.spot or data.get("pu") == self.last, (self.last, data)
        self.last = data["u"]
        self.put(data["b"], data["a"])
        self.books[self.last] = (sorted(self.bids.items(), reverse=True), sorted(self.asks.items()))

    def put(self, bids, asks):
        for side, levels in ((self.bids, bids), (self.asks, asks)):
            for price, size in levels:
                side[float(price)] = float(size)
                if not float(size):
                    del side[float(price)]

    def compare(self, books, trades):
        """How many of the library's books and trades there were; all that there were are equal."""
        known = [b for b in books if b[0] in self.books]
        wrong = [b for b in known if (b[1], b[2]) != self.books[b[0]]]
        assert not wrong, (wrong[0], self.books[wrong[0][0]])
        found = [t for t in trades if t["id"] in self.trades]
        for trade in found:
            mine = trade["price"], trade["amount"], trade["side"], trade["timestamp"]
            assert mine == self.trades[trade["id"]], (trade, self.trades[trade["id"]])
        return {"equal_books": len(known), "equal_trades": len(found)}


async def watch(venue, port):
    exchange, symbol = client(venue, f"ws://127.0.0.1:{port}/")
    seen = {"books": 0, "trades": 0}
    kept, taken = [], []
    served = Served(venue, port) if venue in BINANCE else None
    reading = asyncio.ensure_future(served.read()) if served else None
    named = {"params": {"name": served.form}} if served else {}

    async def books():
        while seen["books"] < 200:
            book = await exchange.watch_order_book(symbol)
            seen["books"] += 1
            if book["bids"][0][0] >= book["asks"][0][0]:
                raise ValueError(f"crossed: {book['bids'][0]} {book['asks'][0]}")
            if served:
                kept.append((book["nonce"], [tuple(x) for x in book["bids"]], [tuple(x) for x in book["asks"]]))

    async def trades():
        while seen["trades"] < 20:
            new = await exchange.watch_trades(symbol, **named)
            seen["trades"] += len(new)
            taken.extend(new)

    try:
        await asyncio.wait_for(asyncio.gather(books(), trades()), 60)
    finally:
        await exchange.close()
    if served:
        # The frames beside it are as fast.
        for _ in range(200):
            if kept[-1][0] in served.books and taken[-1]["id"] in served.trades:
                break
            await asyncio.sleep(0.05)
        reading.cancel()
        seen.update(served.compare(kept, taken))
    print(json.dumps(seen))


asyncio.run(watch(sys.argv[1], int(sys.argv[2])))
