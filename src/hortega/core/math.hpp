// SPDX-License-Identifier: Apache-2.0
//
// Elementary functions in one fixed form, as templates over the number type. libm picks other code paths on
// other processors and a vector library differs from it in the last bits; these give the same bits for a
// person alone and in lanes, on every instruction set. Accuracy against libm is tested
// (tests/core/math.test.cpp).
#pragma once

#include "hortega/core/lanes.hpp"

#include <bit>

// Always call them qualified (math::exp): unqualified, argument-dependent lookup would find xsimd's own.
namespace hortega::core::math {

namespace detail {

inline double exponent_of_two(double shifted) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) << 52) + 0x3FF0000000000000ULL);
}
template <class Arch>
Lanes<Arch> exponent_of_two(const Lanes<Arch>& shifted) {
  using Bits = xsimd::batch<std::uint64_t, Arch>;
  return xsimd::bitwise_cast<Lanes<Arch>>((xsimd::bitwise_cast<Bits>(shifted) << 52) +
                                          Bits(0x3FF0000000000000ULL));
}

// Splits x = m * 2^e with m in [1, 2).
inline void split_exponent(double x, double& m, double& e) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  e = std::bit_cast<double>((bits >> 52) | 0x4330000000000000ULL) - (4503599627370496.0 + 1023.0);
  m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
}
template <class Arch>
void split_exponent(const Lanes<Arch>& x, Lanes<Arch>& m, Lanes<Arch>& e) {
  using Bits = xsimd::batch<std::uint64_t, Arch>;
  const Bits bits = xsimd::bitwise_cast<Bits>(x);
  e = xsimd::bitwise_cast<Lanes<Arch>>((bits >> 52) | Bits(0x4330000000000000ULL)) -
      Lanes<Arch>(4503599627370496.0 + 1023.0);
  m = xsimd::bitwise_cast<Lanes<Arch>>((bits & Bits(0x000FFFFFFFFFFFFFULL)) | Bits(0x3FF0000000000000ULL));
}

}  // namespace detail

/// e^x; 0 below -708, saturates at e^709. Relative error under 5e-16 (2 ulp).
template <class T>
T exp(const T& x_in) {
  const T x = min(max(x_in, T(-708.0)), T(709.0));
  // x = k ln2 + r, |r| <= ln2/2; the magic number rounds to nearest and leaves k in the low bits.
  const T shifted = x * T(1.4426950408889634074) + T(6755399441055744.0);
  const T k = shifted - T(6755399441055744.0);
  const T r = (x - k * T(6.93147180369123816490e-01)) - k * T(1.90821492927058770002e-10);
  const T r2 = r * r;
  const T r4 = r2 * r2;
  // Taylor to degree 12 (remainder 2e-16), paired by Estrin's scheme for shorter dependency chains.
  const T a = (T(1.0) + r) + r2 * (T(0.5) + r * T(1.0 / 6.0));
  const T b = (T(1.0 / 24.0) + r * T(1.0 / 120.0)) + r2 * (T(1.0 / 720.0) + r * T(1.0 / 5040.0));
  const T c =
      (T(1.0 / 40320.0) + r * T(1.0 / 362880.0)) + r2 * (T(1.0 / 3628800.0) + r * T(1.0 / 39916800.0));
  const T p = a + r4 * (b + r4 * (c + r4 * T(1.0 / 479001600.0)));
  return select(x_in < T(-708.0), T(0.0), p * detail::exponent_of_two(shifted));
}

/// Natural logarithm of a normal, positive x (no check). Relative error under 3e-16 away from 1, absolute
/// 1e-16 near 1. Polynomial: fdlibm e_log.c (Sun Microsystems, 1993).
template <class T>
T log(const T& x) {
  T m;
  T e;
  detail::split_exponent(x, m, e);
  const auto high = m > T(1.4142135623730951);
  m = select(high, m * T(0.5), m);
  e = select(high, e + T(1.0), e);
  const T f = m - T(1.0);
  const T s = f / (T(2.0) + f);
  const T z = s * s;
  const T w = z * z;
  const T t1 =
      w * (T(3.999999999940941908e-01) + w * (T(2.222219843214978396e-01) + w * T(1.531383769920937332e-01)));
  const T t2 = z * (T(6.666666666666735130e-01) +
                    w * (T(2.857142874366239149e-01) +
                         w * (T(1.818357216161805012e-01) + w * T(1.479819860511658591e-01))));
  const T half_square = T(0.5) * f * f;
  return e * T(6.93147180369123816490e-01) -
         ((half_square - (s * (half_square + (t1 + t2)) + e * T(1.90821492927058770002e-10))) - f);
}

