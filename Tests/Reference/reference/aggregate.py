"""The fifteen scalars of a row. `None` is undefined."""

from fractions import Fraction

SCALARS = (
    "ob_mid_price", "ob_spread", "ob_imbalance", "trade_volume", "trade_vwap", "trade_count", "liq_notional",
    "liq_count", "liq_imbalance", "fr_rate", "fr_annualized", "fr_next_settlement_delta", "oi_contracts", "oi_value",
    "oi_change",
)


def nearest(fraction):
    """The double nearest to an exact value (Python's division of integers rounds correctly)."""
    return fraction.numerator / fraction.denominator


def book_scalars(bids, asks, crossed, depth):
    if crossed or (not bids and not asks):
        return None, None, None
    heavy, light = sum(Fraction(s) for _, s in bids[:depth]), sum(Fraction(s) for _, s in asks[:depth])
    imbalance = nearest((heavy - light) / (heavy + light))
    if not bids or not asks:
        return None, None, imbalance
    bid, ask = bids[0][0], asks[0][0]
    return (float(bid) + float(ask)) / 2, nearest(Fraction(ask) - Fraction(bid)), imbalance


def _base(event, inverse):
    return float(event.size) / float(event.price) if inverse else float(event.size)


def _notional(event, inverse):
    return float(event.size) if inverse else float(event.price) * float(event.size)


def _sum(values):
    total = 0.0
    for value in values:
        total += value
    return total


def trade_scalars(trades, inverse):
    volume = _sum(_base(t, inverse) for t in trades)
    vwap = _sum(_notional(t, inverse) for t in trades) / volume if trades else None
    return volume, vwap, float(len(trades))


def liquidation_scalars(liquidations, inverse):
    total = _sum(_notional(x, inverse) for x in liquidations)
    buys = _sum(_notional(x, inverse) for x in liquidations if x.forced_buys)
    sells = _sum(_notional(x, inverse) for x in liquidations if not x.forced_buys)
    return total, float(len(liquidations)), (buys - sells) / total if liquidations else None


def funding_scalars(funding, ts):
    if funding is None:
        return None, None, None
    rate = float(funding.rate)
    hours = funding.interval_hours
    yearly = rate * 8760 / float(hours) if hours else None
    wait = None if funding.next_time is None else (funding.next_time - ts) / 1_000_000
    return rate, yearly, wait


def interest_scalars(interest, previous, is_amount_unknown):
    if interest is None:
        return None, None, None
    value = None if interest.value is None else float(interest.value)
    if value is None and interest.mark is not None and not is_amount_unknown:
        value = float(interest.interest) * float(interest.mark)
    change = None if previous is None else nearest(Fraction(interest.interest) - Fraction(previous))
    return float(interest.interest), value, change
