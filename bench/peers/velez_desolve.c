// SPDX-License-Identifier: Apache-2.0
//
// The right-hand side of the Velez model (disease/velez.hpp) for deSolve, compiled, so that the comparison is
// not with interpreted R. Parameters: aE, aR.
static double growth[2];

void velez_parameters(void (*read)(int*, double*)) {
  int n = 2;
  read(&n, growth);
}

void velez_derivatives(int* n, double* t, double* x, double* dxdt, double* out, int* ip) {
  const double e = x[2] * (1.0 / 1000.0);
  const double r = x[3] * (1.0 / 200.0);
  const double e2 = e * e;
  const double r2 = r * r;
  const double one_plus_e5 = 1.0 + e2 * e2 * e;
  const double one_plus_r5 = 1.0 + r2 * r2 * r;
  const double both = 1.0 / (one_plus_e5 * one_plus_r5);
  const double load = x[2] * (1.0 / 22800.0);
  (void)n, (void)t, (void)out, (void)ip;
  dxdt[0] = 0.01 * x[2] - 1.01 * x[0];
  dxdt[1] = 0.01 * x[3] - 1.01 * x[1];
  dxdt[2] = x[0] + ((growth[0] + 0.2) * one_plus_e5 * both - 0.21) * x[2];
  dxdt[3] = x[1] + (growth[1] * (1.0 - one_plus_r5 * both) - 0.21) * x[3];
  dxdt[4] = load * load - 0.102 * x[4];
  dxdt[5] = 0.002 * x[4];
}
