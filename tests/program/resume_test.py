# SPDX-License-Identifier: Apache-2.0
"""A run that is cut off leaves nothing half-written, and --resume completes it to the same results."""
import signal
import subprocess
import time
import unittest

from program_case import MIST, PROGRAM, SMALL, ProgramCase

REPLICATES = 160  # long enough to be cut off after the first finished block
FEW_DRAWS = ("--draws", "4")  # recruiting for each draw takes longer than the replicates


class Resume(ProgramCase):
    def command(self, *arguments):
        return [PROGRAM, "run", str(MIST), "--out", "out", "--replicates", str(REPLICATES), *SMALL, *FEW_DRAWS, *arguments]

    def cut_off(self, how, *arguments, once=None):
        """Starts a run, sends the signal once a block of replicates is kept (or `once`); returns exit code and stderr."""
        once = once or self.kept
        process = subprocess.Popen(self.command(*arguments), cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not once() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(how)
        _, stderr = process.communicate(timeout=60)
        return process.returncode, stderr

    def kept(self):
        return sorted((self.folder / "out" / ".partial").glob("*.bin"))

    def resume(self, *arguments):
        done = self.hortega(*self.command("--resume", *arguments)[1:])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def taken_over(self, done):
        for line in done.stderr.splitlines():
            if line.endswith("taken over from the run before"):
                return int(line.split()[0])
        self.fail(done.stderr)

    def test_what_the_user_keeps_in_the_folder_stays(self):
        for folder in ("tables", "adam"):
            (self.folder / "out" / folder).mkdir(parents=True)
            (self.folder / "out" / folder / "mine.csv").write_text("x", encoding="utf-8")
        for _ in range(2):  # over nobody's folder, then over its own
            self.small_run("out", "--draws", "0")
            for folder in ("tables", "adam"):
                self.assertEqual((self.folder / "out" / folder / "mine.csv").read_text(encoding="utf-8"), "x")
            self.assertTrue((self.folder / "out" / "tables" / "estimates.csv").exists())

    def test_killed_and_resumed(self):
        whole = self.small_run("whole", *FEW_DRAWS, replicates=REPLICATES)
        code, _ = self.cut_off(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL, "it ended before it was killed")
        self.assertEqual(self.visible("out"), [], "no report, no table")
        self.assertTrue(self.kept())
        # A block that was damaged on the way is simulated again.
        damaged = self.kept()[0]
        damaged.write_bytes(damaged.read_bytes()[:-100])
        other = len(self.kept()) > 1
        done = self.resume()
        self.assertEqual(self.results_hash(done.stdout), whole)
        self.assertIn("is not used: it is cut short or damaged", done.stderr)
        self.assertEqual(self.taken_over(done) > 0, other)
        self.assertFalse((self.folder / "out" / ".partial").exists())
        for name in self.visible("whole"):
            if (self.folder / "whole" / name).is_file() and name not in ("manifest.json", "report.html"):
                if name == "trajectories.nc":
                    continue  # NetCDF-4 files carry no promise of equal bytes
                self.assertEqual((self.folder / "out" / name).read_bytes(),
                                 (self.folder / "whole" / name).read_bytes(), name)
        # The people of the first replicate, which no file of replicates holds.
        for path in (self.folder / "whole" / "adam").glob("*.csv"):
            self.assertEqual((self.folder / "out" / "adam" / path.name).read_bytes(), path.read_bytes(), path.name)

    def test_killed_while_the_results_are_written(self):
        fresh = self.folder / "out" / ".partial" / "new"
        code, _ = self.cut_off(signal.SIGKILL, once=lambda: (fresh / "summary.json").exists())
        self.assertEqual(code, -signal.SIGKILL, "it ended before it was killed")
        self.assertEqual(self.visible("out"), [])
        done = self.resume()
        self.assertEqual(self.taken_over(done), REPLICATES)
        self.assertEqual(self.results_hash(done.stdout), self.small_run("whole", *FEW_DRAWS, replicates=REPLICATES))
        self.assertEqual((self.folder / "out/adam/adsl.csv").read_bytes(),
                         (self.folder / "whole/adam/adsl.csv").read_bytes())
        self.assertFalse((self.folder / "out" / ".partial").exists())

    def test_interrupted_and_resumed(self):
        code, stderr = self.cut_off(signal.SIGINT)
        self.assertEqual(code, 130, stderr)
        self.assertIn("--resume goes on from there", stderr)
        self.assertIn("interrupted", stderr)
        self.assertEqual(self.visible("out"), [])
        done = self.resume()
        self.assertGreater(self.taken_over(done), 0)
        self.assertEqual(self.results_hash(done.stdout), self.small_run("whole", *FEW_DRAWS, replicates=REPLICATES))

    def test_another_run_takes_nothing_over(self):
        code, _ = self.cut_off(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL, "it ended before it was killed")
        done = self.resume("--seed", "77")
        self.assertIn("it belongs to another protocol", done.stderr)
        self.assertEqual(self.taken_over(done), 0)
        self.assertEqual(self.results_hash(done.stdout),
                         self.small_run("whole", *FEW_DRAWS, "--seed", "77", replicates=REPLICATES))

    def test_without_resume_nothing_is_taken_over(self):
        code, _ = self.cut_off(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL, "it ended before it was killed")
        self.assertTrue(self.kept())
        done = self.hortega("run", MIST, "--out", "out", "--replicates", 4, *SMALL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("taken over", done.stderr)
        self.assertFalse((self.folder / "out" / ".partial").exists())


if __name__ == "__main__":
    unittest.main()
