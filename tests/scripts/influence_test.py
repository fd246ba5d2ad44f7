# SPDX-License-Identifier: Apache-2.0
"""scripts/influence --report ranks the rows of a CSV, leaves out those that no longer hold, and names what moved nothing."""
import unittest

from script_case import ScriptCase

PARAMETER = """
[{name}]
value = 1.0
unit = "1"
spread = 0.0
spread_reason = "made for a test"
source = "assumed"
grade = "D"
reason = "made for a test"
range = [{low}, 2.0]
"""
HEAD = "# a remark\nparameter,protocol,value,low,high,status,influence,output,at_value,at_low,at_high,scale\n"


class Influence(ScriptCase):
    def setUp(self):
        super().setUp()
        for file, names in {"disease": ["a", "b"], "therapy_hsct": ["c"], "therapy": [], "conduct": ["d"]}.items():
            self.write(f"data/parameters/{file}.toml", "".join(PARAMETER.format(name=name, low=0.5) for name in names))

    def report(self, *rows, count=2):
        out = self.write("influence.csv", HEAD + "".join(f"{row}\n" for row in rows))
        code, text = self.run_script("influence", "--data", self.root / "data", "--out", out, "--report", count)
        self.assertEqual(code, 0, text)
        return text.splitlines()

    def test_ranks_by_the_largest_change_of_any_protocol(self):
        lines = self.report("a,mist,1.0,0.5,2.0,moved,1.5,relapse / rate / DMT,1,2,3,0.5",
                            "a,drugs,1.0,0.5,2.0,moved,9.5,relapse / rate / x,1,2,3,0.5",
                            "b,mist,1.0,0.5,2.0,moved,4,edss / sd / DMT,1,2,3,0.5",
                            "c,transplants,1.0,0.5,2.0,moved nothing,0,,,,,",
                            "(seed),mist,1,2,3,moved,2.5,edss / sd / DMT,1,2,3,0.5")
        self.assertRegex(lines[0], r"^ *9\.50  a .* drugs: relapse / rate / x 2 < 1 > 3$")
        self.assertRegex(lines[1], r"^ *4\.00  b ")
        self.assertEqual(lines[2], "another seed on mist: 2.50 (edss / sd / DMT)")
        self.assertEqual(lines[3], "moved nothing: c")

    def test_leaves_out_rows_of_another_range_and_says_what_was_refused(self):
        lines = self.report("a,mist,1.0,0.4,2.0,moved,7,edss / sd / DMT,1,2,3,0.5",  # its range has changed
                            "gone,mist,1.0,0.5,2.0,moved,8,edss / sd / DMT,1,2,3,0.5",
                            "d,mist,1.0,0.5,2.0,2 refused: nobody qualifies,3,edss / sd / DMT,1,2,,0.5", count=9)
        self.assertRegex(lines[0], r"^ *3\.00  d ")
        self.assertEqual(lines[1], "moved nothing: none of them")
        self.assertEqual(lines[2], "d on mist: 2 refused: nobody qualifies")


if __name__ == "__main__":
    unittest.main()
