# SPDX-License-Identifier: Apache-2.0
# Makes the simulated data sets of tests/analysis/data (gehan.csv is Freireich's, as MASS gives it).
# Rscript --vanilla make_data.R DATA_DIR
# The CSV files are committed; this says where they came from and need not be run again.
suppressMessages(library(MASS))
set.seed(20260822)
dir <- commandArgs(TRUE)[1]
write <- function(d, name) write.csv(d, file.path(dir, name), row.names = FALSE, quote = FALSE)

# Three arms, two competing causes, whole weeks (heavy ties), administrative and random censoring.
n <- 360
arm <- rep(0:2, length.out = n)
site <- sample(0:3, n, TRUE)
age <- round(rnorm(n, 38, 9), 1)
edss <- sample(seq(1.5, 6, 0.5), n, TRUE)
rate <- 0.012 * exp(-0.5 * (arm == 1) - 1.1 * (arm == 2) + 0.02 * (age - 38) + 0.15 * (edss - 3) + 0.2 * (site == 2))
cause1 <- rexp(n, rate)
cause2 <- rexp(n, 0.002 * exp(0.9 * (arm == 2)))
censor <- pmin(rexp(n, 0.003), 104)
time <- ceiling(pmin(cause1, cause2, censor))
cause <- ifelse(censor < pmin(cause1, cause2), 0, ifelse(cause1 < cause2, 1, 2))
write(data.frame(time, cause, arm, site, age, edss), "three_arm.csv")

g <- MASS::gehan
write(data.frame(time = g$time, status = g$cens, arm = as.integer(g$treat != "control")), "gehan.csv")

# Over-dispersed relapses and lesions, unequal follow-up.
n <- 420
arm <- rep(0:2, length.out = n)
exposure_year <- round(pmin(2, 0.1 + rexp(n, 0.4)), 3)
baseline_relapses <- rpois(n, 1.3)
relapses <- rnbinom(n, size = 0.8, mu = exposure_year * 0.4 * exp(-0.6 * (arm == 1) - 1.2 * (arm == 2) + 0.25 * baseline_relapses))
lesions <- rnbinom(n, size = 0.35, mu = exposure_year * 9 * exp(-0.9 * (arm == 1) - 2 * (arm == 2)))
steady <- 2 + (seq_len(n) %% 5 == 0)  # less variable than Poisson
write(data.frame(arm, exposure_year, baseline_relapses, relapses, lesions, steady), "counts.csv")

# EDSS in half points (ties) and a continuous volume change.
n <- 210
arm <- rep(0:2, length.out = n)
baseline <- sample(seq(2, 6, 0.5), n, TRUE)
edss_change <- round(2 * rnorm(n, 0.3 - 0.4 * (arm == 1) - 0.6 * (arm == 2) - 0.1 * (baseline - 4), 0.9)) / 2
volume_change <- round(rnorm(n, -0.8 + 0.3 * (arm > 0), 0.5 + 0.3 * (arm == 2)), 4)
write(data.frame(arm, baseline, edss_change, volume_change), "edss.csv")
