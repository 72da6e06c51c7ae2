#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the Nu HTML checker over all HTML files below the folders (or files) given; any error or warning fails.
# Usage: vnu.sh FOLDER|FILE ...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
jar=$here/node_modules/vnu-jar/build/dist/vnu.jar
[ $# -gt 0 ] || { echo "usage: vnu.sh FOLDER|FILE ..." >&2; exit 2; }
[ -f "$jar" ] || { echo "vnu.sh: $jar is not there; run: npm ci --ignore-scripts, in $here" >&2; exit 2; }
files=$(find "$@" -type f -name '*.html' | wc -l)
[ "$files" -gt 0 ] || { echo "vnu.sh: no HTML files in $*" >&2; exit 1; }
java -jar "$jar" --Werror --skip-non-html "$@"
echo "vnu: $files files without a complaint"
