#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/cell-learn: weights follow the published rows, a bias that is allowed takes Petrou's weight away, and ranges are those
of the weights."""
import math
import pathlib
import unittest

from script_case import load

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


learn = load("cell-learn")


class CellLearn(unittest.TestCase):
    def mesems(self, ratio, tau=0.0):
        return learn.log_likelihood_mesems({("gd", "as-done"): math.log(ratio)}, tau)

    def petrou(self, cells, none, bias):
        result = {("failed", "it-once"): cells, ("failed", "iv-once"): cells, ("failed", "none"): none}
        return learn.log_likelihood_petrou(result, 1000, bias)

    def test_mesems_is_a_normal_on_the_log_scale(self):
        # At the published ratio most likely; at a limit of the 95 % interval lower by 1.96^2 / 2 (the interval is not quite
        # symmetric about .94: .50 below, .47 above).
        self.assertAlmostEqual(self.mesems(0.94) - self.mesems(1.50), 0.5 * (math.log(1.5 / 0.94) / ((math.log(1.5) - math.log(0.58)) / 3.92)) ** 2)
        self.assertLess(self.mesems(0.3), self.mesems(0.94) - 5.0)
        # With differences between studies it says less.
        self.assertLess(self.mesems(0.94, 0.35) - self.mesems(0.3, 0.35), self.mesems(0.94) - self.mesems(0.3))

    def test_petrou_says_less_the_more_bias_is_allowed(self):
        gain = [self.petrou(0.08, 0.42, bias) - self.petrou(0.15, 0.15, bias) for bias in (0.0, 1.0, 10.0)]
        self.assertGreater(gain[0], gain[1])
        self.assertGreater(gain[1], gain[2])
        self.assertAlmostEqual(gain[2], 0.0, delta=0.1)

    def test_petrou_is_the_bivariate_normal_of_its_counts(self):
        # Two log odds ratios to one sham arm, of 2/30, 3/31 and 13/31, against none simulated; written out by its inverse.
        sham = math.log(13 / 18)
        d = [math.log(2 / 28) - sham, math.log(3 / 28) - sham]
        shared = 1 / 13 + 1 / 18
        a, b = 1 / 2 + 1 / 28 + shared, 1 / 3 + 1 / 28 + shared
        inverse = [[b, -shared], [-shared, a]]
        determinant = a * b - shared * shared
        square = sum(d[i] * inverse[i][j] * d[j] for i in (0, 1) for j in (0, 1)) / determinant
        self.assertAlmostEqual(self.petrou(0.2, 0.2, 0.0), -0.5 * square - 0.5 * math.log(determinant))

    def test_weights_and_quantiles(self):
        weights = learn.weights_of([0.0, math.log(3.0)])
        self.assertAlmostEqual(weights[1], 0.75)
        self.assertEqual(learn.cell_table.quantile([5.0, 1.0, 3.0], [0.2, 0.6, 0.2], 0.5), 1.0)
        self.assertAlmostEqual(learn.effective([0.25] * 4), 4.0)

    def test_draws_keep_to_the_ranges_of_the_passports(self):
        import random
        import tomllib
        passports = tomllib.loads((ROOT / "data" / "parameters" / "therapy_mesenchymal.toml").read_text(encoding="utf-8"))
        luck = random.Random(1)
        for _ in range(50):
            for name, value in learn.cell_table.cell_priors.draw_cells(passports, luck, False).items():
                low, high = passports[name]["range"]
                self.assertTrue(low <= value <= high, name)
        # Every strength may be none.
        for name in learn.cell_table.cell_priors.STRENGTHS:
            self.assertEqual(passports[name]["range"][0], 0.0)

    def test_the_spike_takes_all_strengths_and_nothing_else(self):
        import random
        import tomllib
        passports = tomllib.loads((ROOT / "data" / "parameters" / "therapy_mesenchymal.toml").read_text(encoding="utf-8"))
        slab = learn.cell_table.cell_priors.draw_cells(passports, random.Random(7), False)
        spike = learn.cell_table.cell_priors.draw_cells(passports, random.Random(7), True)
        strengths = {"msc_activation", "msc_treg_gain", "msc_barrier_seal", "msc_microglia", "msc_trophic", "msc_remyelination",
                     "msc_macrophage_gain"}
        for name, value in spike.items():
            self.assertEqual(value, 0.0 if name in strengths else slab[name], name)
            if name in strengths:
                self.assertGreater(slab[name], 0.0, name)

    def test_chance_of_nothing_is_the_weight_on_the_spike(self):
        draws = [{"mechanism": m, "nothing": none} for m in ("cells", "host") for none in (False, True)]
        # By hand: .4 of .1 + .4; .2 of .3 + .2; .6 of all.
        weights = [0.1, 0.4, 0.3, 0.2]
        self.assertAlmostEqual(learn.nothing(draws, weights, "cells"), 0.8)
        self.assertAlmostEqual(learn.nothing(draws, weights, "host"), 0.4)
        self.assertAlmostEqual(learn.nothing(draws, weights, "both"), 0.6)
        self.assertIsNone(learn.nothing(draws, [0.0, 0.0, 0.5, 0.5], "cells"))

    def test_ranges_of_the_table_are_quantiles_of_its_draws(self):
        table = [("own-marrow", "intrathecal", 1e6, 1)]
        # Skewed: nine draws without effect and one strong; mean and spread would reach above 1.
        draws = [{"estimates": {("cells-0", "worsening_hazard_ratio"): x}, "making": {("cells-0", "MAKEDY"): [70.0]},
                  "harms": {("cells-0", "headache"): {"percent_any": 10.0}} if n == 0 else {}}
                 for n, x in enumerate([0.2] + [1.0] * 9)]
        cells, harms = learn.cell_table.summarised(draws, table)
        self.assertEqual([cells[0]["worsening_hazard_ratio" + part] for part in ("_low", "", "_high")], [0.2, 1.0, 1.0])
        self.assertAlmostEqual(cells[0]["weeks_to_make"], 10.0)
        self.assertNotEqual(cells[0]["edss_difference"], cells[0]["edss_difference"])  # NaN: no draw has it
        # A harm of one draw in ten counts nothing in the others.
        self.assertAlmostEqual(harms[0]["percent_any"], 1.0)


if __name__ == "__main__":
    unittest.main()
