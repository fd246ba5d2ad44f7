# SPDX-License-Identifier: Apache-2.0
"""hortega replay retells what the run counted; hortega check says what it will cost; help examples work as typed."""
import json
import os
import re
import shutil
import subprocess
import unittest

from program_case import PROGRAM, ROOT, SMALL, TINY_FIT, ProgramCase


class Replay(ProgramCase):
    def test_retells_the_people_that_the_run_counted(self):
        self.small_run("out", "--set", "parameter.memory_cooperativity=0.2")
        done = self.hortega("replay", "out", "--replicate", 1, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("may differ", done.stderr)
        told = json.loads(done.stdout)
        adsl = self.rows("out/adam/adsl.csv")
        self.assertEqual(len(told["people"]), len(adsl))
        edss = {}
        for row in self.rows("out/adam/adedss.csv"):
            edss.setdefault(row["USUBJID"], []).append(row)
        said = {}
        for row in self.rows("out/adam/adqs.csv"):
            said.setdefault(row["USUBJID"], []).append(row)
        for person, row in zip(told["people"], adsl):
            self.assertEqual(person["person"], int(row["SUBJID"]))
            self.assertEqual(int(person["baseline"]["age_year"]), int(row["AGE"]))
            self.assertEqual(person["baseline"]["sex"][0].upper(), row["SEX"])
        # A person's timeline holds the examinations of the dataset, day by day.
        for number in (1, 9):
            done = self.hortega("replay", "out", "--replicate", 1, "--person", number, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            person = json.loads(done.stdout)
            self.assertEqual({k: person[k] for k in told["people"][number - 1]}, told["people"][number - 1])
            visits = [e for e in person["timeline"] if e["kind"] == "visit" and "without EDSS" not in e["text"]]
            seen = [re.search(r"EDSS (\d+\.\d)", e["text"]).group(1) for e in visits]
            subject = adsl[number - 1]["USUBJID"]
            table = [f'{float(r["AVAL"]):.1f}' for r in edss[subject] if r["PARAMCD"].startswith("EDSS") and r["AVAL"]]
            self.assertEqual(seen, table)
            self.assertEqual(person["timeline"][-1]["kind"], "end")
            # So do what the person says; what rounds to nought is left out.
            says = [e["text"] for e in person["timeline"] if e["kind"] == "symptoms"]
            for name, code in (("fatigue", "SYMFATIG"), ("cognition", "SYMCOGN"), ("utility", "EQ5DUT")):
                told_values = [float(m.group(1)) if (m := re.search(rf"\b{name} (-?\d+\.\d+)", text)) else 0.0 for text in says]
                table = [float(r["AVAL"]) for r in said[subject] if r["PARAMCD"] == code and r["AVAL"]]
                self.assertEqual(len(told_values), len(table), name)
                for told_value, value in zip(told_values, table):
                    self.assertAlmostEqual(told_value, value, delta=0.0051 if name == "utility" else 0.0501, msg=name)

    def test_hidden_states_are_those_of_the_person_who_is_retold(self):
        self.small_run("out")
        bare = self.hortega("replay", "out", "--replicate", 1, "--states", "s.csv")
        self.assertEqual(bare.returncode, 2)
        self.assertIn("--person", bare.stderr)
        for number in (1, 9):  # of two blocks of people
            retold = [self.hortega("replay", "out", "--replicate", 1, "--person", number, "--json", *more) for more in ([], ["--states", "s.csv"])]
            self.assertEqual(retold[0].stdout, retold[1].stdout)
            told = json.loads(retold[1].stdout)
            rows = [{name: float(value) for name, value in row.items()} for row in self.rows("s.csv")]
            self.assertEqual([row["day"] for row in rows], [4.0 * i for i in range(len(rows))])
            self.assertLessEqual(abs(rows[-1]["day"] + 4 - told["end_day"]), 4)
            self.assertAlmostEqual(rows[0]["age_year"], told["baseline"]["age_year"], delta=0.02)
            self.assertAlmostEqual(rows[-1]["age_year"] - rows[0]["age_year"], rows[-1]["day"] / 365.25, places=5)
            for row in rows:
                self.assertLessEqual(sum(row[f"{part}_pyramidal"] for part in ("blocked", "bare", "remyelinated", "lost")), 1.0 + 1e-9)
                if row["day"] < told["end_day"]:
                    self.assertGreaterEqual(row["lesions"], rows[0]["lesions"])

    def test_a_regimen_beside_the_protocol_can_be_named_and_is_retold(self):
        text = (ROOT / "data" / "regimens" / "natalizumab.toml").read_text(encoding="utf-8")
        own = self.folder / "regimens"
        own.mkdir()
        self.assertEqual((text.count('id = "natalizumab"'), text.count('every = "28 days"')), (1, 1))
        (own / "six-weeks.toml").write_text(text.replace('id = "natalizumab"', 'id = "natalizumab-6-weeks"')
                                            .replace('every = "28 days"', 'every = "42 days"'), encoding="utf-8")
        shipped = self.small_run("shipped")
        protocol = self.protocol("mine.toml", ('{ regimen = "natalizumab", weight = 22 }', '{ regimen = "natalizumab-6-weeks", weight = 22 }'))
        here = self.small_run("here", protocol=protocol)
        self.assertNotEqual(here, shipped)
        shutil.rmtree(own)
        self.assertEqual(self.small_run("again", protocol="here/protocol.toml"), here)
        done = self.hortega("replay", "here", "--replicate", 1)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("natalizumab-6-weeks", done.stdout)
        # A name of data/regimens stays what it is.
        own.mkdir()
        (own / "mine.toml").write_text(text, encoding="utf-8")
        done = self.hortega("check", protocol)
        self.assertEqual(done.returncode, 2)
        self.assertIn("a regimen 'natalizumab' exists already", done.stderr)
        self.assertIn("regimens/mine.toml", done.stderr)

    def test_other_replicates_have_other_people(self):
        self.small_run("out")
        texts = [self.hortega("replay", "out", "--replicate", n).stdout for n in (1, 2)]
        self.assertIn("Flow\n", texts[0])
        self.assertIn("Arms\n", texts[0])
        self.assertIn("People\n", texts[0])
        self.assertNotEqual(texts[0].split("People")[1], texts[1].split("People")[1])
        again = self.hortega("replay", "out", "--replicate", 1, "--threads", 1).stdout
        self.assertEqual(again, texts[0])
        # Ages are completed years, as in the report and ADaM.
        people = json.loads(self.hortega("replay", "out", "--replicate", 1, "--json").stdout)["people"]
        listed = re.findall(r"^ *(\d+)  .* [FM] +(\d+)  EDSS ", texts[0].split("People")[1], re.MULTILINE)
        self.assertEqual({int(n): int(age) for n, age in listed},
                         {p["person"]: int(p["baseline"]["age_year"]) for p in people})

    def test_flow_adds_up_to_the_table_of_the_run(self):
        self.small_run("out", replicates=1)
        told = json.loads(self.hortega("replay", "out", "--replicate", 1, "--json").stdout)
        summary = json.loads((self.folder / "out" / "summary.json").read_text())
        flow = {(row["arm"], row["box"]): row["mean"] for row in summary["flow"]}
        for arm in told["arms"]:
            for box in ("allocated", "received", "not_received", "completed", "data_cut", "dropped_out", "died", "rescued", "switched"):
                self.assertEqual(arm[box], flow[(arm["arm"], box)], (arm["arm"], box))

    def test_a_switch_on_failure_is_retold_and_counted(self):
        protocol = self.protocol("switching.toml", ('washout = "0 days"\n', '''washout = "0 days"
[[arm.sequence]]
on = "relapse"
regimen = "ocrelizumab"
washout = "4 weeks"
allocated = true
'''))
        self.small_run("out", "--set", "population.n=60", protocol=protocol, replicates=1)
        told = json.loads(self.hortega("replay", "out", "--replicate", 1, "--json").stdout)
        moved = [p for p in told["people"] if any(s["regimen"] == "ocrelizumab" for s in p.get("switches", []))]
        self.assertTrue(moved, "nobody of the drug arm relapsed")
        self.assertTrue(all(p["arm"] == "DMT" for p in moved))
        counted = {arm["arm"]: arm["switched"] for arm in told["arms"]}
        self.assertEqual(counted, {"HSCT": 0, "DMT": len(moved)})
        person = next(p for p in moved if "start_day" in p["switches"][0])
        self.assertEqual(person["switches"][0]["start_day"], person["switches"][0]["day"] + 28)
        text = self.hortega("replay", "out", "--replicate", 1, "--person", person["person"]).stdout
        self.assertIn("therapy stopped after a relapse on it, ocrelizumab is next", text)
        self.assertIn("ocrelizumab begins", text)

    def test_refusals(self):
        self.small_run("out", replicates=1)
        for arguments, message in ((("data", "--replicate", 1), "this is no directory of a run"),
                                   (("nowhere", "--replicate", 1), "this is no directory of a run"),
                                   (("out", "--replicate", 2), "there is no replicate 2 (1 to 1)"),
                                   (("out", "--replicate", 0), "there is no replicate 0"),
                                   (("out", "--replicate", 1, "--person", 17), "there is no person 17 (1 to 16)")):
            done = self.hortega("replay", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(message, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_tells_when_the_model_is_another(self):
        self.small_run("out", replicates=1)
        settings = self.folder / "out" / "settings.toml"
        settings.write_text(re.sub(r'digest = "\w', 'digest = "x', settings.read_text()))
        done = self.hortega("replay", "out", "--replicate", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("may differ", done.stderr)


class Check(ProgramCase):
    def test_every_protocol_is_good_and_says_what_it_costs(self):
        files = sorted((self.folder / "data" / "protocols").glob("*.toml"))
        self.assertGreater(len(files), 8)
        done = self.hortega("check", *files)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("good protocol") + done.stdout.count("good experiment"), len(files))
        self.assertEqual(done.stdout.count("MB of memory") + done.stdout.count("none of 256 lives") + done.stdout.count("animals in"),
                         len(files))

    def test_the_reference_of_the_docs_is_what_the_program_prints(self):
        pages = sorted((ROOT / "docs" / "reference").glob("*.md"))
        self.assertGreaterEqual(len(pages), 6)
        for page in pages:
            done = self.hortega("schema", page.stem, "--markdown")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(page.read_text(encoding="utf-8"), done.stdout, f"{page.name}: scripts/reference writes it anew")

    def test_finds_what_the_schema_cannot_know(self):
        path = self.protocol("p.toml", ('regimen = "natalizumab"', 'regimen = "natalizumap"'),
                             ('kind = "cdw"\npreset = "mist"', 'kind = "cdw"\npreset = "mits"'))
        done = self.hortega("check", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'natalizumab'?", done.stderr)
        self.assertIn("did you mean 'mist'?", done.stderr)
        self.assertEqual(done.stderr.count("error: "), 2)


class Baselines(ProgramCase):
    def test_people_of_a_file(self):
        (self.folder / "people.csv").write_text(
            "subject,age,sex,edss\n" + "".join(f"w{i},28,F,2.5\nm{i},45,M,4.5\n" for i in range(4)))
        protocol = self.protocol("p.toml", ('source = "lives"', 'source = "csv"\ncsv = "people.csv"'))
        done = self.hortega("run", protocol, "--out", "out", "--replicates", 2, *SMALL, "--set", "population.lives=2000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("8 rows of baselines", done.stderr)
        effective = [float(row["effective_lives"]) for row in self.rows("out/baseline-rows.csv")]
        self.assertEqual(len(effective), 8)
        self.assertGreater(min(effective), 1.0)
        # Told as well where replicates are spread over draws.
        done = self.hortega("run", protocol, "--out", "draws", "--replicates", 4, "--draws", 2, "--allow-thin", "--set",
                            "population.lives=2000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("8 rows of baselines", done.stderr)
        self.assertEqual([row["subject"] for row in self.rows("draws/baseline-rows.csv")],
                         [row["subject"] for row in self.rows("out/baseline-rows.csv")])
        people = self.rows("out/adam/adsl.csv")
        self.assertEqual(sorted(row["SEX"] for row in people), ["F"] * 8 + ["M"] * 8)
        ages = {sex: [float(r["AGE"]) for r in people if r["SEX"] == sex] for sex in "FM"}
        # Within the kernel's five bandwidths of 3 years, and on average nearer.
        self.assertLess(abs(sum(ages["F"]) / 8 - 28), 4)
        self.assertLess(abs(sum(ages["M"]) / 8 - 45), 4)
        # The run can be retold from its directory alone.
        (self.folder / "people.csv").unlink()
        told = json.loads(self.hortega("replay", "out", "--replicate", 1, "--json").stdout)
        self.assertEqual([int(p["baseline"]["age_year"]) for p in told["people"]], [int(r["AGE"]) for r in people])


class HelpExamples(ProgramCase):
    def examples(self, help_text):
        lines = help_text[help_text.index("Example"):].splitlines()
        first = re.findall(r"`(hortega [^`]+)`", lines[0])
        return first + [line.strip() for line in lines[1:] if line.strip().startswith("hortega ")]

    def test_every_example_works_as_typed(self):
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "hortega").symlink_to(PROGRAM)
        listed = self.hortega("--help").stdout.split("Subcommands:\n")[1].split("\n\n")[0]
        subcommands = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
        self.assertIn("run", subcommands)
        self.assertIn("replay", subcommands)
        for subcommand in [None, *subcommands]:
            text = self.hortega(*([subcommand] if subcommand else []), "--help").stdout
            examples = self.examples(text)
            self.assertTrue(examples, f"{subcommand} has no example")
            for example in examples:
                # Only the size is changed, so that the test takes seconds. A fit of that size fails its own checks.
                smaller = {"run": SMALL, "calibrate": TINY_FIT, "validate": ["--protocol", "affirm"],
                           "compare": ["--draws", "0", "--follow", "200"]}.get(example.split()[1], [])
                command = " ".join([example, *smaller])
                done = self.shell(command)
                self.assertEqual(done.returncode, 1 if smaller is TINY_FIT else 0, f"{command}\n{done.stderr}")
                self.assertTrue(done.stdout or ">" in command, command)

    def shell(self, command):
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env={**os.environ, "PATH": path},
                              capture_output=True, text=True, timeout=600, check=False)


if __name__ == "__main__":
    unittest.main()
