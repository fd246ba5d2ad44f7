# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers passes a clean tree and finds each kind of wrong include."""
import unittest

from script_case import ScriptCase


class CheckLayers(ScriptCase):
    def setUp(self):
        super().setUp()
        self.write("CMakeLists.txt", "hortega_layer(core)\nhortega_layer(disease core)  # not therapy\n"
                                     "hortega_layer(therapy core\n  disease)\n")
        self.write("src/hortega/core/a.hpp", '#include <vector>\n')
        self.write("src/hortega/therapy/t.cpp",
                   '#include "hortega/core/a.hpp"\n#include "hortega/disease/d.hpp"\n#include "hortega/therapy/t.hpp"\n')

    def check(self):
        return self.run_script("check-layers", self.root)

    def test_clean(self):
        self.assertEqual(self.check(), (0, "check-layers: 2 files, 0 problems\n"))

    def test_disease_includes_therapy(self):
        self.write("src/hortega/disease/d.hpp", '#include "hortega/core/a.hpp"\n# include "hortega/therapy/t.hpp"\n')
        code, text = self.check()
        self.assertEqual(code, 1)
        self.assertIn("src/hortega/disease/d.hpp:2: disease includes therapy; it may include core, disease", text)

    def test_unknown_folder(self):
        self.write("src/hortega/magic/m.cpp", "\n")
        self.assertIn("folder 'magic' is no layer", self.check()[1])

    def test_slow_headers(self):
        self.write("src/hortega/core/j.hpp", "#include <nlohmann/json.hpp>\n")
        self.write("src/hortega/core/c.cpp", "#include <CLI/CLI.hpp>\n#include <nlohmann/json.hpp>\n")
        code, text = self.check()
        self.assertEqual(code, 1)
        self.assertIn("core/j.hpp:1:", text)
        self.assertIn("core/c.cpp:1:", text)
        self.assertNotIn("core/c.cpp:2:", text)

    def test_relative_include(self):
        self.write("src/hortega/core/r.cpp", '#include "../therapy/t.hpp"\n')
        code, text = self.check()
        self.assertEqual(code, 1)
        self.assertIn('src/hortega/core/r.cpp:1: write "hortega/LAYER/FILE" for a header of ours', text)

    def test_directions_against_the_order(self):
        self.write("CMakeLists.txt", "hortega_layer(core disease)\nhortega_layer(disease)\nhortega_layer(therapy)\n")
        self.assertEqual(self.check()[0], 2)


if __name__ == "__main__":
    unittest.main()
