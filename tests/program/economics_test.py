# SPDX-License-Identifier: Apache-2.0
"""Tables for cost-utility models hold what ADaM has of the same people; cells are priced in euros of one year everywhere."""
import collections
import unittest

from program_case import ProgramCase

YEAR = 365.25


class Economics(ProgramCase):
    def test_tables_are_what_adam_has_of_the_first_trial(self):
        self.small_run("out")
        arms = {row["USUBJID"]: row["ARM"] for row in self.rows("out/adam/adsl.csv")}
        people = collections.Counter(arms.values())
        used = {(row["USUBJID"], row["PARAMCD"]): float(row["AVAL"]) for row in self.rows("out/adam/adhe.csv")}
        utility = collections.defaultdict(list)
        for row in self.rows("out/adam/adqs.csv"):
            if row["PARAMCD"] == "EQ5DUT" and row["ANL01FL"] == "Y":
                utility[row["USUBJID"]].append((int(row["ADY"]) - 1 if int(row["ADY"]) > 0 else int(row["ADY"]), float(row["AVAL"])))
        sums = collections.defaultdict(float)
        for subject, arm in arms.items():
            end = used[subject, "YEARS"] * YEAR
            seen = [point for point in sorted(utility[subject]) if point[0] <= end + 0.5]
            area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(seen, seen[1:])) + (end - seen[-1][0]) * seen[-1][1]
            for measure, amount in (("qalys", area / YEAR), ("years", used[subject, "YEARS"]), ("cost", used[subject, "COST"])):
                sums[arm, measure] += amount
        first = [row for row in self.rows("out/tables/qalys_and_costs_replicates.csv") if row["replicate"] == "1"]
        for row in first:
            self.assertEqual(int(row["people"]), people[row["arm"]])
            if row["year"] == "0":
                for measure in ("qalys", "years", "cost"):
                    mean = sums[row["arm"], measure] / people[row["arm"]]
                    self.assertAlmostEqual(float(row[measure]), mean, delta=1e-5 * max(1, mean), msg=(row["arm"], measure))
        # The years are the whole, one after another.
        for arm in people:
            years = [row for row in first if row["arm"] == arm]
            self.assertEqual([row["year"] for row in years], ["0", "1", "2", "3", "4", "5"])  # 60 months
            self.assertEqual([row["from_day"] for row in years[1:]], ["0"] + [row["to_day"] for row in years[1:-1]])
            for measure in ("qalys", "years", "cost"):
                self.assertAlmostEqual(sum(float(row[measure]) for row in years[1:]), float(years[0][measure]),
                                       delta=1e-6 * max(1, float(years[0][measure])))

    def test_states_share_out_everybody_and_means_are_those_of_the_trials(self):
        self.small_run("out")
        shares = collections.defaultdict(list)
        for row in self.rows("out/tables/edss_states.csv"):
            shares[row["arm"], int(row["day"])].append((row["state"], float(row["mean"])))
        for states in shares.values():
            self.assertEqual([name for name, _ in states], ["edss 0-1.5", "edss 2-3.5", "edss 4-5.5", "edss 6-6.5", "edss 7-7.5",
                                                            "edss 8-9.5", "dead", "not followed"])
            self.assertAlmostEqual(sum(share for _, share in states), 1.0, places=7)
        for arm in {arm for arm, _ in shares}:
            self.assertEqual(dict(shares[arm, 0])["not followed"], 0.0)
        of_trials = collections.defaultdict(list)
        for row in self.rows("out/tables/qalys_and_costs_replicates.csv"):
            for measure in ("qalys", "years", "cost"):
                of_trials[measure, row["arm"], row["year"]].append(float(row[measure]))
        means = {(r["measure"], r["arm"], r["reference"], r["year"]): float(r["mean"])
                 for r in self.rows("out/tables/qalys_and_costs.csv")}
        for (measure, arm, year), values in of_trials.items():
            self.assertEqual(len(values), 4)
            self.assertAlmostEqual(means[measure, arm, "", year], sum(values) / 4, delta=1e-7 * max(1, abs(sum(values))))
        # Of a ratio of costs to effects nothing is written anywhere.
        self.assertEqual({r["measure"] for r in self.rows("out/tables/qalys_and_costs.csv")}, {"years", "qalys", "cost"})
        resources = {(r["measure"], r["arm"], r["reference"]): float(r["mean"] or "nan") for r in self.rows("out/tables/resources.csv")}
        for measure in ("cost", "years"):
            for arm in ("HSCT", "DMT"):
                self.assertAlmostEqual(resources[measure, arm, ""], means[measure, arm, "", "0"],
                                       delta=1e-7 * resources[measure, arm, ""])

    def test_making_cells_is_in_euros_of_one_year_everywhere(self):
        protocol = self.protocol("cells.toml", ('regimen = "ahsct-cy-atg", weight = 1', 'regimen = "msc-marrow-iv", weight = 1'))
        made = {}
        for index in (1.17, 1.3):
            out = f"out-{index}"
            self.small_run(out, "--set", f"parameter.consumer_prices_2021={index}", protocol=protocol, replicates=1)
            made[index] = {r["USUBJID"]: float(r["PRODCOST"]) for r in self.rows(f"{out}/adam/adsl.csv") if r["PRODCOST"]}
            told = {r["USUBJID"]: float(r["AVAL"]) for r in self.rows(f"{out}/adam/adex.csv") if r["PARAMCD"] == "MAKECOST"}
            cells = {r["USUBJID"]: float(r["AVAL"]) for r in self.rows(f"{out}/adam/adhe.csv") if r["PARAMCD"] == "COSTCELL"}
            self.assertTrue(made[index])
            for subject, cost in made[index].items():
                self.assertAlmostEqual(told[subject], cost, delta=1e-6 * cost)
                self.assertAlmostEqual(cells[subject], cost, delta=1e-6 * cost)
        # The first part of a subject's name is of the inputs, which differ.
        made = {index: {subject.rsplit("-", 1)[1]: cost for subject, cost in costs.items()} for index, costs in made.items()}
        self.assertEqual(made[1.17].keys(), made[1.3].keys())
        for subject, cost in made[1.17].items():
            self.assertAlmostEqual(made[1.3][subject] / cost, 1.3 / 1.17, places=6)


if __name__ == "__main__":
    unittest.main()
