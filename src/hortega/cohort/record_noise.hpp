// SPDX-License-Identifier: Apache-2.0
//
// How likely a clinic's record is, given what happened in a simulated life: the observation models of
// `hortega compare`. Each is stated with its source in data/parameters/person/record.toml.
#pragma once

#include "hortega/cohort/history.hpp"
#include "hortega/core/parameters.hpp"

#include <span>

namespace hortega::cohort {

struct RecordNoise {
  double relapse_recorded_share = 1.0;
  double relapse_recorded_extra = 0.0;  // a year
  double edss_half_step = 0.0;
  double t2_new_recorded_share = 1.0;
  double gd_recorded_share = 1.0;
  double lesions_recorded_extra = 0.0;  // a scan
  double t2_count_log_error = 0.4;
  double course_other_share = 0.0;
  double relapse_in_edss_day = 60.0;  // an EDSS so soon after a relapse is not held against a life
};

/// From the parameters of data/parameters/person. Throws InputError that names a missing one.
RecordNoise load_record_noise(const core::ParameterSet& set);

/// Log probability that a record counts `recorded` events where `happened` did: each is recorded with
/// probability `share`, and a Poisson number of mean `extra` is recorded without cause.
double log_recorded_count(int recorded, int happened, double share, double extra);

/// Probability of the recorded EDSS given ratings drawn from the rater noise of the model: their mean of a
/// kernel that leaves a rating where it is with 1 - half_step and moves it one step of the scale up or down
/// with half of half_step each (at an end of the scale it stays instead). An unbiased estimate for any number
/// of ratings, so that weights made from it are those of the exact model on average (Andrieu and Roberts
/// 2009, doi:10.1214/07-AOS574).
double edss_probability(double recorded, std::span<const double> ratings, double half_step);

/// Log density of a recorded T2 count: normal in log(count + 1) about the model's lesions.
double log_t2_count(int recorded, double lesions, double log_error);

/// Log probability of the recorded course: relapsing and secondary progressive are taken for each other with
/// `other_share`; primary progression is never taken for either.
double log_course(Course recorded, Course lived, double other_share);

}  // namespace hortega::cohort
