# SPDX-License-Identifier: GPL-2.0
# segfab: `make help` lists what there is.

# SHELL is make's own variable; in `make demo SHELL=1` it is a wish. Neither
# this make nor one below it may take it for the name of a shell.
ifeq ($(origin SHELL),command line)
DEMO_SHELL	:= $(SHELL)
override SHELL	:= /bin/sh
MAKEOVERRIDES	:= $(filter-out SHELL=%,$(MAKEOVERRIDES))
endif
export DEMO_SHELL
# make demo API=1
export DEMO_API	:= $(API)

KERNEL	?= 6.1
HOSTS	?= 1
PREFIX	?= /usr/local
DESTDIR	?=
BUILD	:= $(CURDIR)/build
# Where the module is installed: for the running kernel, unless said otherwise.
KVER	?= $(shell uname -r)
MODDIR	?= /lib/modules/$(KVER)/extra
MODULE	?= $(BUILD)/$(KERNEL)/segfab.ko

.PHONY: all module tools install dkms demo check check-fast bench bench-check \
	clean help packages

all: module tools

packages:
	@selftests/vm/install-packages

module: packages
	@selftests/vm/module '$(KERNEL)'

tools: packages
	@$(MAKE) --no-print-directory -C tools BUILD='$(BUILD)' \
		PREFIX='$(PREFIX)'

install:
	install -D -m 644 '$(MODULE)' '$(DESTDIR)$(MODDIR)/segfab.ko'
	@$(MAKE) --no-print-directory -C tools install BUILD='$(BUILD)' \
		PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)'
	[ -n '$(DESTDIR)' ] || depmod '$(KVER)'

dkms: packages
	@selftests/vm/dkms

demo: all
	@DEMO_HOSTS='$(HOSTS)' selftests/vm/demo

check:
	@selftests/check

check-fast:
	@selftests/check --fast

bench: all
	@bench/run --update

bench-check: all
	@bench/check

clean:
	rm -rf build
	@selftests/vm/module --clean

help:
	@sed -n 's/^#? \{0,1\}//p' Makefile

#? make              the module for Debian's 6.1 kernel, and the tools
#? make module KERNEL=6.1|6.12|7|debug|uml|uml-6.12|/path/to/kernel/build
#?                   the module: build/KERNEL/segfab.ko
#? make tools        segctl and libsegfab, in build/
#? make install      [DESTDIR=] [PREFIX=/usr/local] [KERNEL=6.1] [KVER=...]
#?                   the module for kernel KVER, tools, pages, completion
#? make dkms         the module through a dkms run of its own, for a stock 6.1
#? make demo         [SHELL=1] [HOSTS=2] [API=1] pods, nodes and a VM in a test
#?                   machine; with SHELL=1 it ends with a shell there, with
#?                   HOSTS=2 they are in two machines, with API=1 segd is at work
#? make check        everything; ends with "N passed, N failed, N skipped"
#? make check-fast   what can be checked in a minute
#? make bench        what a frame costs here and on other data paths, on 6.1 and
#?                   6.12, and what many objects cost (three quarters of an
#?                   hour): tables and a chart, printed and put into
#?                   Documentation/performance.rst
#? make bench-check  whether it is within its budgets, on 6.1 and 6.12
#? make clean        removes build/ and objects; kernels stay in the cache
#?
#? All of it but install works without root, once the packages that
#? selftests/vm/packages lists are there; as root they are installed.
