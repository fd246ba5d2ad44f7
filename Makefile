# SPDX-License-Identifier: Apache-2.0
# The commands of a source tree; the work itself is CMake's (CMakePresets.json) and Ninja's.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

PRESET := release
BUILD := build/$(PRESET)
PREFIX := /usr/local
PROTOCOL := data/protocols/mist.toml
OUT := out/$(basename $(notdir $(PROTOCOL)))
# More options for the configuration, e.g. CMAKE_ARGS=-DHORTEGA_WERROR=ON.
CMAKE_ARGS :=
CONFIGURED := $(BUILD)/configured-with

.PHONY: help run test build install format clean packages always

help: ## this list (the default)
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(MAKEFILE_LIST) | while IFS=: read -r name text; do printf '  make %-9s%s\n' "$$name" "$$text"; done

run: build ## install what is missing, build, run MIST and say where its report is (PROTOCOL=... for another)
	@build/hortega run $(PROTOCOL) --out $(OUT)
	@printf '\nReport: %s\n' "$(abspath $(OUT))/report.html"

test: ## install the judges, build everything, run all tests
	@scripts/packages build test
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD)
	@rm -f $(BUILD)/tests.xml
	@cd $(BUILD) && { rc=0; ctest --output-on-failure --timeout 300 -j "$$(nproc)" --no-tests=error \
	  --output-junit tests.xml >tests.log 2>&1 || rc=$$?; \
	  [ "$$rc" = 0 ] || grep -v ' Passed ' tests.log || true; \
	  sum=0; $(CURDIR)/scripts/test-summary tests.xml || sum=$$?; exit $$((rc > sum ? rc : sum)); }

build: packages ## the program, as build/hortega
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD) --target hortega
	@ln -sfn $(PRESET)/hortega build/hortega

install: build ## program, data, manual page and completions into PREFIX (/usr/local); DESTDIR is honoured
	@cmake --install $(BUILD) --prefix "$(PREFIX)" >/dev/null
	@printf 'Installed %s\n' "$(DESTDIR)$(PREFIX)/bin/hortega"

format: ## all C++ sources in the one format
	@git ls-files -z --cached --others --exclude-standard '*.hpp' '*.cpp' | xargs -0r clang-format-14 -i

clean: ## remove build/ (results in out/ stay)
	@rm -rf build

packages:
	@scripts/packages build

# Configured once; again when a preset changes or CMAKE_ARGS differs from last time. Ninja itself sees to the
# CMakeLists files. The stamp is written last, so that an interrupted configuration counts as none.
$(CONFIGURED): CMakePresets.json always
	@if [ ! $@ -nt CMakePresets.json ] || [ "$$(cat $@)" != "$(CMAKE_ARGS)" ]; then \
	  mkdir -p build; \
	  cmake --preset $(PRESET) $(CMAKE_ARGS) >build/$(PRESET)-configure.log 2>&1 || \
	    { cat build/$(PRESET)-configure.log; exit 1; }; \
	  printf '%s' "$(CMAKE_ARGS)" >$@; fi
always:
