"""Frames to books as one does it in Python: orjson with SortedDict, and cryptofeed's own decoders and books."""

import asyncio
import logging
import time

import orjson
import replay_orjson
from sortedcontainers import SortedDict


def kind(frames):
    """How frames are read, as ``replay_orjson`` tells it; None where they are not."""
    found = replay_orjson.reading([(0, text) for text in frames])
    return found and found.__name__


class Books:
    """orjson, floats, two SortedDicts a symbol."""

    def __init__(self, frames):
        self.decode, self.frames, self.books = getattr(self, kind(frames)), frames, {}

    def seconds(self, passes):
        begin = time.process_time()
        for _ in range(passes):
            for text in self.frames:
                self.decode(orjson.loads(text))
        return time.process_time() - begin

    def _of(self, symbol, anew):
        book = self.books.get(symbol)
        if book is None or anew:
            book = self.books[symbol] = (SortedDict(), SortedDict())
        return book

    @staticmethod
    def _put(side, price, size):
        if size == 0.0:
            side.pop(price, None)
        else:
            side[price] = size

    def topics(self, frame):
        if not frame.get("topic", "").startswith("orderbook."):
            return
        data = frame["data"]
        book = self._of(data["s"], frame["type"] == "snapshot")
        for side, levels in zip(book, (data["b"], data["a"])):
            for price, size in levels:
                self._put(side, float(price), float(size))

    def events(self, frame):
        if frame["channel"] != "l2_data":
            return
        for event in frame["events"]:
            bids, asks = self._of(event["product_id"], event["type"] == "snapshot")
            for update in event["updates"]:
                side = bids if update["side"] == "bid" else asks
                self._put(side, float(update["price_level"]), float(update["new_quantity"]))

    def channels(self, frame):
        if frame.get("channel") != "book":
            return
        for entry in frame["data"]:
            book = self._of(entry["symbol"], frame["type"] == "snapshot")
            for side, levels in zip(book, (entry["bids"], entry["asks"])):
                for level in levels:
                    self._put(side, level["price"], level["qty"])

    def streams(self, frame):
        data = frame.get("data", frame)
        if data.get("e") != "depthUpdate":
            return
        for side, levels in zip(self._of(data["s"], False), (data["b"], data["a"])):
            for price, size in levels:
                self._put(side, float(price), float(size))


class Connection:
    """What cryptofeed's decoders ask of a connection."""

    uuid = "benchmark"

    def __init__(self, address):
        self.address, self.subscription = address, {}


class Cryptofeed:
    """cryptofeed's feed of an exchange, its messages handed to it as if received."""

    # Its decoder of channels is of a retired protocol.
    READ = ("topics", "events")

    def __init__(self, exchange, frames):
        import cryptofeed.exchanges

        feed = getattr(cryptofeed.exchanges, exchange.capitalize())
        symbols, address = {"topics": _topics, "events": _events}[kind(frames)](frames)
        # It writes a line about each message that it does not know, and ends at pongs.
        logging.getLogger("feedhandler").setLevel(logging.CRITICAL)
        self.frames = [text.decode() for text in frames if b'"op":' not in text]
        self.connection = Connection(address)
        self.feed = self._make(feed, symbols)
        self.loop = asyncio.new_event_loop()

    @staticmethod
    def _make(feed, symbols):
        from cryptofeed.defines import L2_BOOK, TRADES
        from cryptofeed.symbols import Symbols

        async def take(_message, _time):
            pass

        # The symbols are set beforehand: else they would be asked for on the network.
        Symbols.set(feed.id, symbols, {"instrument_type": {}, "tick_size": {}})
        return feed(symbols=list(symbols), channels=[L2_BOOK, TRADES], callbacks={L2_BOOK: take, TRADES: take})

    async def _pass(self, passes):
        for _ in range(passes):
            for text in self.frames:
                await self.feed.message_handler(text, self.connection, 1.0)

    def seconds(self, passes):
        begin = time.process_time()
        self.loop.run_until_complete(self._pass(passes))
        return time.process_time() - begin


def _topics(frames):
    topics = [orjson.loads(text).get("topic", "") for text in frames]
    names = {topic.rpartition(".")[2] for topic in topics if topic}
    return {f"{name[:-4]}-{name[-4:]}-PERP": name for name in sorted(names)}, "wss://venue/v5/public/linear"


def _events(frames):
    values = [orjson.loads(text) for text in frames]
    names = {event["product_id"] for value in values if value["channel"] == "l2_data" for event in value["events"]}
    return {name: name for name in sorted(names)}, "wss://venue"
