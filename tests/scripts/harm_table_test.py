# SPDX-License-Identifier: Apache-2.0
"""scripts/harm-table: data/harms.toml knows every harm that the code tells, rows that set a parameter are named by its passport, and
counts, intervals and verdicts are those of made-up people."""
import csv
import io
import contextlib
import pathlib
import re
import tempfile
import tomllib
import types
import unittest

from script_case import load

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
THERAPY = ROOT / "src" / "hortega" / "therapy"


harm_table = load("harm-table")
# First arguments of a harm that are no words: a term of a drug that stands beside its numbers.
NAMED_ELSEWHERE = {"drug_.reaction", "term", "o.term"}


def terms_in_sources():
    """Every term of a harm in the sources of therapies, and what stands in the place of one and was not understood."""
    terms, strange = set(), set()
    for path in sorted(THERAPY.glob("*.?pp")):
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        # A harm told, kept for later, or of an organ: what stands first between the braces.
        for first in re.findall(r"\b(?:(?:harm|add)\(\s*\{|push_back\(\s*\{\{)\s*([^,;]*?),", text):
            words = re.findall(r'"([^"]*)"', first)
            if words and " GvHD" in words[-1]:
                names = re.search(rf"{re.search(r'k_[a-z]+_organ_names', first)[0]} = \{{(.*?)\}};", text, re.S)[1]
                terms |= {words[0] + organ + words[-1] for organ in re.findall(r'"([^"]*)"', names)}
            elif words:
                terms |= set(words)
            elif first not in NAMED_ELSEWHERE:
                strange.add((path.name, first))
        for numbers in re.findall(r"\b(?:Platform|Antibody)\{(.*?)\}", text, re.S):
            terms |= set(re.findall(r'"([^"]*)"', numbers))
        terms |= set(re.findall(r'^\s*\{"([^"]*)", exposure\.', text, re.M))
        terms |= set(re.findall(r'\bharm\(k_\w+,[^"]*"([^"]*)"', text))
    return terms, strange


class Sources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(ROOT / "data" / "harms.toml", "rb") as file:
            cls.known = tomllib.load(file)
        cls.passports = harm_table.passports_of(ROOT / "data")
        cls.rows = {row["id"]: row for row in harm_table.read(ROOT / "data" / "evidence" / "published.csv")}

    def test_every_term_of_the_code_is_known_and_none_else(self):
        terms, strange = terms_in_sources()
        self.assertEqual(terms, {term for harm in self.known["harm"] for term in harm.get("terms", [])})
        self.assertEqual(strange, set())

    def test_parameters_kinds_and_rows_exist(self):
        regimens = harm_table.regimens_of(ROOT / "data")
        kinds = {regimen["kind"] for regimen in regimens.values()}
        for harm in self.known["harm"]:
            self.assertLessEqual(set(harm.get("kinds", [])), kinds)
            for name in harm["rests_on"]:
                self.assertIn(name, self.passports)
        for key in ("routes", "drugs", "lines"):
            has = {x for regimen in regimens.values() for x in regimen[key]}
            self.assertLessEqual({x for harm in self.known["harm"] for x in harm.get(key, [])}, has)
        for spec in self.known["published"]:
            self.assertIn(spec["row"], self.rows)
            what = spec.get("is", spec.get("term"))
            for regimen in spec["regimens"]:
                self.assertTrue(harm_table.entries_of(self.known["harm"], regimens[regimen], what), (spec["row"], regimen, what))
            if "over" in spec:
                self.assertIn(spec["over"], self.passports)

    def test_a_row_that_sets_a_parameter_is_named_by_its_passport(self):
        for spec in self.known["published"]:
            citation = self.rows[spec["row"]]["citation"]
            names = [spec["row"], *re.findall(r"10\.\d{4,}/[^\s;,)]+", citation)]
            for name in spec.get("sets", []):
                self.assertTrue(any(x in self.passports[name]["source"] for x in names), (spec["row"], name))


