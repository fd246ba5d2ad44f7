# SPDX-License-Identifier: Apache-2.0
"""hortega run of an experiment in mice from the outside: what is written, threads, and bad input."""
import hashlib
import json
import unittest

from program_case import ROOT, ProgramCase

EAE = ROOT / "data/protocols/eae-msc.toml"


class Experiment(ProgramCase):
    def experiment(self, *replacements):
        text = EAE.read_text(encoding="utf-8").replace("replicates = 200", "replicates = 4")
        for old, new in replacements:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        (self.folder / "mice.toml").write_text(text, encoding="utf-8")
        return "mice.toml"

    def test_a_run_writes_what_it_says(self):
        done = self.hortega("run", self.experiment(), "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.visible("out"), ["manifest.json", "report.html", "summary.json", "tables"])
        told = json.loads(done.stdout)
        self.assertEqual(told["replicates"], 4)
        self.assertIn("E0576", {row["row"] for row in told["comparisons"]})
        curves = self.rows("out/tables/score-curves.csv")
        self.assertEqual(len(curves), 2 * 5 * 41)
        self.assertTrue(all(0 <= float(row["mean_score"]) <= 5 for row in curves))
        # Until the first cells on day 3 no group differs by more than chance: all are well.
        self.assertTrue(all(float(row["mean_score"]) == 0 for row in curves if int(row["day"]) <= 3))
        rows = {(row["row"], row["hypothesis"]): row for row in self.rows("out/tables/comparisons.csv")}
        self.assertEqual({row["verdict"] for key, row in rows.items() if key[0] in ("E0572", "E0575")}, {"not scored"})
        report = (self.folder / "out/report.html").read_text(encoding="utf-8")
        self.assertEqual(report.count('class="vega"'), 2)
        self.assertIn("Simulated mice", report)
        manifest = json.loads((self.folder / "out/manifest.json").read_text())
        for file in manifest["outputs"]:
            self.assertEqual(hashlib.sha256((self.folder / "out" / file["path"]).read_bytes()).hexdigest(), file["sha256"])

    def test_results_do_not_depend_on_threads_but_on_the_seed(self):
        name = self.experiment()
        read = {}
        for out, more in (("one", ("--threads", 1)), ("three", ("--threads", 3)), ("other", ("--seed", 2))):
            done = self.hortega("run", name, "--out", out, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            read[out] = (self.folder / out / "summary.json").read_bytes()
        self.assertEqual(read["one"], read["three"])
        self.assertNotEqual(read["one"], read["other"])

    def refused(self, *args):
        done = self.hortega("run", *args, "--out", "refused")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertFalse((self.folder / "refused").exists())
        return done.stderr

    def test_mice_and_people_are_kept_apart(self):
        mice = self.experiment()
        mist = ROOT / "data/protocols/mist.toml"
        self.assertIn("is for people", self.refused(mice, "--set", "arm.at-onset.regimen=msc-marrow-iv"))
        self.assertIn("is for mice", self.refused(mist, "--set", "arm[0].regimens[0].regimen=msc-syngeneic-once"))
        self.assertIn("is a number of mice", self.refused(mist, "--set", "parameter.mouse_adjuvant_help=100"))
        self.assertIn("is a number of people", self.refused(mice, "--set", "parameter.msc_reach=100"))
        self.assertIn("trials of people", self.refused(mice, "--draws", 3))
        self.assertIn("20 to 400", self.refused(mice, "--set", "parameter.mouse_adjuvant_help=1000"))

    def test_check_and_schema_know_experiments(self):
        name = self.experiment()
        done = self.hortega("check", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("50 animals in 5 groups", done.stdout)
        bad = self.hortega("check", self.experiment(('kind = "axon_loss"', 'kind = "axon_los"')))
        self.assertEqual(bad.returncode, 2)
        self.assertIn("did you mean 'axon_loss'", bad.stderr)
        self.assertIn("hortega-experiment", self.hortega("schema", "experiment").stdout)

    def test_numbers_of_the_mouse_are_told(self):
        told = json.loads(self.hortega("params", "mouse_msc_lung_trapping", "--json").stdout)
        self.assertEqual((told["value"], told["grade"]), (0.9, "C"))


if __name__ == "__main__":
    unittest.main()
