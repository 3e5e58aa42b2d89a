"""The sessions that can be made: which connections, with which symbols, at which prices."""

import json

from .binance import Binance, Contract
from .bitfinex import Bitfinex
from .bitfinex import Pair as BitfinexPair
from .bitmex import Bitmex
from .bitmex import Contract as BitmexContract
from .bybit import Bybit, Listing
from .coinbase import Coinbase, Product
from .deribit import Contract as DeribitContract
from .deribit import Deribit
from .hyperliquid import Coin, Hyperliquid
from .kraken import Kraken, Pair
from .kraken_futures import KrakenFutures
from .kraken_futures import Contract as Future
from .market import MILLI, SECOND, Faults, Rng
from .okx import OKX, Instrument

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


def okx(rng, faults, frames, wait):
    symbols = [("BTC-USDT", 1, 1, 8, 626_661, 90_000_000), ("BTC-USDT-SWAP", 1, 1, 2, 626_402, 90_000),
               ("BTC-USD-SWAP", 1, 1, 0, 626_505, 4_000), ("ETH-USD-261225", 5, 2, 0, 51_020, 900)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = OKX("okx-1", rng, faults, START + rng.below(SECOND), [Instrument(rng, *s) for s in chosen], wait)
    return Session("okx", {connection.name: "multi"}, connection.run(frames))


def hyperliquid(rng, faults, frames, wait):
    symbols = [("BTC", 10, 1, 5, 64_433, 90_000), ("kPEPE", 1, 6, 0, 9_123, 900_000), ("@107", 1, 3, 2, 38_250, 9_000)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = Hyperliquid("hyperliquid-1", rng, faults, START + rng.below(SECOND), [Coin(rng, *s) for s in chosen], wait)
    return Session("hyperliquid", {connection.name: "multi"}, connection.run(frames))


def kraken_futures(rng, faults, frames, wait):
    symbols = [("PI_XBTUSD", 5, 1, 0, 125_220, 4_000), ("PF_ETHUSD", 1, 1, 3, 34_120, 9_000), ("FI_XBTUSD_260626", 5, 1, 0, 125_310, 900)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = KrakenFutures("kraken-futures-1", rng, faults, START + rng.below(SECOND), [Future(rng, *s) for s in chosen], wait)
    return Session("kraken-futures", {connection.name: "multi"}, connection.run(frames))


def deribit(rng, faults, frames, wait):
    symbols = [("BTC-PERPETUAL", 5, 1, 0, 125_220, 4_000), ("ETH-25DEC26-4000-C", 5, 4, 1, 163, 900),
               ("BTC_USDC-PERPETUAL", 1, 1, 4, 867_781, 9_000), ("BTC_USDC", 1, 0, 4, 86_778, 9_000)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = Deribit("deribit-1", rng, faults, START + rng.below(SECOND), [DeribitContract(rng, *s) for s in chosen], wait)
    return Session("deribit", {connection.name: "multi"}, connection.run(frames))


def bitmex(rng, faults, frames, wait):
    symbols = [("XBTUSD", 5, 1, 125_220, 4_000, 8_800_000_000), ("ETHUSD", 5, 2, 68_240, 9_000, 29_700_000_000),
               ("ADAM26", 1, 8, 2_167, 90_000, 33_200_000_000), ("XBT_USDT", 5, 1, 125_240, 900_000, 41_100_000_000)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = Bitmex("bitmex-1", rng, faults, START + rng.below(SECOND), [BitmexContract(rng, *s) for s in chosen], wait)
    return Session("bitmex", {connection.name: "multi"}, connection.run(frames))


def bitfinex(rng, faults, frames, wait):
    symbols = [("tBTCUSD", 1, 0, 8, 86_778, 90_000_000), ("tLRCBTC", 1, 8, 8, 1_018, 900_000_000),
               ("tBTCF0:USTF0", 1, 0, 8, 86_790, 90_000_000), ("fUST", 1, 8, 8, 28_313, 900_000_000)]
    chosen = [s for s in symbols if rng.chance(0.7)] or symbols[:2]
    connection = Bitfinex("bitfinex-1", rng, faults, START + rng.below(SECOND), [BitfinexPair(rng, *s) for s in chosen], wait)
    return Session("bitfinex", {connection.name: "multi"}, connection.run(frames))


KINDS = {"bitfinex": bitfinex, "bitmex": bitmex,
         "bybit-linear": bybit_linear, "bybit-inverse": bybit_inverse, "bybit-spot": bybit_spot,
         "coinbase": coinbase, "deribit": deribit, "kraken": kraken, "kraken-futures": kraken_futures,
         "hyperliquid": hyperliquid, "okx": okx,
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
