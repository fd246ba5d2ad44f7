# SPDX-License-Identifier: Apache-2.0
# Judge of proportions.hpp, linear_model.hpp, quantiles.hpp and monte_carlo.hpp: R's stats.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
score <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int
cells <- rbind(c(56, 70), c(48, 80), c(9, 10), c(3, 10), c(0, 30), c(5, 40), c(17, 17), c(1, 1600))
for (i in seq_len(nrow(cells))) {
  x <- cells[i, 1]; n <- cells[i, 2]
  put(paste0("proportion", i), x, n, score(x, n), binom.test(x, n)$conf.int)
}
for (i in c(1, 3, 5, 7)) {
  a <- cells[i, ]; b <- cells[i + 1, ]
  pa <- a[1] / a[2]; pb <- b[1] / b[2]; A <- score(a[1], a[2]); B <- score(b[1], b[2])
  put(paste0("newcombe", i), pa - pb, pa - pb - sqrt((pa - A[1])^2 + (B[2] - pb)^2), pa - pb + sqrt((A[2] - pa)^2 + (pb - B[1])^2))
  t <- suppressWarnings(prop.test(c(a[1], b[1]), c(a[2], b[2]), correct = FALSE))
  put(paste0("chi_square", i), t$statistic, t$p.value)
}
for (i in c(1, 3)) {
  a <- cells[i, ]; b <- cells[i + 1, ]
  y <- rbind(c(a[1], a[2] - a[1]), c(b[1], b[2] - b[1]))
  f <- glm(y ~ c(1, 0), binomial, control = glm.control(epsilon = 1e-14, maxit = 200))
  for (k in 1:5) f <- glm(y ~ c(1, 0), binomial, control = glm.control(epsilon = 1e-14, maxit = 200), start = coef(f))
  s <- summary(f)$coefficients[2, ]
  put(paste0("odds", i), s[1], s[2], s[4], exp(s[1] + c(-1, 1) * qnorm(0.975) * s[2]))
}
for (k in c(0, 1, 7, 250)) put(paste0("rate", k), k, poisson.test(k, 12.5)$estimate, poisson.test(k, 12.5)$conf.int)

d <- read("edss.csv")
put_lm <- function(name, f) {
  s <- summary(f)
  put(paste0(name, ".terms"), t(s$coefficients))
  put(paste0(name, ".ci"), confint(f))
  put(paste0(name, ".covariance"), vcov(f))
  put(paste0(name, ".sigma"), s$sigma, f$df.residual)
}
f <- lm(edss_change ~ baseline + I(arm == 1) + I(arm == 2), d)
put_lm("ancova", f)
p <- predict(f, data.frame(arm = 0:2, baseline = mean(d$baseline)), se.fit = TRUE)
put("ancova.adjusted", p$fit, p$se.fit)
put_lm("line", lm(volume_change ~ baseline, d))
for (k in 1:2) {
  t <- t.test(d$volume_change[d$arm == k], d$volume_change[d$arm == 0])
  put(paste0("welch", k), t$estimate[1] - t$estimate[2], t$stderr, t$parameter, t$statistic, t$p.value, t$conf.int)
  w <- wilcox.test(d$edss_change[d$arm == k], d$edss_change[d$arm == 0], exact = FALSE, correct = TRUE)
  put(paste0("wilcoxon", k), w$statistic, w$p.value)
}
v <- d$volume_change
put("quantiles", quantile(v, c(0, 0.025, 0.1, 0.25, 0.5, 0.731, 0.975, 1), type = 7))
n <- length(v); e <- (v + 0.5)^2
put("monte_carlo", mean(v) + 0.5, sd(v) / sqrt(n), sd(v), sd(v) / sqrt(2 * (n - 1)), mean(e), sqrt(sum((e - mean(e))^2) / (n * (n - 1))))
finish()
