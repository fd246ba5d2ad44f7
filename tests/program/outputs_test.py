# SPDX-License-Identifier: Apache-2.0
"""docs/outputs.md describes what the program writes: each file, and each column of each table in its order."""
import csv
import json
import re
import unittest

from axon_test import QUICK
from compare_test import PERSON, SMALL as SMALL_ANSWER, THERAPIES
from lesion_test import SMALL as SMALL_LESION
from program_case import ROOT, TINY_FIT, ProgramCase

try:
    import netCDF4
except ImportError:
    netCDF4 = None

PAGE = ROOT / "docs" / "outputs.md"


def pattern(name):
    """What a name of the page stands for: <WORDS> are any."""
    return re.compile(re.sub(r"<\w+>", ".+", re.escape(name)))


class Part:
    """A heading ### of the page: the files that it is of, what tells it from another of the same name, and the names of its table."""

    def __init__(self, command, heading, body):
        self.command = command
        files, _, self.variant = heading.partition(" of ")
        self.files = re.findall(r"`([^`]+)`", files)
        rows = re.findall(r"^\| (.*?) \|", body, re.MULTILINE)
        self.names = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]

    def is_of(self, path):
        return any(pattern(file).fullmatch(path) for file in self.files)

    def differs(self, header):
        """Where the header of a table is not what the page says; empty if it is. Names with <WORDS> stand last and may come often."""
        fixed = [name for name in self.names if "<" not in name]
        often = [pattern(name) for name in self.names if "<" in name]
        more = [name for name in header[len(fixed):] if not any(p.fullmatch(name) for p in often)]
        if header[:len(fixed)] == fixed and not more:
            return ""
        return f"the page has {self.names}, the file {header}"


def parts(text):
    """command -> its Parts, and command -> all text of it."""
    found, whole = {}, {}
    for chapter in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        command, _, body = chapter.partition("\n")
        head, *rest = re.split(r"^### ", body, flags=re.MULTILINE)
        whole[command] = body
        found[command] = [Part(command, *section.split("\n", 1)) for section in rest]
    return found, whole


def lists_in(path):
    """The lists of names that stand in a source file, of a lesion in a section of tissue."""
    name = r'"[^"{}]*"(?:\s*\+\s*unit)?'
    lists = re.findall(rf"\{{\s*({name}(?:\s*,\s*{name})*)\s*\}}", (ROOT / path).read_text(encoding="utf-8"))
    return [[text + ("mm2" if unit else "") for text, unit in re.findall(r'"([^"]*)"(\s*\+\s*unit)?', found)] for found in lists]


