# SPDX-License-Identifier: Apache-2.0
"""scripts/check-passports passes a sound tree and finds each kind of fault, with its place."""
import unittest

from script_case import ScriptCase

GOOD = """# immunity
[relapse_threshold]
value = 3.1
unit = "1"
spread = 0.2
source = "Roe 2011, doi:10.1000/xyz"
grade = "A"
note = "where symptoms begin"

[thymic_gain]
value = 0.4
unit = "1/year"
spread = 0
spread_reason = "no study reports how people differ"
source = "assumed"
grade = "D"
reason = "no measurement"
range = [0.1, 1.0]
note = "how fast the thymus comes back"

[attack_rate]
value = [0.4, 0.5]
unit = "1/year"
spread = 0.5
source = "fitted to E0001"
grade = "F"
range = [0.1, 2.0]
note = "attacks a year"
"""
ROWS = "id,role,study\nE0001,calibration,X\nE0002,validation,Y\n"
CODE = """// The rate 0.37 in a comment, and \"0.37\" in a string, are no constants.
const char* text = "0.37";
double f(const P& p) { return p.relapse_threshold * 0.5 + 1e-3 * p.attack_rate[0] - 1.0 / 365.25; }
double g() { return get("thymic_gain") * 10.0; }
// not biology: coefficient of the integration scheme
double h = 0.2113248654051871;
double i = 0.37;  // not biology: an example
"""


