# SPDX-License-Identifier: Apache-2.0
"""scripts/cell-table and scripts/cell-learn: one command each, a row for each combination, refusals that name what is wrong."""
import csv
import subprocess
import unittest

from program_case import PROGRAM, ROOT, ProgramCase


class Cells(ProgramCase):
    def script(self, name, *arguments, timeout=300):
        done = subprocess.run(["/usr/bin/python3", "-B", ROOT / "scripts" / name, "--hortega", PROGRAM, *map(str, arguments)],
                              cwd=self.folder, capture_output=True, text=True, timeout=timeout, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_table_has_a_row_for_each_combination(self):
        code, _, said = self.script("cell-table", "--source", "own-marrow,cord", "--route", "intravenous,intrathecal", "--dose", "1e6",
                                    "--repeat", "1,2", "--people", "10", "--draws", "2", "--months", "12", "--csv", "table")
        self.assertEqual(code, 0, said)
        with open(self.folder / "table" / "cells.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 8)
        self.assertEqual({(r["source"], r["route"], r["doses"]) for r in rows},
                         {(s, r, n) for s in ("own-marrow", "cord") for r in ("intravenous", "intrathecal") for n in ("1", "2")})
        for row in rows:
            self.assertLessEqual(float(row["edss_difference_low"]), float(row["edss_difference_high"]))
            self.assertGreater(float(row["making_eur"]), 1000.0)
            self.assertGreater(float(row["weeks_to_make"]), 1.0)
            # Of two draws one has no effect, and its twins no difference but that of rounding in a sum: 0 lies in every range.
            self.assertLessEqual(float(row["edss_difference_low"]), 1e-12)
            self.assertGreaterEqual(float(row["edss_difference_high"]), -1e-12)

    def test_table_refuses_what_it_does_not_know(self):
        code, _, said = self.script("cell-table", "--source", "mouse")
        self.assertEqual(code, 2)
        self.assertIn("no source 'mouse'; there are own-marrow", said)

    def test_learn_weighs_draws_and_prints_both_mechanisms(self):
        code, out, said = self.script("cell-learn", "--draws", "4", "--people", "10", "--months", "9", "--jobs", "2", "--csv", "rows.csv")
        self.assertEqual(code, 0, said)
        self.assertIn("| as done: own, frozen, 1.5e6/kg, once | living cells | ", out)
        self.assertIn("| as done: own, frozen, 1.5e6/kg, once | host's macrophages | ", out)
        with open(self.folder / "rows.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        # Ten people give no hazard ratio in every draw; lesions they have.
        effective = {r["evidence"]: float(r["effective_draws"]) for r in rows if (r["mechanism"], r["arm"]) == ("both", "as-done")}
        self.assertAlmostEqual(effective["prior"], 4.0)
        self.assertLess(effective["MESEMS"], 4.0 - 1e-9)
        # Of four draws each mechanism has one with effect and one without.
        none = {r["mechanism"]: float(r["chance_of_nothing"]) for r in rows if (r["evidence"], r["arm"]) == ("prior", "as-done")}
        self.assertEqual(none, {"cells": 0.5, "host": 0.5, "both": 0.5})
        self.assertIn("| no effect, if living cells | if macrophages | either |", out)
        self.assertIn("| prior | 0.50 | 0.50 | 0.50 | 0.50 | 0.50 | 4 |", out)


if __name__ == "__main__":
    unittest.main()
