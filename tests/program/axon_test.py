# SPDX-License-Identifier: Apache-2.0
"""hortega axon: a fibre that conducts or does not, from the outside."""
import base64
import json
import re
import struct
import unittest
import zlib

from program_case import ProgramCase

QUICK = ["--set", "measure.train_hz=[]", "--set", "measure.refractory=false", "--set", "measure.safety=false"]


class Axon(ProgramCase):
    def axon(self, name, *arguments):
        return self.hortega("axon", f"data/scenarios/axon-{name}.toml", *arguments)

    def test_json_has_the_published_velocity(self):
        done = self.axon("optic-nerve", "--json", *QUICK)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertAlmostEqual(json.loads(done.stdout)["conduction_velocity_m_per_s"], 2.95, delta=0.005)

    def test_every_output_is_written_and_the_page_asks_for_nothing(self):
        done = self.axon("uhthoff", "--out", "out", *QUICK, "--set", "run.dt_us=4")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.visible("out"), ["manifest.json", "pictures", "report.html", "summary.json", "tables"])
        rows = self.rows("out/tables/cases.csv")
        summary = json.loads((self.folder / "out" / "summary.json").read_text(encoding="utf-8"))
        self.assertEqual([r["case"] for r in rows], ["intact"] + [c["name"] for c in summary["cases"]])
        blocked = {r["case"] for r in rows if r["transmitted"] == "0"}
        self.assertEqual(blocked, {"lesion at 39 °C", "longer lesion at 37 °C"})
        page = (self.folder / "out" / "report.html").read_text(encoding="utf-8")
        self.assertNotRegex(page, r'(src|href)="https?:')
        self.assertEqual(len(re.findall(r"data:image/png;base64,iVBOR", page)), len(rows))
        film = json.loads(re.search(r'id="film-data">(.*?)</script>', page, re.DOTALL).group(1))
        for one in film["cases"]:
            self.assertEqual(len(one["levels"]), one["rows"] * one["columns"])
        words = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)  # a packed picture may spell anything
        self.assertNotIn("nan", words.lower().replace("nanometre", ""))

    def test_pictures_are_png_that_show_the_spike(self):
        done = self.axon("optic-nerve", "--out", "out", *QUICK)
        self.assertEqual(done.returncode, 0, done.stderr)
        svg = (self.folder / "out" / "pictures" / "00-intact.svg").read_text(encoding="utf-8")
        data = base64.b64decode(re.search(r"base64,([A-Za-z0-9+/=]+)", svg).group(1), validate=True)
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        at, chunks = 8, {}
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            self.assertEqual(zlib.crc32(data[at + 4:at + 8 + size]), struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0])
            chunks[kind] = data[at + 8:at + 8 + size]
            at += 12 + size
        width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
        pixels = zlib.decompress(chunks[b"IDAT"])
        self.assertEqual(len(pixels), height * (width + 1))
        # In each later row the brightest point lies farther along the fibre.
        rows = [pixels[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]
        brightest = [row.index(max(row)) for row in rows if max(row) > 180]
        self.assertGreater(len(brightest), height // 3)
        self.assertLess(brightest[0], width // 4)
        self.assertGreater(brightest[-1], 3 * width // 4)

    def test_threads_change_nothing(self):
        told = [self.axon("demyelinated", "--json", *QUICK, "--set", "run.dt_us=4", "--threads", n).stdout for n in (1, 2)]
        self.assertTrue(told[0])
        self.assertEqual(told[0], told[1])

    def test_bad_input_is_refused_with_its_place(self):
        # With the key before the message: the line that is shown below it has the key in any case.
        for setting, fragment in (("fibre.internode_length_um=-1", "error: fibre.internode_length_um: -1 is out of range"),
                                  ("run.dt_us=500", "error: run.dt_us: 500 is out of range"), ("fibre.wrap=3", "did you mean 'wraps'?")):
            done = self.axon("optic-nerve", "--out", "out", "--set", setting)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(fragment, done.stderr)
            self.assertFalse((self.folder / "out").exists())
        done = self.hortega("axon", "data/protocols/mist.toml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("this is a protocol (hortega run FILE reads it)", done.stderr)

    def test_a_parameter_is_set_by_hand_and_recorded(self):
        # 26 % less fast sodium: 2.695 m/s (tests/axon/halter_clark.test.cpp), here as the model's one density.
        setting = "parameter.halter_fast_sodium_density=2220"
        done = self.axon("optic-nerve", "--out", "out", "--json", *QUICK, "--set", setting)
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout)
        self.assertAlmostEqual(summary["conduction_velocity_m_per_s"], 2.695, delta=0.005)
        self.assertEqual(summary["settings"], QUICK[1::2] + [setting])
        kept = json.loads((self.folder / "out" / "summary.json").read_text(encoding="utf-8"))
        self.assertEqual(kept, summary)
        self.assertIn(setting, (self.folder / "out" / "report.html").read_text(encoding="utf-8"))

    def test_parameters_that_cannot_be_set_are_refused(self):
        for name, setting, fragment in (
                ("optic-nerve", "parameter.halter_fast_sodium_densty=2220", "did you mean 'halter_fast_sodium_density'?"),
                ("optic-nerve", "parameter.halter_fast_sodium_density=1", "1500 to 6000"),
                ("optic-nerve", "parameter.halter_fast_sodium_density=much", "sets no number"),
                ("optic-nerve", "parameter.mrg_slow_potassium_density=40", "begins with halter_"),
                ("mrg", "parameter.halter_slow_potassium_density=40", "begins with mrg_")):
            done = self.axon(name, "--out", "out", *QUICK, "--set", setting)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(fragment, done.stderr)
            self.assertFalse((self.folder / "out").exists())
        done = self.hortega("axon", "tables", "--out", "out", "--set", "parameter.conduction_g_ratio=0.8")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("as it stands", done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_too_much_is_refused(self):
        done = self.axon("optic-nerve", *QUICK, "--set", "run.dt_us=0.00001", "--set", "run.duration_ms=10000")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("time steps", done.stderr)

    def test_schema_and_check_know_scenarios(self):
        done = self.hortega("schema", "axon")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("internode_length_um", json.dumps(json.loads(done.stdout)))
        done = self.hortega("check", "data/scenarios/axon-mrg.toml")
        # The counts are those of tests/axon/scenarios.test.cpp (CostIsCountedBeforeTheRun).
        self.assertEqual((done.returncode, done.stdout), (
            0, "data/scenarios/axon-mrg.toml: good axon\n  1 fibre of up to 621 compartments, 3000 time steps for a spike; "
            "at most 70 runs with 7.4e+08 steps of a compartment in all\n"))

    def test_the_manifest_says_how_it_was_made(self):
        name = "data/scenarios/axon-optic-nerve.toml"
        settings = ["run.dt_us=4", "parameter.halter_fast_sodium_density=2900"]
        done = self.axon("optic-nerve", "--out", "out", *QUICK, "--set", settings[0], "--set", settings[1])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_manifest("out", name, "data/parameters/axon/axon.toml", QUICK[1::2] + settings)
        manifest = json.loads((self.folder / "out/manifest.json").read_text(encoding="utf-8"))
        self.assertEqual(manifest["scenario"]["run"]["dt_us"], 4)
        self.assertEqual(manifest["scenario"]["measure"]["train_pulses"], 10)  # the default, which no file says
        # No folder is left of a run that is refused while it runs.
        done = self.axon("optic-nerve", "--out", "none", *QUICK, "--set", "run.dt_us=0.00001", "--set", "run.duration_ms=10000")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse((self.folder / "none").exists())

    def test_zero_threads_are_all_cores(self):
        done = self.axon("optic-nerve", "--json", *QUICK, "--set", "run.dt_us=4", "--threads", 0)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, self.axon("optic-nerve", "--json", *QUICK, "--set", "run.dt_us=4", "--threads", 1).stdout)

    def test_an_early_end_is_told_as_such(self):
        done = self.axon("uhthoff", *QUICK, "--set", "run.duration_ms=0.3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Not decided, the record ended: lesion at 37 °C;", done.stdout)
        self.assertNotIn("Blocked", done.stdout)


if __name__ == "__main__":
    unittest.main()
