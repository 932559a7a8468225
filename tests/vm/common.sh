# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the scripts of the test bed that run on the host.  Source it; it
# sets where things are and offers small helpers, and does nothing else.

set -u -o pipefail

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
TREE=$(cd "$VM_DIR/../.." && pwd -P)
BUILD=$TREE/build

# The cache lives outside the tree so that `make clean` and a fresh clone keep
# it.  It is fixed before sudo may change HOME.
export SVCSEQ_CACHE=${SVCSEQ_CACHE:-${HOME:-/root}/.cache/svcseq}
CACHE=$SVCSEQ_CACHE

ALL_KERNELS="6.1 6.12 7.3 debug"

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

note()
{
	printf '[%s] %s\n' "$(date +%T)" "$*" >&2
}

# Chroot, mounts and mmdebstrap need root.  Start the caller again under sudo
# when it is not; the variables that steer the test bed go along.
need_root()
{
	[ "$(id -u)" -eq 0 ] && return 0
	command -v sudo >/dev/null || die "needs root, and there is no sudo"
	exec sudo --preserve-env=SVCSEQ_CACHE,SVCSEQ_MIRROR,SVCSEQ_JOBS,SVCSEQ_JOB_LIMIT,SVCSEQ_MAKE_PID \
		"$0" "$@"
}

# Which root a kernel is built in and runs on.
root_of_kernel()
{
	case $1 in
	6.1)
		echo bookworm ;;
	6.12|7.3|debug)
		echo trixie ;;
	*)
		die "unknown kernel '$1' (one of: $ALL_KERNELS)" ;;
	esac
}

# A root is named by what went into it, so a changed list is a new root and a
# root never changes under a running guest.
root_dir()
{
	local key

	[ -f "$VM_DIR/packages.$1" ] || die "unknown root '$1'"
	# The number is raised when mkroot comes to make roots in another way.
	key=$( (echo 2; cat "$VM_DIR/packages.$1" "$VM_DIR/root-setup") |
	      sha256sum | cut -c1-12)
	echo "$CACHE/root-$1-$key"
}

# Start a command that is killed when this script ends, however it ends, and
# wait for it.  What is behind `unshare --kill-child` takes everything with it
# that runs in its process namespace, so a chain of these leaves nothing.
run_tied()
{
	local pid rc

	setpriv --pdeathsig KILL "$@" <&0 &
	pid=$!
	# shellcheck disable=SC2064 # this process, now
	trap "kill -KILL $pid 2>/dev/null; exit 130" INT TERM HUP
	wait "$pid"
	rc=$?
	trap - INT TERM HUP
	return "$rc"
}

need_tool()
{
	command -v "$1" >/dev/null || die "no $1 here: run 'make deps' first"
}

# What is written under build/ as root belongs to whoever owns the tree.
give_back()
{
	local owner

	owner=$(stat -c %u:%g "$TREE")
	[ "$owner" = 0:0 ] || chown -R "$owner" "$BUILD"
}
