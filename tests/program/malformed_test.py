# SPDX-License-Identifier: Apache-2.0
"""Malformed inputs and impossible outputs: one clear message each, exit 2 (input) or 1 (run), nothing written."""
import os
import resource
import subprocess
import unittest

from program_case import MIST, PROGRAM, ROOT, SMALL, ProgramCase


class MalformedInput(ProgramCase):
    def refused(self, done, code, *fragments, errors=1):
        """The run ended with `code`, told exactly so many errors, with these fragments, and wrote nothing."""
        self.assertEqual(done.returncode, code, done.stderr)
        for fragment in fragments:
            self.assertIn(fragment, done.stderr)
        self.assertEqual(done.stderr.count("error: "), errors, done.stderr)
        for word in ("terminate called", "what():", "Aborted", "Segmentation", "hortega::", ".cpp:"):
            self.assertNotIn(word, done.stderr)
        self.assertLess(len(done.stderr), 4000, "a message that fits a screen")
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "out").exists(), "an output directory is left")

    def run_with(self, protocol, *arguments, **more):
        return self.hortega("run", protocol, "--out", "out", "--replicates", 4, *SMALL, *arguments, **more)

    # ---- files that are no protocol ----

    def test_truncated_file(self):
        path = self.folder / "cut.toml"
        path.write_bytes(MIST.read_bytes()[:1234])
        self.refused(self.run_with(path), 2, "cut.toml:", "this is no valid TOML")

    def test_no_such_file(self):
        self.refused(self.run_with("absent.toml"), 2, "absent.toml", "there is no such file")

    def test_directory(self):
        self.refused(self.run_with("data"), 2, "this is a directory")

    def test_unreadable_file(self):
        # Root may read any file; memory of the process itself it may not read from the start.
        path = "/proc/self/mem"
        if os.geteuid() != 0:
            path = self.folder / "locked.toml"
            path.write_bytes(MIST.read_bytes())
            path.chmod(0)
        self.refused(self.run_with(path), 2, "the file cannot be read")

    def test_ten_megabytes_of_garbage(self):
        path = self.folder / "garbage.toml"
        path.write_bytes(bytes((i * 7919 + i // 251) % 256 for i in range(10_000_000)))
        self.refused(self.run_with(path), 2, "the file is too large")

    def test_garbage_below_the_limit(self):
        path = self.folder / "garbage.toml"
        path.write_bytes(bytes((i * 7919 + i // 251) % 256 for i in range(100_000)))
        self.refused(self.run_with(path), 2, "garbage.toml")

    def test_empty_file(self):
        path = self.folder / "empty.toml"
        path.write_text("")
        self.refused(self.run_with(path), 2, "empty.toml:", "'format' is missing")

    def test_wrong_format(self):
        path = self.protocol("p.toml", ('format = "hortega-protocol"', 'format = "hortega-protocoll"'))
        self.refused(self.run_with(path), 2, "p.toml:", "format: 'hortega-protocoll' is", "did you mean 'hortega-protocol'?")

    def test_wrong_version(self):
        path = self.protocol("p.toml", ("version = 1\n", "version = 99\n"))
        self.refused(self.run_with(path), 2, "p.toml:", "version 99 of hortega-protocol is unknown")

    # ---- values ----

    def test_wrong_unit(self):
        path = self.protocol("p.toml", ('duration = "130 months"', 'duration = "130 mg"'))
        self.refused(self.run_with(path), 2, "p.toml:", "accrual.duration", "130 mg")

    def test_negative_n(self):
        path = self.protocol("p.toml", ("\nn = 110\n", "\nn = -5\n"))
        done = self.hortega("run", path, "--out", "out", "--allow-thin")
        self.refused(done, 2, "p.toml:", "population.n", "-5", "^")

    def test_nan(self):
        path = self.protocol("p.toml", ("female_share = 0.66", "female_share = nan"))
        self.refused(self.run_with(path), 2, "p.toml:", "population.baseline.female_share: nan is no finite number")

    def test_text_for_a_number(self):
        path = self.protocol("p.toml", ("alpha = 0.05", 'alpha = "small"'))
        self.refused(self.run_with(path), 2, "analysis.alpha", "small")

    def test_unknown_therapy(self):
        path = self.protocol("p.toml", ('regimen = "natalizumab"', 'regimen = "natalizumap"'))
        self.refused(self.run_with(path), 2, "p.toml:", "no regimen 'natalizumap'",
                     "did you mean 'natalizumab'?", "nearest: 'natalizumab'", "all: data/regimens")

    def test_a_file_of_a_regimen_is_named_where_an_arm_names_it_by_its_file(self):
        text = (ROOT / "data" / "regimens" / "natalizumab.toml").read_text(encoding="utf-8")
        (self.folder / "regimens").mkdir()
        (self.folder / "regimens" / "six-weeks.toml").write_text(text.replace('id = "natalizumab"', 'id = "natalizumab-6-weeks"'), encoding="utf-8")
        path = self.protocol("p.toml", ('regimen = "natalizumab"', 'regimen = "six-weeks"'))
        self.refused(self.run_with(path), 2, "p.toml:", "no regimen 'six-weeks'", "regimens/six-weeks.toml has the id 'natalizumab-6-weeks'")

    def test_cells_that_are_seeded_beyond_the_harvest(self):
        text = (ROOT / "data" / "regimens" / "msc-marrow-iv.toml").read_text(encoding="utf-8")
        self.assertEqual(text.count("seeding_per_cm2 = 1000.0"), 1)
        # confluency 0.8 of a full layer, 4e4 per cm2 (msc_full_layer): 3.2e4 are harvested.
        for seeded, code in (("31999.0", 0), ("32000.0", 2)):
            (self.folder / "cells.toml").write_text(text.replace("= 1000.0", f"= {seeded}"), encoding="utf-8")
            done = self.hortega("check", "cells.toml")
            self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn("product.seeding_per_cm2: 32000 cells/cm2 are seeded and 32000 harvested (below 32000: confluency times msc_full_layer)",
                      done.stderr)

    def test_empty_arm_list(self):
        text = MIST.read_text(encoding="utf-8")
        start, end = text.index("[[arm]]"), text.index("[accrual]")
        path = self.folder / "p.toml"
        path.write_text("arm = []\n" + text[:start] + text[end:], encoding="utf-8")
        self.refused(self.run_with(path), 2, "p.toml:", "arm: the list is empty")

    def test_arm_without_regimens(self):
        path = self.protocol(
            "p.toml", ('regimens = [{ regimen = "ahsct-cy-atg", weight = 1, start = "4 weeks" }]', "regimens = []"))
        self.refused(self.run_with(path), 2, "arm[0].regimens: the list is empty")

    def test_unknown_key(self):
        path = self.protocol("p.toml", ("missed_share = 0.05", "mised_share = 0.05"))
        self.refused(self.run_with(path), 2, "p.toml:", "mised_share", "did you mean 'missed_share'?")

    def test_duplicate_key(self):
        path = self.protocol("p.toml", ("seed = 20190115", "seed = 20190115\nseed = 2"))
        self.refused(self.run_with(path), 2, "p.toml:", "cannot redefine existing integer 'seed'")

    def test_duplicate_arm(self):
        path = self.protocol("p.toml", ('id = "DMT"', 'id = "HSCT"'))
        self.refused(self.run_with(path), 2, "arm[1].id: 'HSCT' stands twice")

    def test_unknown_preset(self):
        path = self.protocol("p.toml", ('kind = "cdw"\npreset = "mist"', 'kind = "cdw"\npreset = "mits"'))
        self.refused(self.run_with(path), 2, "p.toml:", "no definition is called 'mits'", "did you mean 'mist'?")

    def test_preset_of_another_kind(self):
        # An endpoint of its own: the trial's progression is the trigger of its rescue, which PIRA cannot be.
        path = self.protocol("p.toml", ("\n[analysis]\n", '\n[[endpoint]]\nid = "extra"\nkind = "pira"\npreset = "mist"\n\n[analysis]\n'))
        self.refused(self.run_with(path), 2, "p.toml:", "endpoint extra: no definition of PIRA is called mist")

    def test_several_mistakes_are_told_at_once(self):
        path = self.protocol("p.toml", ("female_share = 0.66", "female_share = 66"), ("alpha = 0.05", "alpha = 5"))
        self.refused(self.run_with(path), 2, "female_share", "analysis.alpha", errors=2)

    # ---- contradictions ----

    def test_contradictory_criteria(self):
        path = self.protocol("p.toml", ("edss = [2.0, 6.0]", "edss = [6.0, 2.0]"))
        self.refused(self.run_with(path), 2, "p.toml:", "population.eligibility.edss")

    def test_relapses_where_none_are_allowed(self):
        path = self.protocol(
            "p.toml",
            ("[population.baseline]", '[population.eligibility.stable]\nno_relapse_within = "2 years"\n'
                                      "[population.baseline]"),
            ("  { relapses_at_least = 1, gd_at_least = 1, within = \"12 months\" },\n", ""))
        self.refused(self.run_with(path), 2, "nobody could qualify")

    def test_nobody_qualifies(self):
        # Nobody reaches EDSS 9.5 within two months of the first symptom.
        path = self.protocol(
            "p.toml", ("edss = [2.0, 6.0]", 'edss = [9.5, 10.0]\nduration = ["0 days", "60 days"]'),
            ('age = ["18 years", "55 years"]', 'age = ["18 years", "19 years"]'),
            ("age = { mean = 36.0, sd = 8.6 }", "age = { mean = 18.5, sd = 0.3 }"),
            ("edss = { mean = 3.35, sd = 1.2 }", "edss = { mean = 9.5, sd = 0.2 }"),
            ("duration_years = { mean = 5.5 }", "duration_years = { mean = 0.1 }"))
        self.refused(self.run_with(path), 2, "population.eligibility", "lives ever meets the criteria")

    # ---- the command line ----

    def test_bad_set(self):
        self.refused(self.run_with(MIST, "--set", "acrual.duration=3 months"), 2, "did you mean 'accrual'?")

    def test_set_without_a_value(self):
        self.refused(self.run_with(MIST, "--set", "seed"), 2, "KEY=VALUE")

    def test_set_of_an_unknown_parameter(self):
        self.refused(self.run_with(MIST, "--set", "parameter.memory_cooperativty=2"), 2,
                     "did you mean 'memory_cooperativity'?")

    def test_data_without_the_table_of_conduction(self):
        data = self.folder / "other-data"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if part.name != "tables":
                (data / part.name).symlink_to(part)
        for command in (("run", MIST, "--out", "out"), ("validate", "--out", "out")):
            done = self.hortega(*command, env={**os.environ, "HORTEGA_DATA": str(data)})
            self.refused(done, 2, str(data / "tables" / "conduction.nc"), "hortega axon tables")

    def test_unknown_option(self):
        self.refused(self.run_with(MIST, "--sed", "3"), 2, "did you mean '--seed'?", "hortega run --help")

    def test_unknown_instruction_set(self):
        self.refused(self.run_with(MIST, "--isa", "avx3"), 2, "avx3")

    # ---- outputs ----

    def test_output_below_a_regular_file(self):
        (self.folder / "file").write_text("mine")
        done = self.hortega("run", MIST, "--out", "file/deeper/out", *SMALL)
        self.refused(done, 1, "file is a file, not a directory")
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_full_standard_output(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "run", str(MIST), "--out", "out", "--json", "--replicates", "4", *SMALL],
                                  cwd=self.folder, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                  check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("error: "), 1, done.stderr)
        self.assertIn("No space left on device", done.stderr)

    def limited(self, size):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def test_file_size_limit_met_by_the_first_replicates(self):
        done = self.run_with(MIST, preexec_fn=self.limited(4096))
        self.refused(done, 1, "File too large", ".partial")

    def test_file_size_limit_met_by_the_report(self):
        # Replicates fit, report.html with its figure library does not.
        done = self.run_with(MIST, preexec_fn=self.limited(800_000))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("error: "), 1, done.stderr)
        self.assertIn("File too large", done.stderr)
        self.assertIn("--resume", done.stderr)
        self.assertEqual(self.visible("out"), [], "nothing of the results is seen")
        self.assertFalse((self.folder / "out" / ".partial" / "new").exists())

    def test_results_before_stay_when_a_run_fails(self):
        self.small_run("out")
        before = {p: p.read_bytes() for p in (self.folder / "out").rglob("*") if p.is_file()}
        done = self.run_with(MIST, "--seed", "5", preexec_fn=self.limited(800_000))
        self.assertEqual(done.returncode, 1, done.stderr)
        for path, content in before.items():
            self.assertEqual(path.read_bytes(), content, path)


class MalformedBaselines(ProgramCase):
    def run_with(self, text, *arguments):
        if text is not None:
            (self.folder / "people.csv").write_text(text, encoding="utf-8")
        protocol = self.protocol("p.toml", ('source = "lives"', 'source = "csv"\ncsv = "people.csv"'))
        return self.hortega("run", protocol, "--out", "out", "--replicates", 2, *SMALL, *arguments)

    def refused(self, done, *fragments):
        self.assertEqual(done.returncode, 2, done.stderr)
        for fragment in fragments:
            self.assertIn(fragment, done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_no_such_file(self):
        self.refused(self.run_with(None), "population.csv", "there is no file")

    def test_value_out_of_range(self):
        self.refused(self.run_with("subject,edss\na,11\n"), "people.csv:2:3: error: edss: 11 is out of range")

    def test_misspelled_column(self):
        self.refused(self.run_with("subject,edds\na,2\n"), "did you mean 'edss'?")


if __name__ == "__main__":
    unittest.main()
