#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where clang-format would change something, or a file has no SPDX line.
# Usage: check_format.sh SOURCE_DIR
set -eu
cd "$1"
found=0
find src tests -name '*.[ch]' -print | grep -v node_modules | sort | xargs clang-format --dry-run -Werror || found=1
for file in $(find src tests script .ci CMakeLists.txt -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.js' -o -name '*.bats' \
    -o -name '*.bash' -o -name CMakeLists.txt -o -path 'script/*' -o -path '.ci/*' \) | grep -v node_modules | sort); do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || { echo "$file: no SPDX line"; found=1; }
done
exit $found
