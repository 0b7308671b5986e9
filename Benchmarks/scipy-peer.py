#!/usr/bin/env python3
"""Times SciPy on the benchmark's voxels: weighted fits of one exponential and of F3u, microseconds a voxel.

Usage: Benchmarks/scipy-peer.py VOXELS; needs scipy. Prints two numbers: F2 and F3u.
"""
import sys
import time

import numpy
from scipy.optimize import curve_fit

TIMES = numpy.array([1.0, 4, 24, 48, 168])
DECAY = numpy.log(2) / 159.528


def one(t, a, b):
    return numpy.exp(a - (numpy.exp(b) + DECAY) * t)


def uptake(t, a, b, c):
    slow = numpy.exp(b) + DECAY
    return numpy.exp(a) * (numpy.exp(-slow * t) - numpy.exp(-(slow + numpy.exp(c)) * t))


def microseconds(function, start, curves):
    begin = time.perf_counter()
    for y in curves:
        try:
            curve_fit(function, TIMES, y, p0=[numpy.log(y.max())] + start, sigma=0.1 * y, method="lm", maxfev=400)
        except RuntimeError:
            pass
    return (time.perf_counter() - begin) / len(curves) * 1e6


def main(count):
    random = numpy.random.default_rng(1)
    amplitude, rate = 100 + 1000 * random.random(count), 0.006 + 0.06 * random.random(count)
    noise = 0.9 + 0.2 * random.random((count, len(TIMES)))
    falling = amplitude[:, None] * numpy.exp(-rate[:, None] * TIMES)
    rising = falling * -numpy.expm1(-(0.1 + random.random(count))[:, None] * TIMES)
    print(microseconds(one, [-4.0], falling * noise), microseconds(uptake, [-4.0, -1.0], rising * noise))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) if len(sys.argv) == 2 else __doc__)
