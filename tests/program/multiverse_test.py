# SPDX-License-Identifier: Apache-2.0
"""hortega run --multiverse: one run under every published definition, from the outside."""
import json
import subprocess
import time
import unittest

from program_case import MIST, PROGRAM, SMALL, ProgramCase


class MultiverseRun(ProgramCase):
    def test_the_flag_adds_and_changes_nothing(self):
        plain = self.small_run("plain")
        flagged = self.small_run("flagged", "--multiverse")
        self.assertNotEqual(plain, flagged)
        self.assertEqual(self.small_run("threads", "--multiverse", "--threads", 1), flagged)
        added = set(self.visible("flagged/tables")) - set(self.visible("plain/tables"))
        self.assertEqual(added, {"multiverse.csv"})
        for name in self.visible("plain/tables"):
            self.assertEqual((self.folder / "plain/tables" / name).read_bytes(),
                             (self.folder / "flagged/tables" / name).read_bytes(), name)
        report = (self.folder / "flagged/report.html").read_text(encoding="utf-8")
        self.assertIn('<h2 id="multiverse">', report)
        self.assertNotIn('<h2 id="multiverse">', (self.folder / "plain/report.html").read_text(encoding="utf-8"))
        manifest = json.loads((self.folder / "flagged/manifest.json").read_text(encoding="utf-8"))
        self.assertIn("--multiverse", manifest["command"])

        rows = self.rows("flagged/tables/multiverse.csv")
        ids = [row["definition"] for row in rows]
        self.assertEqual(len(ids), len(set(ids)))
        for row in rows:
            self.assertGreater(len(row["sentence"]), 60, row["definition"])
        # MIST's own progression is the preset of its name: the numbers of the main table, to the last digit.
        own = next(row for row in rows if row["own_endpoint"] == "progression")
        self.assertEqual(own["definition"], "mist-6m")
        main = next(row for row in self.rows("flagged/tables/estimates.csv")
                    if (row["endpoint"], row["estimator"], row["time_day"]) == ("progression", "hazard_ratio", "0"))
        for theirs, ours in (("mean", "hazard_ratio"), ("low", "low"), ("median", "median"), ("high", "high"),
                             ("mc_error", "mc_error"), ("significant_share", "significant_share")):
            self.assertEqual(main[theirs], own[ours], ours)
        summary = json.loads((self.folder / "flagged/summary.json").read_text(encoding="utf-8"))
        self.assertEqual([row["definition"] for row in summary["multiverse"]], ids)
        self.assertNotIn("multiverse", json.loads((self.folder / "plain/summary.json").read_text(encoding="utf-8")))

    def test_resume_takes_over_its_own_blocks_alone(self):
        size = ("--replicates", 160, "--draws", 4, *SMALL)
        whole = self.small_run("whole", "--multiverse", "--draws", "4", replicates=160)
        for flags, said in (((), "it belongs to another protocol"), (("--multiverse",), "taken over")):
            out = "cut" + str(len(flags))
            process = subprocess.Popen([PROGRAM, "run", str(MIST), "--out", out, *map(str, size), *flags],
                                       cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 60
            while not list((self.folder / out / ".partial").glob("*.bin")) and time.monotonic() < deadline:
                time.sleep(0.002)
            process.kill()
            process.wait(timeout=60)
            self.assertEqual(self.visible(out), [], "it ended before it was killed")
            done = self.hortega("run", MIST, "--out", out, *size, "--multiverse", "--resume")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(said, done.stderr)
            self.assertEqual(self.results_hash(done.stdout), whole)


if __name__ == "__main__":
    unittest.main()
