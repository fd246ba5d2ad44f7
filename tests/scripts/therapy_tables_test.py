#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/therapy-tables: figures of runs reach the marked tables, every other word stays, and what is missing or wrong is named."""
import csv
import importlib.machinery
import importlib.util
import json
import re
import shutil
import tomllib
import unittest

from script_case import ROOT, ScriptCase

LOADER = importlib.machinery.SourceFileLoader("therapy_tables", str(ROOT / "scripts" / "therapy-tables"))
therapy_tables = importlib.util.module_from_spec(importlib.util.spec_from_loader("therapy_tables", LOADER))
LOADER.exec_module(therapy_tables)

COMPARED = ["row_id", "outcome", "unit", "published", "published_low", "published_high", "interval_derived", "arm", "reference",
            "simulated", "simulated_low", "simulated_high", "verdict"]
ESTIMATED = ["endpoint", "estimator", "arm", "reference", "subgroup", "time_day", "mean", "low", "high"]

# Line 3 is the comment of the rows, line 8 the row of E0186, line 12 the comment of the estimates and line 14 its row.
PAGE = """# Page
Words before.
<!-- results rows: mesems E0186 E0183; riordan E0438 -->
| trial | row | arms | outcome | published | simulated | verdict | remark |
|---|---|---|---|---|---|---|---|
| Riordan | E0438 | cells | harm | old | old | old | own \\| words |

| MESEMS | E0186 | cells / placebo | lesions | old | old | old | |
<!-- results end -->

Words between, 1.23.
<!-- results estimates:
column with cells: protocol=connick arm=MSC
row latency: later, ms: endpoint=vep estimator=mean_change
row the same after a year: endpoint=vep estimator=mean_change day=365
-->
| | known | with cells |
|---|---|---|
| latency: later, ms | shorter | old |
<!-- results end -->
Words after.
"""
# By hand: two decimals below 10, one below 100, none above; `*` where the interval was derived; the rows in the order of the comment.
FILLED = """# Page
Words before.
<!-- results rows: mesems E0186 E0183; riordan E0438 -->
| trial | row | arms | outcome | published (95 %) | simulated: mean of 20 to 100 trials (95 % of them) | verdict | remark |
|---|---|---|---|---|---|---|---|
| MESEMS | E0186 | cells / placebo | lesions | 0.94 (0.58 to 1.50) | 1.18 (0.80 to 2.25) | inside |  |
|  | E0183 | all | serious \\| harm (%) | 0.00 (0.00 to 7.40*) | 0.35 | outside |  |
| Riordan | E0438 | cells | harm | 100 | 12.3 (-130 to 65.0) | not scored | own \\| words |
<!-- results end -->

Words between, 1.23.
<!-- results estimates:
column with cells: protocol=connick arm=MSC
row latency: later, ms: endpoint=vep estimator=mean_change
row the same after a year: endpoint=vep estimator=mean_change day=365
-->
| mean of 40 trials (95 % of them) | known | with cells |
|---|---|---|
| latency: later, ms | shorter | 1.06 (-1.50 to 7.25) |
| the same after a year |  | - |
<!-- results end -->
Words after.
"""