class Counts(unittest.TestCase):
    def people(self):
        def who(sex, graft, *harms):
            return {"sex": sex, "first": 100, "graft": graft,
                    "harms": [{"term": t, "day": d, "grade": g, "serious": s, "death": g == 5} for t, d, g, s in harms]}
        return [who("F", 140, ("fever", 101, 1, False), ("fever", 300, 3, True)),
                who("F", 140, ("sepsis", 150, 5, True)),
                who("M", None, ("fever", 250, 1, False), ("serious infection", 260, 3, True)),
                who("M", 140)]

    def test_limits_of_a_count(self):
        def count(what, **limits):
            return harm_table.counted(self.people(), what, {"serious infection"}, **limits)
        self.assertEqual(count("fever"), (2, 4))
        self.assertEqual(count("fever", within=1), (1, 4))
        self.assertEqual(count("fever", within=150), (2, 4))
        self.assertEqual(count("fever", grade=2), (1, 4))
        self.assertEqual(count("fever", sex="F"), (1, 2))
        # From the graft: of those who had one, and what came before it does not count.
        self.assertEqual(count("fever", origin="graft"), (1, 3))
        self.assertEqual(count("fever", origin="graft", within=100), (0, 3))
        self.assertEqual(count("fever", among=["sepsis", "serious infection"]), (1, 2))
        self.assertEqual(count("death"), (1, 4))
        # Infections that people have anyway are no harm of the treatment.
        self.assertEqual(count("serious"), (2, 4))

    def test_wilson(self):
        # 10 of 100: .0552 to .1744 (R 4.2: prop.test(10, 100, correct = FALSE)).
        share, low, high = harm_table.wilson(10, 100)
        self.assertEqual((share, round(low, 2), round(high, 2)), (10.0, 5.52, 17.44))
        # None of n: 0 to z^2/(n + z^2).
        self.assertAlmostEqual(harm_table.wilson(0, 100)[2], 100 * 3.8415 / 103.8415, places=3)
        for n in range(1, 200):
            self.assertEqual((harm_table.wilson(0, n)[1], harm_table.wilson(n, n)[2]), (0.0, 100.0))

    def test_what_rows_print(self):
        def printed(value, unit, n="", low="", high="", **spec):
            return harm_table.printed({"value": value, "unit": unit, "n": n, "ci_low": low, "ci_high": high}, spec)
        self.assertEqual(printed("57.6", "%", low="37.9", high="77.3"), (57.6, 37.9, 77.3, False))
        self.assertEqual(printed("1", "of 24 patients", n="24")[0], 100 / 24)
        self.assertEqual(printed("2", "patients of 18", of=18)[0], 100 / 9)
        self.assertEqual(printed("15", "%", n="48")[1:3], harm_table.wilson(7, 48)[1:])
        self.assertTrue(printed("15", "%", n="48")[3])
        # Neither an interval nor people: what rounds to it.
        self.assertEqual(printed("15", "%", n="48", of=0), (15.0, 14.5, 15.5, False))
        self.assertEqual(printed("20 / 18.4", "%", pick=2), (18.4, 18.4 - 0.05, 18.4 + 0.05, False))
        self.assertEqual(printed("0-2.8", "%"), (None, 0.0, 2.8, False))
        self.assertEqual(printed("9", "days", n="130"), (9.0, 8.5, 9.5, False))
        self.assertIsNone(printed("0 events", "qualitative"))
        self.assertIsNone(printed("0", "events"))


