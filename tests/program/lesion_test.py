# SPDX-License-Identifier: Apache-2.0
"""hortega lesion: scenarios from the outside: what is written, threads, and bad input."""
import json
import re
import shutil
import signal
import struct
import subprocess
import time
import unittest
import zlib

from program_case import PROGRAM, ProgramCase

SMALL = """format = "hortega-lesion"
version = 1
id = "small"
title = "A small lesion"

[domain]
size = "2 mm"
voxel = "50 um"

[time]
duration = "40 days"
frame = "10 days"

[host]
iron_uptake = 0.05

[[attack]]
t_cells_per_mm = 40000
"""


class Lesion(ProgramCase):
    def scenario(self, *replacements, text=SMALL, name="small.toml"):
        for old, new in replacements:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def test_a_run_writes_what_it_says(self):
        done = self.hortega("lesion", self.scenario(), "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertGreater(told["lesion_mm2"], 0.05)
        self.assertEqual(self.visible("out"),
                         ["fields.nc", "frames", "labels.nii", "manifest.json", "report.html", "summary.json", "volumes.csv"])
        rows = self.rows("out/volumes.csv")
        self.assertEqual(len(rows), 41)
        self.assertAlmostEqual(float(rows[-1]["edge_laden_share"]), told["edge_laden_share"], 8)
        self.assertAlmostEqual(float(rows[-1]["core_laden_share"]), told["core_laden_share"], 8)
        self.assertAlmostEqual(told["territory_mm"], 0.05, 12)
        self.assertEqual(float(rows[0]["lesion_mm2"]), 0.0)
        self.assertAlmostEqual(float(rows[-1]["lesion_mm2"]), told["lesion_mm2"], 8)
        frame = (self.folder / "out/frames/frame_0001.png").read_bytes()
        self.assertEqual(frame[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(struct.unpack(">II", frame[16:24]), (40, 40))
        self.assert_pixels_are_whole(frame)
        labels = (self.folder / "out/labels.nii").read_bytes()
        self.assertEqual(struct.unpack("<i", labels[:4])[0], 348)
        self.assertEqual(struct.unpack("<8h", labels[40:56])[:4], (3, 40, 40, 1))
        self.assertEqual(labels[344:348], b"n+1\0")
        self.assertEqual(len(labels), 352 + 1600)
        self.assertIn(1, labels[352:])
        report = (self.folder / "out/report.html").read_text(encoding="utf-8")
        self.assertNotIn("http://", report.replace("http://www.w3.org", ""))
        self.assertIn("data:image/png;base64,", report)

    def test_numbers_are_short_and_in_words_and_conditions_are_told(self):
        name = self.scenario(("iron_uptake = 0.05", 'iron_uptake = 0.05\nage = "41 years"'),
                             ("t_cells_per_mm = 40000\n", 't_cells_per_mm = 40000\n\n[[addition]]\nkind = "mesenchymal"\n'
                              'day = "20 days"\ncells_per_mm = 1234\n'))
        done = self.hortega("lesion", name, "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        kept = json.loads((self.folder / "out/summary.json").read_text(encoding="utf-8"))
        told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
        self.assertEqual(told["lesion_mm2"], f"{kept['lesion_mm2']:.4g}")
        for value in told.values():
            self.assertLessEqual(len(re.sub(r"e.*|\D", "", value).lstrip("0")), 4, value)
        page = (self.folder / "out/report.html").read_text(encoding="utf-8")
        lines = dict(re.findall(r'<tr><th scope="row">(.*?)</th><td class="n?">(.*?)</td></tr>', page))
        self.assertEqual([key for key in lines if "_" in key], [])
        self.assertEqual(lines["Lesion: tissue that ever lost half of its myelin"], told["lesion_mm2"] + " mm²")
        self.assertEqual(lines["Age"], "41 years")
        self.assertEqual(lines["Attack, day 0 to 14"], "40000 T cells for each mm of venule")
        self.assertEqual(lines["Cells given, day 20"], "1234 mesenchymal cells for each mm of venule, within 1 mm of it")

    def test_other_models_are_in_words_too(self):
        for name, days in (("weatherley", "weatherley.days=5"), ("balo", "rings.duration=0.5")):
            done = self.hortega("lesion", f"data/scenarios/lesion-{name}.toml", "--out", name, "--set", days)
            self.assertEqual(done.returncode, 0, done.stderr)
            page = (self.folder / name / "report.html").read_text(encoding="utf-8")
            names = re.findall(r'<tr><th scope="row">(.*?)</th>', page)
            self.assertGreater(len(names), 5)
            self.assertEqual([key for key in names if "_" in key], [])

    def test_the_manifest_says_how_it_was_made(self):
        name = self.scenario(('duration = "40 days"', 'duration = "3 days"'))
        settings = ["host.age=50 years", "parameter.tissue_t_death=0.3"]
        done = self.hortega("lesion", name, "--out", "out", "--seed", 7, "--set", settings[0], "--set", settings[1])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_manifest("out", name, "data/parameters/lesion/lesion.toml", settings)
        manifest = json.loads((self.folder / "out/manifest.json").read_text(encoding="utf-8"))
        self.assertEqual((manifest["seed"], manifest["scenario"]["id"]), (7, "small"))

    def test_keys_and_parameters_are_set_by_hand(self):
        name = self.scenario(('duration = "40 days"', 'duration = "15 days"'))
        told = []
        for more in ([], ["--set", "parameter.tissue_t_death=0.6"], ["--set", "attack[0].t_cells_per_mm=0"]):
            done = self.hortega("lesion", name, "--out", "out", "--json", *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            told.append(json.loads(done.stdout))
            self.assertEqual(told[-1]["settings"], more[1:])
        # T cells that die sooner do less; none do nothing.
        self.assertLess(told[1]["largest_demyelinated_mm2"], told[0]["largest_demyelinated_mm2"])
        self.assertEqual(told[2]["lesion_mm2"], 0.0)

    def test_what_cannot_be_set_is_refused(self):
        name = self.scenario()
        for scenario, setting, fragment in (
                (name, "parameter.tissue_t_deth=0.3", "did you mean 'tissue_t_death'?"),
                (name, "parameter.tissue_t_death=much", "sets no number"),
                (name, "parameter.tissue_t_death=1e9", "0.1 to 0.7"),
                (name, "host.agee=50 years", "did you mean 'age'?"),
                ("data/scenarios/lesion-weatherley.toml", "parameter.tissue_t_death=0.3", "is not of this scenario's model"),
                ("tables", "parameter.tissue_t_death=0.3", "as it stands")):
            done = self.hortega("lesion", scenario, "--out", "out", "--set", setting)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(fragment, done.stderr)
            self.assertFalse((self.folder / "out").exists())

    def test_check_tells_voxels_steps_and_memory(self):
        # 2 mm of 50 um are 40 x 40 voxels; 40 days in steps of four hours are 240.
        done = self.hortega("check", self.scenario())
        self.assertRegex(done.stdout, r"\n  1600 voxels and up to \d+ cells in 240 steps, about \d+ MB of memory\n")
        # 100 x 300 sites; 300 days of 72 steps.
        done = self.hortega("check", "data/scenarios/lesion-weatherley.toml")
        self.assertIn("\n  30000 sites of myelin in 21600 steps\n", done.stdout)

    def assert_pixels_are_whole(self, data):
        at, pixels, colours = 8, b"", 0
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            self.assertEqual(zlib.crc32(data[at + 4:at + 8 + size]), struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0])
            if kind == b"IDAT":
                pixels = zlib.decompress(data[at + 8:at + 8 + size])
            if kind == b"PLTE":
                colours = size // 3
            at += 12 + size
        rows = [pixels[y * 41:(y + 1) * 41] for y in range(40)]
        self.assertEqual((len(pixels), {row[0] for row in rows}), (40 * 41, {0}))
        self.assertGreater(len(set(b"".join(row[1:] for row in rows))), 5)
        self.assertLess(max(pixels), colours)
        self.assertLess(len(data), len(pixels))  # packed

    def test_parameters_of_the_tissue_are_told(self):
        told = json.loads(self.hortega("params", "tissue_cell_density", "--json").stdout)
        self.assertEqual((told["value"], told["unit"]), (100000.0, "cells/mm3"))
        self.assertIn("\ntissue_territory ", self.hortega("params").stdout)

    def test_xarray_opens_the_fields(self):
        import xarray
        done = self.hortega("lesion", self.scenario(), "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        with xarray.open_dataset(self.folder / "out/fields.nc") as data:
            self.assertEqual(data.myelin.dims, ("time", "y", "x"))
            self.assertEqual(data.myelin.shape, (5, 40, 40))
            self.assertEqual(float(data.myelin[0].min()), 1.0)
            self.assertLess(float(data.myelin[-1].min()), 0.5)
            self.assertAlmostEqual(float(data.x[1] - data.x[0]), 0.05)

    # 160 voxels a side: enough for threads to be used (src/hortega/lesion/tasks.hpp).
    def test_results_do_not_depend_on_threads_but_on_the_seed(self):
        name = self.scenario(('size = "2 mm"', 'size = "8 mm"'), ('duration = "40 days"', 'duration = "6 days"'))
        for out, more in (("one", ("--threads", 1)), ("three", ("--threads", 3)), ("other", ("--seed", 2))):
            done = self.hortega("lesion", name, "--out", out, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
        read = {out: (self.folder / out / "volumes.csv").read_bytes() for out in ("one", "three", "other")}
        self.assertEqual(read["one"], read["three"])
        self.assertNotEqual(read["one"], read["other"])

    def refused(self, *replacements):
        name = self.scenario(*replacements)
        done = self.hortega("lesion", name, "--out", "out")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse((self.folder / "out").exists())
        check = self.hortega("check", name)
        self.assertEqual(check.returncode, 2, check.stderr)
        return done.stderr

    def test_bad_input_is_refused_with_its_place(self):
        self.assertIn("small.toml:7:8: error: domain.size", self.refused(('size = "2 mm"', 'size = "-2 mm"')))
        self.assertIn("GB", self.refused(('size = "2 mm"', 'size = "100 mm"'), ('voxel = "50 um"', 'voxel = "10 um"\ndimensions = 3\nheight = "100 mm"')))
        told = self.refused(('duration = "40 days"', 'duration = "40 days"\nsolver = "explicit"'))
        self.assertIn("unstable", told)
        self.assertIn("at most", told)
        self.assertIn("did you mean 'voxel'", self.refused(('voxel = "50 um"', 'voxl = "50 um"')))
        told = self.refused(("t_cells_per_mm = 40000", "t_cells_per_mm = -1"))
        self.assertIn("small.toml:18:18: error: attack[0].t_cells_per_mm: -1 is out of range", told)
        # 100 mm of venule with ten attacks of 1e7 cells per mm: more than any machine counts.
        block = ('voxel = "50 um"', 'voxel = "50 um"\ndimensions = 3\nheight = "100 mm"')
        told = self.refused(block, ("[[attack]]\nt_cells_per_mm = 40000\n", "[[attack]]\nt_cells_per_mm = 10000000\n" * 10))
        self.assertIn("1e+10 cells", told)

    def test_territories_must_be_about_as_large_as_they_should(self):
        told = self.refused(('size = "2 mm"', 'size = "4 mm"'), ('voxel = "50 um"', 'voxel = "100 um"'))
        self.assertIn("0.1 mm wide for 0.06 mm", told)
        for voxel, words in (("60 um", "territories of oligodendrocytes: 0.06 mm\n"), ("20 um", "oligodendrocytes: 0.06 mm\n"),
                             ("50 um", "0.05 mm for 0.06, which the voxel does not divide"), ("45 um", "0.045 mm for 0.06,")):
            done = self.hortega("check", self.scenario(('voxel = "50 um"', f'voxel = "{voxel}"')))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(words, done.stdout)

    def test_the_shipped_table_is_what_tables_makes_by_default(self):
        import netCDF4
        with netCDF4.Dataset(self.folder / "data" / "tables" / "lesion.nc") as data:
            runs = len(data.dimensions["run"])
        told = self.hortega("lesion", "--help").stdout
        self.assertRegex(told, re.compile(rf"--runs .*[=\[]{runs}\]?\s*$", re.MULTILINE))

    def test_an_explicit_step_that_is_stable_runs(self):
        name = self.scenario(('duration = "40 days"', 'duration = "3 days"\nsolver = "explicit"\nstep = "2 min"'))
        done = self.hortega("lesion", name, "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["model"], "tissue")

    def test_nothing_happens_in_tissue_without_an_attack(self):
        name = self.scenario(("[[attack]]\nt_cells_per_mm = 40000\n", ""))
        done = self.hortega("lesion", name, "--out", "out", "--json")
        self.assertEqual(json.loads(done.stdout)["lesion_mm2"], 0.0, done.stderr)

    def test_a_block_runs(self):
        name = self.scenario(('voxel = "50 um"', 'voxel = "60 um"\ndimensions = 3\nheight = "0.3 mm"'),
                             ('duration = "40 days"', 'duration = "8 days"'))
        done = self.hortega("lesion", name, "--out", "out", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("lesion_mm3", json.loads(done.stdout))

    def test_a_table_is_fitted_anew_from_the_runs_that_it_holds(self):
        import xarray
        table = self.folder / "table.nc"
        shutil.copy(self.folder / "data" / "tables" / "lesion.nc", table)
        with xarray.open_dataset(table) as before:
            runs = before.runs.load()
        options = ("--refit", "--runs", 32, "--full-checks", 2, "--out", table, "--json")
        done = self.hortega("lesion", "tables", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["runs"], 32)
        with xarray.open_dataset(table) as after:
            self.assertEqual(after.runs.shape, (32, runs.shape[1]))
            self.assertTrue((after.runs.values[2:, :12] == runs.values[2:32, :12]).all())
            self.assertTrue((after.runs.values[:2] == runs.values[:2]).all())
            self.assertAlmostEqual(float(after["size"].attrs["held_out_q2"]), told["size_held_out_q2"], 12)
            for name in ("repaired_fraction", "transected_fraction", "rim_fraction", "chronic_active_probability"):
                self.assertGreaterEqual(float(after[name].min()), 0.0)
                self.assertLessEqual(float(after[name].max()), 1.0)
            self.assertIn("--runs 32", after.attrs["comment"])
        kept = table.read_bytes()
        done = self.hortega("lesion", "tables", *options, "--seed", 2)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("without --refit", done.stderr)
        self.assertEqual(table.read_bytes(), kept)
        done = self.hortega("lesion", "tables", "--refit", "--out", "absent.nc")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("absent.nc", done.stderr)

    def test_a_table_cut_off_goes_on_where_it_was(self):
        import netCDF4
        with netCDF4.Dataset(self.folder / "data" / "tables" / "lesion.nc") as data:
            whole = data["runs"][:].data
        table, kept = self.folder / "table.nc", self.folder / "table.nc.runs"
        options = ("lesion", "tables", "--runs", 24, "--full-checks", 0, "--out", table, "--threads", 2)
        killed = subprocess.Popen([PROGRAM, *map(str, options)], cwd=self.folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not kept.exists() and killed.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.kill()
        self.assertEqual(killed.wait(timeout=60), -signal.SIGKILL, "it ended before it was killed")
        self.assertFalse(table.exists())
        with netCDF4.Dataset(kept) as data:
            made = data["runs"][:].data
        done = [i for i in range(24) if made[i, 8] == made[i, 8]]
        self.assertTrue(1 <= len(done) < 24, done)
        for i in done:
            self.assertTrue((made[i, :12] == whole[i, :12]).all())
        # All but two runs as if made before.
        with netCDF4.Dataset(kept, "r+") as data:
            runs = whole[:24].copy()
            runs[5, 8:] = runs[11, 8:] = float("nan")
            data["runs"][:] = runs
        done = self.hortega(*options, "--resume", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        with netCDF4.Dataset(table) as data:
            self.assertTrue((data["runs"][:].data[:, :12] == whole[:24, :12]).all())
        self.assertFalse(kept.exists())
        self.assertEqual([f.name for f in self.folder.glob("table.nc*")], ["table.nc"])
        done = self.hortega(*options, "--resume")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("table.nc.runs", done.stderr)

    def test_shipped_scenarios_are_good(self):
        paths = sorted((self.folder / "data" / "scenarios").glob("lesion-*.toml"))
        self.assertGreater(len(paths), 2)
        for path in paths:
            done = self.hortega("check", path)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_schema_is_known(self):
        done = self.hortega("schema", "lesion")
        self.assertEqual(json.loads(done.stdout)["properties"]["domain"]["type"], "object")


if __name__ == "__main__":
    unittest.main()
