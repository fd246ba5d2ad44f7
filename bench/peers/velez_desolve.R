# SPDX-License-Identifier: Apache-2.0
#
# The Velez model by deSolve's lsoda with a compiled right-hand side, on people written by bench_velez
# (HORTEGA_VELEZ_EXPORT=DIR). Prints, for each tolerance, the share of person-days with E off by more than 1 %
# against the exported reference and the CPU time per person-day; the loosest tolerance with a share of at most
# 0.05 % is the one to compare.
#   Rscript velez_desolve.R DIR [number of people]
library(deSolve)
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
library_file <- file.path(tempdir(), paste0("velez", .Platform$dynlib.ext))
invisible(file.copy(file.path(here, "velez_desolve.c"), tempdir()))
status <- system2(file.path(R.home("bin"), "R"),
                  c("CMD", "SHLIB", "-o", library_file, file.path(tempdir(), "velez_desolve.c")), stdout = FALSE)
stopifnot(status == 0)
dyn.load(library_file)

people <- read.csv(file.path(folder, "people.csv"))
influx <- read.csv(file.path(folder, "influx.csv"))
reference <- read.csv(file.path(folder, "reference.csv"))
n <- if (length(arguments) > 1) as.integer(arguments[2]) else nrow(people)
people <- people[seq_len(n), ]
influx_of <- split(influx, influx$person)
reference_of <- split(reference$effector_cells, reference$person)
days <- length(reference_of[[1]])

start <- c(Er = 7.5, Rr = 2.4, E = 1000, R = 200, l = 0, L = 0)
inputs <- lapply(people$person, function(i) {
  mine <- influx_of[[as.character(i)]]
  events <- data.frame(var = mine$kind, time = mine$day, value = 100, method = "add")
  list(events = events[order(events$time), ], times = sort(unique(c(0:days, mine$day))))
})
for (tolerance in c(1e-7, 1e-8, 1e-9, 3e-10, 1e-10, 3e-11, 1e-11, 1e-12)) {
  off <- 0
  cpu_s <- 0
  for (k in seq_len(n)) {
    input <- inputs[[k]]
    growth <- c(people$effector_growth[k], people$regulatory_growth[k])
    cpu_s <- cpu_s + system.time(
      solution <- lsoda(start, input$times, "velez_derivatives", growth, rtol = tolerance, atol = tolerance,
                        dllname = "velez", initfunc = "velez_parameters", maxsteps = 1e6,
                        events = list(data = input$events)))[["user.self"]]
    found <- solution[match(seq_len(days), solution[, "time"]), "E"]
    expected <- reference_of[[as.character(people$person[k])]]
    off <- off + sum(is.na(found) | abs(found - expected) > 0.01 * expected)
  }
  share <- off / (n * days)
  cat(sprintf("deSolve lsoda %g: %.4f %% of person-days off, %.0f ns of CPU per person-day\n", tolerance, 100 * share,
              1e9 * cpu_s / (n * days)))
}
