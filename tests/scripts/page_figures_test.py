#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Figures on the pages that follow from passports and tables alone are those of the passports and tables that are there, and remarks those of
map.toml. After a fit that moves a figure, a person writes the page anew: what this test says is the new figure."""
import math
import re
import statistics
import tomllib
import unittest

from script_case import ROOT

try:
    import netCDF4
except ImportError:
    netCDF4 = None

NORMAL = statistics.NormalDist()
with open(ROOT / "data" / "parameters" / "disease.toml", "rb") as file:
    DISEASE = tomllib.load(file)
MODEL = " ".join((ROOT / "docs" / "model.md").read_text(encoding="utf-8").split())


def value(name):
    return DISEASE[name]["value"]


def lesions_above(mean_a_day):
    """Shares of people whose mean is higher, and of all lesions that are theirs: a log-normal propensity with mean 1."""
    sd = DISEASE["lesion_propensity"]["spread"]
    # Of x = exp(sd z - sd^2/2): x times a day's births is above; weighting people by x moves z by sd.
    z = (math.log(mean_a_day * 365.25 / value("lesion_rate")) + sd * sd / 2) / sd
    return 1 - NORMAL.cdf(z), 1 - NORMAL.cdf(z - sd)


def t2_shortfall(years, part):
    """How much lower a T2 volume is whose part with a rim stays than one whose rims grow beside a rest that shrinks."""
    shrink, grow = value("t2_resolution"), value("t2_expansion")
    kept = math.exp((part * (grow + shrink) - shrink) * years)
    apart = part * math.exp(grow * years) + (1 - part) * math.exp(-shrink * years)
    return 1 - kept / apart


class PageFigures(unittest.TestCase):
    def test_lesions_of_the_most_active(self):
        people, theirs = lesions_above(1)
        self.assertIn(f"(log-sd {DISEASE['lesion_propensity']['spread']:g} in its passport)", MODEL)
        self.assertIn(f"At {value('lesion_rate'):g} lesions a year", MODEL)
        self.assertIn(f"{100 * people:.2f} % of people have a mean of more than one a day and carry {100 * theirs:.1f} % of all lesions",
                      MODEL)
        people, theirs = lesions_above(16)
        self.assertIn(f"{1e6 * people:.0f} in a million have more than 16, and of theirs ({100 * theirs:.1f} % of all)", MODEL)

    def test_t2_volume_with_rims(self):
        self.assertIn(f"with p = 0.3 and no births, by {100 * t2_shortfall(10, 0.3):.1f} % after 10 years and "
                      f"{100 * t2_shortfall(20, 0.3):.0f} % after 20", MODEL)

    @unittest.skipIf(netCDF4 is None, "netCDF4 is not installed")
    def test_bare_fibres_that_fail(self):
        """disease/conduction.cpp in a few lines: 100 lengths of equal chance, straight lines between the table's."""
        with netCDF4.Dataset(ROOT / "data" / "tables" / "conduction.nc") as table:
            mixes = table.mix_names.split()
            lengths = [float(x) for x in table["length"][:]]
            celsius = [float(x) for x in table["temperature"][:]]
            passed = table["transmitted_fraction"][:].tolist()  # mix, lesion (fresh, adapted), wraps, temperature, length
        bare, adapted = DISEASE["bare_length"], value("bare_adapted_share")
        stretches = [bare["value"] * math.exp(bare["spread"] * NORMAL.inv_cdf((i + 0.5) / 100)) for i in range(100)]

        def between(y, x):
            x = min(x, lengths[-1])
            i = max(1, next(i for i, end in enumerate(lengths) if end >= x))
            return y[i - 1] + (y[i] - y[i - 1]) * (x - lengths[i - 1]) / (lengths[i] - lengths[i - 1])

        def failing(mix):
            fresh, channels = passed[mixes.index(mix)][0][0], passed[mixes.index(mix)][1][0]
            return [1 - statistics.fmean(adapted * between(channels[t], x) + (1 - adapted) * between(fresh[t], x) for x in stretches)
                    for t in range(len(celsius))]

        found = {mix: failing(mix) for mix in mixes}
        # Five of the seven systems have the corticospinal mix (disease/conduction.hpp).
        mean = [(o + c + 5 * s) / 7 for o, c, s in zip(found["optic-nerve"], found["callosal"], found["corticospinal"])]
        page = (ROOT / "docs" / "axon.md").read_text(encoding="utf-8")
        self.assertIn(f"(`bare_length` {bare['value']:g} mm with log-sd {bare['spread']:g}, `bare_adapted_share` {adapted:g})", page)
        for name, shares in (("°C", [c / 100 for c in celsius]), ("optic nerve", found["optic-nerve"]), ("callosal", found["callosal"]),
                             ("corticospinal", found["corticospinal"]), ("mean of the seven systems", mean)):
            row = f"| {name} | " + " | ".join(f"{100 * x:.0f}" for x in shares) + " |"
            self.assertEqual(len(re.findall(re.escape(row), page)), 1, row)

    def test_remarks_beside_results(self):
        with open(ROOT / "data" / "evidence" / "map.toml", "rb") as file:
            mapped = tomllib.load(file)["row"]
        remarks = {}  # of each row, one for each of its numbers
        for row in mapped:
            if "none" not in row:
                remarks.setdefault(row["id"], []).append(row.get("remark", ""))
        results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
        shown = re.findall(r"^\| (E\d{4}) \|(?:[^|]*\|){6} ([a-z ]+) \| (.*) \|$", results, re.MULTILINE)
        self.assertEqual(len(shown), len(re.findall(r"^\| E\d{4} ", results, re.MULTILINE)))
        self.assertTrue(any(remark for _, _, remark in shown))
        for name, verdict, remark in shown:
            self.assertIn(remark, remarks[name] if verdict == "outside" else [""], name)

    def test_the_figures_follow_the_passports(self):
        people, theirs = lesions_above(1)
        more_people, more_theirs = lesions_above(0.5)
        self.assertLess(people, more_people)
        self.assertLess(theirs, more_theirs)
        self.assertAlmostEqual(lesions_above(1e-9)[1], 1, 6)  # all lesions are somebody's
        self.assertAlmostEqual(t2_shortfall(20, 0), 0, 12)  # nothing to tell apart without rims, or of rims alone
        self.assertAlmostEqual(t2_shortfall(20, 1), 0, 12)


if __name__ == "__main__":
    unittest.main()
