# SPDX-License-Identifier: Apache-2.0
"""scripts/test-summary counts what ctest really did."""
import unittest

from script_case import ScriptCase

# The forms that ctest 3.25 writes.
PASSED = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="fail"><failure message="Failed"/></testcase>'
ABSENT = '<testcase name="c" status="notrun"><skipped message="Unable to find executable"/></testcase>'
SKIPPED = '<testcase name="d" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>'


class TestSummary(ScriptCase):
    def summary(self, *cases):
        return self.run_script("test-summary", self.write("t.xml", f"<testsuite>{''.join(cases)}</testsuite>"))

    def test_passed(self):
        self.assertEqual(self.summary(PASSED, PASSED), (0, "2 passed, 0 failed\n"))

    def test_failed_and_not_runnable_are_failures(self):
        code, text = self.summary(PASSED, FAILED, ABSENT)
        self.assertEqual(code, 1)
        self.assertEqual(text, "failed: b\nfailed: c\n1 passed, 2 failed\n")

    def test_skipped_is_said(self):
        self.assertEqual(self.summary(PASSED, SKIPPED), (0, "skipped: d\n1 skipped\n1 passed, 0 failed\n"))

    def test_nothing_passed_is_no_success(self):
        self.assertEqual(self.summary(SKIPPED)[0], 1)
        self.assertEqual(self.summary()[0], 1)

    def test_no_file(self):
        self.assertEqual(self.run_script("test-summary", self.root / "absent.xml")[0], 2)
        self.assertEqual(self.run_script("test-summary", self.write("t.xml", "<testsuite>"))[0], 2)


if __name__ == "__main__":
    unittest.main()
