#!/bin/sh
# Make the font of the checkout page anew: Inter, reduced to the letters of Western Europe. It needs npm and Python.
# The licence of the font, the SIL Open Font License 1.1, lies beside it.
set -eu

package="@fontsource-variable/inter@5.3.0"
folder="$(cd "$(dirname "$0")/.." && pwd)/mockserver/web/assets/checkout"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "$package" >/dev/null
tar -xzf ./*.tgz
python3 -m venv tools
tools/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1
tools/bin/pyftsubset package/files/inter-latin-wght-normal.woff2 \
	--unicodes="U+20-7E,U+A0-FF,U+152,U+153,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC,U+2212" \
	--layout-features="kern,tnum,calt,ccmp,mark,liga" --flavor=woff2 --output-file="$folder/inter.woff2"
cp package/LICENSE "$folder/inter-LICENSE.txt"
