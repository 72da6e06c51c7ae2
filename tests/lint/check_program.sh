#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where the program is not position-independent, or it or what it loads lacks full RELRO, a stack protector or a
# non-executable stack; or where libvips, and so a hundred shared objects, GMime, GLib, libgumbo, hunspell or libzip is mapped at every start.
# Usage: check_program.sh PROGRAM SHARED_OBJECT…
set -eu
fail() {
    echo "$1: $2"
    exit 1
}
readelf -h "$1" | grep -q 'Type:.*DYN' || fail "$1" "is no position-independent executable"
readelf -d "$1" | grep -q 'FLAGS_1.*PIE' || fail "$1" "is no position-independent executable (DF_1_PIE)"
ldd "$1" | grep -Eq 'lib(vips|gmime|glib|gobject|gumbo|hunspell|zip)[-.]' && fail "$1" "maps libvips, GMime, GLib, libgumbo, hunspell or libzip; confined processes load them when they are needed"
for file in "$@"; do
    readelf -d "$file" | grep -Eq 'BIND_NOW|FLAGS.*NOW' || fail "$file" "symbols are bound late (no -z now)"
    readelf -lW "$file" | grep -q GNU_RELRO || fail "$file" "has no RELRO segment"
    readelf -lW "$file" | grep GNU_STACK | grep -q 'RW ' || fail "$file" "has an executable stack"
    nm -D "$file" | grep -q __stack_chk_fail || fail "$file" "has no stack protector"
    echo "$file: position-independent, full RELRO, stack protector, no executable stack"
done
