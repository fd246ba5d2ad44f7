#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/adopt-posterior: which set is taken, the mean where the prior is normal, and what steroids do with it."""
import math
import unittest

from script_case import ScriptCase, load


adopt = load("adopt-posterior")


class AdoptPosterior(ScriptCase):
    def fit(self, mode_loss, mean_loss):
        self.write("posterior.toml", f"""[loss_on_unseen_seeds]
mode = {{ with_tau = {mode_loss} }}
posterior_mean = {{ with_tau = {mean_loss} }}
[[variable]]
name = "rate"
scale = "log"
range = [0.1, 10.0]
mode = 3.0
""")
        self.write("posterior.csv", "draw,weight,tau,rate\n0,0.5,0.2,0.5\n1,0.5,0.2,2.0\n")

    def test_the_set_with_the_lower_unseen_loss_is_taken_unless_one_is_asked_for(self):
        self.fit(30.0, 35.0)
        self.assertEqual(adopt.chosen(self.root, None), ("mode", {"rate": 3.0}))
        which, values = adopt.chosen(self.root, "mean")
        self.assertEqual(which, "mean")
        # .5 and 2 lie symmetrically about 1, the middle of .1 to 10 on the log scale.
        self.assertAlmostEqual(values["rate"], 1.0)
        self.fit(35.0, 30.0)
        self.assertEqual(adopt.chosen(self.root, None)[0], "mean")
        self.assertEqual(adopt.chosen(self.root, "mode")[0], "mode")

    def test_the_mean_of_one_value_is_that_value(self):
        for scale, (low, high) in (("identity", (-1.0, 3.0)), ("log", (1e-3, 10.0)), ("logit", (0.01, 0.6))):
            variable = {"scale": scale, "range": [low, high]}
            for share in (0.02, 0.3, 0.5, 0.97):
                x = low + share * (high - low)
                self.assertAlmostEqual(adopt.mean_of(variable, [x, x], [0.2, 0.8]), x, places=6, msg=f"{scale} {x}")

    def test_the_prior_is_a_normal_cut_off_at_its_ends(self):
        # A normal whose central 95 % is the range, cut off there: half of it lies below the middle, and below the end .025 + .95 p.
        variable = {"scale": "identity", "range": [0.0, 1.0]}
        # Upper quartile of the cut normal: normal quantile of .025 + .95 x .75 = .7375, .6357 (R's qnorm), on 2 x 1.95996.
        quartile = 0.5 + 0.6357 / (2 * 1.95996)
        self.assertAlmostEqual(adopt.mean_of(variable, [1 - quartile, quartile], [0.5, 0.5]), 0.5)
        # Normal scores of .5 and of the quartile are 0 and .6745; weights 1 to 1: that of .3372, p .6320, cut normal .6254.
        self.assertAlmostEqual(adopt.mean_of(variable, [0.5, quartile], [1.0, 1.0]), 0.5 + 0.3197 / (2 * 1.95996), places=3)

    def test_three_doses_act_as_long_as_their_effect_fades(self):
        for fade in (3.0, 10.0, 30.0):
            hours, effect, total = 24, 0.0, 0.0
            for step in range(35 * hours):
                if step % hours == 0 and step < 3 * hours:
                    effect = 1.0
                total += effect * math.exp(-0.5 / hours / fade)  # at the middle of the hour
                effect *= math.exp(-1.0 / hours / fade)
            self.assertAlmostEqual(adopt.steroid_share(fade), total / (35 * hours), places=5)

    def test_steroids_keep_the_odds_ratio_of_five_weeks(self):
        for odds_ratio in (0.24, 0.37, 0.57):
            factor, untreated, treated, faster = adopt.steroid_factor(odds_ratio, 23.16, 10.0)
            self.assertAlmostEqual((1 - treated) / treated / ((1 - untreated) / untreated), odds_ratio)
            self.assertAlmostEqual(math.exp(-faster * 35.0 / 23.16), 1 - treated)
            self.assertAlmostEqual(1 + (factor - 1) * adopt.steroid_share(10.0), faster)
        self.assertAlmostEqual(adopt.steroid_factor(1.0, 23.16, 10.0)[0], 1.0)


if __name__ == "__main__":
    unittest.main()
