# SPDX-License-Identifier: Apache-2.0
"""hortega compare: an answer with its parts, refusals with their place, the same bytes for any number of threads."""
import csv
import json
import os
import re
import shutil
import unittest

from program_case import ROOT, ProgramCase

# A record of which few lives are needed: two years, one EDSS, no relapse known of.
PERSON = """format = "hortega-person"
version = 1
id = "someone"
sex = "female"
age = "30 years"
today = "2026-03-01"
first_symptom = "2024-03-01"
relapses_known_from = "2025-03-01"
course = "relapsing"
[[edss]]
on = "2026-02-01"
value = 2.0
"""
SMALL = ["--lives", 1200, "--most-lives", 2400, "--draws", 4, "--follow", 160]
THERAPIES = ["--therapy", "data/regimens/natalizumab.toml", "--therapy", "data/regimens/none.toml"]


class Compare(ProgramCase):
    def person(self, *replacements):
        text = PERSON
        for old, new in replacements:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        (self.folder / "person.toml").write_text(text, encoding="utf-8")
        return "person.toml"

    def refused(self, person, *arguments, **more):
        done = self.hortega("compare", person, *arguments, "--out", "refused", **more)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(self.visible("refused"), [])
        return done.stderr

    def test_an_answer_holds_together(self):
        texts = []
        for threads in (1, 3):
            done = self.hortega("compare", self.person(), *THERAPIES, *SMALL, "--threads", threads, "--out", "out", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            texts.append(done.stdout)
        self.assertEqual(texts[0], texts[1])
        told = json.loads(texts[0])
        self.assertGreaterEqual(told["effective_lives"], 100)
        self.assertEqual(self.visible("out"), ["compare.html", "compare.json", "differences.csv", "options.csv", "resources.csv", "symptoms.csv"])
        rows = {(r["outcome"], r["years"], r["option"]): float(r["per_100"]) for r in self.rows("out/options.csv")}
        differences = self.rows("out/differences.csv")
        self.assertTrue(differences)
        for d in differences:
            first, second = (rows[d["outcome"], d["years"], d[which]] for which in ("first", "second"))
            self.assertAlmostEqual(first - second, float(d["per_100"]), places=3)
            self.assertAlmostEqual(float(d["only_first"]) - float(d["only_second"]), float(d["per_100"]), places=3)
        # A drug against entry into the CNS spares relapses; nothing has no harm of its own.
        self.assertGreater(rows["relapse_free", "5", "natalizumab"], rows["relapse_free", "5", "none"])
        self.assertEqual(rows["treatment_death", "10", "none"], 0)
        for r in self.rows("out/options.csv"):
            self.assertLessEqual(float(r["both_low"]), float(r["per_100"]) + 1)
            self.assertGreaterEqual(float(r["both_high"]), float(r["per_100"]) - 1)
        self.assertIn("natalizumab", {s["id"] for s in told["options"]})
        page = (self.folder / "out" / "compare.html").read_text(encoding="utf-8")
        self.assertIn("advises no patient", page)
        # A course of natalizumab costs its infusions every four weeks; nothing costs only what relapses do.
        takes = {(r["measure"], r["years"], r["option"], r["minus"]): r for r in self.rows("out/resources.csv")}
        mean = lambda *key: float(takes[key]["mean"])
        self.assertGreater(mean("cost", "1", "natalizumab", ""), 13 * 1130)  # NICE TA127: GBP 1130 an infusion
        # Steroids for relapses are drugs too: less than a course of 3 to 5 g (price_methylprednisolone) a year without a therapy.
        self.assertLess(mean("cost_drugs", "1", "none", ""), 100)
        for years in ("1", "2", "5", "10"):
            difference = mean("cost", years, "natalizumab", "") - mean("cost", years, "none", "")
            self.assertAlmostEqual(difference, mean("cost", years, "natalizumab", "none"), delta=1e-5 * difference)
            parts = sum(mean(f"cost_{p}", years, "natalizumab", "") for p in ("drugs", "cells", "hospital", "outpatient"))
            self.assertAlmostEqual(parts, mean("cost", years, "natalizumab", ""), delta=1e-7 * parts)
            self.assertTrue(0.9 * int(years) < mean("years", years, "none", "") < int(years) + 0.01)
        self.assertEqual(takes["weeks_to_dose", "5", "none", ""]["mean"], "")
        self.assertIn("What it takes", page)
        # Utility and symptoms: within their scales, and means of twins differ by the mean of their differences.
        feels = {(r["measure"], r["years"], r["option"], r["minus"]): r for r in self.rows("out/symptoms.csv")}
        names = ["eq5d", "fatigue", "pain", "numbness", "walking", "vision", "coordination", "bladder", "mood", "cognition"]
        self.assertEqual([s["id"] for s in told["symptoms"]], names)
        self.assertEqual(len(feels), len(names) * 4 * 3)
        for years in ("1", "2", "5", "10"):
            utility = {o: float(feels["eq5d", years, o, ""]["mean"]) for o in ("natalizumab", "none")}
            difference = float(feels["eq5d", years, "natalizumab", "none"]["mean"])
            self.assertAlmostEqual(utility["natalizumab"] - utility["none"], difference, places=4)
            for option in ("natalizumab", "none"):
                self.assertLessEqual(float(feels["eq5d", years, option, ""]["q90"]), 0.870001)  # Orme 2007 at EDSS 0
                for name in names[1:]:
                    row = feels[name, years, option, ""]
                    self.assertTrue(0 <= float(row["q10"]) <= float(row["q90"]) < 10, row)
        # Orme 2007 at EDSS 1 and 3, whose recorded EDSS is 2.0: .799 and .574; a relapse takes .076 of half a year (Hawton & Green 2016).
        self.assertTrue(0.5 < float(feels["eq5d", "1", "none", ""]["mean"]) < 0.8)
        self.assertIn("from EDSS and relapses alone", page)
        self.assertEqual(told["currency"], "EUR of 2024")
        self.assertNotIn("http://", page.replace("http://www.w3.org", ""))

    def test_a_man_is_told_nothing_of_infertility(self):
        man = self.person(('"female"', '"male"'))
        done = self.hortega("compare", man, "--therapy", "natalizumab", "--therapy", "none", *SMALL, "--out", "out")  # by id
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("note: the earlier answer", done.stderr)
        told = json.loads((self.folder / "out" / "compare.json").read_text(encoding="utf-8"))
        self.assertEqual([o["id"] for o in told["options"]], ["natalizumab", "none"])
        outcomes = {o["id"]: o for o in told["outcomes"]}
        self.assertEqual(outcomes["fertility"]["label"], "infertility")
        self.assertEqual([o["id"] for o in told["outcomes"] if not o["simulated"]], ["fertility"])
        self.assertIn("walking_aid", outcomes)  # EDSS 2.0 today
        self.assertNotIn("wheelchair", outcomes)
        for at in outcomes["fertility"]["at"]:
            self.assertEqual([o["per_100"] for o in at["options"]], [None, None])
        of_it = [r for r in self.rows("out/options.csv") if r["outcome"] == "fertility"]
        self.assertEqual({r["per_100"] for r in of_it}, {""})
        self.assertRegex(done.stdout, r"\ninfertility +not simulated +not simulated")
        self.assertIn("infertility of men", told["harms_not_simulated"][1])
        # Where nobody died of it, the number simulated sets a limit, and no range of parameters is made up.
        of_nothing = outcomes["treatment_death"]["at"][0]["options"][1]
        self.assertEqual((of_nothing["per_100"], of_nothing["parameters_95"], of_nothing["both_95"]), (0, None, [0, 0]))
        self.assertGreater(of_nothing["simulation_limit"], 100 * (1 - 0.05 ** (1 / 160)) - 1e-9)  # as of 160 lives without copies, or more
        # No more than therapies' parameters that an option reads: neither has cells.
        self.assertFalse([i for i in told["influences"] if i["parameter"].startswith(("msc_", "graft_"))])
        # The second answer says that it takes the place of the first.
        done = self.hortega("compare", man, "--therapy", "natalizumab", "--therapy", "none", *SMALL, "--out", "out")
        self.assertIn("note: the earlier answer in out will be replaced", done.stderr)

    def test_an_id_that_is_none_and_one_of_ones_own(self):
        said = self.refused(self.person(), "--therapy", "natalizumap", "--therapy", "none")
        self.assertIn("'natalizumap' is no file and no regimen", said)
        self.assertIn("did you mean 'natalizumab'?", said)
        # One of one's own stands in regimens/ beside the person; without a study it is refused, but it was found.
        (self.folder / "regimens").mkdir()
        text = (ROOT / "data/regimens/natalizumab.toml").read_text(encoding="utf-8")
        self.assertEqual(text.count('id = "natalizumab"'), 1)
        (self.folder / "regimens" / "my-drug.toml").write_text(text.replace('id = "natalizumab"', 'id = "my-drug"'), encoding="utf-8")
        self.assertIn("no shipped study gives 'my-drug'", self.refused(self.person(), "--therapy", "my-drug", "--therapy", "none"))

    def test_an_edit_that_draws_take_the_place_of_is_told(self):
        data = self.folder / "mine"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if part.name != "parameters":
                (data / part.name).symlink_to(part)
        shutil.copytree(ROOT / "data" / "parameters", data / "parameters")
        path = data / "parameters" / "disease.toml"
        text, found = re.subn(r"(^\[lesion_rate\]\n(?:[^\[\n][^\n]*\n)*?value = )\S+$", r"\g<1>25", path.read_text(encoding="utf-8"), flags=re.M)
        self.assertEqual(found, 1)
        path.write_text(text, encoding="utf-8")
        done = self.hortega("compare", self.person(), *THERAPIES, *SMALL, "--out", "out", env={**os.environ, "HORTEGA_DATA": str(data)})
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads((self.folder / "out" / "compare.json").read_text(encoding="utf-8"))
        self.assertEqual(told["warnings"], [f"lesion_rate of {path} is 25, but a comparison over draws of the posterior takes it from them: "
                                            "use --draws 0"])
        self.assertIn("warning: " + told["warnings"][0], done.stderr)
        self.assertIn("is 25, but a comparison over draws", (self.folder / "out" / "compare.html").read_text(encoding="utf-8"))

    def test_therapies_together_and_one_after_another(self):
        drug, other = "data/regimens/natalizumab.toml", "data/regimens/interferon-beta.toml"
        done = self.hortega("compare", self.person(), "--therapy", f"{drug}+{other}", "--therapy", f"{drug}+{other}@2 years",
                            "--therapy", drug, *SMALL, "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        both, later, alone = "natalizumab+interferon-beta", "natalizumab+interferon-beta@24 months", "natalizumab"
        self.assertEqual([o["id"] for o in told["options"]], [both, later, alone])
        self.assertEqual(told["options"][0]["parts"], ["natalizumab", "interferon-beta"])
        takes = {(r["measure"], r["years"], r["option"]): float(r["mean"] or "nan") for r in self.rows("out/resources.csv") if not r["minus"]}
        first, second, third = (takes["cost_drugs", "1", o] for o in (both, later, alone))
        self.assertAlmostEqual(second, third, delta=1e-3 * third)  # it has not joined yet
        self.assertGreater(first, third)
        self.assertGreater(takes["cost_drugs", "5", later], takes["cost_drugs", "5", alone])
        self.assertLess(takes["cost_drugs", "5", later], takes["cost_drugs", "5", both])
        page = (self.folder / "out" / "compare.html").read_text(encoding="utf-8")
        self.assertIn("gave these together", page)
        # Numbers of each drug alone were held against the engine, none of the two.
        self.assertEqual([o["validated"] for o in told["options"]], [True, True, True])
        for o, combined in zip(told["options"], (True, True, False)):
            self.assertEqual("never for the combination itself" in o.get("not_validated", ""), combined)
        self.assertEqual(page.count("never for the combination itself"), 2)

    def test_a_switch_stops_the_one_for_the_other(self):
        drug, other = "data/regimens/natalizumab.toml", "data/regimens/interferon-beta.toml"
        done = self.hortega("compare", self.person(), "--therapy", f"{drug}>{other}@6 months", "--therapy",
                            f"{drug}>{other}@6 months,washout 4 weeks", "--therapy", drug, "--therapy", other, *SMALL, "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        at_once, later = "natalizumab>interferon-beta@6 months", "natalizumab>interferon-beta@6 months,washout 28 days"
        self.assertEqual([o["id"] for o in told["options"]], [at_once, later, "natalizumab", "interferon-beta"])
        label = "Natalizumab 300 mg every 4 weeks, stopped for Interferon beta-1a 44 ug after 6 months"
        self.assertEqual([o["label"] for o in told["options"][:2]], [label, label + " (washout 28 days)"])
        # What it rests on covers both parts: studies, and the parameters of either.
        self.assertEqual(told["options"][0]["parts"], ["natalizumab", "interferon-beta"])
        self.assertEqual({s["regimen"] for s in told["options"][0]["studies"]}, {"natalizumab", "interferon-beta"})
        parameters = [sum(o["parameter_grades"].values()) for o in told["options"]]
        self.assertGreater(parameters[0], max(parameters[2:]))
        # Half a year ends on day 183: of the infusions of a year (0, 28, .. 364) seven of fourteen, and of its 365 days on the other drug 182,
        # or 154 after four weeks without. A margin for steroids and for deaths.
        takes = {(r["measure"], r["years"], r["option"]): float(r["mean"] or "nan") for r in self.rows("out/resources.csv") if not r["minus"]}
        year = {o: takes["cost_drugs", "1", o] for o in (at_once, later, "natalizumab", "interferon-beta")}
        for option, days in ((at_once, 182), (later, 154)):
            expected = 7 / 14 * year["natalizumab"] + days / 365 * year["interferon-beta"]
            self.assertAlmostEqual(year[option], expected, delta=0.02 * expected)
        page = (self.folder / "out" / "compare.html").read_text(encoding="utf-8")
        self.assertIn(label, page)
        self.assertIn("Given one after another", page)
        self.assertNotIn("gave these together", page)
        self.assertIn(f"--therapy &#39;{drug}&gt;{other}@6 months&#39;", page)

    def test_refuses_a_switch_that_is_none(self):
        drug, other, third = (f"data/regimens/{name}.toml" for name in ("natalizumab", "interferon-beta", "none"))
        for option, why in ((f"{drug}>{other}", "needs the time at which it takes over"),
                            (f"{drug}>{other}@0 days", "needs the time at which it takes over"),
                            (f"{drug}>{other}@6 months>{third}@3 months", "takes over on day 91, but"),
                            (f"{drug}>{other}@6 months,washout 4 weeks>{third}@190 days", "begins on day 211"),
                            (f"{drug}+{other}@8 months>{third}@6 months", "takes over on day 183, but"),
                            (f"{drug}>{other}@6 months+{third}", "joins after a switch"),
                            (f"{drug}>{other}@6 months,wash 4 weeks", "is no washout"),
                            (f"{drug}+{other}@6 months,washout 4 weeks", "belongs to a therapy after a >"),
                            (f"{drug}>{other}@11 years", "after the 10 years that are told"),
                            (f"{drug}>{other}@6 monts", "6 months"),
                            (f"{drug}>@6 months", "a therapy is missing")):
            said = self.refused(self.person(), "--therapy", option, "--therapy", drug)
            self.assertIn(f"'{option}'", said)
            self.assertIn(why, said)

    def test_refuses_a_combination_that_is_none(self):
        drug = "data/regimens/natalizumab.toml"
        self.assertIn("belongs to one after a +", self.refused(self.person(), "--therapy", drug + "@1 year", "--therapy", drug))
        said = self.refused(self.person(), "--therapy", drug + "+data/regimens/none.toml@1 yaer", "--therapy", drug)
        self.assertIn("'yaer' is no known unit", said)
        self.assertIn("given twice", self.refused(self.person(), "--therapy", f"{drug}+{drug}", "--therapy", drug))

    def test_refuses_cells_that_the_person_does_not_want(self):
        person = self.person(("value = 2.0", 'value = 2.0\n[preference]\nexclude = ["own", "fetal"]'))
        said = self.refused(person, "--therapy", "data/regimens/ahsct-cy-atg.toml", "--therapy", "data/regimens/none.toml")
        self.assertIn("gives cells that are own", said)
        self.assertRegex(said, r"person\.toml:1[0-9]")
        self.assertIn("preference.exclude", said)
        person = self.person(("value = 2.0", 'value = 2.0\n[preference]\nexclude = ["fetall"]'))
        self.assertIn("did you mean 'fetal'?", self.refused(person, *THERAPIES))
        person = self.person(("value = 2.0", 'value = 2.0\n[preference]\nexclude = ["fetal"]'))
        done = self.hortega("compare", person, *THERAPIES, *SMALL, "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cells of this origin: fetal", (self.folder / "out" / "compare.html").read_text(encoding="utf-8"))

    def test_refuses_whom_no_study_saw(self):
        said = self.refused(self.person(("30 years", "67 years")), *THERAPIES)
        self.assertRegex(said, r"person\.toml:5")
        self.assertIn("outside every study of 'natalizumab'", said)
        self.assertIn("age 67 years, studied 18 to 50", said)  # AFFIRM's limits
        said = self.refused(self.person(('"relapsing"', '"primary progressive"')), *THERAPIES)
        self.assertIn("course primary progressive", said)

    def validated_by(self, *protocols):
        """An environment whose data folder holds scored numbers of these protocols alone."""
        data = self.folder / "other-data"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if part.name != "validation.csv":
                (data / part.name).symlink_to(part)
        with open(ROOT / "data" / "validation.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [row for row in rows if row["protocol"] in protocols]
        self.assertTrue(0 < len(kept) < len(rows))
        with open(data / "validation.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, rows[0])
            out.writeheader()
            out.writerows(kept)
        return {**os.environ, "HORTEGA_DATA": str(data)}

    def test_refuses_what_no_published_number_was_held_against(self):
        # AFFIRM gives natalizumab and placebo; no number of a study of interferon is left.
        world = self.validated_by("affirm")
        drug, untried = "data/regimens/natalizumab.toml", "data/regimens/interferon-beta.toml"
        never = "no published number was ever held against the engine for"
        for options in ((untried, drug), (drug, f"{drug}+{untried}"), (drug, f"{drug}>{untried}@6 months", untried)):
            said = self.refused(self.person(), *[word for option in options for word in ("--therapy", option)], env=world)
            self.assertRegex(said, r"interferon-beta\.toml:\d+:\d+: error: id: " + never + " 'interferon-beta'")
            self.assertEqual(said.count(never), 1)  # once, of however many options it is a part
            self.assertIn("'natalizumab'", said)  # what is allowed
            self.assertIn("--allow-unvalidated", said)
        # A person outside its studies is refused with the flag as without.
        said = self.refused(self.person(("30 years", "67 years")), *THERAPIES, "--allow-unvalidated", env=world)
        self.assertIn("outside every study of 'natalizumab'", said)

        done = self.hortega("compare", self.person(), *THERAPIES, "--therapy", untried, "--therapy", f"{drug}>{untried}@6 months", *SMALL,
                            "--allow-unvalidated", "--out", "out", env=world)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"     {never} it, so", done.stdout)
        self.assertIn(f"     {never} 'interferon-beta', nor for the combination itself, so", done.stdout)
        told = json.loads((self.folder / "out" / "compare.json").read_text(encoding="utf-8"))
        self.assertEqual([o["validated"] for o in told["options"]], [True, True, False, False])
        self.assertEqual([never in o.get("not_validated", "") for o in told["options"]], [False, False, True, True])
        page = (self.folder / "out" / "compare.html").read_text(encoding="utf-8")
        self.assertEqual(page.count('<p class="advice"><strong>'), 2)
        self.assertIn(" --allow-unvalidated</pre>", page)

    def test_nothing_is_always_an_option(self):
        # CARE-MS I has no untreated arm: no number is left that doing nothing was held against.
        world = self.validated_by("care-ms-1")
        therapies = ["--therapy", "data/regimens/none.toml", "--therapy", "data/regimens/interferon-beta.toml"]
        done = self.hortega("compare", self.person(), *therapies, *SMALL, "--out", "out", env=world)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads((self.folder / "out" / "compare.json").read_text(encoding="utf-8"))
        self.assertEqual([o["validated"] for o in told["options"]], [False, True])

    def test_refuses_a_record_that_too_few_lives_carry(self):
        said = self.refused(self.person(("value = 2.0", "value = 9.0\n[[edss]]\non = \"2026-01-01\"\nvalue = 0")),
                            "--therapy", "data/regimens/none.toml", "--therapy", "data/regimens/placebo.toml", *SMALL)
        self.assertIn("too few for an answer", said)

    def test_check_tells_a_drug_that_no_regimen_is(self):
        drug = '[[drug]]\nregimen = "{}"\nfrom = "2025-01-01"\n[[edss]]'
        done = self.hortega("check", self.person(("[[edss]]", drug.format("Fingolimod"))))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("person.toml:11: drug[0].regimen: no regimen 'Fingolimod'", done.stdout)
        self.assertIn("did you mean 'fingolimod'?", done.stdout)
        done = self.hortega("check", self.person(("[[edss]]", drug.format("fingolimod"))))
        self.assertEqual((done.returncode, "note" in done.stdout), (0, False), done.stderr)

    def test_says_what_is_wrong_with_a_file(self):
        said = self.refused(self.person(('"2026-02-01"', '"2026-02-30"')), *THERAPIES)
        self.assertRegex(said, r"person\.toml:11:\d+: error: edss\[0\]\.on")
        said = self.refused(self.person(("[[edss]]", '[[drug]]\nregimen = "natalizumap"\nfrom = "2025-01-01"\n[[edss]]')),
                            *THERAPIES)
        self.assertIn("drug[0].regimen: no regimen 'natalizumap', did you mean 'natalizumab'?", said)
        said = self.refused(self.person(), "--therapy", "data/regimens/none.toml")
        self.assertIn("nothing to be compared with", said)
        said = self.refused(self.person(), *THERAPIES, "--therapy", "data/regimens/none.toml")
        self.assertIn("given twice", said)


if __name__ == "__main__":
    unittest.main()
