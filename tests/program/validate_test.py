# SPDX-License-Identifier: Apache-2.0
"""hortega validate from the outside: the same bytes on other threads, a study left out of the fit, what it refuses."""
import json
import tomllib
import unittest

from program_case import TINY_FIT, ProgramCase

# Far too small to believe.
SMALL_VALIDATION = ["--prior-draws", "0", "--conduct-draws", "0", "--people", "10", "--lives", "300", "--protocol", "affirm", "opera"]
TWO_STUDIES = ["opera" if word == "affirm" else word for word in TINY_FIT]
TWO_STUDIES.insert(1, "affirm")


class Validate(ProgramCase):
    def validated(self, out, *arguments):
        done = self.hortega("validate", "--out", out, *SMALL_VALIDATION, *arguments, timeout=280)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_same_bytes_on_other_threads(self):
        hashes = [self.results_hash(self.validated(f"on-{n}", "--draws", "0", "--threads", n)) for n in (1, 2)]
        self.assertEqual(*hashes)

    def test_a_study_left_out_of_the_fit(self):
        for out, more in (("whole", []), ("without", ["--without", "OPERA"])):
            done = self.hortega("calibrate", "--out", out, *TWO_STUDIES, *more, timeout=280)
            # Sixteen draws are not enough: the check fails, the result is there.
            self.assertEqual(done.returncode, 1, done.stderr)
        done = self.hortega("calibrate", "--out", "x", *TWO_STUDIES, "--without", "OPRA", timeout=280)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("no row to be fitted is of 'OPRA'", done.stderr)
        self.assertIn("AFFIRM, OPERA", done.stderr)

        # The fact that AFFIRM's rows make goes with them.
        done = self.hortega("calibrate", "--out", "z", *TWO_STUDIES, "--without", "AFFIRM", timeout=280)
        left = {row["row"] for row in tomllib.loads((self.folder / "z" / "posterior.toml").read_text())["left_out"]}
        self.assertIn("lesions-per-relapse-affirm", left)

        groups = json.loads(self.validated("validation", "--posterior", "whole", "--draws", "4", "--refit", "without", "--json"))
        self.assertEqual({"set_aside", "used", "fitted"} & set(groups), {"set_aside", "used", "fitted"})
        for group in ("set_aside", "used", "fitted"):
            self.assertLessEqual({"rows_scored", "inside_50", "inside_90", "interval_score"}, set(groups[group]))
        done = self.hortega("validate", "--out", "y", *SMALL_VALIDATION, "--posterior", "whole", "--draws", "4", "--refit", "whole")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("was not made without exactly one family", done.stderr)


if __name__ == "__main__":
    unittest.main()
