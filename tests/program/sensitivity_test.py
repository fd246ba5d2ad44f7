# SPDX-License-Identifier: Apache-2.0
"""hortega run --sensitivity from the outside: what it refuses, before anything runs. (What it computes:
tests/evidence/sensitivity.test.cpp; all parameters on real trials take minutes.)"""
import unittest

from program_case import MIST, ROOT, ProgramCase


class SensitivityRun(ProgramCase):
    def refused(self, said, *arguments):
        done = self.hortega("run", *arguments, "--out", "out", timeout=30)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(said, done.stderr)
        self.assertEqual(self.visible("out"), [])

    def test_what_cannot_be(self):
        self.refused("compared between no arms", ROOT / "data/protocols/boffa.toml", "--sensitivity")
        self.refused("excludes", MIST, "--sensitivity", "--resume")
        self.refused("requires --sensitivity", MIST, "--effort", "0.5")
        self.refused("--effort", MIST, "--sensitivity", "--effort", "0")


if __name__ == "__main__":
    unittest.main()
