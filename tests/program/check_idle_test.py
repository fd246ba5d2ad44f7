# SPDX-License-Identifier: Apache-2.0
"""scripts/check-idle names a parameter that nothing uses and passes those that move an output, values and spreads."""
import shutil
import subprocess
import unittest

from program_case import PROGRAM, ROOT, ProgramCase

UNUSED = """
[nobody_asks]
value = 1.0
unit = "1"
spread = 0.5
source = "assumed"
grade = "D"
reason = "made for a test"
range = [0.5, 2.0]
"""


class CheckIdle(ProgramCase):
    def setUp(self):
        super().setUp()
        self.data_copy = self.folder / "copy"
        shutil.copytree(ROOT / "data", self.data_copy)

    def check(self, *arguments):
        done = subprocess.run([ROOT / "scripts" / "check-idle", "--hortega", PROGRAM, "--data", self.data_copy, "--moved-by",
                               self.folder / "moved_by.csv", "--trial", "mist", *map(str, arguments)],
                              capture_output=True, text=True, timeout=240, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_names_what_moves_nothing(self):
        with (self.data_copy / "parameters" / "conduct.toml").open("a", encoding="utf-8") as file:
            file.write(UNUSED)
        code, text = self.check("nobody_asks", "nobody_asks.spread", "steroid_share", "lesion_propensity.spread")
        self.assertEqual(code, 1, text)
        self.assertIn("2 of 4 parameters and spreads move an output", text)
        self.assertIn("nobody_asks: moves no output", text)
        self.assertIn("nobody_asks.spread: moves no output", text)

    def test_remembers_what_moved(self):
        code, text = self.check("steroid_share", "--update")
        self.assertEqual(code, 0, text)
        self.assertIn("steroid_share,mist,", (self.folder / "moved_by.csv").read_text(encoding="utf-8"))
        code, text = self.check("steroid_share")
        self.assertEqual(code, 0, text)
        self.assertIn("; 3 runs in", text)  # twice as it stands, once with what moved last time

    def test_a_part_of_what_is_known_and_all_that_is_new(self):
        (self.folder / "moved_by.csv").write_text("parameter,trial,end\nsteroid_share,mist,low\nlesion_rate,mist,low\n", encoding="utf-8")
        names = ("steroid_share", "lesion_rate", "lesion_propensity.spread")
        for part in ("1/2", "2/2"):
            code, text = self.check(*names, "--part", part)
            self.assertEqual(code, 0, text)
            self.assertIn("2 of 2 parameters and spreads move an output", text)
        code, text = self.check(*names, "--part", "3/2")
        self.assertEqual(code, 2, text)
        self.assertIn("--part 3/2", text)

    def test_a_program_that_fails_is_no_answer(self):
        (self.data_copy / "parameters" / "conduct.toml").unlink()
        code, text = self.check("lesion_propensity.spread")
        self.assertEqual(code, 2, text)
        self.assertIn("steroid_share", text)


if __name__ == "__main__":
    unittest.main()
