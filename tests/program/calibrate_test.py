# SPDX-License-Identifier: Apache-2.0
"""hortega calibrate: a tiny fit with the engine, killed and resumed, gives the same bytes on other threads."""
import json
import os
import shutil
import signal
import subprocess
import time
import tomllib
import unittest

from program_case import MIST, PROGRAM, ROOT, SMALL, TINY_FIT, ProgramCase

WITH_MPI = shutil.which("mpirun") and "libmpi" in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=False).stdout


class Calibrate(ProgramCase):
    def fit(self, out, *arguments):
        done = self.hortega("calibrate", "--out", out, *TINY_FIT, *arguments, timeout=280)
        # Sixteen draws are not enough: the check fails, the result is there.
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("check draws failed: effective size", done.stderr)
        return done

    def bytes_of(self, out):
        return {name: (self.folder / out / name).read_bytes()
                for name in ("posterior.csv", "posterior.toml", "predictions.csv")}

    def test_killed_and_resumed(self):
        process = subprocess.Popen([PROGRAM, "calibrate", "--out", "cut", *TINY_FIT], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kept = self.folder / "cut" / ".partial" / "evaluations.bin"
        deadline = time.monotonic() + 120
        while not (kept.exists() and kept.stat().st_size > 4000) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(60), -signal.SIGKILL, "it ended before it was killed")
        self.assertEqual(self.visible("cut"), [])
        done = self.fit("cut", "--resume", "--threads", "1")
        self.assertRegex(done.stderr, r"(?m)^[1-9]\d* evaluations taken over from the run before$")
        self.assertFalse((self.folder / "cut" / ".partial").exists())

        self.fit("whole", "--threads", "2")
        self.assertEqual(self.bytes_of("cut"), self.bytes_of("whole"))
        with (self.folder / "whole" / "posterior.toml").open("rb") as file:
            record = tomllib.load(file)
        self.assertEqual([v["name"] for v in record["variable"]], ["lesion_rate", "relapse_block"])
        self.assertEqual({c["name"] for c in record["check"]}, {"at_bound", "draws", "unseen"})
        # Published rows, and the fact that the rows of AFFIRM make.
        names = [row["row"] for row in record["row"]]
        self.assertEqual([name for name in names if not name.startswith("E")], ["lesions-per-relapse-affirm"])
        self.run_over_draws("whole")

    def run_over_draws(self, posterior):
        """Replicates over the draws of a posterior in the data folder."""
        data = self.folder / "with-posterior"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if not part.name.startswith("posterior."):
                (data / part.name).symlink_to(part)
        for name in ("posterior.csv", "posterior.toml"):
            (data / name).write_bytes((self.folder / posterior / name).read_bytes())
        world = {**os.environ, "HORTEGA_DATA": str(data)}

        def run(out, *arguments):
            done = self.hortega("run", MIST, "--out", out, "--replicates", "8", *SMALL, *arguments, env=world)
            self.assertEqual(done.returncode, 0, done.stderr)
            return self.results_hash(done.stdout)

        # Half the replicates where nobody says how many: chance can then be told from parameters.
        usual = run("usual")
        self.assertEqual(json.loads((self.folder / "usual" / "summary.json").read_text())["draws"], 4)
        self.assertEqual(run("one-thread", "--draws", "4", "--threads", "1"), usual)
        self.assertTrue(any(float(row["sd_parameters"] or 0) > 0 for row in self.rows("usual/tables/estimates.csv")))
        self.assertTrue(all(row["low_parameters"] for row in self.rows("usual/tables/kaplan_meier_progression.csv")))
        # One draw of the four is enough to retell a replicate, and a parameter set by hand holds in every draw.
        told = self.hortega("replay", "usual", "--replicate", "3", "--json", env=world)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(told.stderr.count("differ"), 0, told.stderr)
        self.assertNotEqual(run("by-hand", "--set", "parameter.lesion_rate=20"), usual)
        # None: the values of the passports, as without a posterior.
        plain = run("plain", "--draws", "0")
        self.assertEqual(json.loads((self.folder / "plain" / "summary.json").read_text()).get("draws"), None)
        (data / "posterior.csv").unlink()
        self.assertEqual(run("without"), plain)
        refused = self.hortega("run", MIST, "--out", "x", *SMALL, "--draws", "5", env=world)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("the data folder has no posterior", refused.stderr)

    @unittest.skipUnless(WITH_MPI, "the program was built without MPI, or there is no mpirun")
    def test_four_ranks_are_one(self):
        self.fit("one", "--threads", "1")
        done = subprocess.run([shutil.which("mpirun"), "--allow-run-as-root", "--oversubscribe", "-n", "4", PROGRAM, "calibrate", "--out",
                               "four", *TINY_FIT, "--threads", "1"], cwd=self.folder, capture_output=True, text=True, timeout=280, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("check draws failed: effective size", done.stderr)
        self.assertEqual(self.bytes_of("one"), self.bytes_of("four"))

    def test_unknown_parameter(self):
        done = self.hortega("calibrate", "--out", "x", "--parameter", "lesion_rat")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'lesion_rate'?", done.stderr)
        self.assertEqual(self.visible("x"), [])

    def test_too_few_members(self):
        fewer = ["10" if word == "16" else word for word in TINY_FIT]  # an option given twice is refused for that
        self.assertNotEqual(fewer, TINY_FIT)
        done = self.hortega("calibrate", "--out", "x", *fewer)
        self.assertEqual(done.returncode, 2)
        self.assertIn("10 members for 2 variables", done.stderr)
        self.assertEqual(self.visible("x"), [])


if __name__ == "__main__":
    unittest.main()
