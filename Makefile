# Everything a newcomer needs: `make run`, `make test`. Meson does the work, scripts/setup prepares the machine.
BUILD := build
NINJA := ninja $(if $(MAKE_TERMOUT),,--quiet)
SOURCES = $(shell git ls-files 'src/*.[ch]' 'src/*.cc' 'tests/*.[ch]' 'bench/*.[ch]')
.DEFAULT_GOAL := help
.PHONY: run test check bench fuzz asan coverage format lint clean install help build
.NOTPARALLEL:

run: build ## Two offices with demonstration data, on this machine (FRESH=1 begins anew)
	@FRESH=$(FRESH) scripts/run

test: setup-test build ## Every test; the last line is the verdict
	@tests/run

check: setup-test build ## The quick part of the tests, under a minute
	@tests/run --quick

bench: setup-bench build ## Speed, as ratios against the plain libraries
	@scripts/bench

fuzz: setup-test ## Each fuzz target for SECONDS (600) over its seeds
	@tests/run --fuzz-seconds $(or $(SECONDS),600) fuzz

asan: setup-test build ## Every test but fuzzing again, under ASan and UBSan
	@tests/run asan

coverage: setup-test ## Lines that the unit and database tests reach
	@scripts/coverage

format: ## Brings the C sources into shape
	clang-format -i $(SOURCES)

lint: setup-test ## Form, rules of the house, and the second compiler's warnings
	@tests/run format house clang

build: setup-run
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) >var/meson.log || { cat var/meson.log; exit 1; }
	@$(NINJA) -C $(BUILD)

setup-%:
	@scripts/setup $*

install: build ## Installs the program (DESTDIR is respected)
	meson install -C $(BUILD) --no-rebuild

clean: ## Removes what was built; data under var/ stays
	rm -rf build build-*

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
