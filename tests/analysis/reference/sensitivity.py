#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SciPy's answers for sensitivity.test.cpp, written to sensitivity.csv beside this file: Sobol's sequence without any shift, and
a Gaussian process (Matern 5/2, a length for each input, linear mean, nugget) fitted by restricted likelihood with a prior of the lengths, here from the textbook
formula with error contrasts and no gradient.

usage: /usr/bin/python3 tests/analysis/reference/sensitivity.py
"""
import pathlib

import numpy as np
from scipy.optimize import minimize
from scipy.stats import qmc

POINTS, INPUTS = 40, 3


def data():
    i = np.arange(1, POINTS + 1)[:, None]
    x = np.mod(i * np.sqrt([2.0, 3.0, 5.0]), 1.0)
    noise = 0.1 * np.sin(1000.0 * i[:, 0])  # as good as random
    return x, np.sin(5.0 * x[:, 0]) + 0.5 * x[:, 1] + noise


def matern(a, b, length):
    r = np.sqrt((((a[:, None, :] - b[None, :, :]) / length) ** 2).sum(-1))
    s = np.sqrt(5.0) * r
    return (1.0 + s + s * s / 3.0) * np.exp(-s)


def fit(x, y):
    h = np.column_stack([np.ones(len(x)), x])
    # Rows orthogonal to the mean: their likelihood is the restricted one, up to a constant of h alone.
    contrasts = np.linalg.svd(h, full_matrices=True)[0][:, h.shape[1]:].T
    z = contrasts @ y

    def deviance(t, whole=False):
        r = matern(x, x, np.exp(t[:-1])) + np.exp(t[-1]) * np.eye(len(x))
        v = contrasts @ r @ contrasts.T
        q = z @ np.linalg.solve(v, z)
        value = 0.5 * (len(z) * np.log(q / len(z)) + np.linalg.slogdet(v)[1])
        prior = 0.5 * np.exp(-t[:-1]).sum()  # exponential of mean 2 for each inverse length
        return (value, q / len(z), r) if whole else value + prior

    bounds = [(np.log(0.05), np.log(50.0))] * INPUTS + [(np.log(1e-6), np.log(1e4))]
    best = min((minimize(deviance, s, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}) for s in
                (np.zeros(4), np.array([-1, 1, 3, -3.0]), np.array([0, 3, 3, -4.0]))), key=lambda o: o.fun)
    value, variance, r = deviance(best.x, whole=True)
    # The engine's likelihood is of the whole outcome: |H'H| is the constant between the two.
    value += 0.5 * np.linalg.slogdet(h.T @ h)[1]
    return best.x, -value, variance, r, h


def main():
    x, y = data()
    t, likelihood, variance, r, h = fit(x, y)
    at = np.array([[0.1, 0.2, 0.3], [0.5, 0.5, 0.5], [0.95, 0.05, 0.6]])
    ri = np.linalg.inv(r)
    k = matern(at, x, np.exp(t[:-1]))
    bi = np.linalg.inv(h.T @ ri @ h)
    beta = bi @ h.T @ ri @ y
    ha = np.column_stack([np.ones(len(at)), at])
    mean = ha @ beta + k @ ri @ (y - h @ beta)
    u = ha - k @ ri @ h
    spread = variance * (1.0 - np.einsum("ij,jk,ik->i", k, ri, k) + np.einsum("ij,jk,ik->i", u, bi, u))
    sobol = qmc.Sobol(40, scramble=False).random(64)
    rows = {"sobol_39": sobol[:, 39], "sobol_7": sobol[:, 7], "likelihood": [likelihood], "lengths": np.exp(t[:-1]), "noise_sd": [np.sqrt(variance * np.exp(t[-1]))],
            "mean": mean, "variance": spread}
    text = "".join(",".join([name, *(f"{v:.17g}" for v in values)]) + "\n" for name, values in rows.items())
    (pathlib.Path(__file__).parent / "sensitivity.csv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
