"""Logarithms of ratios of prices as the nearest doubles, by decimal arithmetic.

    logarithms.py SEED COUNT    lines of kind, entry, exit, and the bits of ln(exit / entry); a price is bid/ask for kind
                                m, the bits of a double for kind n
"""

import random
import struct
import sys
from decimal import Decimal, getcontext

getcontext().prec = 40
getcontext().Emax, getcontext().Emin = 10**6, -(10**6)
generator = random.Random(int(sys.argv[1]))


def bits(number):
    return struct.pack(">d", number).hex()


def near(whole):
    """A whole number above zero, as near as a return of a tick or of half the price."""
    return max(1, whole + generator.randint(-1, 1) * int(whole * 2.0 ** -generator.uniform(1, 30)) + generator.randint(-3, 3))


def middle():
    """Two prices as pairs of decimals, often of other scales; some take more than 64 bits in one unit."""
    whole = generator.randrange(1, 10 ** generator.randint(1, 17))
    scale = generator.choice([0, 2, 5, 8, 18])
    other = scale + generator.choice([0, 0, 0, 1]) if scale < 18 else scale
    texts = []
    for first, places in ((whole, scale), (near(whole) * 10 ** (other - scale), other)):
        bid, ask = sorted((first, first + generator.choice([0, 1, 7])))
        texts.append([f"{Decimal(value).scaleb(-places):f}" for value in (bid, ask)])
    exact = [Decimal(bid) + Decimal(ask) for bid, ask in texts]
    return "m", ["/".join(pair) for pair in texts], exact


def number():
    """Two doubles: neighbours, near each other, or of any exponent, subnormal ones too."""
    first = struct.unpack(">d", generator.randrange(1, 0x7FF << 52).to_bytes(8, "big"))[0]
    pattern = int(bits(first), 16) + generator.choice([1, -1, generator.randrange(-(2**50), 2**50)])
    if generator.random() < 0.4:
        pattern = generator.randrange(1, 0x7FF << 52)
    second = struct.unpack(">d", min(max(1, pattern), (0x7FF << 52) - 1).to_bytes(8, "big"))[0]
    return "n", [bits(first), bits(second)], [Decimal(first), Decimal(second)]


getcontext().prec = 1100  # conversions of doubles are exact
fixed = [(1.0, 5e-324), (5e-324, 1.7976931348623157e308), (5e-324, 1e-323), (1.0, 2.0), (3.0, 3.0), (1.0, 0.9999999999999999)]
for index in range(int(sys.argv[2])):
    if index < len(fixed):
        pair = fixed[index]
        kind, texts, (entry, exit_) = "n", [bits(value) for value in pair], [Decimal(value) for value in pair]
    else:
        kind, texts, (entry, exit_) = middle() if generator.random() < 0.7 else number()
    getcontext().prec = 60
    # Near 1 a quotient of 60 digits has that many less zeros or nines.
    expected = float((exit_ / entry).ln())
    getcontext().prec = 1100
    print(kind, *texts, bits(expected))
