#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reference values for tests/evidence/{predictive,other_studies,pareto_smoothing}.test.cpp, by other means than the program's.

usage: validation.py > validation.csv

Mixture quantiles: root of the summed cdf by Brent's method. Random effects: the formulas of DerSimonian & Laird 1986 as they stand in
the Cochrane Handbook 10.10.4, interval for the next study with t of k - 1 degrees of freedom. Pareto tails: maximum likelihood of
SciPy's genpareto with location 0, another method than Zhang & Stephens', so that agreement is within sampling error only.
"""
import sys

import numpy
import scipy
from scipy import optimize, stats


def line(name, value):
    print(f"{name},{value:.15g}")


def mixtures():
    weight = numpy.array([0.2, 0.5, 0.3])
    mean = numpy.array([-2.0, 0.0, 3.0])
    sd = numpy.array([0.5, 1.0, 0.2])
    for p in (0.05, 0.25, 0.5, 0.75, 0.95):
        root = optimize.brentq(lambda x, p=p: float((weight * stats.norm.cdf(x, mean, sd)).sum()) - p, -20, 20, xtol=1e-14)
        line(f"mixture_{p}", root)
    line("mixture_log_density_1", numpy.log((weight * stats.norm.pdf(1.0, mean, sd)).sum()))
    brute = numpy.random.default_rng(7)
    which = brute.choice(3, size=4_000_000, p=weight)
    draws = brute.normal(mean[which], sd[which])
    line("mixture_sampled_0.05", numpy.quantile(draws, 0.05))
    line("mixture_sampled_0.75", numpy.quantile(draws, 0.75))
    line("mixture_variance", draws.var())


def random_effects():
    # Made-up effects of seven studies: once alike, once far apart.
    y = numpy.array([-0.54, -0.09, -0.84, -0.34, -0.56, -1.01, -0.63])
    se = numpy.array([0.23, 0.31, 0.50, 0.42, 0.21, 0.61, 0.29])
    spread = numpy.array([0.4, -1.2, 0.9, -0.1, -1.8, 1.1, 0.2])
    for name, values in (("alike", y), ("apart", spread)):
        w = 1 / se**2
        fixed = (w * values).sum() / w.sum()
        q = (w * (values - fixed) ** 2).sum()
        tau2 = max(0.0, (q - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum()))
        v = 1 / (se**2 + tau2)
        mu = (v * values).sum() / v.sum()
        line(f"dl_{name}_q", q)
        line(f"dl_{name}_tau", tau2**0.5)
        line(f"dl_{name}_mean", mu)
        line(f"dl_{name}_se", v.sum() ** -0.5)
        half = stats.t.ppf(0.95, len(y) - 1) * (tau2 + 1 / v.sum() + 0.25**2) ** 0.5
        line(f"dl_{name}_low_90", mu - half)
        line(f"dl_{name}_high_90", mu + half)


def pareto():
    for k in (-0.2, 0.3, 0.9):
        # The sample is the distribution's own quantiles, which the test makes as well.
        p = (numpy.arange(1, 401) - 0.5) / 400
        x = 2.0 * numpy.expm1(-k * numpy.log1p(-p)) / k
        shape, _, scale = stats.genpareto.fit(x, floc=0)
        line(f"pareto_{k}_k", shape)
        line(f"pareto_{k}_sigma", scale)


print("name,value")
mixtures()
random_effects()
pareto()
print(f"Python {sys.version.split()[0]}, NumPy {numpy.__version__}, SciPy {scipy.__version__}", file=sys.stderr)
