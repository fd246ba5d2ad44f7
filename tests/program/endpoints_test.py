# SPDX-License-Identifier: Apache-2.0
"""hortega endpoints: published definitions applied to a table of visits, from the outside."""
import json
import unittest

from program_case import ProgramCase

# EDSS 2.0, then 3.0 from day 84 on; and 2.0, 3.0 once, 2.0 again.
VISITS = """subject,day,edss
worse,0,2.0
worse,84,3.0
worse,168,3.0
worse,252,3.0
back,0,2.0
back,84,3.0
back,168,2.0
back,252,2.0
"""


class Endpoints(ProgramCase):
    def table(self, text, name="visits.csv"):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def test_a_confirmed_rise_is_an_event_and_a_passing_one_is_none(self):
        done = self.hortega("endpoints", self.table(VISITS), "--preset", "opera", "--confirmation-days", 84, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        worse, back = told["subjects"]
        self.assertEqual((worse["subject"], back["subject"]), ("worse", "back"))
        self.assertEqual(worse["worsening"], {"event": True, "day": 84, "confirmed_day": 168, "status": "event"})
        self.assertFalse(back["worsening"]["event"])
        total = next(e for e in told["endpoints"] if e["id"] == "worsening")
        self.assertEqual((total["events"], total["at_risk"], total["preset"]), (1, 2, "opera"))
        self.assertIn("no relapses were given", done.stderr)

    def test_unconfirmed_both_are_events(self):
        done = self.hortega("endpoints", self.table(VISITS), "--preset", "opera", "--confirmation-days", 0, "--json")
        self.assertEqual([s["worsening"]["day"] for s in json.loads(done.stdout)["subjects"]], [84, 84], done.stderr)

    def test_relapses_and_scans_bring_their_endpoints(self):
        relapses = self.table("subject,onset_day\nworse,70\n", "relapses.csv")
        scans = self.table("subject,day,gd_count,new_t2\nworse,0,0,0\nworse,168,1,0\nback,0,0,0\nback,168,0,0\n", "mri.csv")
        done = self.hortega("endpoints", self.table(VISITS), "--relapses", relapses, "--mri", scans, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["relapse_rate"]["relapses"], 1)
        self.assertEqual(told["subjects"][0]["relapse"]["day"], 70)
        self.assertTrue(told["subjects"][0]["activity"]["event"])

    def test_the_table_for_readers(self):
        done = self.hortega("endpoints", self.table(VISITS), "--preset", "opera")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("events / at risk", done.stdout)
        self.assertIn("Definitions", done.stdout)

    def test_errors_are_told_with_their_place(self):
        visits = self.table(VISITS)
        cases = (
            ((visits, "--preset", "oprea"), ("unknown preset 'oprea'", "opera")),
            ((visits, "--pira", "muller"), ("unknown preset 'muller'", "muller2023")),
            (("nowhere.csv",), ("nowhere.csv",)),
            (("data",), ("data",)),
            ((self.table("", "empty.csv"),), ("empty.csv",)),
            ((self.table("subject,edss\na,2\n", "noday.csv"),), ("noday.csv", "day")),
            ((self.table("subject,day,edss\na,0,2.0\na,84,2.3\n", "step.csv"),), ("step.csv:3", "2.3")),
            ((self.table("subject,day,edss\na,0,11\n", "high.csv"),), ("high.csv:2", "11")),
            ((self.table("subject,day,edss\na,zero,2\n", "word.csv"),), ("word.csv:2", "zero")),
            ((self.table("subject,day,edss\na,0\n", "short.csv"),), ("short.csv:2",)),
            ((visits, "--relapses", self.table("subject,onset_day\nnobody,70\n", "stray.csv")), ("stray.csv", "nobody")),
            ((visits, "--confirmation-days", "-5"), ("--confirmation-days",)),
        )
        for arguments, said in cases:
            done = self.hortega("endpoints", *arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stdout[-500:], done.stderr))
            self.assertEqual(done.stdout, "", arguments)
            for text in said:
                self.assertIn(text, done.stderr, arguments)


if __name__ == "__main__":
    unittest.main()
