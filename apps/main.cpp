// SPDX-License-Identifier: Apache-2.0
// hortega: the command line. Exit codes: 0 done, 1 the run failed, 2 the input or the usage is wrong, 130
// interrupted, 141 nobody reads the output any more.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "command.hpp"
#include "compare.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/version.hpp"
#include "hortega/disease/kernel.hpp"
#include "usage.hpp"

namespace hortega::apps {

core::Colour stderr_colour() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  return !refused && isatty(STDERR_FILENO) == 1 ? core::Colour::on : core::Colour::off;
}

namespace {

void tell_error(const std::string& message) {
  fmt::print(stderr, "{}", core::render(core::Problem{{}, {}, message, {}, {}}, stderr_colour()));
}

// `first`: what stood in the place of a subcommand.
int usage_error(const CLI::App& app, const std::string& message, const std::string& first) {
  tell_error(message);
  const auto all = app.get_subcommands([&](const CLI::App* command) { return command->get_name() == first; });
  fmt::print(stderr, "See: hortega {}--help\n", all.empty() ? "" : first + " ");
  return static_cast<int>(ExitCode::bad_input);
}

int run(int argc, char** argv) {
  CLI::App app(
      "Hortega: in-silico trials of stem-cell therapy in multiple sclerosis. Research software; it advises "
      "no "
      "patient.",
      "hortega");
  ExitCode exit = ExitCode::done;
  app.set_version_flag("--version", core::version_line(disease::name_of(disease::current_isa())),
                       "Print version, compiler and flags");
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(1);
  if (!input_kinds().empty()) {
    add_check(app, exit);
    add_schema(app, exit);
  }
  add_run(app);
  add_replay(app);
  add_compare(app);
  add_validate(app);
  add_endpoints(app);
  add_axon(app);
  add_lesion(app);
  add_params(app);
  add_calibrate(app, exit);
  const std::string example =
      input_kinds().empty() ? "hortega --version" : "hortega check data/protocols/mist.toml";
  app.footer("Example:\n  " + example);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (const std::string wrong = misspelled_usage(app, arguments); !wrong.empty())
    return usage_error(app, wrong, arguments.front());
  if (arguments.empty()) {
    fmt::print(stderr, "{}", app.help());
    return static_cast<int>(ExitCode::bad_input);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Asked for help or the version: CLI11 prints it. Anything else is wrong usage.
    if (error.get_exit_code() == 0) return app.exit(error);
    return usage_error(app, error.what(), arguments.front());
  }
  // Results go to stdout: a full disk there is a failed run.
  if (std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category(), "standard output cannot be written");
  if (std::ferror(stdout) != 0) throw core::RunError("standard output cannot be written");
  return static_cast<int>(exit);
}

}  // namespace
}  // namespace hortega::apps

int main(int argc, char** argv) {
  using hortega::apps::ExitCode;
  hortega::core::ignore_write_signals();
  hortega::core::exit_on_interrupt();
  try {
    return hortega::apps::run(argc, argv);
  } catch (const hortega::core::InputError& error) {
    fmt::print(stderr, "{}", hortega::core::render(error.problems(), hortega::apps::stderr_colour()));
    return static_cast<int>(ExitCode::bad_input);
  } catch (const hortega::core::Interrupted&) {
    hortega::apps::tell_error("interrupted");
    return 128 + hortega::core::interrupting_signal();
  } catch (const std::bad_alloc&) {
    hortega::apps::tell_error("out of memory");
  } catch (const std::system_error& error) {
    // Whoever read the output has gone, as `head` does: the end that SIGPIPE makes, and nothing to tell.
    if (error.code() == std::errc::broken_pipe) return 128 + SIGPIPE;
    hortega::apps::tell_error(error.what());
  } catch (const std::exception& error) {
    hortega::apps::tell_error(error.what());
  } catch (...) {
    hortega::apps::tell_error("the run failed for an unknown reason");
  }
  return static_cast<int>(ExitCode::run_failed);
}
