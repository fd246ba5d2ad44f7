# SPDX-License-Identifier: Apache-2.0
"""scripts/harm-table: one command runs every shipped regimen; each harm that it can have stands beside a published row or is listed as
without one; what data/harms.toml does not know ends it, named."""
import subprocess
import unittest

from program_case import PROGRAM, ROOT, ProgramCase


class Harms(ProgramCase):
    def script(self, *arguments, timeout=500):
        done = subprocess.run(["/usr/bin/python3", "-B", ROOT / "scripts" / "harm-table", "--hortega", PROGRAM, *map(str, arguments)],
                              cwd=self.folder, capture_output=True, text=True, timeout=timeout, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_every_harm_of_every_regimen_is_compared_or_listed(self):
        # Also: no run tells a harm that data/harms.toml does not know, or the script would fail.
        code, out, said = self.script("--people", "20", "--months", "18", "--jobs", "2", "--csv", "harms.csv")
        self.assertEqual(code, 0, said)
        rows = self.rows("harms.csv")
        inert = {"none", "placebo"}
        self.assertEqual({row["regimen"] for row in rows}, {path.stem for path in (ROOT / "data" / "regimens").glob("*.toml")} - inert)
        beside = {row["class"] + " " + row["harm"].split(",")[0] for row in rows if row["row"]}
        for row in rows:
            if row["row"]:
                self.assertIn(f"[{row['row']}", out)
            else:
                name = row["harm"].split(",")[0]
                self.assertTrue(row["part"] or row["class"] + " " + name in beside, row)
                self.assertIn(f"\n| {row['harm']} | ", out)
            if row["simulated"]:
                low, value, high = (float(row[key]) for key in ("simulated_low", "simulated", "simulated_high"))
                self.assertTrue(low <= value <= high, row)
        # Everybody is treated, but for products that failed: so many stand behind a share.
        counts = {row["regimen"]: int(row["people"]) for row in rows if row["harm"] == "serious infection"}
        self.assertTrue(all(5 < n <= 20 for n in counts.values()), counts)
        # .18 a day (febrile_neutropenia_rate) over a week of neutropenia in seven arms of 20: some have it.
        self.assertTrue(any(float(row["simulated"]) > 0 for row in rows if row["harm"] == "febrile neutropenia"))

    def test_a_harm_that_is_not_known_ends_it(self):
        data = self.folder / "mine"
        data.mkdir()
        for part in (ROOT / "data").iterdir():
            if part.name != "harms.toml":
                (data / part.name).symlink_to(part)
        text = (ROOT / "data" / "harms.toml").read_text(encoding="utf-8")
        self.assertIn('"influenza-like illness"', text)
        (data / "harms.toml").write_text(text.replace('"influenza-like illness"', '"a cold"'), encoding="utf-8")
        # 31 % have it (interferon_flu_like): that none of 60 does has a chance below 1e-9.
        code, out, said = self.script("--data", data, "--regimen", "interferon-beta", "--people", "60", "--months", "6", "--csv", "harms.csv")
        self.assertEqual(code, 1)
        self.assertIn("does not know the harm 'influenza-like illness' of interferon-beta", said)
        self.assertEqual(out, "")
        self.assertFalse((self.folder / "harms.csv").exists())

    def test_usage_is_refused(self):
        for arguments, words in ((["--peeple", "3"], "unrecognized arguments: --peeple"), (["--class", "mice"], "no class 'mice'; there are"),
                                 (["--regimen", "water"], "no regimen 'water'"), (["--people", "1"], "--people is at least 2")):
            code, _, said = self.script(*arguments)
            self.assertEqual(code, 2)
            self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