class Outputs(ProgramCase):
    def setUp(self):
        super().setUp()
        self.parts, self.text = parts(PAGE.read_text(encoding="utf-8"))

    def written(self, folder):
        return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())

    def header(self, path):
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file))

    def hold(self, command, folder, elsewhere=()):
        """What is written is on the page, and what is on the page is written but for what another run writes."""
        files = self.written(folder)
        named = [pattern(name) for name in re.findall(r"`([^`\n]+)`", self.text[command])]
        for path in files:
            with self.subTest(path):
                self.assertTrue(any(p.fullmatch(path) or (p.pattern.endswith("/") and path.startswith(p.pattern)) for p in named),
                                "the page does not name it")
                if path.endswith(".csv") and path != "baselines.csv":
                    of_it = [part for part in self.parts[command] if part.is_of(path) and not part.variant]
                    self.assertEqual(len(of_it), 1, "one place of the page describes it")
                    self.assertEqual(of_it[0].differs(self.header(folder / path)), "")
        for part in self.parts[command]:
            for file in part.files:
                if file not in elsewhere and not part.variant:
                    self.assertTrue(any(pattern(file).fullmatch(path) for path in files), f"{command}: nothing writes {file}")

    def keys(self, command, file, folder):
        part = next(part for part in self.parts[command] if file in part.files)
        self.assertEqual(set(part.names), set(json.loads((folder / file).read_text(encoding="utf-8"))), file)

    def done(self, *arguments, status=0):
        done = self.hortega(*arguments, timeout=280)
        self.assertEqual(done.returncode, status, done.stderr)

    def test_a_run(self):
        self.small_run("out", "--multiverse")
        folder = self.folder / "out"
        # No cells are given in MIST, and its people are not of a file.
        self.hold("hortega run", folder, elsewhere=("adam/adex.csv", "tables/cells_made.csv", "baseline-rows.csv"))
        for file in ("summary.json", "manifest.json"):
            self.keys("hortega run", file, folder)

    def test_a_run_with_cells(self):
        protocol = self.protocol("cells.toml", ('regimen = "ahsct-cy-atg", weight = 1', 'regimen = "msc-marrow-iv", weight = 1'))
        self.small_run("out", "--multiverse", protocol=protocol, replicates=2)
        self.hold("hortega run", self.folder / "out", elsewhere=("baseline-rows.csv",))

    @unittest.skipIf(netCDF4 is None, "netCDF4 is not installed")
    def test_the_variables_of_trajectories(self):
        self.small_run("out")
        said = next(part for part in self.parts["hortega run"] if "trajectories.nc" in part.files)
        known = [pattern(name) for name in said.names]
        with netCDF4.Dataset(self.folder / "out" / "trajectories.nc") as file:
            variables = list(file.variables)
        self.assertEqual([name for name in variables if not any(p.fullmatch(name) for p in known)], [])
        self.assertEqual([p.pattern for p in known if not any(p.fullmatch(name) for name in variables)], [])

    def test_an_experiment(self):
        text = (ROOT / "data/protocols/eae-msc.toml").read_text(encoding="utf-8")
        self.assertEqual(text.count("replicates = 200"), 1)
        (self.folder / "mice.toml").write_text(text.replace("replicates = 200", "replicates = 4"), encoding="utf-8")
        self.done("run", "mice.toml", "--out", "out")
        self.hold("hortega run of an experiment in mice", self.folder / "out")

    def test_hidden_states(self):
        self.small_run("out")
        self.done("replay", "out", "--replicate", 1, "--person", 2, "--states", "hidden/states.csv", status=1)  # there is no such folder
        (self.folder / "hidden").mkdir()
        self.done("replay", "out", "--replicate", 1, "--person", 2, "--states", "hidden/states.csv")
        self.hold("hortega replay --states", self.folder / "hidden")

    def test_an_answer_to_one_person(self):
        (self.folder / "person.toml").write_text(PERSON, encoding="utf-8")
        self.done("compare", "person.toml", *THERAPIES, *SMALL_ANSWER, "--out", "out")
        self.hold("hortega compare", self.folder / "out")
        self.keys("hortega compare", "compare.json", self.folder / "out")

    def test_a_fibre(self):
        self.done("axon", "data/scenarios/axon-optic-nerve.toml", "--out", "out", *QUICK)
        self.hold("hortega axon", self.folder / "out")

    def test_a_lesion(self):
        (self.folder / "small.toml").write_text(SMALL_LESION, encoding="utf-8")
        self.done("lesion", "small.toml", "--out", "out")
        self.hold("hortega lesion", self.folder / "out")

    def test_a_fit(self):
        self.done("calibrate", "--out", "out", *TINY_FIT, status=1)  # sixteen draws are too few, which its checks say
        self.hold("hortega calibrate", self.folder / "out", elsewhere=("ranks.csv",))

    def test_what_takes_minutes_to_write(self):
        """Against the writers themselves."""
        for command, source, count in (("hortega run --sensitivity", "apps/sensitivity.cpp", 4),
                                       ("hortega lesion", "apps/lesion_run.cpp", 3),
                                       ("hortega validate", "src/hortega/output/validation_tables.cpp", 1)):
            self.assertEqual(len(self.parts[command]), count, command)
            for part in self.parts[command]:
                with self.subTest(part.files):
                    self.assertIn([name for name in part.names if "<" not in name], lists_in(source))
        for command, file, source in (("hortega run", "baseline-rows.csv", "apps/run.cpp"),
                                      ("hortega calibrate", "ranks.csv", "apps/calibrate.cpp")):
            self.assertIn(next(part for part in self.parts[command] if file in part.files).names, lists_in(source))

    def test_a_difference_is_seen(self):
        found, _ = parts("# x\n\n## a\n\n### `t/<X>.csv` of `m`\n\n| column | meaning |\n|---|---|\n| `p`, `q` | `r` |\n| `<N>: z` | |\n")
        part = found["a"][0]
        self.assertEqual((part.files, part.variant, part.names), (["t/<X>.csv"], "`m`", ["p", "q", "<N>: z"]))
        self.assertTrue(part.is_of("t/y.csv"))
        self.assertFalse(part.is_of("y.csv"))
        for header in (["p", "q"], ["p", "q", "b: z", "c: z"]):
            self.assertEqual(part.differs(header), "")
        for header in (["q", "p"], ["p"], ["p", "q", "s"]):
            self.assertNotEqual(part.differs(header), "", header)


if __name__ == "__main__":
    unittest.main()
