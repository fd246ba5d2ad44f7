# SPDX-License-Identifier: Apache-2.0
"""The manual page names the subcommands and options that the program has, and no others."""
import re
import unittest

from program_case import ROOT, ProgramCase

PAGE = ROOT / "docs" / "man" / "hortega.1"
ALWAYS = {"--help", "--version"}


def section(text, title):
    """A section of a manual page, its escaped hyphens plain."""
    found = re.search(rf"^\.SH {re.escape(title)}\n(.*?)(?=^\.SH |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1).replace(r"\-", "-") if found else ""


def synopsis(text):
    """Subcommand -> options in the synopsis."""
    parts = re.split(r"^\.B hortega (\w+)\n", section(text, "SYNOPSIS"), flags=re.MULTILINE)
    return {name: set(re.findall(r"--[a-z][a-z-]*", body)) for name, body in zip(parts[1::2], parts[2::2])}


def options_of(help_text):
    """Options that a help lists: each begins its line, after the short form if it has one."""
    return set(re.findall(r"^  (?:-\w,)?(--[a-z][a-z-]*)", help_text, re.MULTILINE)) - ALWAYS


def subcommands_of(help_text):
    return set(re.findall(r"^  ([a-z]+) ", help_text.split("Subcommands:\n")[1].split("\n\n")[0], re.MULTILINE))


class ManualPage(ProgramCase):
    def setUp(self):
        super().setUp()
        self.page = PAGE.read_text(encoding="utf-8")

    def help_of(self, *subcommand):
        done = self.hortega(*subcommand, "--help")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_every_subcommand_and_no_other(self):
        known = subcommands_of(self.help_of())
        self.assertIn("run", known)
        self.assertEqual(set(synopsis(self.page)), known)
        told = set(re.findall(r"^\.TP\n\.B (\w+)\n", section(self.page, "SUBCOMMANDS"), re.MULTILINE))
        self.assertEqual(told, known)

    def test_every_option_and_no_other(self):
        for name, options in synopsis(self.page).items():
            with self.subTest(name):
                known = options_of(self.help_of(name))
                self.assertTrue(known)  # each has one besides --help
                self.assertEqual(options, known)

    def test_every_option_of_run_is_explained(self):
        entries = re.split(r"^\.TP\n", section(self.page, "OPTIONS OF RUN"), flags=re.MULTILINE)[1:]
        # --effort stands within the entry of --sensitivity.
        told = {option for entry in entries for option in re.findall(r"^\.BI? (--[a-z][a-z-]*)", entry, re.MULTILINE)}
        self.assertEqual(told, options_of(self.help_of("run")))

    def test_the_readers_of_both_can_tell_a_difference(self):
        page = self.page.replace("[ \\-\\-most\\-lives", "[ \\-\\-least\\-lives")
        self.assertNotEqual(page, self.page)
        self.assertEqual(synopsis(page)["compare"] ^ synopsis(self.page)["compare"], {"--most-lives", "--least-lives"})
        told = options_of("Options:\n  -h,--help                   Print this help\n  --a-b TEXT  Needs: --c\n"
                          "  --d Excludes: --e\n                              text --f\n\nExample:\n  hortega x --g\n")
        self.assertEqual(told, {"--a-b", "--d"})


if __name__ == "__main__":
    unittest.main()
