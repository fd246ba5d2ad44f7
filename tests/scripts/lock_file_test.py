# SPDX-License-Identifier: Apache-2.0
"""package.json pins exact versions and package-lock.json names no host, so that any registry serves."""
import json
import re
import unittest

from script_case import ROOT


class LockFile(unittest.TestCase):
    def test_exact_versions_that_the_lock_file_repeats(self):
        wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
        locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        self.assertEqual(set(wanted), {"vega", "vega-lite", "vega-embed"})
        for name, version in wanted.items():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")
            self.assertEqual(locked[f"node_modules/{name}"]["version"], version)

    def test_no_host_but_a_checksum_for_each(self):
        text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r".*://.*", text), [])
        for name, entry in json.loads(text)["packages"].items():
            if name:
                self.assertTrue(entry["integrity"].startswith("sha512-"), name)


if __name__ == "__main__":
    unittest.main()
