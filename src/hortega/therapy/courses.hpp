// SPDX-License-Identifier: Apache-2.0
//
// The process that a regimen starts in a person.
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

#include <memory>

namespace hortega::therapy {

/// A fresh course of a regimen. Regimen and parameters must outlive it.
std::unique_ptr<Course> make_course(const Regimen& regimen, const Parameters& parameters);

}  // namespace hortega::therapy
