"""What is to be known of each venue beside how its messages read."""

import re
from dataclasses import dataclass
from typing import Callable

from .items import BOOK, FUNDING, INTEREST, LIQUIDATIONS, TRADES

ALL = (BOOK, TRADES, LIQUIDATIONS, FUNDING, INTEREST)


@dataclass(frozen=True)
class Venue:
    protocol: str
    kinds: tuple
    market: str = "spot"    # of its connections; `given` where import is told, `multi` where symbols tell
    of_symbol: Callable = None
    counts_contracts: Callable = lambda market: False


def of_okx(symbol):
    """`A-B` spot; a swap or future of `A-USD` inverse, of another quote linear; a call or put an option."""
    parts = symbol.split("-")
    if len(parts) == 2:
        return "spot"
    if parts[-1] in ("C", "P"):
        return "option"
    return "inverse" if parts[1] == "USD" else "linear"


def of_hyperliquid(symbol):
    return "spot" if "/" in symbol or symbol.startswith("@") else "linear"


def of_kraken_futures(symbol):
    return "inverse" if re.match("[PF]I_", symbol) else "linear"


def of_deribit(symbol):
    """`A_B` spot; `A_B-…` linear, `A-…` inverse where the rest is a date, a spread or PERPETUAL; what else there is, options."""
    parts = symbol.split("-")
    if len(parts) == 1:
        return "spot"
    dated = re.match("[0-9]+[A-Z]{3}[0-9]{2}$", parts[1]) is not None and len(parts) == 2
    if not dated and parts[1] not in ("PERPETUAL", "FS"):
        return "option"
    return "linear" if "_" in parts[0] else "inverse"


def of_bitmex(symbol):
    if "_" in symbol:
        return "spot"
    return "inverse" if symbol.startswith("XBT") and not symbol.startswith("XBTUSDT") else "linear"


def of_bitfinex(symbol):
    return "linear" if re.match("t[^:]*F0:[^:]*F0$", symbol) else "spot"


VENUES = {
    "binance": Venue("binance-v1", ALL, "given", counts_contracts=lambda market: market == "inverse"),
    "bitfinex": Venue("bitfinex-v2", ALL, "multi", of_bitfinex),
    "bitmex": Venue("bitmex-v1", ALL, "multi", of_bitmex, lambda market: True),
    "bybit": Venue("bybit-v5", ALL, "given"),
    "coinbase": Venue("coinbase-adv-v3", (BOOK, TRADES)),
    "deribit": Venue("deribit-v2", ALL, "multi", of_deribit),
    "hyperliquid": Venue("hyperliquid-v1", (BOOK, TRADES, FUNDING, INTEREST), "multi", of_hyperliquid),
    "kraken": Venue("kraken-v2", (BOOK, TRADES)),
    "kraken-futures": Venue("kraken-futures-v1", ALL, "multi", of_kraken_futures, lambda market: market == "inverse"),
    "okx": Venue("okx-v5", ALL, "multi", of_okx, lambda market: market != "spot"),
}


def market_of(exchange, connection_market, symbol):
    return VENUES[exchange].of_symbol(symbol) if connection_market == "multi" else connection_market
