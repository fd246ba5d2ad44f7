# SPDX-License-Identifier: Apache-2.0
"""Parameters from the outside: edited files, --set parameter.NAME, hortega params, and files given to the wrong command."""
import json
import os
import re
import shutil
import subprocess
import unittest

from program_case import MIST, PROGRAM, ROOT, SMALL, ProgramCase


class EditedFiles(ProgramCase):
    def edited(self, file, name, key, value):
        """An environment whose data folder differs in one line of one passport."""
        data = self.folder / "mine"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if part.name != "parameters":
                (data / part.name).symlink_to(part)
        shutil.copytree(ROOT / "data" / "parameters", data / "parameters")
        path = data / "parameters" / file
        text, found = re.subn(rf"(^\[{name}\]\n(?:[^\[\n][^\n]*\n)*?{key} = )\S+$", rf"\g<1>{value}", path.read_text(encoding="utf-8"),
                              flags=re.M)
        self.assertEqual(found, 1, name)
        path.write_text(text, encoding="utf-8")
        return {**os.environ, "HORTEGA_DATA": str(data)}

    def warnings_of(self, out, *arguments, env=None):
        """What a run over draws (half of its four replicates), or with --draws 0, warns of."""
        done = self.hortega("run", MIST, "--out", out, "--replicates", 4, *SMALL, *arguments, env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = [line.removeprefix("warning: ") for line in done.stderr.splitlines() if line.startswith("warning: ")]
        manifest = json.loads((self.folder / out / "manifest.json").read_text(encoding="utf-8"))
        self.assertEqual(manifest["warnings"], told)
        return told

    def test_what_draws_take_the_place_of_is_told(self):
        self.assertEqual(self.warnings_of("plain"), [])
        env = self.edited("disease.toml", "lesion_rate", "value", "25")
        file = self.folder / "mine" / "parameters" / "disease.toml"
        self.assertEqual(self.warnings_of("draws", env=env),
                         [f"lesion_rate of {file} is 25, but a run over draws of the posterior takes it from them: use --draws 0, or "
                          "--set parameter.lesion_rate=25"])
        report = (self.folder / "draws" / "report.html").read_text(encoding="utf-8")
        self.assertIn("is 25, but a run over draws", report)
        self.assertEqual(self.warnings_of("value", "--draws", 0, env=env), [])
        self.assertEqual(self.warnings_of("set", "--set", "parameter.lesion_rate=25", env=env), [])

    def test_so_is_a_spread(self):
        env = self.edited("disease.toml", "lesion_propensity", "spread", "2.0")
        told = self.warnings_of("draws", env=env)
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith("lesion_propensity.spread of "), told)
        self.assertTrue(told[0].endswith("--set parameter.lesion_propensity.spread=2"), told)

    def test_so_is_what_cells_do(self):
        env = self.edited("therapy_mesenchymal.toml", "msc_reach", "value", "40.0")
        told = self.warnings_of("draws", env=env)
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith("msc_reach of "), told)

    def test_a_parameter_that_no_draw_holds_acts_without_a_word(self):
        env = self.edited("disease.toml", "effector_turnover", "value", "8.0")
        self.assertEqual(self.warnings_of("draws", env=env), [])

    def test_a_negative_spread_is_refused(self):
        env = self.edited("disease.toml", "lesion_hit", "spread", "-1.31")
        done = self.hortega("params", env=env)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"disease\.toml:\d+:10: error: lesion_hit\.spread: spread -1\.31 is negative \(0 or more\)")


