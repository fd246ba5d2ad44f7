# SPDX-License-Identifier: Apache-2.0
# Judge of survival.hpp and competing_risks.hpp: survfit and survdiff of survival.
suppressMessages(library(survival))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

curve <- function(name, time, status, tau, at) {
  f <- survfit(Surv(time, status) ~ 1, conf.type = "log-log")
  put(paste0(name, ".time"), f$time)
  put(paste0(name, ".at_risk"), f$n.risk)
  put(paste0(name, ".events"), f$n.event)
  put(paste0(name, ".censored"), f$n.censor)
  put(paste0(name, ".survival"), f$surv)
  put(paste0(name, ".variance"), ifelse(f$surv == 0, 0, (f$surv * f$std.err)^2))
  put(paste0(name, ".lower"), f$lower)
  put(paste0(name, ".upper"), f$upper)
  put(paste0(name, ".median"), summary(f)$table[c("median", "0.95LCL", "0.95UCL")])
  s <- summary(f, times = at, extend = TRUE)
  put(paste0(name, ".at"), s$surv, s$n.risk)
  table <- summary(f, rmean = tau)$table
  put(paste0(name, ".rmst"), table[c("rmean", "se(rmean)")])
  table[c("rmean", "se(rmean)")]
}

# Fleming-Harrington weights, straight from the definition (survdiff has rho alone).
fleming_harrington <- function(time, event, group, rho, gamma) {
  g <- sort(unique(group)); o <- e <- 0 * g; v <- matrix(0, length(g), length(g)); s <- 1
  for (t in sort(unique(time[event > 0]))) {
    y <- sum(time >= t); d <- sum(time == t & event > 0); w <- s^rho * (1 - s)^gamma
    yg <- sapply(g, function(k) sum(time >= t & group == k))
    dg <- sapply(g, function(k) sum(time == t & event > 0 & group == k))
    o <- o + w * dg; e <- e + w * d * yg / y
    if (y > 1) v <- v + w^2 * d * (y - d) / (y - 1) * (diag(yg / y) - outer(yg, yg) / y^2)
    s <- s * (1 - d / y)
  }
  list(obs = o, exp = e, var = v, chisq = sum(solve(v[-1, -1], (o - e)[-1]) * (o - e)[-1]))
}
put_test <- function(name, x, df) {
  put(paste0(name, ".observed"), if (is.matrix(x$obs)) rowSums(x$obs) else x$obs)
  put(paste0(name, ".expected"), if (is.matrix(x$exp)) rowSums(x$exp) else x$exp)
  put(paste0(name, ".covariance"), x$var)
  put(paste0(name, ".test"), x$chisq, pchisq(x$chisq, df, lower.tail = FALSE))
}

g <- read("gehan.csv")
d <- read("three_arm.csv")
a <- curve("gehan0", g$time[g$arm == 0], g$status[g$arm == 0], 20, c(0, 8, 8.5, 50))
b <- curve("gehan1", g$time[g$arm == 1], g$status[g$arm == 1], 20, c(0, 8, 8.5, 50))
put("gehan.rmst_difference", b[1] - a[1], sqrt(a[2]^2 + b[2]^2))
put_test("gehan.log_rank", survdiff(Surv(time, status) ~ arm, g), 1)
for (k in 0:2) with(d[d$arm == k, ], curve(paste0("arm", k), time, cause > 0, 90, c(12, 52, 96)))
d$event <- as.numeric(d$cause > 0)
put_test("three.log_rank", survdiff(Surv(time, event) ~ arm, d), 2)
put_test("three.peto", survdiff(Surv(time, event) ~ arm, d, rho = 1), 2)
put_test("three.stratified", survdiff(Surv(time, event) ~ arm + strata(site), d), 2)
put_test("three.late", fleming_harrington(d$time, d$event, d$arm, 0, 1), 2)
put_test("three.half", fleming_harrington(d$time, d$event, d$arm, 0.5, 0.5), 2)
put_test("three.check", fleming_harrington(d$time, d$event, d$arm, 0, 0), 2)

for (k in 0:2) {
  f <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, d[d$arm == k, ], conf.type = "log-log")
  for (j in 1:2) {
    name <- paste0("cif", k, ".", j)
    put(paste0(name, ".incidence"), f$pstate[, j + 1])
    put(paste0(name, ".variance"), f$std.err[, j + 1]^2)
    put(paste0(name, ".lower"), f$lower[, j + 1])
    put(paste0(name, ".upper"), f$upper[, j + 1])
  }
  put(paste0("cif", k, ".event_free"), f$pstate[, 1])
}
finish()
