#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The deterministic limit of the person model (no infections, no lesion births) by an independent solver.

The right-hand sides are written as continuous-time equations from docs/model.md, not from the engine's stepping code;
parameter values come from data/parameters/disease.toml. SciPy's DOP853 and LSODA at tight tolerances must agree with
each other before anything is written. Rows: scenario, day, name, value; day -3 holds the parameters used (so that the
reference outlives a recalibration), -2 traits, -1 levers, 0 the start.

usage: deterministic_limit.py data/parameters/disease.toml > deterministic_limit.csv
       deterministic_limit.py deterministic_limit.csv              (again, with the parameters of that file)
"""
import csv
import math
import sys
import tomllib

import numpy as np
from scipy.integrate import solve_ivp

YEAR = 365.25
SYSTEMS = ["visual", "brainstem", "pyramidal", "cerebellar", "sensory", "bowel_bladder", "cerebral"]
POOLS = ["naive", "naive_reactive", "thymic_rebound", "bulk_memory", "memory", "effector", "treg", "memory_b",
         "naive_b", "ebv", "plasma", "stimulus", "cytokines", "barrier", "fever", "resident", "compartment", "activity", "microglia", "brain_loss_percent",
         "toxic_volume", "nfl", "t2_volume_ml", "rim_part"]
TISSUE = ["blocked", "bare", "remyelinated", "lost", "stays_bare", "oligodendrocytes", "progenitors", "debris"]
NAMES = POOLS + [f"{kind}_{s}" for kind in TISSUE for s in SYSTEMS]
LEVERS = {"entry": 1, "egress": 1, "activation": 1, "kill_t": 0, "kill_b": 0, "treg_gain": 0, "microglia": 1,
          "trophic": 1, "remyelination": 1, "recovery": 1, "toxic_axon": 0, "toxic_volume": 0}
TRAITS = {"lesion_propensity": 1, "compartment_propensity": 1.4, "axon_vulnerability": 1.2,
          "remyelination_capacity": 0.8, "reserve": 1, "lesion_size": 1, "silent_share": 0.5, "infection_factor": 1,
          "clone_threshold": 0}


def rhs(p, levers, traits, repertoire, age0):
    length = np.array([p[f"length_{s}"] for s in SYSTEMS])
    mean_stimulus = p["infection_rate"] / YEAR * p["infection_stimulus"] * p["stimulus_decay"]
    k_square = p["memory_cooperativity"] ** 2

    def f(t, y):
        s = dict(zip(POOLS, y))
        b, d, m, x, stays_bare, cells, young, debris = np.reshape(y[len(POOLS):], (8, 7))
        age = age0 + t / YEAR
        out = []

        def d_dt(value):
            out.append(value)

        thymus = math.exp(-p["thymic_decline"] * (age - 30)) * (1 + s["thymic_rebound"])
        count = p["naive_count_share"] * s["naive"] + (1 - p["naive_count_share"]) * s["bulk_memory"]
        vacancy = max(0.0, 1 - count / p["niche_set_point"])
        division = p["niche_expansion_rate"] * vacancy
        d_dt((thymus - s["naive"]) / p["naive_turnover"] - levers["kill_t"] * s["naive"])
        d_dt((thymus * repertoire - s["naive_reactive"]) / p["naive_turnover"] - levers["kill_t"] * s["naive_reactive"])
        d_dt(-s["thymic_rebound"] / p["thymic_rebound_decay"])
        d_dt((1 - s["bulk_memory"]) / p["bulk_memory_turnover"] + (division - levers["kill_t"]) * s["bulk_memory"])
        d_dt((s["effector"] - s["memory"]) / p["memory_turnover"]
             + (division * p["niche_share_reactive"] - levers["kill_t"]) * s["memory"])
        precursors = s["memory"] + p["naive_precursor_share"] * s["naive_reactive"]
        if p["graded_regrowth"]:
            saturation = precursors * (1 + math.sqrt(k_square)) / (precursors + math.sqrt(k_square))
        else:
            saturation = precursors ** 2 * (1 + k_square) / (precursors ** 2 + k_square)
        presenting = (1 - p["ebv_share"]) * s["memory_b"] + p["ebv_share"] * s["ebv"]
        gamma = ((1 - p["memory_b_share"] + p["memory_b_share"] * presenting) * math.sqrt(s["naive_reactive"])
                 * (p["stimulus_baseline"] + s["stimulus"]) / (p["stimulus_baseline"] + mean_stimulus)
                 * (1 + p["treg_restraint"]) / (1 + p["treg_restraint"] * s["treg"]) * levers["activation"])
        d_dt((gamma * saturation - s["effector"]) / p["effector_turnover"] - levers["kill_t"] * s["effector"])
        bloom = s["treg"] > p["treg_bloom_ratio"] * s["effector"] + p["treg_bloom_offset"]
        d_dt((s["effector"] + levers["treg_gain"] - s["treg"])
             / p["treg_bloom_turnover" if bloom else "treg_turnover"])
        d_dt((1 - s["memory_b"]) / p["memory_b_turnover"] - levers["kill_b"] * s["memory_b"])
        d_dt((1 - s["naive_b"]) / p["naive_b_turnover"] - levers["kill_b"] * s["naive_b"])
        d_dt((s["memory_b"] * (1 + p["ebv_surveillance"] * vacancy) - s["ebv"]) / p["ebv_turnover"]
             - levers["kill_b"] * s["ebv"])
        d_dt((s["memory_b"] - s["plasma"]) / p["plasma_turnover"])
        d_dt(-s["stimulus"] / p["stimulus_decay"])
        help = (p["stimulus_baseline"] + s["stimulus"]) / (p["stimulus_baseline"] + mean_stimulus)
        tone = (((1 - p["cytokine_infection_share"]) * s["effector"] + p["cytokine_infection_share"] * help)
                * (1 + p["treg_restraint"]) / (1 + p["treg_restraint"] * s["treg"]))
        d_dt((tone - s["cytokines"]) / p["cytokine_turnover"])
        opening = 1 - p["barrier_by_cytokines"] + p["barrier_by_cytokines"] * s["cytokines"]
        d_dt((s["effector"] * levers["entry"] * levers["egress"] * opening - s["barrier"]) / p["barrier_turnover"])
        d_dt(-s["fever"] / p["fever_decay"])
        d_dt((s["effector"] * levers["entry"] * levers["egress"] - s["resident"]) / p["resident_memory_turnover"])
        c4 = s["compartment"] ** 4
        grows = math.exp(p["compartment_age_slope"] * (age - 40))
        d_dt((traits["compartment_propensity"] * p["compartment_feeding"] * s["resident"]
              + (1 - p["age_driven_progression"]) * p["compartment_self_drive"] * grows * c4 / (1 + c4) - s["compartment"]) / p["compartment_turnover"])
        d_dt(-s["activity"] / p["lesion_activity_decay"])
        drive = p["microglia_by_compartment"] * s["compartment"] + p["microglia_by_bare_axons"] * np.mean(d)
        d_dt((drive * levers["microglia"] - s["microglia"]) / p["microglia_turnover"])

        slow = math.exp(p["axon_loss_age_slope"] * (age - 45)) * levers["trophic"] / YEAR
        by_age = p["age_axon_loss_alone"] if p["age_driven_progression"] else p["age_axon_loss"]
        loss = (length * (by_age + p["smouldering_loss"] * traits["axon_vulnerability"] * s["microglia"])
                * slow + levers["toxic_axon"])
        loss_bare = loss + p["bare_axon_loss"] * (p["bare_axon_loss_base"] + s["microglia"]) * slow
        permit = (1 / YEAR * traits["remyelination_capacity"] * levers["remyelination"]
                  * math.exp(-p["remyelination_age_slope"] * (age - 35))
                  / (1 + s["activity"] + p["remyelination_microglia_block"] * s["microglia"]) * (1 - debris))
        myelinating = ((1 - p["remyelination_by_progenitors"]) * cells + p["remyelination_by_progenitors"] * young)
        repair = p["late_remyelination"] * permit * myelinating
        matured = p["progenitor_differentiation"] * permit * young * (1 - cells)
        made_bare = 1 - (1 - stays_bare) * myelinating
        intact = 1 - b - d - m - x
        dying = loss * (intact + m) + loss_bare * d
        resolve = b * levers["recovery"] / p["block_recovery"]
        d_dt((p["atrophy_at_25"] + p["atrophy_age_slope"] * max(0.0, age - 25)) / YEAR
             + 100 * p["atrophy_by_axon_loss"] * np.mean(dying)
             + s["toxic_volume"] / p["toxic_volume_decay"] + levers["toxic_volume"])
        d_dt(-s["toxic_volume"] / p["toxic_volume_decay"])
        d_dt(p["nfl_slow"] * np.mean(dying) - math.log(2) / p["nfl_decay"] * s["nfl"])
        d_dt((p["t2_expansion"] * s["rim_part"] - p["t2_resolution"] * (1 - s["rim_part"])) / YEAR * s["t2_volume_ml"])
        d_dt(0.0)  # rims come and go by chance alone
        return np.concatenate([out, -resolve, made_bare * resolve - repair * d - loss_bare * d,
                               repair * d - loss * m, dying, np.zeros(7),
                               matured + p["oligodendrocyte_exchange"] / YEAR * (1 - cells),
                               (1 - young) / p["progenitor_turnover"] - matured,
                               -debris / p["debris_clearance"] * math.exp(-p["remyelination_age_slope"] * (age - 35))])

    return f


def start(**pools):
    y = dict.fromkeys(NAMES, 0.0)
    for name in ("naive", "naive_reactive", "bulk_memory", "memory", "effector", "treg", "memory_b", "naive_b", "ebv", "plasma", "cytokines",
                 "barrier"):
        y[name] = 1.0
    y["activity"] = 0.8
    y["resident"] = 0.6
    y["compartment"] = 0.5
    y["microglia"] = 0.4
    y["stimulus"] = 0.4
    y["fever"] = 0.3
    for i, s in enumerate(SYSTEMS):
        y[f"blocked_{s}"] = 0.02 + 0.01 * i
        y[f"bare_{s}"] = 0.10 - 0.01 * i
        y[f"remyelinated_{s}"] = 0.03
        y[f"lost_{s}"] = 0.01 * i
        y[f"stays_bare_{s}"] = 0.1 + 0.1 * i
        y[f"oligodendrocytes_{s}"] = 1.0 - 0.1 * i
        y[f"progenitors_{s}"] = 0.9 - 0.05 * i
        y[f"debris_{s}"] = 0.05 * i
    y["t2_volume_ml"] = 8.0
    y["rim_part"] = 0.3
    y.update(pools)
    return y


SCENARIOS = {
    "untreated": ({}, start(), 1.0, 33.0),
    "depleted": ({}, start(naive=0.1, naive_reactive=0.1, bulk_memory=0.05, memory=0.3, effector=0.05, treg=0.15,
                           memory_b=0.02, ebv=0.01, naive_b=0.05, thymic_rebound=1.0, toxic_volume=1.2), 0.4, 30.0),
    "drug": ({"entry": 0.3, "egress": 0.9, "activation": 0.8, "kill_t": 0.0005, "kill_b": 0.01, "treg_gain": 0.4,
              "microglia": 0.7, "trophic": 0.6, "remyelination": 2.0, "recovery": 1.5, "toxic_axon": 1e-6, "toxic_volume": 1e-4},
             start(), 1.0, 45.0),
    "bloom": ({}, start(treg=4.0, effector=0.3, memory=0.5), 1.0, 38.0),
}
DAYS = [30, 365, 1826, 3652]


class Used(dict):
    """Parameters that remember which of them were asked for."""

    def __init__(self, values):
        super().__init__(values)
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)


def read_parameters(path):
    if path.endswith(".csv"):
        with open(path, encoding="utf-8") as file:
            return Used({r["name"]: float(r["value"]) for r in csv.DictReader(file) if r["day"] == "-3"})
    with open(path, "rb") as file:
        return Used({name: entry["value"] for name, entry in tomllib.load(file).items()})


def main():
    p = read_parameters(sys.argv[1])
    lines = []
    for scenario, (levers, y0, repertoire, age0) in SCENARIOS.items():
        levers = LEVERS | levers
        f = rhs(p, levers, TRAITS, repertoire, age0)
        vector = [y0[n] for n in NAMES]
        solutions = [solve_ivp(f, (0, DAYS[-1]), vector, method=method, t_eval=DAYS, rtol=1e-10, atol=1e-12,
                               max_step=5.0).y for method in ("DOP853", "LSODA")]
        difference = np.max(np.abs(solutions[0] - solutions[1]) / (1e-3 + np.abs(solutions[0])))
        if difference > 1e-5:  # the switch of regulatory T turnover costs both solvers some digits
            sys.exit(f"{scenario}: the two solvers differ by {difference:.2g}")
        rows = [(-2, n, v) for n, v in TRAITS.items()] + [(-1, n, v) for n, v in levers.items()]
        rows += [(0, "age_year", age0), (0, "repertoire", repertoire)] + [(0, n, y0[n]) for n in NAMES]
        rows += [(day, n, solutions[0][j, i]) for i, day in enumerate(DAYS) for j, n in enumerate(NAMES)]
        for day, name, value in rows:
            lines.append(f"{scenario},{day},{name},{value:.17g}")
    print("scenario,day,name,value")
    for name in sorted(p.names):
        print(f"all,-3,{name},{p[name]:.17g}")
    print("\n".join(lines))


main()
