# SPDX-License-Identifier: GPL-2.0
# The only front door.  It compiles nothing itself: modules are built by the
# kernel's build system, the rest by the makefiles below and the scripts in
# tests/.

KERNEL_RELEASE	?= $(shell uname -r)
KDIR		?= /lib/modules/$(KERNEL_RELEASE)/build
O		?= build/user
prefix		?= /usr/local
VM		:= tests/vm
# Which guest kernel: 6.1, 6.12, 7.3 or debug.
KERNEL		?=

# Out of the kernel tree nobody reads Kconfig.
KBUILD := $(MAKE) -C $(KDIR) M=$(CURDIR)/kmod CONFIG_SVCSEQ=m
NO_KDIR = there is no $(KDIR): install the headers of the running kernel \
	  (apt install linux-headers-$(KERNEL_RELEASE))

.PHONY: all modules userspace install uninstall clean help deps roots \
	vm-build vm-shell check check-all lint unit fuzz-smoke mutants bench \
	demo \
	ynl coverage
# The test bed has its own idea of what runs at the same time.
.NOTPARALLEL:

all: modules userspace

help:
	@echo 'For a router:'
	@echo '  make                  the module for the running kernel, and userspace'
	@echo '  make install          both, with manual pages; then: modprobe svcseq'
	@echo '  make uninstall, make clean'
	@echo 'To see it and to test it, in virtual machines (Debian 12 or 13, root or sudo):'
	@echo '  make demo             one HTTP request walks through a chain of devices'
	@echo '  make check            all that CI runs; a part: make check T=PATTERN KERNEL=...'
	@echo '  make check-all        the full suite on all four kernels'
	@echo '  make bench            instructions per packet, beside its peers'
	@echo '  make vm-shell         a prompt with the module loaded (KERNEL=6.12)'
	@echo '  make lint unit fuzz-smoke coverage'
	@echo '  make mutants          see each selftest fail, or T=PATTERN (half an hour)'
	@echo '  make vm-build         module and userspace for a guest (KERNEL=6.12)'
	@echo '  make ynl              generate the netlink code from its specification'
	@echo '  make deps roots       what the above do by themselves when needed'
	@echo 'KERNEL is 6.1, 6.12, 7.3 or debug.  Roots and the debug kernel are kept in'
	@echo '$${SVCSEQ_CACHE:-~/.cache/svcseq}.'

# --- the real thing ---------------------------------------------------------

modules:
	@test -e $(KDIR) || { echo '$(strip $(NO_KDIR))' >&2; exit 1; }
	$(KBUILD) modules

userspace:
	$(MAKE) -C userspace O=$(abspath $(O))

# What `make` built is installed as it is, so that sudo builds nothing.
install:
	@test -e kmod/svcseq.ko -a -e $(O)/svcseq || \
		{ echo 'nothing built yet: run make first' >&2; exit 1; }
	install -D -m 644 kmod/svcseq.ko \
		$(DESTDIR)/lib/modules/$(KERNEL_RELEASE)/updates/svcseq.ko
	strip --strip-debug \
		$(DESTDIR)/lib/modules/$(KERNEL_RELEASE)/updates/svcseq.ko
	$(if $(DESTDIR),,/sbin/depmod $(KERNEL_RELEASE))
	$(MAKE) -C userspace O=$(abspath $(O)) prefix=$(prefix) install
	$(if $(DESTDIR),,/sbin/ldconfig)

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(KERNEL_RELEASE)/updates/svcseq.ko
	$(if $(DESTDIR),,/sbin/depmod $(KERNEL_RELEASE))
	$(MAKE) -C userspace O=$(abspath $(O)) prefix=$(prefix) uninstall
	$(if $(DESTDIR),,/sbin/ldconfig)

clean:
	@test ! -e $(KDIR) || $(KBUILD) clean
	rm -rf build

# --- the test bed -----------------------------------------------------------

deps:
	@$(VM)/deps

roots: deps
	@$(VM)/mkroot trixie
	@$(VM)/mkroot bookworm

vm-build: deps
	@$(VM)/vmbuild $(or $(KERNEL),6.12)

vm-shell: vm-build
	@$(VM)/boot -k $(or $(KERNEL),6.12) -i

# A part of the tests, or all tests on one kernel, when T or KERNEL is given.
CHECK_ALL  := -H 6.12:all 6.1:all 7.3:all debug:all
CHECK_CI   := -H debug:smoke 6.12:all 6.1:smoke 7.3:smoke
CHECK_PART := $(if $(T),-H -T '$(T)') $(or $(KERNEL),6.12):all

check: deps
	@SVCSEQ_MAKE_PID=$$PPID $(VM)/check $(if $(T)$(KERNEL),$(CHECK_PART),$(CHECK_CI))

check-all: deps
	@SVCSEQ_MAKE_PID=$$PPID $(VM)/check -t build/testing-table.rst $(CHECK_ALL)

lint: deps
	@tests/lint/run

unit: deps
	@tests/unit/run

fuzz-smoke: deps
	@tests/fuzz/run smoke

mutants: deps
	@tests/mutants/run $(T)

bench: vm-build
	@tests/bench/run

demo: vm-build
	@tests/tools/demo

ynl: deps
	@tests/tools/ynl-regen

coverage:
	@tests/tools/coverage
