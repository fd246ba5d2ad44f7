# SPDX-License-Identifier: Apache-2.0
# Judge of counts.hpp: glm and MASS::glm.nb, then alternated further until neither part moves.
suppressMessages(library(MASS))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
tight <- glm.control(epsilon = 1e-14, maxit = 200)

# glm takes its weights from the step before the last: starting again at the estimate settles them.
settle <- function(formula, data, family, start = NULL) {
  f <- glm(formula, family, data, control = tight, start = start)
  for (k in 1:5) f <- glm(formula, family, data, control = tight, start = coef(f))
  f
}
put_fit <- function(name, f, log_likelihood) {
  s <- summary(f, dispersion = 1)
  put(paste0(name, ".coefficient"), coef(f))
  put(paste0(name, ".se"), s$coefficients[, 2])
  put(paste0(name, ".p"), s$coefficients[, 4])
  put(paste0(name, ".covariance"), s$cov.scaled)
  put(paste0(name, ".log_likelihood"), log_likelihood)
}
poisson_fit <- function(name, formula, data) {
  f <- settle(formula, data, poisson())
  put_fit(name, f, sum(dpois(f$y, fitted(f), log = TRUE)))
}
nb_fit <- function(name, formula, data) {
  f <- suppressWarnings(glm.nb(formula, data, control = tight))
  theta <- f$theta
  for (k in 1:200) {
    f <- settle(formula, data, negative.binomial(theta), coef(f))
    new <- suppressWarnings(theta.ml(f$y, fitted(f), limit = 100, eps = 1e-13))
    moved <- abs(new - theta) / theta
    theta <- as.numeric(new)
    if (moved < 1e-14) break
  }
  put_fit(name, f, sum(dnbinom(f$y, size = theta, mu = fitted(f), log = TRUE)))
  put(paste0(name, ".theta"), theta, attr(new, "SE"))
}
d <- read("counts.csv")
d$arm1 <- as.numeric(d$arm == 1)
d$arm2 <- as.numeric(d$arm == 2)
poisson_fit("poisson", relapses ~ arm1 + arm2 + baseline_relapses + offset(log(exposure_year)), d)
nb_fit("nb", relapses ~ arm1 + arm2 + baseline_relapses + offset(log(exposure_year)), d)
nb_fit("nb_arms", relapses ~ arm1 + arm2 + offset(log(exposure_year)), d)
nb_fit("lesions", lesions ~ arm1 + arm2 + offset(log(exposure_year)), d)
d$one <- 1
poisson_fit("steady", steady ~ arm1 + arm2, d)
# An arm without relapses: the limit of the likelihood is the fit without that arm.
nb_fit("no_arm2", relapses ~ arm1 + baseline_relapses + offset(log(exposure_year)), d[d$arm != 2, ])
# The reference arm without relapses: arms 1 and 2 alone, with arm 1 as reference.
nb_fit("no_arm0", relapses ~ arm2 + baseline_relapses + offset(log(exposure_year)), d[d$arm != 0, ])
finish()
