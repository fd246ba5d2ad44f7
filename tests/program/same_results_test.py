# SPDX-License-Identifier: Apache-2.0
"""Results depend on neither threads nor instruction set, and treating some changes nobody else."""
import os
import re
import unittest

from program_case import MIST, SMALL, ProgramCase


class SameResults(ProgramCase):
    def test_one_hash_for_any_number_of_threads(self):
        hashes = {n: self.small_run(f"t{n}", "--threads", n) for n in (1, 2, 3)}
        self.assertEqual(len(set(hashes.values())), 1, hashes)

    def test_one_hash_for_every_instruction_set(self):
        hashes = {}
        for isa in ("one", "sse2", "avx2", "avx512"):
            done = self.hortega("run", MIST, "--out", isa, "--replicates", 4, "--isa", isa, *SMALL)
            if done.returncode != 0:
                self.assertIn(isa, done.stderr)  # this machine has it not
                self.assertIn(isa, ("avx2", "avx512"), done.stderr)
                continue
            hashes[isa] = self.results_hash(done.stdout)
        self.assertIn("one", hashes)
        self.assertIn("sse2", hashes)
        self.assertEqual(len(set(hashes.values())), 1, hashes)

    def test_source_date_epoch_dates_the_datasets(self):
        for out in ("a", "b"):
            done = self.hortega("run", MIST, "--out", out, "--replicates", 1, *SMALL, env={**os.environ, "SOURCE_DATE_EPOCH": "951782400"})
            self.assertEqual(done.returncode, 0, done.stderr)
        names = [n for n in self.visible("a/adam") if n.endswith(".json")]
        self.assertTrue(names)
        for name in names:
            text = (self.folder / "a" / "adam" / name).read_bytes()
            self.assertIn(b"2000-02-29T00:00:00Z", text)  # date -u -d @951782400
            self.assertEqual(text, (self.folder / "b" / "adam" / name).read_bytes(), name)

    def test_a_wrong_source_date_epoch_is_refused_before_the_work(self):
        done = self.hortega("run", MIST, "--out", "a", *SMALL, env={**os.environ, "SOURCE_DATE_EPOCH": "today"})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("SOURCE_DATE_EPOCH: 'today' is no time", done.stderr)
        self.assertEqual(self.visible("a"), [])

    def test_another_seed_gives_another_hash(self):
        self.assertNotEqual(self.small_run("a"), self.small_run("b", "--seed", 2))

    def test_the_written_protocol_gives_the_same_results(self):
        first = self.small_run("a", "--set", "parameter.memory_cooperativity=0.2")
        done = self.hortega("run", "a/protocol.toml", "--out", "b", "--allow-thin", "--set",
                            "parameter.memory_cooperativity=0.2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.results_hash(done.stdout), first)


class Twins(ProgramCase):
    """The same trial with another therapy in one arm: in the other arm not a byte moves."""

    DATASETS = ("adsl", "adtte", "adae", "adedss", "admri")

    def arm_lines(self, out, arm):
        """The lines of each dataset that belong to the arm's people; a study's id, a digest of all results, taken out."""
        people = {row["USUBJID"] for row in self.rows(f"{out}/adam/adsl.csv") if arm in (row["ARM"], row["TRT01P"])}
        self.assertTrue(people)
        lines = {}
        for name in self.DATASETS:
            path = self.folder / out / "adam" / f"{name}.csv"
            lines[name] = [re.sub(r"SIM-[0-9A-Fa-f]{8}", "SIM", line)
                           for line in path.read_text(encoding="utf-8").splitlines()
                           if any(person in line for person in people)]
        return lines

    def test_the_other_arm_keeps_every_byte(self):
        # Both protocols under a name that no evidence asks of, so that an arm may be anything.
        common = (('id = "mist"', 'id = "twins"'),)
        one = self.protocol("one.toml", *common)
        two = self.protocol("two.toml", *common, ('regimen = "ahsct-cy-atg", weight = 1', 'regimen = "ahsct-beam-atg", weight = 1'))
        size = ("--set", "population.n=40", "--set", "rescue.regimen=mitoxantrone")
        self.assertNotEqual(self.small_run("one", *size, protocol=one, replicates=1),
                            self.small_run("two", *size, protocol=two, replicates=1))
        arms = sorted({row["ARM"] for row in self.rows("one/adam/adsl.csv")})
        self.assertEqual(len(arms), 2)
        changed = [arm for arm in arms if self.arm_lines("one", arm) != self.arm_lines("two", arm)]
        self.assertEqual(len(changed), 1, "one arm has another therapy, the other keeps every byte")
        self.assertTrue("HSCT" in changed[0], changed)
        kept = next(arm for arm in arms if arm not in changed)
        lines = self.arm_lines("one", kept)
        self.assertEqual(len(lines["adsl"]), 20)
        for name in self.DATASETS:
            self.assertTrue(lines[name], name)


if __name__ == "__main__":
    unittest.main()
