#!/bin/sh
# SPDX-License-Identifier: MIT
# cppcheck over the program's sources.
# Usage: check_static.sh SOURCE_DIR BUILD_DIR
# resourceLeak: cppcheck 2.10 does not follow a descriptor that is closed where a flag says that it was opened.
# readdirCalled: readdir_r() is deprecated; glibc's readdir() is safe on streams of one's own.
# varFuncNullUB: NULL ends our argument lists only where the prototype demands it (attribute sentinel).
set -eu
cppcheck --project="$2/compile_commands.json" --file-filter="$1/src/*" --enable=warning,portability \
    --library=posix,gnu,libcurl,sqlite3 --inline-suppr --suppress=missingIncludeSystem --suppress=varFuncNullUB --suppress=readdirCalled \
    --suppress=resourceLeak --suppress=unknownMacro --error-exitcode=1 --quiet -j 2
