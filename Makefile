# Recircuit. `make help` lists the targets.

MODE    ?= release
PREFIX  ?= /usr/local
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
COMMON   := -std=c11 -D_GNU_SOURCE -g -pthread -ffp-contract=off $(WARNINGS) -Iinclude -Isolver -MMD -MP \
            $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS     := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lglpk -lm -pthread
COMPILE   = $(CC) $(COMMON) $(CFLAGS_$(MODE)) $(CFLAGS)
LINK      = $(CC) $(CFLAGS_$(MODE)) $(CFLAGS) $(LDFLAGS)

# One archive a layer, linked in the order of the layers; solver stands on base alone.
sources   = $(sort $(wildcard $(1)))
objects   = $(patsubst %.c,$(B)/%.o,$(1))
SOLVER_SRC  := $(filter-out solver/main.c,$(call sources,solver/*.c))
BASE_SRC    := $(call sources,src/base/*.c)
SERVICE_SRC := $(filter-out src/cmd/main.c,$(call sources,src/codec/*.c src/db/*.c src/auth/*.c \
               src/http/*.c src/jobs/*.c src/app/*.c src/cmd/*.c))
ARCHIVES    := $(B)/libservice.a $(B)/libsolver.a $(B)/libbase.a
PROGRAMS    := $(B)/recircuit $(B)/recircuit-solve
TEST_SRC    := $(call sources,tests/unit/*.c tests/prop/*.c tests/db/*.c)
TESTS       := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC))
TEST_LIB    := $(call objects,$(call sources,tests/lib/*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help deps run check tests bench-% install format clean leaflet

all: $(PROGRAMS) leaflet ## build both programs (MODE=release|asan|tsan|cov|fuzz)

help: ## this list
	@awk -F':.*## ' '/^[a-z%-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

$(B)/libbase.a: $(call objects,$(BASE_SRC))
$(B)/libsolver.a: $(call objects,$(SOLVER_SRC))
$(B)/libservice.a: $(call objects,$(SERVICE_SRC))
$(ARCHIVES):
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/recircuit: $(B)/src/cmd/main.o $(B)/libservice.a $(B)/libbase.a
	$(LINK) $^ $(LIBS) -o $@
$(B)/recircuit-solve: $(B)/solver/main.o $(B)/libsolver.a $(B)/libbase.a
	$(LINK) $^ $(LIBS) -o $@

# Debian's Leaflet beside our own files; nothing of others is committed.
LEAFLET_FROM ?= /usr/share/javascript/leaflet
LEAFLET      := web/vendor/leaflet
leaflet: $(LEAFLET)/leaflet.esm.min.js $(LEAFLET)/leaflet.css
$(LEAFLET)/%: $(LEAFLET_FROM)/%
	@mkdir -p $(LEAFLET)/images
	cp $< $@
	cp $(LEAFLET_FROM)/images/*.png $(LEAFLET)/images/

-include $(shell find $(B) -name '*.d' 2>/dev/null)

clean: ## remove build/ (var/ holds your data and stays)
	rm -rf build

format: ## lay the C code out
	clang-format -i $(wildcard include/*.h src/*/*.[ch] solver/*.[ch] tests/*/*.[ch])
