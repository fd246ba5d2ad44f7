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

    def test_pira_without_worsening_is_told_with_its_reason(self):
        files = ("tests/endpoints/data/visits.csv", "--relapses", "tests/endpoints/data/relapses.csv")
        done = self.hortega("endpoints", *files, "--json")
        people = json.loads(done.stdout)["subjects"]
        outside = [s["subject"] for s in people if s["pira"]["event"] and not s["worsening"]["event"]]
        # docs/endpoints.md: MSoutcomes sees no worsening over 90.75 days in the second to fourth series, muller2023 PIRA.
        self.assertEqual(outside, ["S2", "S3", "S4"])
        self.assertIn("note: 3 people with PIRA and no worsening: --preset msbase and --pira muller2023 differ in", done.stderr)
        # Baseline 5.5: 1.0 in MSoutcomes, 0.5 in msprog.
        self.assertIn("the rise asked (from EDSS 5.5: 1.0 against 0.5)", done.stderr)
        self.assertIn("days to the confirmation (90.75 against 84)", done.stderr)
        self.assertIn("how long it must last", done.stderr)
        done = self.hortega("endpoints", *files, "--preset", "msprog")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("PIRA", done.stderr)  # msprog sees worsening in all of the six series

    def test_the_vectors_of_the_definitions(self):
        # docs/endpoints.md: what msprog 77b905c and MSoutcomes 0.2.1 said of six series; None: no event.
        files = ("tests/endpoints/data/visits.csv", "--relapses", "tests/endpoints/data/relapses.csv", "--json")
        expected = {
            ("msprog", None): (168, 252, 252, 84, 84, 168),
            ("msprog", 168): (168, None, None, 84, 84, 168),
            ("msbase", 84): (168, 252, 252, None, 84, 168),
            ("msbase", None): (168, None, None, None, 84, 168),
        }
        for (preset, days), events in expected.items():
            more = [] if days is None else ["--confirmation-days", days]
            done = self.hortega("endpoints", *files, "--preset", preset, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            found = [s["worsening"] for s in json.loads(done.stdout)["subjects"]]
            self.assertEqual(tuple(f["day"] if f["event"] else None for f in found), events, (preset, days))
        # S6 as first PIRA, and S5, which is RAW under all.
        first_pira = {"muller2023": None, "muller2023_spec": 168, "cagol2022": 168, "muller2025": 168,
                      "kappos2020": 168, "msoutcomes": 168}
        for preset, day in first_pira.items():
            done = self.hortega("endpoints", *files, "--pira", preset)
            by_name = {s["subject"]: s for s in json.loads(done.stdout)["subjects"]}
            pira = by_name["S6"]["pira"]
            self.assertEqual(pira["day"] if pira["event"] else None, day, preset)
            self.assertFalse(by_name["S5"]["pira"]["event"], preset)
            self.assertEqual(by_name["S5"]["raw"]["day"], 84, preset)

    def test_tests_bring_their_endpoints_under_the_names_of_the_r_packages(self):
        visits = self.table("id,date,EDSS,T25FW,NHPT,SDMT,lcla,vep,eq5d\n"
                            "1,2021-01-01,3,5,20,50,40,105,0.7\n1,2021-04-01,3,6,20,46,32,106,0.7\n"
                            "1,2021-07-01,3,6,25,45,32,107,0.6\n1,2021-10-01,3,6,25,45,33,109,0.6\n")
        done = self.hortega("endpoints", visits, "--preset", "opera", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        days = {k: v["day"] for k, v in told["subjects"][0].items() if isinstance(v, dict) and v["event"]}
        # 20 % of 5 s and 20 s, 4 points, 7 letters; each confirmed 12 weeks later.
        self.assertEqual(days, {"t25fw": 90, "nhpt": 181, "sdmt": 90, "low_contrast": 90, "composite_12w": 90,
                                "edss_plus": 90})
        changes = {t["id"]: round(t["mean_change"], 6) for t in told["tests"]}
        self.assertEqual(changes, {"t25fw": 1, "nhpt": 5, "sdmt": -5, "low_contrast": -7, "vep": 4, "eq5d": -0.1})
        for endpoint in told["endpoints"]:
            self.assertGreater(len(endpoint["definition"]), 20, endpoint)

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
            (("nowhere.csv",), ("nowhere.csv: error: there is no such file",)),
            (("data",), ("data: error: this is a directory",)),
            ((self.table("", "empty.csv"),), ("empty.csv: error: the table is empty",)),
            ((self.table("subject,edss\na,2\n", "noday.csv"),), ("noday.csv:1:1: error: the header has no column day",)),
            ((self.table("subject,day,edss\na,0,2.0\na,84,2.3\n", "step.csv"),),
             ("step.csv:3:6: error: edss: 2.3 is not on the scale",)),
            ((self.table("subject,day,edss\na,0,11\n", "high.csv"),), ("high.csv:2:5: error: edss: 11 is out of range",)),
            ((self.table("subject,day,edss\na,zero,2\n", "word.csv"),), ("word.csv:2:3: error: day: 'zero' is not a number",)),
            ((self.table("subject,day,edss\na,0\n", "short.csv"),), ("short.csv:2:1: error: the row has 2 cells",)),
            ((visits, "--relapses", self.table("subject,onset_day\nnobody,70\n", "stray.csv")), ("stray.csv:2:1", "'nobody' has no visits")),
            ((self.table("subject,day,edss\na,0,2\na,0,3\n", "twice.csv"),), ("twice.csv:3", "another visit")),
            ((self.table("subject,date,edss\na,31/12/2020,2\n", "date.csv"),), ("date.csv:2:3", "YYYY-MM-DD")),
            ((self.table("subject;day;edss\na;0;2,5\n", "semicolon.csv"),), ("semicolon.csv:1", "semicolons")),
            ((self.table("subject,day,edss,FSpry\na,0,2,1\n", "near.csv"),), ("near.csv:1:18", "FSpyr")),
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
