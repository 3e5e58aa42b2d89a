"""What a frame comes to, in log order, before any grid: the input of the synchronizer."""

from dataclasses import dataclass

BOOK, TRADES, LIQUIDATIONS, FUNDING, INTEREST = "book", "trades", "liquidations", "funding", "open_interest"
BAD_TIME = 10_000_000_000
AWAITING, SYNCED, GAPPED = "awaiting", "synced", "gapped"


@dataclass
class Moment:
    """When a frame came, and what the venue stamped on it (`None` where it stamps nothing)."""

    receipt: int
    venue: int | None

    def within(self, basis):
        """A stamp more than 10 s after the receipt is not believed."""
        believed = self.venue is not None and self.venue - self.receipt <= BAD_TIME
        return self.venue if basis == "exchange" and believed else self.receipt


@dataclass
class FeedStart:
    instrument: tuple
    kind: str
    at: Moment


@dataclass
class FeedEnd:
    instrument: tuple
    kind: str
    at: list    # the last frames of the connections that carried it together


@dataclass
class BookChange:
    """The book's state after a message, or after something that happened to its connection."""

    instrument: tuple
    venue: int | None      # the message's own stamp
    state: str
    crossed: bool
    bids: tuple            # the best levels, best first: (price, size)
    asks: tuple
    is_event: bool = True      # a message decoded whole: it drives the order book clock, and can be late
    at: Moment | None = None   # of what a connection's end or a hole in the log is dated to


@dataclass
class Trade:
    instrument: tuple
    venue: int | None
    price: object
    size: object
    taker_buys: bool
    listed: bool = False   # from a list sent on subscribing


@dataclass
class Liquidation:
    instrument: tuple
    venue: int | None
    price: object
    size: object
    forced_buys: bool
    listed: bool = False   # from a list sent on subscribing


@dataclass
class Funding:
    instrument: tuple
    venue: int | None
    rate: object
    interval_hours: object | None
    next_time: int | None


@dataclass
class Interest:
    instrument: tuple
    venue: int | None
    interest: object
    value: object | None
    mark: object | None


@dataclass
class DecodedFrame:
    receipt: int
    items: list
    ended: list            # feeds that this frame shows to have ended with the one before it
    moves_time: bool = True
