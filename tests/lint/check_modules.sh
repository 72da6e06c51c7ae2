#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails when a file under src/ includes a module that its own module does not list in USES, or lies in no declared module.
# Usage: check_modules.sh SOURCE_DIR MODULES_FILE   (one "module: used used ..." a line)
set -eu
src=$1
modules=$2
found=0

for file in $(find "$src" -name '*.[ch]' | sort); do
    module=${file#"$src"/}
    module=${module%%/*}
    line=$(grep "^$module:" "$modules") || { echo "$file: $module/ is no declared module"; found=1; continue; }
    uses=${line#*:}
    for other in $(sed -n 's/^#include "\([a-z_]*\)\/.*/\1/p' "$file" | sort -u); do
        case " $module $uses " in
        *" $other "*) ;;
        *) echo "$file: includes $other/, which $module may not use"; found=1 ;;
        esac
    done
done
exit $found
