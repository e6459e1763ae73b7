#!/bin/sh
# Find wrk, the load generator of `make bench`, or install Debian's package.
# MOCKSERVER_BENCH_WRK names another executable.
set -eu

fail() {
	echo "tools/wrk.sh: $1" >&2
	exit 1
}

if command -v "${MOCKSERVER_BENCH_WRK:-wrk}" >/dev/null; then
	exit 0
fi
if [ -n "${MOCKSERVER_BENCH_WRK:-}" ]; then
	fail "MOCKSERVER_BENCH_WRK is '$MOCKSERVER_BENCH_WRK', which is not an executable program"
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	fail "the benchmarks need wrk; install it (Debian: sudo apt-get install wrk, macOS: brew install wrk) or name one in MOCKSERVER_BENCH_WRK"
fi

echo "installing wrk ..." >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -qq -y --no-install-recommends wrk >/dev/null ||
	fail "apt-get could not install wrk; install it by hand or name one in MOCKSERVER_BENCH_WRK"
command -v wrk >/dev/null || fail "wrk was installed, but is not on the PATH; name it in MOCKSERVER_BENCH_WRK"
