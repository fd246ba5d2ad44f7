# SPDX-License-Identifier: Apache-2.0
"""The same fibres in NEURON 8.2: the judge of tests/axon/mcintyre.test.cpp and the peer of bench/axon.bench.cpp.

usage: neuron_fibres.py mrg --dt-ms DT --segments N [--duration-ms T] [--trace]   one motor axon (10 um, 21 nodes)
       neuron_fibres.py time-mrg | time-cable                                     processor seconds, for the bench

Prints one JSON object. Exit 3 with a reason on stderr if NEURON or its compiler of mechanisms is not there.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")
HERE = pathlib.Path(__file__).resolve().parent


def absent(reason):
    print(reason, file=sys.stderr)
    sys.exit(3)


try:
    from neuron import h
except ImportError:
    absent("NEURON is not installed (Debian: python3-neuron and neuron-dev)")


def load_mechanisms(folder):
    """Compiles mrgnode.mod in `folder`. Debian's nrnivmodl looks for its makefile in the wrong place."""
    script = shutil.which("nrnivmodl")
    if script is None:
        absent("nrnivmodl is not installed (Debian: neuron-dev)")
    shutil.copy(HERE / "mrgnode.mod", folder)
    text = pathlib.Path(script).read_text(encoding="utf-8")
    (folder / "nrnivmodl").write_text(text.replace("${bindir}/nrnmech_makefile", "/usr/lib/nrn/nrnmech_makefile"), encoding="utf-8")
    done = subprocess.run(["bash", "nrnivmodl", "."], cwd=folder, env={**os.environ, "LIBRARY_PATH": "/usr/lib/nrn"},
                          capture_output=True, text=True, check=False)
    libraries = list(folder.glob("*/libnrnmech.so"))  # it ends with an error after the library is made
    if not libraries:
        absent("nrnivmodl failed:\n" + done.stdout[-500:] + done.stderr[-500:])
    h.nrn_load_dll(str(libraries[0]))


def ring_mohm_per_cm(diameter_um, width_um, rho_ohm_cm=70.0):
    area_um2 = math.pi * ((diameter_um / 2 + width_um) ** 2 - (diameter_um / 2) ** 2)
    return rho_ohm_cm / (area_um2 * 1e-8) * 1e-6


class MotorAxon:
    """10 um fibre, McIntyre 2002; geometry as in tests/axon/fibres.hpp and data/scenarios/axon-mrg.toml."""

    def __init__(self, segments, nodes=21):
        fibre, axon, node, node_to_node, paranode, lamellae = 10.0, 6.9, 3.3, 1150.0, 46.0, 120
        inner = (node_to_node - 1.0 - 2 * 3.0 - 2 * paranode) / 6
        self.nodes, self.sections = [], []

        def covered(length, diameter, conductance, width):
            s = h.Section()
            # The sheath has the fibre's circumference; NEURON's extracellular layer has the section's own: scaled.
            s.L, s.diam, s.Ra, s.cm, s.nseg = length, diameter, 70.0, 2.0, segments
            s.insert("pas")
            s.g_pas, s.e_pas = conductance, -80.0
            s.insert("extracellular")
            for x in s:
                x.xraxial[0] = ring_mohm_per_cm(diameter, width)
                x.xg[0] = 1e-3 / (2 * lamellae) * fibre / diameter
                x.xc[0] = 0.1 / (2 * lamellae) * fibre / diameter
            return s

        def bare():
            s = h.Section()
            s.L, s.diam, s.Ra, s.cm, s.nseg = 1.0, node, 70.0, 2.0, 1
            s.insert("mrgnode")
            s.insert("extracellular")
            for x in s:
                x.xraxial[0], x.xg[0], x.xc[0] = ring_mohm_per_cm(node, 0.002), 1e10, 0.0
            return s

        for k in range(nodes):
            chain = [bare()]
            self.nodes.append(chain[0])
            if k + 1 < nodes:
                chain.append(covered(3.0, node, 1e-3, 0.002))
                chain.append(covered(paranode, axon, 1e-4, 0.004))
                chain += [covered(inner, axon, 1e-4, 0.004) for _ in range(6)]
                chain.append(covered(paranode, axon, 1e-4, 0.004))
                chain.append(covered(3.0, node, 1e-3, 0.002))
            for s in chain:
                if self.sections:
                    s.connect(self.sections[-1](1), 0)
                self.sections.append(s)
        self.stimulus = h.IClamp(self.nodes[0](0.5))
        self.stimulus.delay, self.stimulus.dur, self.stimulus.amp = 0.0, 0.1, 2.0


