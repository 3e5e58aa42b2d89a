"""What a client library in wide use, ccxt, reads of a fake exchange's definitions: `ccxt_definitions.py VENUE MARKET PORT`.

Prints a JSON object: by symbol the tick size and the size step, by ccxt's own reading.
"""

import json
import sys

import ccxt


def bybit(market, url):
    exchange = ccxt.bybit()
    exchange.urls["api"] = {key: url for key in exchange.urls["api"]}
    if market == "spot":
        return exchange.fetch_spot_markets({})
    return exchange.fetch_future_markets({"category": market})


def coinbase(_, url):
    exchange = ccxt.coinbase()
    exchange.urls["api"] = {key: url for key in exchange.urls["api"]}
    reply = exchange.v3PublicGetBrokerageMarketProducts()
    return [exchange.parse_spot_market(product, {}) for product in reply["products"]]


venue, market, port = sys.argv[1:]
markets = {"bybit": bybit, "coinbase": coinbase}[venue](market, f"http://127.0.0.1:{port}")
print(json.dumps({one["id"]: [one["precision"]["price"], one["precision"]["amount"]]
                  for one in markets}))