class RunsCase(ScriptCase):
    """Folders of runs as results-table --keep leaves them, and the script on them."""

    def table(self, name, fields, rows):
        with open(self.write(name, ""), "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fields, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def run_of(self, protocol, replicates, compared=(), estimated=()):
        self.write(f"runs/{protocol}/summary.json", json.dumps({"format": "hortega-run-summary", "replicates": replicates}))
        self.table(f"runs/{protocol}/tables/comparison.csv", COMPARED, compared)
        self.table(f"runs/{protocol}/tables/estimates.csv", ESTIMATED, estimated)

    def fill(self, page=None):
        if page is not None:
            self.page = self.write("docs/page.md", page)
        return self.run_script("therapy-tables", self.root / "runs", "--docs", self.root / "docs")


class TherapyTables(RunsCase):
    def small_runs(self):
        def compared(row, numbers, **words):
            names = ("published", "published_low", "published_high", "simulated", "simulated_low", "simulated_high")
            return {"row_id": row, "outcome": "x", "unit": "%", "arm": "MSC", "interval_derived": "N", **dict(zip(names, numbers)), **words}
        self.run_of("mesems", 20, [compared("E0186", (0.94, 0.58, 1.5, 1.18045, 0.8, 2.251), verdict="inside"),
                                   compared("E0183", (0, 0, 7.4, 0.35, "", ""), verdict="outside", interval_derived="Y", arm="all",
                                            outcome="serious | harm")])
        self.run_of("riordan", 100, [compared("E0438", (100, "", "", 12.34, -130.2, 65), verdict="not scored")])
        vep = {"endpoint": "vep", "estimator": "mean_change", "arm": "MSC"}
        self.run_of("connick", 40, estimated=[
            {**vep, "time_day": 0, "mean": 1.06, "low": -1.5, "high": 7.25},
            {**vep, "time_day": 365.25, "mean": "", "low": "", "high": ""},
            {**vep, "time_day": 0, "subgroup": "women", "mean": 5},
            {**vep, "arm": "none", "time_day": 0, "mean": 6}])

    def refused(self, page, line, words):
        code, said = self.fill(page)
        self.assertEqual(code, 2, said)
        self.assertIn(f"page.md:{line}: ", said)
        self.assertIn(words, said)
        self.assertEqual(self.page.read_text(encoding="utf-8"), page)

    def test_fills_the_tables_and_only_them_and_again_the_same(self):
        self.small_runs()
        self.write("docs/other.md", "<!-- rows: made by another script -->\n")
        code, said = self.fill(PAGE)
        for _ in range(2):  # again over its own output
            self.assertEqual(code, 0, said)
            self.assertEqual(self.page.read_text(encoding="utf-8"), FILLED)
            code, said = self.fill()
        self.assertEqual((self.root / "docs/other.md").read_text(encoding="utf-8"), "<!-- rows: made by another script -->\n")

    def test_what_is_missing_is_named_with_its_line(self):
        self.small_runs()
        self.refused(PAGE.replace("E0183;", "E0999;"), 3, "no row E0999 in mesems/tables/comparison.csv")
        self.refused(PAGE.replace("; riordan E0438", ";\nnowhere E0438"), 4, "nowhere/tables/comparison.csv; scripts/results-table --keep")
        self.refused(PAGE.replace("protocol=connick", "protocol=nowhere"), 14, "nowhere/summary.json")
        self.refused(PAGE.replace("row latency: later, ms: endpoint=vep", "row latency: later, ms: endpoint=edss"), 14,
                     "no estimate of connick with arm MSC, endpoint edss, estimator mean_change")
        self.refused(PAGE.replace("day=365", "day=700"), 15, "day 700")

    def test_a_wrong_comment_is_named_with_its_line(self):
        self.small_runs()
        self.refused(PAGE.replace("| |\n<!-- results end -->\n", "| |\n"), 3, "no '<!-- results end -->' ends this table")
        self.refused(PAGE.replace("| old |\n<!-- results end -->\n", "| old |\n"), 12, "no '<!-- results end -->' ends this table")
        self.refused("Words.\n<!-- results end -->\n", 2, "an end without a beginning")
        self.refused(PAGE.replace("results rows: mesems", "results row: mesems"), 3, "neither '<!-- results rows: ... -->' nor")
        self.refused(PAGE.replace("E0438 -->", "E0438"), 3, "neither '<!-- results rows: ... -->' nor")
        self.refused(PAGE.replace("day=365", "days=365"), 15, "unknown key 'days'")
        self.refused(PAGE.replace("row latency: later, ms: endpoint", "row latency endpoint"), 14, "neither 'column WORDS: KEY=VALUE")

    def test_what_stands_twice_is_refused(self):
        self.small_runs()
        self.refused(PAGE.replace("E0186 E0183", "E0186 E0183 E0186"), 3, "the row E0186 is named twice")
        self.refused(PAGE.replace("day=365", "day=365\nrow latency: later, ms: endpoint=vep estimator=mean"), 16, "is named twice")
        again = (self.root / "runs/mesems/tables/comparison.csv").read_text(encoding="utf-8")
        self.write("runs/mesems/tables/comparison.csv", again + again.split("\n", 1)[1])
        self.refused(PAGE, 3, "more than one row E0186 in mesems")  # a row that prints two numbers stands so

    def test_words_of_a_table_are_never_lost(self):
        self.small_runs()
        self.refused(PAGE.replace("mesems E0186 E0183", "mesems E0183"), 8, "the comment above does not name the row 'E0186'")
        self.refused(PAGE.replace("| latency: later, ms | shorter", "| latency | shorter"), 19,
                     "the comment above does not name the row 'latency'")
        self.refused(PAGE.replace("| cells / placebo | lesions |", "| cells / placebo |"), 8, "7 cells below a head of 8")
        self.refused(PAGE.replace("| known | with cells |", "| known | cells |"), 13, "0 columns 'with cells' in the head")
        self.refused(PAGE.replace("| verdict |", "| |"), 4, "0 columns 'verdict' in the head")

    def test_no_page_is_written_where_another_is_wrong(self):
        self.small_runs()
        self.write("docs/second.md", PAGE.replace("E0183;", "E0999;"))
        code, said = self.fill(PAGE)
        self.assertEqual(code, 2)
        self.assertIn("second.md:3: ", said)
        self.assertEqual(self.page.read_text(encoding="utf-8"), PAGE)

    def test_measures_of_an_experiment(self):
        def measure(hypothesis, mean, **more):
            return {"hypothesis": hypothesis, "endpoint": "clinical-score", "arm": "at-peak", "reference": "control",
                    "statistic": "standardised_mean_difference", "value": {"mean": mean, "low": -1.0, "high": 0.5}, **more}
        self.write("runs/eae-msc/summary.json", json.dumps({
            "format": "hortega-experiment-summary", "replicates": 200,
            "measures": [measure("living", -0.084), measure("macrophages", -0.24), measure("living", 9, endpoint="onset")]}))
        page = """<!-- results estimates:
column they live: protocol=eae-msc hypothesis=living
row at the peak: endpoint=clinical-score statistic=standardised_mean_difference arm=at-peak reference=control
-->
| | they live |
|---|---|
<!-- results end -->
"""
        code, said = self.fill(page)
        self.assertEqual(code, 0, said)
        text = self.page.read_text(encoding="utf-8")
        self.assertIn("| mean of 200 repetitions (90 % of them) | they live |\n", text)
        self.assertIn("| at the peak | -0.08 (-1.00 to 0.50) |\n", text)
        self.refused(page.replace("statistic=", "estimator="), 3, "unknown key 'estimator'")


class PagesOfTheProject(RunsCase):
    """What stands in docs/ names rows, arms and endpoints that exist, in protocols that results-table --keep runs."""

    def setUp(self):
        super().setUp()
        self.rows, self.estimates = {}, []  # by protocol row ids (two pages may quote the same); keys of each cell
        for path in sorted((ROOT / "docs").glob("*.md")):
            for begin in therapy_tables.BEGIN.finditer(path.read_text(encoding="utf-8")):
                if begin[1] == "rows":
                    for part in re.split(r"[;\n]", begin[2]):
                        if part.strip():
                            protocol, *ids = part.split()
                            self.rows.setdefault(protocol, {}).update(dict.fromkeys(ids))
                    continue
                said = [therapy_tables.keys_of(line, path.name) for _, line in therapy_tables.said(begin[2], 1)]
                columns = [keys for kind, _, keys in said if kind == "column"]
                cells = [{**column, **keys} for kind, _, keys in said if kind == "row" for column in columns]
                self.estimates += [cell for cell in cells if cell not in self.estimates]

    def test_rows_are_of_their_protocols(self):
        with open(ROOT / "data/evidence/map.toml", "rb") as file:
            mapped = {(row["id"], row.get("protocol")) for row in tomllib.load(file)["row"]}
        self.assertGreater(len(self.rows), 0)
        for protocol, ids in self.rows.items():
            for row in ids:
                self.assertIn((row, protocol), mapped)

    def test_estimates_are_of_their_protocols(self):
        self.assertGreater(len(self.estimates), 0)
        for keys in self.estimates:
            with open(ROOT / "data/protocols" / f"{keys['protocol']}.toml", "rb") as file:
                protocol = tomllib.load(file)
            self.assertIn(keys["endpoint"], [endpoint["id"] for endpoint in protocol["endpoint"]], keys)
            arms = [arm["id"] for arm in protocol["arm"]]
            self.assertIn(keys["arm"], arms, keys)
            self.assertIn(keys.get("reference", arms[0]), arms, keys)
            if "hypothesis" in keys:
                self.assertIn(keys["hypothesis"], [hypothesis["id"] for hypothesis in protocol["hypothesis"]], keys)

    def test_results_table_runs_what_they_name(self):
        run = therapy_tables.results_table.ORDER + therapy_tables.results_table.QUOTED
        with open(ROOT / "data/claims.toml", "rb") as file:
            figures = [figure for claim in tomllib.load(file)["claim"] for figure in claim.get("figure", [])]
        claimed = {figure["protocol"] for figure in figures if "protocol" in figure}
        self.assertLessEqual({*self.rows, *(keys["protocol"] for keys in self.estimates), *claimed}, set(run))
        shipped = {path.stem for path in (ROOT / "data/protocols").glob("*.toml")}
        # docs/predictions.md has its own figures of the running trials.
        self.assertEqual(sorted(run), sorted(shipped - {"beat-ms", "ram-ms", "star-ms"}))

    def test_every_marked_table_is_filled(self):
        shutil.copytree(ROOT / "docs", self.root / "docs", ignore=lambda _, names: [name for name in names if not name.endswith(".md")])
        number = iter(range(1000, 10000))
        protocols = {*self.rows, *(keys["protocol"] for keys in self.estimates)}
        expected = []
        for protocol in protocols:
            compared = [{"row_id": row, "published": 1, "simulated": next(number), "simulated_low": 1, "simulated_high": 2,
                         "verdict": "inside"} for row in self.rows.get(protocol, [])]
            expected += [f"| {row['simulated']} (1.00 to 2.00) | inside |" for row in compared]
            estimated = []
            for keys in (keys for keys in self.estimates if keys["protocol"] == protocol):
                value = {"mean": next(number), "low": 3, "high": 4}
                expected.append(f"| {value['mean']} (3.00 to 4.00) |")
                named = {key: word for key, word in keys.items() if key not in ("protocol", "day")}
                estimated.append({**named, "time_day": keys.get("day", 0), **value})
            mice = any("hypothesis" in row for row in estimated)
            if not mice:
                self.run_of(protocol, 30, compared, estimated)
                continue
            measures = [{**row, "value": {key: row[key] for key in ("mean", "low", "high")}} for row in estimated]
            self.write(f"runs/{protocol}/summary.json",
                       json.dumps({"format": "hortega-experiment-summary", "replicates": 30, "measures": measures}))
        code, said = self.fill()
        self.assertEqual(code, 0, said)
        after = {path.name: path.read_text(encoding="utf-8") for path in (self.root / "docs").glob("*.md")}
        for cell in expected:
            self.assertTrue(any(cell in text for text in after.values()), cell)
        between = re.compile(r"(<!-- results (?:rows|estimates):.*?-->).*?(<!-- results end -->)", re.S)
        for name, text in after.items():  # every word outside the tables is what it was
            before = (ROOT / "docs" / name).read_text(encoding="utf-8")
            self.assertEqual(between.sub(r"\1\2", text), between.sub(r"\1\2", before), name)


if __name__ == "__main__":
    unittest.main()
