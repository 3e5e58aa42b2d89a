"""The sessions that can be made: which connections, with which symbols, at which prices."""

import json

from .binance import Binance, Contract
from .bybit import Bybit, Listing
from .coinbase import Coinbase, Product
from .kraken import Kraken, Pair
from .market import MILLI, SECOND, Faults, Rng

START = 1_772_452_800 * SECOND  # 2026-03-02T12:00:00Z


class Session:
    """The lines of one recording file, and what `import` must be told about it."""

    def __init__(self, exchange, markets, lines):
        self.exchange, self.markets, self.lines = exchange, markets, lines


def _bybit(rng, faults, frames, market, symbols, wait):
    listings = [Listing(rng, *symbol) for symbol in symbols]
    connection = Bybit(f"bybit-{market}", rng, faults, START + rng.below(SECOND), market, listings, wait)
    return Session("bybit", {connection.name: market}, connection.run(frames))


def bybit_linear(rng, faults, frames, wait):
    symbols = [("BTCUSDT", 10, 2, 3, 652_300, 900), ("SOLUSDT", 1, 2, 1, 14_120, 3_000)]
    return _bybit(rng, faults, frames, "linear", symbols, wait)


def bybit_inverse(rng, faults, frames, wait):
    return _bybit(rng, faults, frames, "inverse", [("BTCUSD", 50, 2, 0, 130_460, 40_000)], wait)


def bybit_spot(rng, faults, frames, wait):
    return _bybit(rng, faults, frames, "spot", [("BTCUSDT", 1, 2, 6, 6_522_950, 80_000)], wait)


def coinbase(rng, faults, frames, wait):
    products = [Product(rng, "BTC-USD", 2, 8, 6_523_110, 9_000_000), Product(rng, "ETH-USD", 2, 8, 341_250, 90_000_000)]
    connection = Coinbase("coinbase-1", rng, faults, START + rng.below(SECOND), products, wait)
    return Session("coinbase", {connection.name: "spot"}, connection.run(frames))


def kraken(rng, faults, frames, wait):
    pairs = [Pair(rng, "BTC/USD", 1, 8, 652_334, 40_000_000), Pair(rng, "XRP/USD", 5, 8, 52_411, 90_000_000_000)]
    connection = Kraken("kraken-1", rng, faults, START + rng.below(SECOND), pairs, wait)
    return Session("kraken", {connection.name: "spot"}, connection.run(frames))


def _binance(rng, faults, frames, market, symbols, wait):
    contracts = [Contract(rng, *symbol) for symbol in symbols]
    connection = Binance(f"binance-{market}", rng, faults, START + rng.below(SECOND), market, contracts, wait)
    return Session("binance", {connection.name: market}, connection.run(frames))


def binance_linear(rng, faults, frames, wait):
    symbols = [("BTCUSDT", 10, 2, 3, 652_300, 900), ("SOLUSDT", 1, 2, 1, 14_120, 3_000)]
    return _binance(rng, faults, frames, "linear", symbols, wait)


def binance_inverse(rng, faults, frames, wait):
    return _binance(rng, faults, frames, "inverse", [("BTCUSD_PERP", 1, 1, 0, 652_310, 4_000)], wait)


def binance_spot(rng, faults, frames, wait):
    symbols = [("BTCUSDT", 1_000_000, 8, 8, 6_522_950, 90_000_000), ("ETHUSDT", 1_000_000, 8, 8, 341_200, 900_000_000)]
    return _binance(rng, faults, frames, "spot", symbols, wait)


KINDS = {"bybit-linear": bybit_linear, "bybit-inverse": bybit_inverse, "bybit-spot": bybit_spot,
         "coinbase": coinbase, "kraken": kraken,
         "binance-linear": binance_linear, "binance-inverse": binance_inverse, "binance-spot": binance_spot}


def make(kind, seed, frames, rates=None, mean_wait=40 * MILLI):
    """A session of the kind; `rates` names faults and their chances (see `Faults.DEFAULTS`)."""
    rng = Rng(f"{kind} {seed}")
    return KINDS[kind](rng, Faults(rng, rates), frames, mean_wait)


def as_line(made):
    """A line as the reference reads it."""
    if made.kind == "rest":
        return {"recv_ns": made.recv, "conn": made.conn, "rest": made.request, "frame": made.text}
    text = json.loads(made.text) if made.kind == "status" else made.text
    return {"recv_ns": made.recv, "conn": made.conn, "frame" if made.kind == "in" else made.kind: text}


def parse_faults(text):
    """`all`, or `name[=chance],…`; a chance not given is the default one."""
    if not text:
        return {}
    if text == "all":
        return dict(Faults.DEFAULTS)
    rates = {}
    for part in text.split(","):
        name, _, chance = part.partition("=")
        if name not in Faults.DEFAULTS:
            raise ValueError(f"unknown fault {name!r}; known: {', '.join(Faults.DEFAULTS)}")
        rates[name] = float(chance) if chance else Faults.DEFAULTS[name]
    return rates
