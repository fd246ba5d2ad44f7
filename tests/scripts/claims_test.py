#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/claims: the page has each claim, published numbers by id and the engine's numbers; what is missing is named."""
import csv
import tomllib
import unittest

from script_case import ROOT, ScriptCase

FIELDS = ["endpoint", "estimator", "arm", "reference", "subgroup", "time_day", "mean", "low", "high"]


class Claims(ScriptCase):
    def setUp(self):
        super().setUp()
        with open(ROOT / "data/claims.toml", "rb") as file:
            self.claims = tomllib.load(file)["claim"]
        self.figures = []  # each estimate once: two claims may quote the same
        for figure in (figure for claim in self.claims for figure in claim.get("figure", [])):
            if "protocol" in figure and not any(self.same(figure, other) for other in self.figures):
                self.figures.append(figure)
        runs = {}
        for n, figure in enumerate(self.figures):
            row = {key: figure.get(key, "") for key in FIELDS[:5]}
            row |= {"time_day": figure.get("day", 0), "mean": 1000 + n, "low": 500, "high": 2000}
            runs.setdefault(figure["protocol"], []).append(row)
        for protocol, rows in runs.items():
            path = self.write(f"runs/{protocol}/tables/estimates.csv", "")
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, FIELDS)
                writer.writeheader()
                writer.writerows(rows)

    @staticmethod
    def same(one, other):
        return all(one.get(key) == other.get(key) for key in ("protocol", "day", *FIELDS[:5]))

    def test_each_claim_with_its_numbers(self):
        code, said = self.run_script("claims", self.root / "runs", "--out", self.root / "claims.md")
        self.assertEqual(code, 0, said)
        page = (self.root / "claims.md").read_text(encoding="utf-8")
        for claim in self.claims:
            self.assertIn(claim["said"], page)
            for row in claim["rows"]:
                self.assertIn(f"[{row}", page)
        for n in range(len(self.figures)):
            self.assertTrue(f"{1000 + n} (500 to 2000)" in page, n)

    def test_what_was_put_in_is_said_to_be(self):
        code, said = self.run_script("claims", self.root / "runs", "--out", self.root / "claims.md")
        self.assertEqual(code, 0, said)
        page = (self.root / "claims.md").read_text(encoding="utf-8")
        with open(ROOT / "data/parameters/therapy_mesenchymal.toml", "rb") as file:
            clearance = tomllib.load(file)["msc_sensitised_clearance"]
        low, high = clearance["range"]  # from 1: as fast
        self.assertRegex(page, r"\*\*Engine\.\*\* put in: a donor's cells sensitise")
        self.assertIn(f"clears later doses {clearance['value']:.2f} ({low:.2f} to {high:.1f}) times as fast", page)

    def test_a_missing_estimate_is_named(self):
        protocol = self.figures[0]["protocol"]
        self.write(f"runs/{protocol}/tables/estimates.csv", ",".join(FIELDS) + "\n")
        code, said = self.run_script("claims", self.root / "runs", "--out", self.root / "claims.md")
        self.assertEqual(code, 2)
        self.assertIn("claim 1: no such estimate", said)
        self.assertFalse((self.root / "claims.md").exists())

    def test_an_estimate_of_another_day_is_not_taken(self):
        claim, figure = next((n, figure) for n, one in enumerate(self.claims, 1) for figure in one.get("figure", []) if "day" in figure)
        path = self.root / f"runs/{figure['protocol']}/tables/estimates.csv"
        text = path.read_text(encoding="utf-8")
        self.assertIn(f",{figure['day']},", text)
        path.write_text(text.replace(f",{figure['day']},", f",{figure['day'] - 365},"), encoding="utf-8")
        code, said = self.run_script("claims", self.root / "runs", "--out", self.root / "claims.md")
        self.assertEqual(code, 2)
        self.assertRegex(said, rf"claim {claim}: no such estimate .* day {figure['day']}")


if __name__ == "__main__":
    unittest.main()
