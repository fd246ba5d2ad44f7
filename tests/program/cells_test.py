# SPDX-License-Identifier: Apache-2.0
"""scripts/cell-table and scripts/cell-learn: one command each, a row for each combination, refusals that name what is wrong."""
import csv
import math
import subprocess
import unittest

from program_case import PROGRAM, ROOT, SMALL, ProgramCase


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
        code, out, said = self.script("cell-learn", "--draws", "4", "--people", "10", "--months", "9", "--jobs", "2", "--csv", "learned")
        self.assertEqual(code, 0, said)
        self.assertIn("| as done: own, frozen, 1.5e6/kg, once | living cells | ", out)
        self.assertIn("| as done: own, frozen, 1.5e6/kg, once | host's macrophages | ", out)
        every = self.rows("learned/summaries.csv")
        # Where cells act is told apart: of one draw of each mechanism.
        acting = [r for r in every if (r["evidence"], r["arm"], r["cells_act"]) == ("prior", "as-done", "1")]
        self.assertEqual({r["mechanism"]: round(float(r["effective_draws"])) for r in acting}, {"cells": 1, "host": 1, "both": 2})
        draws = self.rows("learned/draws.csv")
        self.assertEqual([(d["mechanism"], d["nothing"]) for d in draws], [("cells", "0"), ("host", "0"), ("cells", "1"), ("host", "1")])
        for draw in draws:
            self.assertEqual(float(draw["msc_activation"]) == 0.0, draw["nothing"] == "1")
        # An acting draw alone is its own median.
        (living,) = [r for r in acting if r["mechanism"] == "cells"]
        self.assertAlmostEqual(float(living["median"]), math.exp(float(draws[0]["gd_as-done"])), places=9)
        rows = [r for r in every if r["cells_act"] == "0"]
        # Ten people give no hazard ratio in every draw; lesions they have.
        effective = {r["evidence"]: float(r["effective_draws"]) for r in rows if (r["mechanism"], r["arm"]) == ("both", "as-done")}
        self.assertAlmostEqual(effective["prior"], 4.0)
        self.assertLess(effective["MESEMS"], 4.0 - 1e-9)
        # Of four draws each mechanism has one with effect and one without.
        none = {r["mechanism"]: float(r["chance_of_nothing"]) for r in rows if (r["evidence"], r["arm"]) == ("prior", "as-done")}
        self.assertEqual(none, {"cells": 0.5, "host": 0.5, "both": 0.5})
        self.assertIn("| no effect, if living cells | if macrophages | either |", out)
        self.assertIn("| prior | 0.50 | 0.50 | 0.50 | 0.50 | 0.50 | 4 |", out)

    def test_who_gets_no_cell_is_not_treated(self):
        text = (ROOT / "data" / "regimens" / "msc-marrow-iv-fresh.toml").read_text(encoding="utf-8")
        self.assertEqual((text.count('id = "msc-marrow-iv-fresh"'), text.count('dose = "1.5e6 cells/kg"')), (1, 1))
        (self.folder / "regimens").mkdir()
        # Some 35e9 cells: no culture of this marrow comes near it.
        (self.folder / "regimens" / "many.toml").write_text(text.replace('id = "msc-marrow-iv-fresh"', 'id = "many"')
                                                            .replace("1.5e6 cells/kg", "5e8 cells/kg"), encoding="utf-8")
        protocol = self.protocol("none.toml", ('regimen = "ahsct-cy-atg", weight = 1', 'regimen = "many", weight = 1'))
        done = self.hortega("run", protocol, "--out", "out", "--replicates", 2, *SMALL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"warning: HSCT: of (\d+) people who were to get cells \1 got none, all trials together[:;].*no batch passed its tests")
        self.assertIn("no batch passed its tests", (self.folder / "out" / "report.html").read_text(encoding="utf-8"))
        flow = {(row["arm"], row["box"]): float(row["mean"]) for row in self.rows("out/tables/flow.csv")}
        self.assertEqual(flow["HSCT", "received"], 0.0)
        self.assertEqual(flow["HSCT", "not_received"], flow["HSCT", "allocated"])
        self.assertGreater(flow["DMT", "received"], 0.0)
        for row in self.rows("out/adam/adsl.csv"):
            if row["ARM"] == "HSCT":
                self.assertEqual((row["SAFFL"], row["TRT01A"], row["TRTSDT"]), ("N", "", ""))
        (made,) = self.rows("out/tables/cells_made.csv")
        self.assertEqual((made["arm"], made["without_cells"]), ("HSCT", made["people"]))
        retold = self.hortega("replay", "out", "--replicate", 1).stdout
        self.assertRegex(retold, r"HSCT: (\d+) allocated, 0 treated \(\1 not\)")

    def test_draws_are_named_and_doses_are_retold(self):
        protocol = self.protocol("cells.toml", ('regimen = "ahsct-cy-atg", weight = 1', 'regimen = "msc-cord-it-repeated", weight = 1'))
        self.small_run("out", "--draws", 4, protocol=protocol, replicates=8)
        with open(ROOT / "data" / "posterior.csv", encoding="utf-8", newline="") as file:
            posterior = list(csv.DictReader(file))
        rows = {int(r["draw"]): int(r["posterior_row"]) for r in self.rows("out/tables/replicates.csv")}
        self.assertEqual(sorted(rows), [0, 1, 2, 3])
        strengths = ("msc_activation", "msc_treg_gain", "msc_barrier_seal", "msc_microglia", "msc_trophic", "msc_remyelination")
        nothing = sum(all(float(posterior[row - 1][name]) == 0.0 for name in strengths) for row in rows.values())
        report = (self.folder / "out" / "report.html").read_text(encoding="utf-8")
        self.assertIn(f"In {nothing} of the 4 draws mesenchymal cells do nothing", report)
        # The regimen gives four doses; whoever stays long enough has a line for each.
        doses = []
        for row in self.rows("out/adam/adsl.csv"):
            if row["ARM"] != "HSCT":
                continue
            told = self.hortega("replay", "out", "--replicate", 1, "--person", int(row["SUBJID"])).stdout
            self.assertNotIn("infusions, the last", told)
            doses.append(told.count("cells given: "))
            if doses[-1]:
                self.assertRegex(told, r"\d+ batch(es)? begun.*; the last: \d+ million cells, \d+ passages?, potency")
        self.assertEqual(max(doses), 4)
        self.small_run("one", "--draws", 0, protocol=protocol, replicates=2)
        self.assertEqual({r["posterior_row"] for r in self.rows("one/tables/replicates.csv")}, {""})
        self.assertNotIn("cells do nothing", (self.folder / "one" / "report.html").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
