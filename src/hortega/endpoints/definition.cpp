// SPDX-License-Identifier: Apache-2.0
// The sentence under each number: a definition in English, made from its options.
#include <fmt/format.h>

#include "hortega/endpoints/composite.hpp"
#include "hortega/endpoints/neda.hpp"
#include "hortega/endpoints/pira.hpp"

namespace hortega::endpoints {
namespace {

std::string_view name(Measure measure) {
  switch (measure) {
    case Measure::edss:
      return "EDSS";
    case Measure::t25fw:
      return "timed 25-foot walk";
    case Measure::nhpt_dominant:
      return "nine-hole peg test, dominant hand";
    case Measure::nhpt_non_dominant:
      return "nine-hole peg test, non-dominant hand";
    case Measure::sdmt:
      return "SDMT";
    case Measure::low_contrast:
      return "letters at 2.5 % contrast";
  }
  return "";
}

std::string steps_text(const StepRule& step) {
  if (step.fraction > 0) {
    const auto percent = fmt::format("{:g} % of baseline", 100 * step.fraction);
    return step.step_mid > 0 ? fmt::format("at least {:g} points or {}, the smaller", step.step_mid, percent)
                             : "at least " + percent;
  }
  // Splits lie on the half-step grid: "below 6.0" is "to 5.5".
  std::string text = "at least ";
  const bool low = step.split_low > 0, high = step.split_high <= 10;
  if (!low && !high) return text + fmt::format("{:.1f} from any baseline", step.step_mid);
  if (low) {
    text += step.split_low <= 0.5
                ? fmt::format("{:.1f} from baseline 0, ", step.step_low)
                : fmt::format("{:.1f} from baseline up to {:.1f}, ", step.step_low, step.split_low - 0.5);
  }
  text += high ? fmt::format("{:.1f} from baseline up to {:.1f}, {:.1f} above", step.step_mid,
                             step.split_high - 0.5, step.step_high)
               : fmt::format("{:.1f} above", step.step_mid);
  return text;
}

std::string days_text(double days) {
  if (days > 0 && std::fmod(days, 7) == 0) return fmt::format("{:g} days ({:g} weeks)", days, days / 7);
  if (std::fmod(days, 30.25) == 0)
    return fmt::format("{:g} days ({:g} months of 30.25 days)", days, days / 30.25);
  if (std::fmod(days, 30.4375) == 0)
    return fmt::format("{:g} days ({:g} months of 30.4375 days)", days, days / 30.4375);
  return fmt::format("{:g} days", days);
}

std::string confirmation_text(const WorseningOptions& o) {
  if (o.confirmation_days <= 0) return "unconfirmed";
  std::string text = "confirmed over " + days_text(o.confirmation_days);
  if (o.second_confirmation_days > 0) text += " or " + days_text(o.second_confirmation_days);
  text += " (";
  if (o.tolerance_before_days > 0) text += fmt::format("{:g} days earlier to ", o.tolerance_before_days);
  text += o.tolerance_after_days >= kNoLimit ? "any time later"
                                             : fmt::format("{:g} days later", o.tolerance_after_days);
  text += o.confirming_visit == VisitKind::scheduled ? ") at a scheduled visit" : ") at any visit";
  text += o.intermediate == IntermediateVisits::must_hold ? ", holding at all visits between"
                                                          : ", whatever lies between";
  if (o.sustained_days >= kNoLimit) {
    text += " and to the last visit";
  } else if (o.sustained_days > 0) {
    text += fmt::format(" and for {:g} days more", o.sustained_days);
  }
  return text;
}

std::string baseline_text(const WorseningOptions& o) {
  std::string text = "Baseline: ";
  switch (o.baseline_visit) {
    case BaselineVisit::first:
      text += "first visit";
      break;
    case BaselineVisit::last_before_randomisation:
      text += "last visit at or before randomisation";
      break;
    case BaselineVisit::last_before_transplant:
      text += "last visit at or before transplantation";
      break;
  }
  if (o.baseline_not_before_day > -kNever) text += fmt::format(" from day {}", o.baseline_not_before_day);
  if (o.relapse_to_baseline_days > 0)
    text += fmt::format(" more than {} days after a relapse", o.relapse_to_baseline_days);
  switch (o.baseline) {
    case Baseline::fixed:
      text += ", fixed";
      break;
    case Baseline::roving:
      text += ", moved by every confirmed change";
      break;
    case Baseline::roving_improvement:
      text += ", moved by confirmed improvement";
      break;
    case Baseline::roving_worsening:
      text += ", moved by confirmed worsening";
      break;
  }
  if (o.baseline != Baseline::fixed && o.moved_baseline == MovedBaseline::mildest_in_confirmation) {
    text += " to the least changed value of the confirmation period";
  }
  if (o.after_relapse == AfterRelapse::rebaseline) {
    text += fmt::format(", and after each relapse to the first visit more than {} days after it",
                        o.relapse_to_baseline_days);
  }
  return text + ".";
}

std::string rest_text(const WorseningOptions& o) {
  std::string text;
  const bool confirms = o.confirmation_days > 0;
  const std::string_view relapse = o.relapse_kind == RelapseKind::confirmed ? "confirmed relapse" : "relapse";
  if (o.relapse_to_event_days > 0)
    text += fmt::format(" Onset not within {} days after a {}.", o.relapse_to_event_days, relapse);
  if (confirms && o.relapse_to_confirmation_days > 0) {
    text +=
        fmt::format(" Confirmation not within {} days after a {}.", o.relapse_to_confirmation_days, relapse);
  }
  if (o.onset_visit == VisitKind::scheduled) text += " Onset at a scheduled visit.";
  if (o.onset_not_before_day > -kNever)
    text += fmt::format(" Onset not before day {}.", o.onset_not_before_day);
  if (confirms && o.confirmation_not_before_day > -kNever) {
    text += fmt::format(" Confirmation not before day {}.", o.confirmation_not_before_day);
  }
  switch (o.unconfirmed) {
    case UnconfirmedAtEnd::censored:
      break;
    case UnconfirmedAtEnd::event_if_at_last_visit:
      text += " Unconfirmed change that holds to the last visit counts.";
      break;
    case UnconfirmedAtEnd::event_if_dropped_out:
      text += " Unconfirmed change counts if the person left before confirmation was due.";
      break;
  }
  if (o.ms_death == MsDeath::counts) text += " Death from MS counts.";
  text += o.censor_at == CensorAt::last_visit || !confirms
              ? " Censored at the last visit."
              : " Censored at the last visit that could have been confirmed.";
  return text;
}

std::string_view anchor_text(Anchor anchor) {
  switch (anchor) {
    case Anchor::reference:
      return "the baseline visit";
    case Anchor::preceding:
      return "the visit before onset";
    case Anchor::event:
      return "onset";
    case Anchor::confirmation:
      return "confirmation";
  }
  return "";
}

std::string end_text(Anchor anchor, int offset) {
  if (offset == 0) return std::string(anchor_text(anchor));
  return fmt::format("{} days {} {}", std::abs(offset), offset < 0 ? "before" : "after", anchor_text(anchor));
}

}  // namespace

std::string definition(const WorseningOptions& options) {
  const bool up = (options.direction == Direction::worsening) != worsens_downwards(options.measure);
  const auto& step = options.direction == Direction::worsening ? options.step : options.improvement_step;
  return fmt::format("{} of {}: {} of {}, {}. {}{}",
                     options.direction == Direction::worsening ? "Worsening" : "Improvement",
                     name(options.measure), up ? "increase" : "decrease", steps_text(step),
                     confirmation_text(options), baseline_text(options), rest_text(options));
}

std::string definition(const PiraOptions& options) {
  std::string text = "PIRA: confirmed worsening";
  for (std::size_t k = 0; k < options.relapse_free_count; ++k) {
    const auto& interval = options.relapse_free[k];
    text += fmt::format("{} no relapse from {} to {}", k == 0 ? " with" : " and",
                        end_text(interval.first, interval.first_offset_days),
                        end_text(interval.last, interval.last_offset_days));
  }
  text += fmt::format(". RAW: any other worsening with onset within {} days after a relapse. ",
                      options.association_days);
  return text + definition(options.worsening);
}

std::string definition(const NedaOptions& options) {
  std::string text = fmt::format(
      "{}: no {} from day {}, no confirmed worsening, no Gd+ and no new or enlarging T2 lesion after the "
      "scan nearest to "
      "day {} (+/-{})",
      options.level == NedaLevel::neda4 ? "NEDA-4" : "NEDA-3",
      options.relapses.kind == RelapseKind::confirmed ? "confirmed relapse" : "relapse", options.from_day,
      options.rebaseline_day, options.mri_window_days);
  if (options.level == NedaLevel::neda4) {
    text += fmt::format(", brain volume loss {} {:g} % a year since that scan (over at least {} days)",
                        options.brain_loss == BrainLossLimit::below ? "below" : "at most",
                        options.brain_loss_limit_percent_per_year, options.brain_minimum_days);
  }
  return text + "; failed if any component failed, unknown if none failed and any is missing. " +
         definition(options.worsening);
}

std::string definition(const CompositeOptions& options) {
  return fmt::format(
      "Composite worsening: the first of EDSS, timed 25-foot walk (increase of {}) and nine-hole peg test, "
      "{} (increase of "
      "{}), each confirmed in the same way. {}",
      steps_text(options.timed_tests), options.hands == Hands::either ? "either hand" : "dominant hand",
      steps_text(options.timed_tests), definition(options.edss));
}

std::string definition(const SpmsOptions& options) {
  return fmt::format(
      "Conversion to SPMS: EDSS increase of {} to at least {:.1f} with pyramidal grade at least {} (taken "
      "for granted from "
      "EDSS 5.5), no relapse since the visit before or in the {} days before, confirmed over more than {} "
      "with no relapse "
      "in the {} days before, also in the functional system that rose most, and not undone to the end at two "
      "visits in a "
      "row. Baseline: moved by improvement that lasts {:g} days at two or more visits, and by other "
      "confirmed worsening.",
      steps_text(options.step), options.minimum_edss, options.minimum_pyramidal, options.relapse_days,
      days_text(options.confirmation_days), options.relapse_days, options.regression_days);
}

}  // namespace hortega::endpoints
