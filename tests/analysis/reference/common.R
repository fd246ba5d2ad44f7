# SPDX-License-Identifier: Apache-2.0
# Shared by the judges. Each is called `Rscript --vanilla JUDGE.R DATA_DIR OUT.csv` and writes lines
# `name,value,value,...` with 17 significant digits; NA stands for undefined.
arguments <- commandArgs(TRUE)
read <- function(name) read.csv(file.path(arguments[1], name))
lines <- character()
put <- function(name, ...) {
  v <- as.numeric(c(...))
  text <- ifelse(is.na(v), "NA", sprintf("%.17g", v))
  lines[length(lines) + 1] <<- paste(c(name, text), collapse = ",")
}
finish <- function() writeLines(lines, arguments[2])