class CheckPassports(ScriptCase):
    def setUp(self):
        super().setUp()
        self.tree(GOOD, CODE)

    def tree(self, parameters=GOOD, code=CODE):
        self.write("data/parameters/immunity.toml", parameters)
        self.write("data/evidence/published.csv", ROWS)
        self.write("src/hortega/disease/d.cpp", code)

    def check(self):
        return self.run_script("check-passports", self.root)

    def test_folders_of_parameters_and_the_fibre_are_checked(self):
        self.write("data/parameters/axon/axon.toml", GOOD.replace("relapse_threshold", "node_length").split("[thymic_gain]")[0])
        self.write("src/hortega/axon/a.cpp", "double a(const P& p) { return p.node_length * 1.02; }\n")
        self.assert_found("src/hortega/axon/a.cpp:1:", "literal 1.02")
        self.write("src/hortega/axon/a.cpp", "double a() { return 1.0; }\n")
        self.assert_found("data/parameters/axon/axon.toml:2:", "used nowhere")

    def test_the_tissue_is_checked(self):
        self.write("data/parameters/lesion/lesion.toml", GOOD.replace("relapse_threshold", "tissue_density").split("[thymic_gain]")[0])
        self.write("src/hortega/lesion/l.cpp", 'double l(const Set& s) { return s.get("tissue_density") * 1.02; }\n')
        self.assert_found("src/hortega/lesion/l.cpp:1:", "literal 1.02")
        self.write("src/hortega/lesion/l.cpp", "double l() { return 1.0; }\n")
        self.assert_found("data/parameters/lesion/lesion.toml:2:", "used nowhere")

    def test_a_number_of_the_mouse_is_used_where_that_of_people_is(self):
        mouse = GOOD.split("[thymic_gain]")[0]
        self.write("data/parameters/mouse/eae.toml", mouse.replace("relapse_threshold", "mouse_relapse_threshold"))
        self.assertEqual(self.check()[0], 0)
        self.write("data/parameters/mouse/eae.toml", mouse.replace("relapse_threshold", "mouse_relapse_treshold"))
        self.assert_found("data/parameters/mouse/eae.toml:2:", "used nowhere")

    def assert_found(self, *parts):
        code, text = self.check()
        self.assertEqual(code, 1, text)
        self.assertTrue(any(all(part in line for part in parts) for line in text.splitlines()), text)

    def test_sound_tree(self):
        self.assertEqual(self.check(),
                         (0, "check-passports: 3 parameters in 1 files, 1 files of the model, 0 problems\n"))

    def test_faults_of_a_passport(self):
        for old, new, part in (
                ('unit = "1/year"\nspread = 0\n', "spread = 0\n", "'thymic_gain' has no unit"),
                ('spread_reason = "no study reports how people differ"\n', "", "spread 0 needs spread_reason"),
                ('spread = 0.2', "spread = -0.2", "spread is no number"),
                ('reason = "no measurement"\n', "", "grade D needs reason"),
                ("range = [0.1, 1.0]\n", "", "grade D needs range"),
                ("range = [0.1, 1.0]", "range = [0.5, 1.0]", "outside its range"),
                ("spread = 0.2", "spread = 0.2\nspread_range = [0.3, 0.5]", "outside its spread_range"),
                ("spread = 0.2", "spread = 0.2\nspread_range = [-1, 0.5]", "spread_range is not"),
                ("range = [0.1, 1.0]", "range = [1.0, 0.1]", "range is not [low, high]"),
                ("value = [0.4, 0.5]", "value = [0.4, 5.0]", "outside its range"),
                ("value = 3.1", "value = nan", "value is neither"),
                ("value = 3.1", 'value = "3.1"', "value is neither"),
                ('grade = "A"', 'grade = "E"', "none of A B C D F"),
                ('"Roe 2011, doi:10.1000/xyz"', '"a textbook"', "grade A needs a source"),
                ('"fitted to E0001"', '"fitted"', "grade F needs the calibration rows"),
                ('"fitted to E0001"', '"fitted to E0009"', "row E0009 is not in"),
                ('"fitted to E0001"', '"fitted to E0002"', "E0002 is for validation"),
                ('note = "where symptoms begin"', 'nota = "x"', "unknown field 'nota'"),
                ('source = "assumed"\n', "", "'thymic_gain' has no source")):
            with self.subTest(part=part):
                self.assertIn(old, GOOD)
                self.tree(GOOD.replace(old, new))
                self.assert_found("data/parameters/immunity.toml:", part)

    def test_a_fitted_spread_has_a_range(self):
        trait = '[trait]\nvalue = 1.0\nunit = "1"\nspread = 0.5\nsource = "fitted to E0001"\ngrade = "F"\nrange = [0.99, 1.01]\n'
        code = CODE + "double t(const P& p) { return p.trait; }\n"
        self.tree(GOOD + trait, code)
        self.assert_found("data/parameters/immunity.toml:", "'trait': the fitted spread needs spread_range")
        for sound in (trait + "spread_range = [0.2, 0.9]\n", trait.replace("0.99", "0.5"), trait.replace('"F"', '"D"\nreason = "x"')):
            self.tree(GOOD + sound, code)
            self.assertEqual(self.check()[0], 0, self.check()[1])

    def test_place_of_a_fault(self):
        self.tree(GOOD.replace("value = 3.1", "value = nan"))
        self.assert_found("data/parameters/immunity.toml:2:", "relapse_threshold")

    def test_broken_file(self):
        self.tree(GOOD + "[broken\n")
        self.assert_found(f"data/parameters/immunity.toml:{GOOD.count(chr(10)) + 1}:")

    def test_name_in_two_files(self):
        self.write("data/parameters/other.toml", GOOD[GOOD.index("[attack_rate]"):])
        self.assert_found("data/parameters/other.toml:1:", "'attack_rate' stands in data/parameters/immunity.toml:21 too")

    def test_unused_name(self):
        self.tree(code=CODE.replace("p.attack_rate", "attack_rate"))
        self.assert_found("'attack_rate' is used nowhere")

    def test_constants_in_code(self):
        for literal in ("0.37", "3.0", ".7", "1.5e-3", "0.37f", "1'200.5"):
            with self.subTest(literal=literal):
                self.tree(code=CODE + f"double k = {literal};\n")
                self.assert_found(f"src/hortega/disease/d.cpp:{CODE.count(chr(10)) + 1}:", f"literal {literal}")

    def test_an_excuse_needs_a_reason(self):
        self.tree(code=CODE + "double k = 0.37;  // not biology:\n")
        self.assert_found("literal 0.37")

    def test_an_excuse_at_the_end_of_a_line_is_for_that_line_alone(self):
        self.tree(code=CODE + "double k = 0.37;\n")
        self.assert_found(f"d.cpp:{CODE.count(chr(10)) + 1}:")

    def test_a_table_of_a_definition(self):
        begin, end = "// not biology from here: the scale's steps\n", "// not biology to here\n"
        self.tree(code=CODE + begin + "double k = 4.5;\ndouble l = 5.5;\n" + end)
        self.assertEqual(self.check()[0], 0)
        self.tree(code=CODE + begin + "double k = 4.5;\n" + end + "double l = 5.5;\n")
        self.assert_found("literal 5.5")
        self.tree(code=CODE + begin + "double k = 4.5;\n")
        self.assert_found(f"d.cpp:{CODE.count(chr(10)) + 1}:", "without `// not biology to here`")
        self.tree(code=CODE + "// not biology from here:\ndouble k = 4.5;\n" + end)
        self.assert_found("literal 4.5")

    def test_therapy_too_but_not_core(self):
        self.write("src/hortega/core/math.hpp", "double k = 0.37;\n")
        self.assertEqual(self.check()[0], 0)
        self.write("src/hortega/therapy/t.hpp", "double k = 0.37;\n")
        self.assert_found("src/hortega/therapy/t.hpp:1:")

    def test_published_model_stands_apart(self):
        head = "// Published model with its own constants: {}\n"
        self.write("src/hortega/disease/net.hpp", head.format("Roe 2011, doi:10.1000/xyz") + "double k = 0.37;\n")
        self.assertEqual(self.check()[0], 0, self.check()[1])
        self.tree(code=CODE + '#include "hortega/disease/net.hpp"\n')
        self.assert_found(f"d.cpp:{CODE.count(chr(10)) + 1}: includes hortega/disease/net.hpp, a published model")
        self.tree()
        self.write("src/hortega/disease/net.hpp", head.format("somebody") + "double k = 0.37;\n")
        self.assert_found("net.hpp:1: a published model needs")
        self.assert_found("net.hpp:2: literal 0.37")

    def test_model_without_parameters(self):
        (self.root / "data/parameters/immunity.toml").unlink()
        self.assert_found("no parameter files")


if __name__ == "__main__":
    unittest.main()
