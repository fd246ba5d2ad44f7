# SPDX-License-Identifier: Apache-2.0
"""hortega calibrate: a tiny fit with the engine, killed and resumed, gives the same bytes on other threads."""
import shutil
import signal
import subprocess
import time
import tomllib
import unittest

from program_case import PROGRAM, ProgramCase

# Far too small to believe, which its own checks say.
TINY = ["--protocol", "affirm", "--parameter", "lesion_rate", "relapse_block", "--members", "16", "--iterations", "1",
        "--mode-evaluations", "4", "--lives", "500", "--people", "50"]

WITH_MPI = shutil.which("mpirun") and "libmpi" in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=False).stdout


class Calibrate(ProgramCase):
    def fit(self, out, *arguments):
        done = self.hortega("calibrate", "--out", out, *TINY, *arguments, timeout=280)
        # Sixteen draws are not enough: the check fails, the result is there.
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("check draws failed: effective size", done.stderr)
        return done

    def bytes_of(self, out):
        return {name: (self.folder / out / name).read_bytes()
                for name in ("posterior.csv", "posterior.toml", "predictions.csv")}

    def test_killed_and_resumed(self):
        process = subprocess.Popen([PROGRAM, "calibrate", "--out", "cut", *TINY], cwd=self.folder,
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
        self.assertTrue(all(row["row"].startswith("E") for row in record["row"]))

    @unittest.skipUnless(WITH_MPI, "the program was built without MPI, or there is no mpirun")
    def test_four_ranks_are_one(self):
        self.fit("one", "--threads", "1")
        done = subprocess.run([shutil.which("mpirun"), "--allow-run-as-root", "--oversubscribe", "-n", "4", PROGRAM, "calibrate", "--out",
                               "four", *TINY, "--threads", "1"], cwd=self.folder, capture_output=True, text=True, timeout=280, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("check draws failed: effective size", done.stderr)
        self.assertEqual(self.bytes_of("one"), self.bytes_of("four"))

    def test_unknown_parameter(self):
        done = self.hortega("calibrate", "--out", "x", "--parameter", "lesion_rat")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'lesion_rate'?", done.stderr)
        self.assertEqual(self.visible("x"), [])

    def test_too_few_members(self):
        done = self.hortega("calibrate", "--out", "x", *TINY, "--members", "10")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