class HodgkinHuxleyCable:
    """20 hh nodes with passive internodes of 10 segments: 20 + 19 * 10 = 210 compartments."""

    def __init__(self):
        self.nodes, self.sections = [], []
        for k in range(20):
            node = h.Section()
            node.L, node.diam, node.Ra, node.cm, node.nseg = 1.0, 3.0, 70.0, 1.0, 1
            node.insert("hh")
            node.gnabar_hh, node.gkbar_hh, node.gl_hh = 1.2, 0.36, 0.003
            chain = [node]
            self.nodes.append(node)
            if k < 19:
                inner = h.Section()
                inner.L, inner.diam, inner.Ra, inner.cm, inner.nseg = 300.0, 5.0, 70.0, 0.01, 10
                inner.insert("pas")
                inner.g_pas, inner.e_pas = 1e-5, -65.0
                chain.append(inner)
            for s in chain:
                if self.sections:
                    s.connect(self.sections[-1](1), 0)
                self.sections.append(s)
        self.stimulus = h.IClamp(self.nodes[0](0.5))
        self.stimulus.delay, self.stimulus.dur, self.stimulus.amp = 0.0, 0.1, 2.0


def run(dt_ms, duration_ms, rest_mv, celsius):
    h.secondorder = 0  # with the extracellular mechanism the second-order setting is wrong: it converges elsewhere
    h.celsius, h.dt = celsius, dt_ms
    h.finitialize(rest_mv)
    begin = time.process_time()  # of this one thread, whatever else the machine does
    for _ in range(round(duration_ms / dt_ms)):
        h.fadvance()
    return time.process_time() - begin


def passage(t, v, level):
    for k in range(len(v) - 1):
        if v[k] < level <= v[k + 1]:
            return t[k] + (level - v[k]) / (v[k + 1] - v[k]) * (t[k + 1] - t[k])
    return None


def mrg(options):
    with tempfile.TemporaryDirectory() as folder:
        load_mechanisms(pathlib.Path(folder))
        axon = MotorAxon(options.segments)
        time_ms = h.Vector().record(h._ref_t)
        at = {k: h.Vector().record(axon.nodes[k](0.5)._ref_v) for k in (6, 11, 16)}
        run(options.dt_ms, options.duration_ms, -80.0, 37.0)
        t = list(time_ms)
        arrival = {k: passage(t, list(v), 0.0) for k, v in at.items()}
        v = list(at[11])
        peak = max(range(len(v)), key=v.__getitem__)
        result = {"velocity_m_per_s": 10 * 1.15 / (arrival[16] - arrival[6]), "peak_mv": v[peak],
                  "arrival_ms": arrival[11]}
        if options.trace:
            result["trace_mv"] = v
        print(json.dumps(result))


def timed(kind):
    with tempfile.TemporaryDirectory() as folder:
        if kind == "mrg":
            load_mechanisms(pathlib.Path(folder))
            fibres, celsius, rest = [MotorAxon(1)], 37.0, -80.0
        else:
            fibres, celsius, rest = [HodgkinHuxleyCable() for _ in range(100)], 6.3, -65.0
        compartments = sum(s.nseg for f in fibres for s in f.sections)
        seconds = min(run(0.005, 10.0, rest, celsius) for _ in range(3))
        print(json.dumps({"fibres": len(fibres), "compartments": compartments, "steps": 2000, "seconds": seconds}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("mrg", "time-mrg", "time-cable"))
    parser.add_argument("--dt-ms", type=float, default=0.005)
    parser.add_argument("--segments", type=int, default=1)
    parser.add_argument("--duration-ms", type=float, default=1.0)
    parser.add_argument("--trace", action="store_true")
    options = parser.parse_args()
    if options.what == "mrg":
        mrg(options)
    else:
        timed(options.what.removeprefix("time-"))


if __name__ == "__main__":
    main()
