# SPDX-License-Identifier: Apache-2.0
"""scripts/check-links passes a clean tree and finds each kind of link that leads nowhere."""
import unittest

from script_case import ScriptCase


class CheckLinks(ScriptCase):
    def setUp(self):
        super().setUp()
        self.write("README.md", "# Top\n[a page](docs/page.md), [its part](docs/page.md#the-first-part-of-model) and\n"
                                "[a place elsewhere](https://example.org/none#x); ![picture](docs/one.png)\n")
        self.write("docs/page.md", "# Page\n## The *first* part, of `model`\n[up](../README.md#top), [here](#page), [folder](../docs)\n")
        self.write("docs/one.png", "")

    def check(self):
        return self.run_script("check-links", self.root)

    def finds(self, text, *expected):
        """What is said of a page docs/other.md with this text: these problems in this order, and no more."""
        self.write("docs/other.md", text)
        code, said = self.check()
        lines = [f"docs/other.md:{line}\n" for line in expected]
        self.assertEqual(said, "".join(lines) + f"check-links: 3 pages, {len(expected)} problems\n")
        self.assertEqual(code, 1 if expected else 0)

    def test_clean(self):
        self.assertEqual(self.check(), (0, "check-links: 2 pages, 0 problems\n"))

    def test_no_such_file(self):
        self.finds("\nSee [that](none.md) and [this](page.md).\n", "2: the link to none.md finds no file of the tree")
        self.finds("![](none.png)\n", "1: the link to none.png finds no file of the tree")

    def test_outside_of_the_tree(self):
        self.finds("[out](../../)\n", "1: the link to ../../ finds no file of the tree")

    def test_no_such_heading(self):
        self.finds("[a](page.md#second-part)\n", "1: the link to page.md#second-part finds no such heading")
        self.finds("# Other\n[a](#another)\n", "2: the link to #another finds no such heading")

    def test_heading_of_one_name_twice(self):
        self.finds("# Same\n# Same\n[a](#same) [b](#same-1)\n")
        self.finds("# Same\n# Same\n[c](#same-2)\n", "3: the link to #same-2 finds no such heading")

    def test_code_is_no_link(self):
        self.finds("`[a](none.md)`\n\n    [b](none.md)\n\n```\n[c](none.md)\n# Fenced\n```\n")
        self.finds("```\n# Fenced\n```\n[d](#fenced)\n", "4: the link to #fenced finds no such heading")

    def test_page_or_script_named_in_the_text(self):
        self.write("scripts/there-is", "")
        self.finds("docs/page.md, `scripts/there-is DIR`, tests/scripts/none, scripts/ and docs/NAME.md\n")
        self.finds("`docs/gone.md`\n\n    scripts/gone --all\n", "1: there is no docs/gone.md", "3: there is no scripts/gone")

    def test_the_changelog_tells_of_what_is_gone(self):
        self.write("CHANGELOG.md", "scripts/gone was removed\n")
        self.assertEqual(self.check(), (0, "check-links: 3 pages, 0 problems\n"))
        self.write("CHANGELOG.md", "[gone](docs/gone.md)\n")
        self.assertEqual(self.check()[0], 1)

    def test_part_of_a_document_that_no_reader_has(self):
        # The names are put in, or this file would be found itself.
        for name, part in (("MODELS", "2.17a"), ("SCIENCE", "6"), ("PROTOTYPE", "2.6"), ("ENDPOINTS.md", "3.4"), ("DESIGN", "law 3"),
                           ("DESIGN", "laws 4 and 5"), ("STANDARDS", "Appendix D"), ("ENDPOINTS", "section 4"), ("STYLE", "\u00a7 1"),
                           ("evidence/NOTES", "7"), ("PROTOCOLS", "1.3 [v S10]"), ("ENDPOINTS", "\n// 3.3 and 4")):
            with self.subTest(name=name, part=part):
                self.write("src/hortega/disease/a.hpp", f"// One\n// (see {name} {part})\n")
                code, said = self.check()
                self.assertEqual(code, 1)
                word = name.removesuffix(".md").removeprefix("evidence/")
                self.assertRegex(said, rf"^src/hortega/disease/a\.hpp:2: {word} \S+.* is in no file of the tree")
        self.write("src/hortega/disease/a.hpp", "")
        name = "MODELS"
        for file in ("data/x.toml", "apps/a.cpp", "bench/b.cpp", "cmake/c.cmake", "scripts/s", "tests/t.py", "docs/other.md",
                     "CHANGELOG.md"):
            with self.subTest(file=file):
                path = self.write(file, f'source = "{name} 2.1"\n')
                self.assertRegex(self.check()[1], rf"(?m)^{file}:1: {name} 2\.1 is in no file")
                path.unlink()

    def test_part_of_a_document_that_is_there(self):
        self.write("data/evidence/NOTES.md", "# Notes\n## 2. One\n### 2.1 Two\n")
        cited = "data/evidence/NOTES" + ".md"
        self.write("data/x.toml", f'source = "{cited} 2.1 [m]; {cited} 2."\nPROTOCOLS = 3  # DESIGN of 2 trials\n')
        self.assertEqual(self.check(), (0, "check-links: 3 pages, 0 problems\n"))
        self.write("data/x.toml", f'source = "{cited} 2.2"\n')
        self.assertEqual(self.check(), (1, "data/x.toml:1: data/evidence/NOTES.md has no part 2.2\ncheck-links: 3 pages, 1 problems\n"))

    def test_marks_of_protocols(self):
        self.write("data/protocols/README.md", "# Protocols\n- S1: one\n")
        self.write("data/protocols/a.toml", '[visits]\nmri = []\n[[arm]]\nid = "A"\nn = 3\n'
                                            '[marks]\n"visits.mri" = "v S1"\n"arm.A.n" = "h"\n"arm.B.n" = "v S2 4.1"\nvisit = "m"\n')
        self.assertEqual(self.check(), (1, "data/protocols/a.toml: marks.arm.B.n: the protocol has no such key\n"
                                           "data/protocols/a.toml: marks.arm.B.n: data/protocols/README.md lists no source S2\n"
                                           "data/protocols/a.toml: marks.visit: the protocol has no such key\n"
                                           "check-links: 3 pages, 3 problems\n"))

    def test_what_is_no_text_is_not_read(self):
        (self.write("data/t.nc", "").write_bytes(b"\xff\xfe MODELS" + b" 2.1"))
        self.assertEqual(self.check(), (0, "check-links: 2 pages, 0 problems\n"))

    def test_what_is_built_does_not_count(self):
        self.write("build/page.md", "[a](none.md)\n")
        self.assertEqual(self.check(), (0, "check-links: 2 pages, 0 problems\n"))

    def test_nothing_to_read(self):
        self.assertEqual(self.run_script("check-links", self.root / "none"), (2, "check-links: 0 pages, 0 problems\n"))


if __name__ == "__main__":
    unittest.main()
