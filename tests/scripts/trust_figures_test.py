#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/trust-figures: figures of a validation reach the documentation, and a page without its marks is refused."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts" / "trust-figures"


def tally(rows, inside):
    return {"rows_scored": rows, "inside_90": inside, "inside_50": 0.25, "interval_score": 1.234}


def validation():
    baseline = {"name": "other studies", "baseline": tally(4, 1.0), "engine_on_the_same_rows": tally(4, 0.5)}
    part = dict(tally(8, 0.75), baselines=[baseline], between_study_term=True, without_between_study_term=tally(8, 0.625))
    none = {"rows_scored": 0, "inside_90": None, "inside_50": None, "interval_score": None}
    empty = dict(none, baselines=[], between_study_term=False, without_between_study_term=none, by_study=[])
    by_study = [{"study": "FREEDOMS", "alone": tally(5, 1.0), "without_it": tally(3, 0.5), "looked_at": "on a page"},
                {"study": "MIST", "alone": tally(3, 0.5), "without_it": tally(5, 1.0)}]
    alone = dict(tally(2, 0.5), baselines=[], between_study_term=False, without_between_study_term=tally(2, 0.5))
    row = {"row_id": "E0001", "study": "MIST", "outcome": "a | b", "arms": "HSCT", "unit": "%", "published": 5.77,
           "prediction": {"with_between_study_term": {"z": -3.0, "interval_90": [7, 9.5]}}}
    unscored = dict(row, row_id="E0002", not_scored="no interval")
    return {"predictions": "posterior", "draws": 200, "notices": ["Look."], "rows": [row, unscored],
            "headline": {"set_aside": dict(part, by_study=by_study), "used": empty, "fitted": alone}}


class TrustFigures(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "validation.json").write_text(json.dumps(validation()))
        (self.folder / "credibility.md").write_text("# Credibility\nfrom a run\n")

    def run_script(self):
        return subprocess.run([SCRIPT, self.folder, "--docs", self.folder / "docs"], capture_output=True, text=True, timeout=30)

    def test_writes_the_block_and_only_that(self):
        docs = self.folder / "docs"
        docs.mkdir()
        shutil.copyfile(ROOT / "docs" / "how-far-to-trust.md", docs / "how-far-to-trust.md")
        before = (docs / "how-far-to-trust.md").read_text()
        for _ in range(2):  # again over its own output
            done = self.run_script()
            self.assertEqual(done.returncode, 0, done.stderr)
        text = (docs / "how-far-to-trust.md").read_text()
        self.assertIn("| set aside | 8 | 75 % | 25 % | 1.23 |", text)
        self.assertIn("| used to choose the model | 0 | - | - | - |", text)
        # Only where there is such a term, and only the study that was looked at.
        self.assertEqual(text.count("| &nbsp;&nbsp;without the between-study term |"), 1)
        self.assertIn("| &nbsp;&nbsp;without the between-study term | 8 | 62 % | 25 % | 1.23 |", text)
        self.assertIn("| &nbsp;&nbsp;without FREEDOMS | 3 | 50 % | 25 % | 1.23 |", text)
        self.assertNotIn("without MIST", text)
        self.assertIn("| fitted | 2 | 50 % | 25 % | 1.23 |", text)
        self.assertIn("| E0001 | MIST: a \\| b (HSCT), % | 5.77 | 7 to 9.5 |", text)
        self.assertNotIn("E0002", text)
        mark = "<!-- figures: begin -->"
        self.assertEqual(text.split(mark)[0], before.split(mark)[0])
        self.assertEqual((docs / "credibility.md").read_text(), "# Credibility\nfrom a run\n")

    def test_refuses_a_page_without_marks(self):
        docs = self.folder / "docs"
        docs.mkdir()
        (docs / "how-far-to-trust.md").write_text("nothing\n")
        done = self.run_script()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("marks", done.stderr)


if __name__ == "__main__":
    unittest.main()
