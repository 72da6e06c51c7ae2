#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails on a function of more than 70 lines or of cyclomatic complexity over 15: lower them when you can.
# Usage: check_complexity.sh SOURCE_DIR
set -eu
cd "$1"
pmccabe src/*/*.c | awk '$1 > 15 || $5 > 70 { print $6 ": " $7 ": complexity " $1 ", " $5 " lines"; found = 1 } END { exit found }'
