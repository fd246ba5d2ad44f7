#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/cell-priors: columns for cells in every draw, the fitted ones untouched, the record's digest that of the new file."""
import hashlib
import shutil
import statistics
import tomllib
import unittest

from script_case import ROOT, ScriptCase

STRENGTHS = ("msc_activation", "msc_treg_gain", "msc_barrier_seal", "msc_microglia", "msc_trophic", "msc_remyelination",
             "msc_macrophage_gain")


class CellPriors(ScriptCase):
    def setUp(self):
        super().setUp()
        lines = ["draw,weight,tau,lesion_rate"] + [f"{i},0.005,0.2,{1 + i / 8}" for i in range(200)]
        self.csv = self.write("posterior.csv", "\n".join(lines) + "\n")
        self.toml = self.write("posterior.toml", 'program = "p"\ndraws_sha256 = "00"\n\n[settings]\nseed = "1"\n')
        (self.root / "parameters").mkdir()
        self.passports = {}
        for name in ("therapy_mesenchymal.toml", "therapy_progenitors.toml"):
            shutil.copy(ROOT / "data" / "parameters" / name, self.root / "parameters")
            self.passports |= tomllib.loads((ROOT / "data" / "parameters" / name).read_text(encoding="utf-8"))

    def drawn(self, *more):
        code, said = self.run_script("cell-priors", "--data", self.root, *more)
        self.assertEqual(code, 0, said)
        rows = [line.split(",") for line in self.csv.read_text(encoding="utf-8").splitlines()]
        return {name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])}

    def test_every_draw_gets_cells_from_the_ranges_and_the_fit_stays(self):
        table = self.drawn()
        self.assertEqual(table["lesion_rate"], [str(1 + i / 8) for i in range(200)])
        for name in list(table)[4:]:
            low, high = self.passports[name]["range"]
            self.assertTrue(all(low <= float(x) <= high for x in table[name]), name)
            self.assertGreater(len(set(table[name])), 1, name)
        # The spike: all strengths none in half of the draws, none of them in the others.
        none = [float(x) == 0.0 for x in table[STRENGTHS[0]]]
        self.assertEqual(sum(none), 100)
        for name in STRENGTHS:
            self.assertEqual([float(x) == 0.0 for x in table[name]], none, name)
        # Whoever takes every second, third, fourth ... draw meets both kinds about as often: 4 SE of a share of 200 / stride draws.
        for stride in (2, 3, 4, 5, 8):
            some = none[::stride]
            self.assertLess(abs(sum(some) / len(some) - 0.5), 4 * 0.5 / len(some) ** 0.5, stride)
        # The median of a split prior is the passport's value: of 200 draws 100 lie below, give or take 3 x 7.
        value = self.passports["graft_survival_brain"]["value"]
        self.assertLess(abs(sum(float(x) < value for x in table["graft_survival_brain"]) - 100), 22)
        # Independent of each other: correlation of 200 draws, 3 / sqrt(200).
        self.assertLess(abs(statistics.correlation([float(x) for x in table["msc_reach"]],
                                                   [float(x) for x in table["graft_migration"]])), 0.22)

    def test_the_record_names_them_and_knows_the_file(self):
        first = self.drawn()
        record = tomllib.loads(self.toml.read_text(encoding="utf-8"))
        self.assertEqual(record["draws_sha256"], hashlib.sha256(self.csv.read_bytes()).hexdigest())
        self.assertEqual(record["from_prior"]["names"], list(first)[4:])
        self.assertEqual(record["from_prior"]["values"], [self.passports[name]["value"] for name in record["from_prior"]["names"]])
        self.assertEqual(record["settings"]["seed"], "1")
        # Again: the same bytes; another seed: other cells, one entry in the record, no second set of columns.
        text = self.csv.read_bytes(), self.toml.read_bytes()
        self.drawn()
        self.assertEqual((self.csv.read_bytes(), self.toml.read_bytes()), text)
        other = self.drawn("--seed", "7")
        self.assertEqual(list(other), list(first))
        self.assertNotEqual(other["msc_reach"], first["msc_reach"])
        self.assertEqual(self.toml.read_text(encoding="utf-8").count("[from_prior]"), 1)

    def test_a_missing_posterior_is_named(self):
        self.csv.unlink()
        code, said = self.run_script("cell-priors", "--data", self.root)
        self.assertEqual(code, 1)
        self.assertIn("posterior.csv", said)


if __name__ == "__main__":
    unittest.main()
