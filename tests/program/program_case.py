# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole program share: the program, a small MIST, and a folder to work in.

HORTEGA_PROGRAM names the program (default: build/hortega).
"""
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("HORTEGA_PROGRAM", str(ROOT / "build" / "hortega"))
MIST = ROOT / "data" / "protocols" / "mist.toml"
# A run of a second or two: a pool and trials far too small to believe.
SMALL = ["--set", "population.lives=400", "--set", "population.n=16", "--allow-thin"]
# A fit of seconds. Far too small to believe, which its own checks say.
TINY_FIT = ["--protocol", "affirm", "--parameter", "lesion_rate", "relapse_block", "--members", "16", "--iterations", "1",
            "--mode-evaluations", "4", "--lives", "200", "--people", "50"]


class ProgramCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Examples name data/ and tests/ as in the source tree.
        for name in ("data", "tests"):
            (self.folder / name).symlink_to(ROOT / name)

    def hortega(self, *arguments, timeout=120, **more):
        """Runs the program in the test's folder; returns the finished process, its output as text."""
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              timeout=timeout, check=False, **more)

    def small_run(self, out, *arguments, protocol=MIST, replicates=4):
        """A small run that must succeed; returns its results hash."""
        done = self.hortega("run", protocol, "--out", out, "--replicates", replicates, *SMALL, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.results_hash(done.stdout)

    def results_hash(self, stdout):
        found = re.search(r"^results: ([0-9a-f]{64})$", stdout, re.MULTILINE)
        self.assertIsNotNone(found, stdout)
        return found.group(1)

    def visible(self, directory):
        """Names in a directory that a user would see."""
        path = self.folder / directory
        return sorted(p.name for p in path.iterdir() if not p.name.startswith(".")) if path.exists() else []

    def protocol(self, name, *replacements):
        """A copy of MIST with texts replaced; each must be there exactly once."""
        text = MIST.read_text(encoding="utf-8")
        for old, new in replacements:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def check_manifest(self, out, scenario, parameters, settings):
        """The manifest of a fine scale: its digests are those of the files, and results_sha256 is what the line beside it gives."""
        manifest = json.loads((self.folder / out / "manifest.json").read_text(encoding="utf-8"))

        def digest(path):
            return hashlib.sha256(path.read_bytes()).hexdigest()

        self.assertEqual(manifest["format"], "hortega-manifest")
        self.assertEqual(manifest["tool"]["version"], self.hortega("--version").stdout.split()[1])
        self.assertEqual(manifest["settings"], settings)
        read = {i["path"]: i["sha256"] for i in manifest["inputs"]}
        self.assertEqual(read[scenario], digest(self.folder / scenario))
        self.assertEqual([read[p] for p in read if p.endswith(parameters)], [digest(self.folder / parameters)])
        written = {o["path"]: o["sha256"] for o in manifest["outputs"]}
        here = {str(p.relative_to(self.folder / out)) for p in (self.folder / out).rglob("*") if p.is_file()}
        self.assertEqual(set(written) | {"manifest.json"}, here)
        for path, sha256 in written.items():
            self.assertEqual(sha256, digest(self.folder / out / path), path)
        told = subprocess.run(["bash", "-c", manifest["results_sha256_of"]], cwd=self.folder / out, capture_output=True, text=True, check=True)
        self.assertEqual(told.stdout.split()[0], manifest["results_sha256"])
        for setting in settings:
            self.assertIn(f"--set '{setting}'", manifest["repeat"]["command"])

    def rows(self, path):
        with open(self.folder / path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
