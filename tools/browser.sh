#!/bin/sh
# Sees to it that there is a Chromium for the browser tests and the pictures: finds one, or installs Debian's.
# MOCKSERVER_TEST_CHROMIUM names another one.
set -eu

mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

found() {
	if [ -n "${MOCKSERVER_TEST_CHROMIUM:-}" ]; then
		command -v "$MOCKSERVER_TEST_CHROMIUM"
	else
		command -v chromium || command -v chromium-browser || command -v google-chrome || command -v "$mac"
	fi
}

missing() {
	echo "tools/browser.sh: $1" >&2
	exit 1
}

if found >/dev/null; then
	exit 0
fi
if [ -n "${MOCKSERVER_TEST_CHROMIUM:-}" ]; then
	missing "MOCKSERVER_TEST_CHROMIUM is '$MOCKSERVER_TEST_CHROMIUM', which is no program that can be run"
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	missing "the browser tests need Chromium; install it (Debian: sudo apt-get install chromium) or name one in MOCKSERVER_TEST_CHROMIUM"
fi

echo "installing chromium ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null ||
	missing "apt-get could not install chromium; install one by hand or name it in MOCKSERVER_TEST_CHROMIUM"
found >/dev/null || missing "chromium was installed, but is not on the PATH; name it in MOCKSERVER_TEST_CHROMIUM"
