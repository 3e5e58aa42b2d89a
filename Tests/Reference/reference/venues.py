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


VENUES = {
    "binance": Venue("binance-v1", ALL, "given", counts_contracts=lambda market: market == "inverse"),
    "bybit": Venue("bybit-v5", ALL, "given"),
    "coinbase": Venue("coinbase-adv-v3", (BOOK, TRADES)),
    "hyperliquid": Venue("hyperliquid-v1", (BOOK, TRADES, FUNDING, INTEREST), "multi", of_hyperliquid),
    "kraken": Venue("kraken-v2", (BOOK, TRADES)),
    "kraken-futures": Venue("kraken-futures-v1", ALL, "multi", of_kraken_futures, lambda market: market == "inverse"),
    "okx": Venue("okx-v5", ALL, "multi", of_okx, lambda market: market != "spot"),
}


def market_of(exchange, connection_market, symbol):
    return VENUES[exchange].of_symbol(symbol) if connection_market == "multi" else connection_market