class Table(unittest.TestCase):
    """One person in ten with a harm, from the files of a run to the page."""

    def run_folder(self, folder, regimens, n=10):
        (folder / "adam").mkdir(parents=True)
        subjects, events, times = [], [], []
        for arm, regimen in enumerate(regimens):
            for i in range(n):
                name = f"{regimen}-{i}"
                subjects.append({"USUBJID": name, "ARM": f"a{arm}", "SEX": "F" if i % 2 else "M", "SAFFL": "Y", "TRTSDT": "2015-01-01"})
                if i == 0:
                    events.append({"USUBJID": name, "AETERM": "fever", "ASTDT": "2015-01-02", "ATOXGR": "1", "AESER": "N", "AESDTH": "N",
                                   "TRTEMFL": "Y"})
                    times.append({"USUBJID": name, "PARAMCD": "ANC500", "AVAL": "9", "STARTDT": "2015-02-01", "CNSR": "0"})
        # Not treated, and treated without cells: they are nobody's denominator.
        subjects.append({"USUBJID": "not", "ARM": "a0", "SEX": "F", "SAFFL": "N", "TRTSDT": ""})
        subjects.append({"USUBJID": "failed", "ARM": "a0", "SEX": "F", "SAFFL": "Y", "TRTSDT": "2015-01-01"})
        for name, rows in (("adsl", subjects), ("adae", events), ("adtte", times),
                           ("adex", [{"USUBJID": "failed", "PARAMCD": "FAILDY"}])):
            with open(folder / "adam" / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)

    def test_from_a_run_to_the_page(self):
        arms = ["msc-marrow-iv", "msc-petrou-it-once"]
        with open(ROOT / "data" / "harms.toml", "rb") as file:
            known = tomllib.load(file)
        regimens = harm_table.regimens_of(ROOT / "data")
        rows = {row["id"]: row for row in harm_table.read(ROOT / "data" / "evidence" / "published.csv")}
        passports = harm_table.passports_of(ROOT / "data")
        args = types.SimpleNamespace(people=10, months=12, seed=1)
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            self.run_folder(folder, arms)
            seen = harm_table.seen_in(folder, arms)
            self.assertEqual([len(seen[arm]) for arm in arms], [10, 10])
            self.assertEqual(list(harm_table.unknown_harms(seen, regimens, known["harm"])), [])
            counted = list(harm_table.simulated_rows(known["harm"], regimens, seen, {"serious infection"}))
            compared = list(harm_table.comparisons(args, known["harm"], known["published"], regimens, seen, rows, passports,
                                                   {"serious infection"}))
            fever = next(row for row in counted if (row["regimen"], row["harm"]) == ("msc-marrow-iv", "fever"))
            self.assertEqual(fever["have"], (*harm_table.wilson(1, 10), 10))
            # E0680 set the ratio 2.48 (1.27-4.86) to a base of msc_iv_fever_base: 10 % over 3 % is within.
            ratio = next(item for item in compared if item["row"]["id"] == "E0680")
            self.assertAlmostEqual(ratio["have"][0], 10 / (100 * passports["msc_iv_fever_base"]["value"]))
            self.assertEqual((ratio["part"], ratio["agrees"]), ("input: `msc_iv_fever_ratio`", "yes"))
            # E0212: 53.1 % (20.7-85.4) against 1 of 10 (1.8 to 40.4): they meet, and nothing was set by it.
            other = next(item for item in compared if (item["row"]["id"], item["regimen"]) == ("E0212", "msc-marrow-iv"))
            self.assertEqual((other["part"], other["agrees"]), ("compared (validation)", "yes"))
            # E1065 pain 7.3 % of 1028 injections (75: 5.9 to 9.0) against none of 10 (0 to 27.8).
            pain = next(item for item in compared if item["harm"] == "pain at the puncture")
            self.assertEqual(pain["agrees"], "yes")
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                harm_table.show(args, ["mesenchymal"], counted, compared, known["harm"], passports)
            page = out.getvalue()
            self.assertIn("| fever | msc-marrow-iv 10.0 (1.79 to 40.4) | `msc_iv_fever_base` D, `msc_iv_fever_ratio` B |", page)
            self.assertIn("| arachnoiditis | assumed |", page)
            harm_table.write(folder / "rows.csv", counted, compared, known["harm"], passports)
            written = harm_table.read(folder / "rows.csv")
            self.assertEqual(len(written), len(counted) + len(compared))
            alone = {row["harm"] for row in written if not row["row"] and row["part"]}
            self.assertIn("bacterial meningitis", alone)
            self.assertNotIn("fever", alone)

    def test_a_harm_that_is_not_known_is_named(self):
        with open(ROOT / "data" / "harms.toml", "rb") as file:
            harms = tomllib.load(file)["harm"]
        regimens = harm_table.regimens_of(ROOT / "data")
        who = {"harms": [{"term": "arachnoiditis"}]}
        # By puncture it is known, by infusion not.
        self.assertEqual(list(harm_table.unknown_harms({"msc-petrou-it-once": [who]}, regimens, harms)), [])
        self.assertEqual(list(harm_table.unknown_harms({"msc-marrow-iv": [who]}, regimens, harms)), ["'arachnoiditis' of msc-marrow-iv"])


if __name__ == "__main__":
    unittest.main()
