# SPDX-License-Identifier: Apache-2.0
#
# Independent solution (SciPy, DOP853 at 1e-12) of the published haematology models of therapy/: writes
# "case,hour,neutrophils" to standard output. published_models.csv is its committed output; the test compares
# our solver with that file and, where SciPy is installed, the file with a fresh run of this script.
# Equations and constants: model.R of wojjy001/melphalan-app; myelo of radivot/myelo (Friberg 2002, stiehl15.R), all on GitHub.
import numpy as np
from scipy.integrate import solve_ivp

LN2 = np.log(2.0)


def segments(rhs, x, cuts, hours, change=None):
    """Integrates between cuts (where the right-hand side jumps) and returns x at the hours asked."""
    out = {}
    for a, b in zip(cuts[:-1], cuts[1:]):
        inside = [h for h in hours if a < h <= b]
        solution = solve_ivp(lambda t, y: rhs(a, y), (a, b), x, method="DOP853", rtol=1e-12, atol=1e-14,
                             t_eval=sorted(set(inside + [b])))
        for t, y in zip(solution.t, solution.y.T):
            out[t] = y
        x = solution.y[:, -1]
    return [out[h] for h in hours]


def melphalan(dose_mg, late, hours):
    cl, v1, q, v2 = 28.9, 19.5, 28.5, 20.9
    mtt, slope, store = (96 * 1.157, 7.41 * 1.421, 0.0564) if late else (96.0, 7.41, 109.0)
    start = 216.0 if late else 72.0
    base, ke, k = 5.66, LN2 / 7, 4 / mtt

    def rhs(t, x):
        a1, a2, prol, t1, t2, t3, anc, depot = x
        gcsf = t >= start
        infusion = dose_mg / 0.5 if t < 0.5 else 0.0
        kin = 1 / 14.7 if gcsf else 0.0
        fn = (base / anc) ** (0.188 + (0.0313 if gcsf else 0.0))
        return [infusion + q / v2 * a2 - (cl + q) / v1 * a1, q / v1 * a1 - q / v2 * a2,
                k * prol * ((1 - slope * a1 / v1) * fn - 1), k * (prol - t1), k * (t1 - t2), k * (t2 - t3),
                k * t3 - ke * anc + kin * depot, -kin * depot]

    pool = ke * base / k
    states = segments(rhs, [0, 0, pool, pool, pool, pool, base, store], [0, 0.5, start, 720], hours)
    return [s[6] for s in states]


def docetaxel(hours):
    k = 4 / 88.7

    def rhs(t, x):
        c, p2, p3, prol, t1, t2, t3, circ = x
        conc = c / 7.4 / 0.808
        return [1.51 * p2 + 0.084 * p3 - (5.2 + 1.06 + 1.26) * c, 1.06 * c - 1.51 * p2, 1.26 * c - 0.084 * p3,
                k * prol * ((1 - 8.58 * conc) * (5.05 / circ) ** 0.161 - 1), k * (prol - t1), k * (t1 - t2),
                k * (t2 - t3), k * (t3 - circ)]

    return [s[7] for s in segments(rhs, [180, 0, 0] + [5.05] * 5, [0, 720], hours)]


def stiehl(stem_per_kg, hours):
    a1, p1, d3, k, p2 = 0.85, 0.1, 2.3, 1.75e-9, 0.4595
    a2 = (1 - 5e-4 / p2) * 0.85

    def rhs(t, x):
        s = 1 / (1 + k * x[2])
        return np.array([(2 * a1 * s - 1) * p1 * x[0], 2 * (1 - a1 * s) * p1 * x[0] + (2 * a2 * s - 1) * p2 * x[1],
                         2 * (1 - a2 * s) * p2 * x[1] - d3 * x[2]]) / 24

    return [s[2] for s in segments(rhs, [stem_per_kg, 0, 0], [0, 1440], hours)]


def main():
    hours = [1, 6, 24, 48, 84, 120, 168, 200, 220, 240, 264, 300, 400, 500, 720]
    cases = {"melphalan_200_day_1": melphalan(380, False, hours),
             "melphalan_140_day_1": melphalan(266, False, hours),
             "melphalan_200_day_7": melphalan(380, True, hours),
             "docetaxel_180": docetaxel(hours),
             "stiehl_5e6": stiehl(5e6, hours)}
    print("case,hour,neutrophils")
    for case, values in cases.items():
        for hour, value in zip(hours, values):
            print(f"{case},{hour},{value:.12g}")


main()
