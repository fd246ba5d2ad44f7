# SPDX-License-Identifier: Apache-2.0
# Judge of cox.hpp: coxph of survival, Efron's ties, tolerances at rounding.
suppressMessages(library(survival))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
put_fit <- function(name, f) {
  s <- summary(f)
  put(paste0(name, ".coefficient"), coef(f))
  put(paste0(name, ".se"), s$coefficients[, "se(coef)"])
  put(paste0(name, ".p"), s$coefficients[, "Pr(>|z|)"])
  put(paste0(name, ".ci"), confint(f))
  put(paste0(name, ".covariance"), vcov(f))
  put(paste0(name, ".log_likelihood"), f$loglik)
  put(paste0(name, ".tests"), s$logtest[1], f$wald.test, f$score)
  put(paste0(name, ".tests_p"), s$logtest[3], pchisq(c(f$wald.test, f$score), length(coef(f)), lower.tail = FALSE))
}
g <- read("gehan.csv")
d <- read("three_arm.csv")
d$event <- as.numeric(d$cause > 0)
put_fit("gehan", coxph(Surv(time, status) ~ arm, g, control = tight))
put_fit("three", coxph(Surv(time, event) ~ I(arm == 1) + I(arm == 2) + age + edss, d, control = tight))
put_fit("stratified", coxph(Surv(time, event) ~ I(arm == 1) + I(arm == 2) + age + edss + strata(site), d, control = tight))
put_fit("cause2", coxph(Surv(time, cause == 2) ~ I(arm == 1) + I(arm == 2), d, control = tight))
# Arm 2 without events: the limit of the likelihood, where the other terms are those without arm 2 at risk.
m <- d; m$event[m$arm == 2] <- 0
put_fit("no_arm2", coxph(Surv(time, event) ~ I(arm == 1) + age, m[m$arm != 2, ], control = tight))
finish()
