#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where a header does not compile alone, or its include guard is not its path.
# Usage: check_headers.sh SOURCE_DIR
set -eu
cd "$1"
found=0
for header in $(find src -name '*.h' | sort); do
    path=${header#src/}
    guard=$(echo "$path" | tr 'a-z/.' 'A-Z__')
    grep -q "^#ifndef ${guard}\$" "$header" || { echo "$header: the include guard is not $guard"; found=1; }
    printf '#include "%s"\n#include "%s"\n' "$path" "$path" |
        gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -Isrc -x c - || { echo "$header: does not compile alone"; found=1; }
done
exit $found
