#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where the program is not position-independent, or lacks full RELRO, a stack protector or a non-executable stack.
# Usage: check_program.sh PROGRAM
set -eu
fail() {
    echo "$1: $2"
    exit 1
}
readelf -h "$1" | grep -q 'Type:.*DYN' || fail "$1" "is no position-independent executable"
readelf -d "$1" | grep -q 'FLAGS_1.*PIE' || fail "$1" "is no position-independent executable (DF_1_PIE)"
readelf -d "$1" | grep -Eq 'BIND_NOW|FLAGS.*NOW' || fail "$1" "symbols are bound late (no -z now)"
readelf -lW "$1" | grep -q GNU_RELRO || fail "$1" "has no RELRO segment"
readelf -lW "$1" | grep GNU_STACK | grep -q 'RW ' || fail "$1" "has an executable stack"
nm -D "$1" | grep -q __stack_chk_fail || fail "$1" "has no stack protector"
echo "$1: position-independent, full RELRO, stack protector, no executable stack"
