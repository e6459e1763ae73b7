#!/bin/sh
# Make the fonts anew: Inter for the checkout page, reduced to the letters of Western Europe, and for the invoice's PDF,
# reduced to Latin, Greek and Cyrillic. It needs npm and Python.
# The licence of the font, the SIL Open Font License 1.1, lies beside them.
set -eu

page="@fontsource-variable/inter@5.3.0"
invoice="inter-ui@4.1.1"
western="U+20-7E,U+A0-FF,U+152,U+153,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC,U+2212"
latin="U+20-7E,U+A0-17F,U+192,U+1CD-1DC,U+218-21B,U+237,U+259,U+2BC,U+1E80-1E85,U+1E9E,U+1EA0-1EF9"
greek="U+37E,U+384-38A,U+38C,U+38E-3A1,U+3A3-3CE"
cyrillic="U+400-482,U+48A-4FF"
signs="U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2039,U+203A,U+20AC,U+2116,U+2122,U+2212"
folder="$(cd "$(dirname "$0")/.." && pwd)/mockserver/web/assets/checkout"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unpack() {
	mkdir "$2"
	npm pack --silent "$1" --pack-destination "$2" >/dev/null
	tar -xzf "$2"/*.tgz -C "$2" --strip-components=1
}

cd "$work"
unpack "$page" page
unpack "$invoice" invoice
python3 -m venv tools
tools/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1
tools/bin/pyftsubset page/files/inter-latin-wght-normal.woff2 \
	--unicodes="$western" \
	--layout-features="kern,tnum,calt,ccmp,mark,liga" --notdef-outline --flavor=woff2 --output-file="$folder/inter.woff2"
# a PDF takes outlines without compression, and its text needs no layout
tools/bin/fonttools ttLib.woff2 decompress -o inter.ttf invoice/web/Inter-Regular.woff2 >/dev/null 2>&1
tools/bin/pyftsubset inter.ttf \
	--unicodes="$latin,$greek,$cyrillic,$signs" \
	--layout-features="" --no-hinting --notdef-outline --drop-tables+=GDEF,GPOS,GSUB,STAT,meta,gasp \
	--name-IDs="0,1,2,4,6,13,14" --output-file="$folder/inter-regular.ttf"
cp page/LICENSE "$folder/inter-LICENSE.txt"
