# Recircuit. `make help` lists the targets.

MODE    ?= release
PREFIX  ?= /usr/local
VERSION := 0.1.0
PORT    ?= 8080
B       := build/$(MODE)

# Modes: flags beyond the common ones. `CC=clang make` works for every mode.
ifeq ($(filter $(MODE),release asan tsan cov fuzz),)
$(error MODE is one of release, asan, tsan, cov, fuzz, not "$(MODE)")
endif
CFLAGS_release := -O2
CFLAGS_asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_tsan    := -O1 -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_cov     := -O0 --coverage
CFLAGS_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer
ifeq ($(MODE),fuzz)
CC := clang
endif

PACKAGES := libpq libmicrohttpd jansson libsodium zlib
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wwrite-strings -Wvla
# No -ffast-math, and no fused multiply-add: a bound is a proof, the same on every machine.
COMMON   := -std=c11 -D_GNU_SOURCE -g -pthread -ffp-contract=off $(WARNINGS) -Iinclude $(patsubst %/,-I%,$(filter-out solver/cmd/,$(wildcard solver/*/))) -MMD -MP \
            -DRECIRCUIT_VERSION='"$(VERSION)"' \
            $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS     := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lglpk -lm -pthread
COMPILE   = $(CC) $(COMMON) $(CFLAGS_$(MODE)) $(CFLAGS)
LINK      = $(CC) $(CFLAGS_$(MODE)) $(CFLAGS) $(LDFLAGS)

# One archive a layer, linked in the order of the layers; solver stands on base alone.
sources   = $(sort $(wildcard $(1)))
objects   = $(patsubst %.c,$(B)/%.o,$(1))
SOLVER_SRC  := $(filter-out solver/cmd/%,$(call sources,solver/*/*.c))
BASE_SRC    := $(call sources,src/base/*.c)
SERVICE_SRC := $(filter-out src/cmd/main.c,$(call sources,src/codec/*.c src/db/*.c src/auth/*.c \
               src/http/*.c src/jobs/*.c src/app/*.c src/cmd/*.c))
ARCHIVES    := $(B)/libservice.a $(B)/libsolver.a $(B)/libbase.a
PROGRAMS    := $(B)/recircuit $(B)/recircuit-solve
TEST_SRC    := $(call sources,tests/unit/*.c tests/prop/*.c tests/db/*.c)
TESTS       := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC))
TEST_LIB    := $(call objects,$(call sources,tests/lib/*.c))
FUZZ_TESTS  := $(patsubst tests/%.c,$(B)/tests/%,$(call sources,tests/fuzz/*.c))
RUNNERS     := $(TESTS) $(FUZZ_TESTS) $(wildcard tests/layers tests/*/run)
WITH_CLUSTER := $(B)/tests/with_cluster
HTTP_FIXTURE := $(B)/tests/http/fixture

# Debian packages: what the programs need, and what their tests need besides.
DEPS       := gcc libc6-dev pkg-config libpq-dev libmicrohttpd-dev libjansson-dev libsodium-dev \
              zlib1g-dev libglpk-dev postgresql-15 postgresql-15-postgis-3 libjs-leaflet
CHECK_DEPS := libcmocka-dev nodejs npm chromium faketime procps

# Leaflet goes where the service finds everything else it serves, so that web/ is all there is to
# serve from a source tree and once installed. Git ignores it: nothing of others is committed.
LEAFLET      := /usr/share/javascript/leaflet
LEAFLET_COPY := $(patsubst $(LEAFLET)/%,web/vendor/leaflet/%,\
                $(wildcard $(addprefix $(LEAFLET)/,leaflet.css leaflet.esm.min.js images/*)))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help deps run check tests bench-% install format clean leaflet

all: $(PROGRAMS) leaflet ## build both programs (MODE=release|asan|tsan|cov|fuzz)
	@: # nothing to say when nothing is to be done

help: ## this list
	@awk -F':.*## ' '/^[a-z%-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

$(B)/libbase.a: $(call objects,$(BASE_SRC))
$(B)/libsolver.a: $(call objects,$(SOLVER_SRC))
$(B)/libservice.a: $(call objects,$(SERVICE_SRC))
$(B)/libtest.a: $(TEST_LIB)
$(ARCHIVES) $(B)/libtest.a:
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/recircuit: $(B)/src/cmd/main.o $(ARCHIVES)
	$(LINK) $^ $(LIBS) -o $@
$(B)/recircuit-solve: $(call objects,$(call sources,solver/cmd/*.c)) $(B)/libsolver.a $(B)/libbase.a
	$(LINK) $^ $(LIBS) -o $@

$(B)/tests/%.o: COMMON += -Itests/lib
$(TESTS) $(WITH_CLUSTER) $(HTTP_FIXTURE): $(B)/tests/%: $(B)/tests/%.o $(B)/libtest.a $(ARCHIVES)
	$(LINK) $^ $(LIBS) -lcmocka -o $@

tests: $(TESTS) $(FUZZ_TESTS) $(WITH_CLUSTER) $(HTTP_FIXTURE)

# Fuzz targets: with libFuzzer's main in MODE=fuzz, else with one that replays their corpus (tests/lib/replay.c). New
# inputs that a fuzzer finds stay in build/; one that shows a bug goes to tests/fuzz/corpus.
ifeq ($(MODE),fuzz)
$(FUZZ_TESTS): LDFLAGS += -fsanitize=fuzzer
else
$(FUZZ_TESTS): $(B)/libtest.a
endif
$(FUZZ_TESTS): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(ARCHIVES)
	$(LINK) $(filter %.o,$^) $(filter %/libtest.a,$^) $(ARCHIVES) $(LIBS) -o $@
FUZZ_SECONDS ?= 60
fuzz-%: ## fuzz what tests/fuzz/%.c says, for FUZZ_SECONDS=60
	@$(MAKE) --no-print-directory MODE=fuzz build/fuzz/tests/fuzz/$*
	@mkdir -p build/fuzz/corpus/$*
	build/fuzz/tests/fuzz/$* -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 \
		-artifact_prefix=build/fuzz/corpus/ build/fuzz/corpus/$* tests/fuzz/corpus/$*

# The packages may only just have come: a second make works out again what depends on them.
check: DEPS += $(CHECK_DEPS)
check: deps ## run every test; the last line says how many passed and failed
	@$(MAKE) --no-print-directory all tests
	@$(WITH_CLUSTER) $(B)/tests/var tests/run.sh $(B) $(RUNNERS)

run: deps ## everything: data, reference run, verdict, then the map on PORT=8080 until Ctrl-C
	@$(MAKE) --no-print-directory all
	@$(B)/recircuit demo --port $(PORT)

# The benchmarks read published instances, which are not ours to ship: INSTANCES says where they are.
INSTANCES ?= instances
LIMIT     ?= 60
EACH      ?= 100
BENCH_DEPS := nodejs npm xz-utils glpk-utils coinor-cbc
bench-siting: DEPS += $(BENCH_DEPS)
bench-siting: deps ## our siting solver beside three others on INSTANCES=..., LIMIT=60 s, EACH=100 files a family
	@$(MAKE) --no-print-directory all
	@npm install --prefix tests/bench --no-audit --no-fund --silent
	@node tests/bench/siting.mjs $(B) $(INSTANCES) $(LIMIT) $(EACH) docs/benchmarks.md $(FAMILIES)

bench-rounds: DEPS += nodejs xz-utils
bench-rounds: deps ## our rounds on INSTANCES=..., LIMIT=60 s a file, EACH=100 files a family; FAMILIES=... to do it in pieces
	@$(MAKE) --no-print-directory all
	@node tests/bench/rounds.mjs $(B) $(INSTANCES) $(LIMIT) $(EACH) docs/benchmarks.md $(FAMILIES)

# Without NETWORK the reference scenario is loaded and exported first.
DRAWS   ?= 50
NETWORK ?= build/bench/reference.json
bench-study: DEPS += nodejs glpk-utils
bench-study: deps ## studies of the reference scenario (NETWORK=...), DRAWS=50, and glpsol, LIMIT=60 s each
	@$(MAKE) --no-print-directory all
	@[ -e "$(NETWORK)" ] || { mkdir -p build/bench && $(B)/recircuit demo --once --port 0 --time-limit 5 && \
		$(B)/recircuit export network --scenario 1 --output "$(NETWORK)"; }
	@node tests/bench/study.mjs $(B) $(NETWORK) $(DRAWS) $(LIMIT) docs/benchmarks.md

# Without WEEK the reference data are loaded and the week derived first.
SEEDS ?= 3
WEEK  ?= build/bench/week.json
ASK   := {"hubs": ["candidate:45234", "candidate:37261", "candidate:18033"], "regions": ["24"], "year": 2027, "week": 12}
bench-week: DEPS += nodejs
bench-week: deps ## the rounds of a real week (WEEK=question.json) in 2, 20 and 120 s, SEEDS=3
	@$(MAKE) --no-print-directory all
	@[ -e "$(WEEK)" ] || { mkdir -p build/bench && $(B)/recircuit demo --once --port 0 --time-limit 1 && \
		$(B)/recircuit export rounds --ask '$(ASK)' --output "$(WEEK)"; }
	@node tests/bench/week.mjs $(B) $(WEEK) $(SEEDS) docs/benchmarks.md

TURN ?= 5
bench-http: DEPS += nodejs
bench-http: deps ## lines acknowledged a second beside pgbench, three turns of TURN=5 s for each, and a file of 10,000 lines
	@$(MAKE) --no-print-directory all
	@node tests/bench/http.mjs $(B) $(TURN) docs/benchmarks.md

deps: ## install the Debian packages that are missing
	@missing=$$(dpkg-query -Wf '$${db:Status-Status} $${Package} $${Provides}\n' | awk ' \
		/^installed / { gsub(/,|\([^)]*\)/, " "); for (i = 2; i <= NF; i++) have[$$i] = 1 } \
		END { for (i = split("$(DEPS)", w, " "); i; i--) if (!(w[i] in have)) print w[i] }'); \
	[ "$$missing" ] || exit 0; \
	root=; [ $$(id -u) = 0 ] || root=sudo; \
	echo "Installation des paquets Debian qui manquent :" $$missing; \
	$$root apt-get update -q; \
	$$root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends $$missing || \
	{ echo "Ces paquets Debian manquent et n'ont pas pu être installés :" $$missing >&2; \
	  echo "Demandez à un administrateur : apt-get install" $$missing >&2; exit 1; }

leaflet: $(LEAFLET_COPY)
web/vendor/leaflet/%: $(LEAFLET)/%
	@mkdir -p $(@D)
	@cp $< $@

SHARE := $(DESTDIR)$(PREFIX)/share/recircuit
install: all ## install below PREFIX=/usr/local (packagers: DESTDIR=)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)"
	install $(PROGRAMS) "$(DESTDIR)$(PREFIX)/bin"
	find sql web -name node_modules -prune -o -type f -exec install -D -m 644 {} "$(SHARE)/{}" \;

-include $(shell find $(B) -name '*.d' 2>/dev/null)

clean: ## remove build/ (var/ holds your data and stays)
	rm -rf build web/vendor

format: ## lay the C code out
	clang-format -i $(wildcard include/*.h src/*/*.[ch] solver/*/*.[ch] tests/*/*.[ch])