class Settings(ProgramCase):
    def test_a_spread_is_set_over_all_draws_and_kept(self):
        estimates = []
        for value in ("0.8", "2.8"):
            self.small_run(value, "--set", f"parameter.lesion_propensity.spread={value}")
            estimates.append((self.folder / value / "tables" / "estimates.csv").read_bytes())
            kept = (self.folder / value / "settings.toml").read_text(encoding="utf-8")
            self.assertIn(f'"lesion_propensity.spread" = {value}\n', kept)
            done = self.hortega("replay", value, "--replicate", 1)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        # Each draw has its own spread: had they kept them, the two would be the same.
        self.assertNotEqual(*estimates)

    def test_a_value_may_have_the_unit_of_its_passport(self):
        hashes = {self.small_run(f"out-{len(value)}", "--set", f"parameter.effector_turnover={value}") for value in ("20", "20 day")}
        self.assertEqual(len(hashes), 1)

    def test_refusals(self):
        for setting, *fragments in (
                ("parameter.memory_cooperativity=0.9", "memory_cooperativity: 0.9 is outside its range (0.05 to 0.4)\n"),
                ("parameter.lesion_rate=31", "lesion_rate: 31 is outside its range (5 to 30 "),
                ("parameter.reserve.spread=2", "reserve.spread: 2 is outside its range (0.1172 to 0.4688)\n"),
                ("parameter.lesion_rate.spread=0.3", "'lesion_rate' has no spread: that of its passport is 0"),
                ("parameter.lesion_ratte.spread=0.3", "no parameter is called 'lesion_ratte'", "did you mean 'lesion_rate'?"),
                ("parameter.effector_turnover=20 week", "'week' is not the unit of effector_turnover (a number in day: 10, or '10 day')"),
                ("parameter.memory_cooperativity=0.2 day", "(a number without a unit)"),
                ("parameter.reserve.spread=0.3 day", "'day' is not the unit of reserve.spread (a number without a unit)"),
                ("parameter.effector_turnover=soon", "sets no number"),
                ("memory_cooperativity=0.3", "'memory_cooperativity' is a parameter", "did you mean 'parameter.memory_cooperativity'?"),
                ("reserve.spread=0.3", "did you mean 'parameter.reserve.spread'?"),
                ("parameter.halter_m_q10=2", "'halter_m_q10' is a number of the fibre", "hortega axon"),
                ("parameter.tissue_cell_density=2", "'tissue_cell_density' is a number of the tissue", "hortega lesion tables"),
                ("parameter.mouse_reserve=1", "'mouse_reserve' is a number of mice")):
            with self.subTest(setting=setting):
                done = self.hortega("run", MIST, "--out", "out", *SMALL, "--set", setting)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr.count("error: "), 1, done.stderr)
                for fragment in fragments:
                    self.assertIn(fragment, done.stderr)
                self.assertFalse((self.folder / "out").exists())


class Listing(ProgramCase):
    def params(self, *arguments):
        done = self.hortega("params", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_range_of_a_spread(self):
        # As data/posterior.toml records the prior of reserve.spread.
        self.assertIn("spread between people 0.2437 (0.1172 to 0.4688)\n", self.params("reserve"))
        self.assertEqual(json.loads(self.params("reserve", "--json"))["spread_range"], [0.1172, 0.4688])
        self.assertNotIn("spread_range", json.loads(self.params("lesion_rate", "--json")))

    def test_a_word_lists_the_names_that_have_it(self):
        names = [line.split()[0] for line in self.params().splitlines()[1:]]
        having = [name for name in names if "lesion" in name]
        self.assertTrue(1 < len(having) < len(names))
        self.assertEqual([line.split()[0] for line in self.params("lesion").splitlines()[1:]], having)
        self.assertEqual([p["name"] for p in json.loads(self.params("lesion", "--json"))], having)
        done = self.hortega("params", "lesoin_rate")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'lesion_rate'?", done.stderr)

    def test_output_that_nobody_reads_ends_quietly(self):
        # 141 is 128 + SIGPIPE: what a shell says of a program that the signal ended. More than a buffer, and less.
        for arguments in ([], ["reserve"]):
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([PROGRAM, "params", *arguments], cwd=self.folder, stdout=write, stderr=subprocess.PIPE, text=True,
                                  timeout=60, check=False)
            os.close(write)
            self.assertEqual((done.returncode, done.stderr), (141, ""), arguments)

    def test_a_data_folder_that_is_not_there(self):
        done = self.hortega("params", env={**os.environ, "HORTEGA_DATA": "/nonexist"})
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "error: HORTEGA_DATA names no data folder (no subfolder `parameters`); looked in /nonexist\n")


class FilesOfOtherCommands(ProgramCase):
    def test_the_command_that_reads_it_is_named(self):
        lesion, fibre = "data/scenarios/lesion-balo.toml", "data/scenarios/axon-cortex.toml"
        regimen = "data/regimens/none.toml"
        for command, words, reader in (
                (["axon", lesion], "a lesion", "hortega lesion FILE"),
                (["lesion", fibre], "a fibre", "hortega axon FILE"),
                (["run", regimen], "a regimen", "hortega compare PERSON --therapy FILE"),
                (["compare", "data/protocols/mist.toml", "--therapy", regimen, "--therapy", regimen], "a protocol", "hortega run FILE")):
            with self.subTest(command=command):
                done = self.hortega(*command)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(f"error: format: this is {words} ({reader} reads it)\n", done.stderr)
                self.assertNotIn("did you mean", done.stderr)

    def test_a_missing_choice_is_told_with_its_words(self):
        text = (ROOT / "data" / "scenarios" / "axon-cortex.toml").read_text(encoding="utf-8")
        self.assertEqual(text.count('model = "halter-clark"\n'), 1)
        (self.folder / "mine.toml").write_text(text.replace('model = "halter-clark"\n', ""), encoding="utf-8")
        done = self.hortega("axon", "mine.toml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("'model' is missing in the file (expected: one of 'halter-clark', 'mcintyre')", done.stderr)


if __name__ == "__main__":
    unittest.main()
