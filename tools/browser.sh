#!/bin/sh
# Find Chromium for the browser tests and the screenshots, or install Debian's package.
# MOCKSERVER_TEST_CHROMIUM names another executable.
set -eu

mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

find_chromium() {
	if [ -n "${MOCKSERVER_TEST_CHROMIUM:-}" ]; then
		command -v "$MOCKSERVER_TEST_CHROMIUM"
	else
		command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || command -v "$mac"
	fi
}

fail() {
	echo "tools/browser.sh: $1" >&2
	exit 1
}

if find_chromium >/dev/null; then
	exit 0
fi
if [ -n "${MOCKSERVER_TEST_CHROMIUM:-}" ]; then
	fail "MOCKSERVER_TEST_CHROMIUM is '$MOCKSERVER_TEST_CHROMIUM', which is not an executable program"
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	fail "the browser tests need Chromium; install it (Debian: sudo apt-get install chromium) or name one in MOCKSERVER_TEST_CHROMIUM"
fi

echo "installing chromium ..."
export DEBIAN_FRONTEND=noninteractive
install() {
	apt-get install -qq -y --no-install-recommends "$1" >/dev/null
}
# the headless shell is the same engine and takes a third less processor time; not every release has it
apt-get update -qq && { install chromium-headless-shell 2>/dev/null || install chromium; } ||
	fail "apt-get could not install chromium; install one by hand or name it in MOCKSERVER_TEST_CHROMIUM"
find_chromium >/dev/null || fail "chromium was installed, but is not on the PATH; name it in MOCKSERVER_TEST_CHROMIUM"
