#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails where a command prints to the terminal past terminal_print(), which keeps what steers a terminal from it.
# JSON and CSV are for programs: context.c and recipients.c write those.
# Usage: check_terminal.sh SOURCE_DIR
set -eu
if grep -nE '\b(printf|v?fprintf|puts|putchar|fputs|fwrite|putc|fputc) ?\(' "$1"/src/cli/*.c |
    grep -vE '/(terminal|context|recipients|progress)\.c:'; then
    echo "print with terminal_print() (src/cli/terminal.h)"
    exit 1
fi
