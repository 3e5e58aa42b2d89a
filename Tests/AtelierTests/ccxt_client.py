"""A client library in wide use, ccxt, pointed at a fake exchange: `ccxt_client.py VENUE PORT`.

It keeps a book by its own rules (ccxt checks Kraken's checksums too) and prints how many updates and trades
it saw; a book it finds crossed, or an error of its own, ends it with an error.
"""

import asyncio
import json
import sys

import ccxt.pro

LINEAR = {"id": "BTCUSDT", "symbol": "BTC/USDT:USDT", "quote": "USDT", "settle": "USDT", "type": "swap",
          "linear": True, "inverse": False, "swap": True, "spot": False, "contract": True}
KRAKEN = {"id": "XXBTZUSD", "symbol": "BTC/USD", "quote": "USD", "type": "spot", "spot": True, "swap": False}
COINBASE = dict(KRAKEN, id="BTC-USD")


def client(venue, url):
    if venue == "bybit":
        exchange, market = ccxt.pro.bybit(), LINEAR
        exchange.urls["api"]["ws"]["public"] = {key: url for key in exchange.urls["api"]["ws"]["public"]}
    elif venue == "kraken":
        exchange, market = ccxt.pro.kraken(), KRAKEN
        exchange.urls["api"]["ws"] = {key: url for key in exchange.urls["api"]["ws"]}
    else:
        exchange, market = ccxt.pro.coinbase(), COINBASE
        exchange.urls["api"]["ws"] = url
    known = {"base": "BTC", "baseId": "BTC", "quoteId": market["quote"], "active": True, "contract": False,
             "info": {"wsname": "BTC/USD"}, "precision": {"amount": 1e-8, "price": 0.01}, "limits": {}}
    exchange.set_markets([exchange.safe_market_structure({**known, **market})])

    async def markets(*_, **__):
        return exchange.markets

    # Markets are named above: there is no REST server.
    exchange.load_markets = exchange.fetch_markets = markets
    return exchange, market["symbol"]


async def watch(venue, port):
    exchange, symbol = client(venue, f"ws://127.0.0.1:{port}/")
    seen = {"books": 0, "trades": 0}

    async def books():
        while seen["books"] < 200:
            book = await exchange.watch_order_book(symbol)
            seen["books"] += 1
            if book["bids"][0][0] >= book["asks"][0][0]:
                raise ValueError(f"crossed: {book['bids'][0]} {book['asks'][0]}")

    async def trades():
        while seen["trades"] < 20:
            seen["trades"] += len(await exchange.watch_trades(symbol))

    try:
        await asyncio.wait_for(asyncio.gather(books(), trades()), 60)
    finally:
        await exchange.close()
    print(json.dumps(seen))


asyncio.run(watch(sys.argv[1], int(sys.argv[2])))
