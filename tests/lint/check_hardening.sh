#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where what is built to be installed is not made with all that makes a bug harder to use: the compiler is asked,
# by a look at each command, and by what it makes of one file. The C library's own start files are not marked, so the
# linked program cannot tell.
# Usage: check_hardening.sh SOURCE_DIR
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flags="-fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=3"
[ "$(uname -m)" != x86_64 ] || flags="$flags -fcf-protection=full"
# No type, as README.md builds it, and the preset's.
for type in "" Release; do
    cmake -S "$1" -B "$folder/build$type" -DCMAKE_BUILD_TYPE="$type" -DBUILD_TESTING=OFF >/dev/null
    for flag in $flags; do
        if grep '"command"' "$folder/build$type/compile_commands.json" | grep '/src/' | grep -v -e " $flag "; then
            echo "built without $flag"
            exit 1
        fi
    done
done
[ "$(uname -m)" = x86_64 ] || exit 0
cmake --build "$folder/build" --target base >/dev/null
readelf -n "$folder/build/libbase.a" | grep -q 'x86 feature:.*IBT.*SHSTK' || {
    echo "code without marks for where indirect jumps may go"
    exit 1
}