/// x^y for positive x.
template <class T>
T power(const T& x, const T& y) {
  return math::exp(y * math::log(x));
}

/// Standard normal quantile of p in (0, 1). Wichura, Algorithm AS 241 (PPND16), Appl. Statist. 1988;37:477;
/// relative accuracy about 1e-16. One draw, one variate: a person's luck is never shifted by somebody else's.
template <class T>
T normal_quantile(const T& p) {
  const T q = p - T(0.5);
  const T r0 = T(0.180625) - q * q;
  const T central = q *
                    (((((((T(2.5090809287301226727e3) * r0 + T(3.3430575583588128105e4)) * r0 +
                          T(6.7265770927008700853e4)) *
                             r0 +
                         T(4.5921953931549871457e4)) *
                            r0 +
                        T(1.3731693765509461125e4)) *
                           r0 +
                       T(1.9715909503065514427e3)) *
                          r0 +
                      T(1.3314166789178437745e2)) *
                         r0 +
                     T(3.3871328727963666080e0)) /
                    (((((((T(5.2264952788528545610e3) * r0 + T(2.8729085735721942674e4)) * r0 +
                          T(3.9307895800092710610e4)) *
                             r0 +
                         T(2.1213794301586595867e4)) *
                            r0 +
                        T(5.3941960214247511077e3)) *
                           r0 +
                       T(6.8718700749205790830e2)) *
                          r0 +
                      T(4.2313330701600911252e1)) *
                         r0 +
                     T(1.0));
  const auto in_centre = q * q <= T(0.180625);
  // The branches spare work where no lane needs it; what a lane gets is chosen by select, so they change no
  // bytes.
  if (all(in_centre)) return central;
  const T tail_p = min(p, T(1.0) - p);
  const T root = square_root(T(0.0) - math::log(max(tail_p, T(1e-300))));
  const T r = root - T(1.6);
  const T middle = (((((((T(7.74545014278341407640e-4) * r + T(2.27238449892691845833e-2)) * r +
                         T(2.41780725177450611770e-1)) *
                            r +
                        T(1.27045825245236838258e0)) *
                           r +
                       T(3.64784832476320460504e0)) *
                          r +
                      T(5.76949722146069140550e0)) *
                         r +
                     T(4.63033784615654529590e0)) *
                        r +
                    T(1.42343711074968357734e0)) /
                   (((((((T(1.05075007164441684324e-9) * r + T(5.47593808499534494600e-4)) * r +
                         T(1.51986665636164571966e-2)) *
                            r +
                        T(1.48103976427480074590e-1)) *
                           r +
                       T(6.89767334985100004550e-1)) *
                          r +
                      T(1.67638483018380384940e0)) *
                         r +
                     T(2.05319162663775882187e0)) *
                        r +
                    T(1.0));
  T tail = middle;
  const auto is_far = root > T(5.0);
  if (any(is_far)) {
    const T u = root - T(5.0);
    const T far = (((((((T(2.01033439929228813265e-7) * u + T(2.71155556874348757815e-5)) * u +
                        T(1.24266094738807843860e-3)) *
                           u +
                       T(2.65321895265761230930e-2)) *
                          u +
                      T(2.96560571828504891230e-1)) *
                         u +
                     T(1.78482653991729133580e0)) *
                        u +
                    T(5.46378491116411436990e0)) *
                       u +
                   T(6.65790464350110377720e0)) /
                  (((((((T(2.04426310338993978564e-15) * u + T(1.42151175831644588870e-7)) * u +
                        T(1.84631831751005468180e-5)) *
                           u +
                       T(7.86869131145613259100e-4)) *
                          u +
                      T(1.48753612908506148525e-2)) *
                         u +
                     T(1.36929880922735805310e-1)) *
                        u +
                    T(5.99832206555887937690e-1)) *
                       u +
                   T(1.0));
    tail = select(is_far, far, middle);
  }
  const T signed_tail = select(q < T(0.0), T(0.0) - tail, tail);
  return select(in_centre, central, signed_tail);
}

}  // namespace hortega::core::math

namespace hortega {
namespace math = core::math;
}
