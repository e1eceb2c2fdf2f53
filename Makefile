# SPDX-License-Identifier: GPL-2.0
# segfab: `make help` lists what there is.

# SHELL is make's own variable; in `make demo SHELL=1` it is a wish.
ifeq ($(origin SHELL),command line)
DEMO_SHELL := $(SHELL)
override SHELL := /bin/sh
endif
export DEMO_SHELL
# Or every make below this one would get it from MAKEFLAGS again.
MAKEOVERRIDES := $(filter-out SHELL=%,$(MAKEOVERRIDES))

KERNEL	?= 6.1
PREFIX	?= /usr/local
BUILD	:= $(CURDIR)/build

.PHONY: all
all: module tools

.PHONY: module
module:
	@selftests/vm/module '$(KERNEL)'

.PHONY: tools
tools:
	$(MAKE) -C tools BUILD='$(BUILD)' PREFIX='$(PREFIX)'

.PHONY: clean
clean:
	rm -rf build
