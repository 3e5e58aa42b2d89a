"""Mean and standard deviation of lists of doubles by fractions, each rounded once to the nearest double.

    exact_scales.py IN OUT    lines of doubles in hexadecimal notation; lines of mean and deviation
"""

import sys
from fractions import Fraction
from math import isqrt


def nearest(number):
    return number.numerator / number.denominator


def root(square):
    """The double nearest to the root: enough bits, and one more if something is left."""
    if not square:
        return 0.0
    shift = max(0, 160 - square.numerator.bit_length() + square.denominator.bit_length()) // 2 + 1
    scaled = (square.numerator << 2 * shift) // square.denominator
    whole = isqrt(scaled)
    exact = whole * whole * square.denominator == square.numerator << 2 * shift
    return nearest(Fraction(2 * whole + (not exact), 1 << shift + 1))


def scale(values):
    """(mean, standard deviation) of doubles; there is at least one."""
    values = [Fraction(value) for value in values]
    mean = sum(values) / len(values)
    variance = sum(value * value for value in values) / len(values) - mean * mean
    return nearest(mean), root(variance)


if __name__ == "__main__":
    with open(sys.argv[1]) as source, open(sys.argv[2], "w") as target:
        for line in source:
            mean, deviation = scale(map(float.fromhex, line.split()))
            print(mean.hex(), deviation.hex(), file=target)
