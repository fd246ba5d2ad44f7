: SPDX-License-Identifier: Apache-2.0
: Node of the motor axon of McIntyre, Richardson and Grill 2002 (doi:10.1152/jn.00353.2001), written from its equations, so
: that NEURON runs the fibre that hortega::axon runs. mV, ms, mA/cm2, S/cm2.
NEURON {
  SUFFIX mrgnode
  NONSPECIFIC_CURRENT ina, inap, ik, il
}
UNITS {
  (mA) = (milliamp)
  (mV) = (millivolt)
  (S) = (siemens)
}
PARAMETER {
  gna = 3.0 (S/cm2)
  gnap = 0.01 (S/cm2)
  gk = 0.08 (S/cm2)
  gl = 0.007 (S/cm2)
  ena = 50 (mV)
  ek = -90 (mV)
  el = -90 (mV)
}
STATE { m h p s }
ASSIGNED {
  v (mV)
  celsius (degC)
  ina (mA/cm2) inap (mA/cm2) ik (mA/cm2) il (mA/cm2)
  minf hinf pinf sinf
  mtau (ms) htau (ms) ptau (ms) stau (ms)
}
INITIAL {
  rates(v)
  m = minf
  h = hinf
  p = pinf
  s = sinf
}
BREAKPOINT {
  SOLVE gates METHOD cnexp
  ina = gna * m * m * m * h * (v - ena)
  inap = gnap * p * p * p * (v - ena)
  ik = gk * s * (v - ek)
  il = gl * (v - el)
}
DERIVATIVE gates {
  rates(v)
  m' = (minf - m) / mtau
  h' = (hinf - h) / htau
  p' = (pinf - p) / ptau
  s' = (sinf - s) / stau
}
FUNCTION linoid(x) {
  if (fabs(x) < 1e-3) {
    linoid = 1 + x / 2 + x * x / 12
  } else {
    linoid = x / (1 - exp(-x))
  }
}
PROCEDURE rates(v (mV)) {
  LOCAL a, b, fast, inactivation, slow
  fast = 2.2 ^ ((celsius - 20) / 10)
  inactivation = 2.9 ^ ((celsius - 20) / 10)
  slow = 3.0 ^ ((celsius - 36) / 10)
  a = fast * 1.86 * 10.3 * linoid((v + 21.4) / 10.3)
  b = fast * 0.086 * 9.16 * linoid(-(v + 25.7) / 9.16)
  mtau = 1 / (a + b)
  minf = a / (a + b)
  a = inactivation * 0.062 * 11 * linoid(-(v + 114) / 11)
  b = inactivation * 2.3 / (1 + exp(-(v + 31.8) / 13.4))
  htau = 1 / (a + b)
  hinf = a / (a + b)
  a = fast * 0.01 * 10.2 * linoid((v + 27) / 10.2)
  b = fast * 0.00025 * 10 * linoid(-(v + 34) / 10)
  ptau = 1 / (a + b)
  pinf = a / (a + b)
  a = slow * 0.3 / (1 + exp(-(v + 53) / 5))
  b = slow * 0.03 / (1 + exp(-(v + 90)))
  stau = 1 / (a + b)
  sinf = a / (a + b)
}
