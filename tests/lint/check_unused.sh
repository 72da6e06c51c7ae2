#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails on a public function or object that no other file of the program uses: make it static, or take it away.
# Usage: check_unused.sh BUILD_DIR
set -eu
# rendition_maker, mime_parser, html_reader, spelling_reader and rich_text_reader are looked up by their names (src/picture/, src/mime/, src/intake/); clocks, random numbers and keys that stand still are the tests';
# outcome_retry_ms, outcome_ours_retry_ms, http_date_parse, and network_parse are tables and grammars that tests try for themselves.
allowed="main rendition_maker mime_parser html_reader spelling_reader rich_text_reader confined_set_program clock_fixed random_seeded token_keys_fixed outcome_retry_ms outcome_ours_retry_ms http_date_parse network_parse"
# Objects of files that were renamed stay in a build directory: only those whose file is there count.
loaded=
for object in "$1"/CMakeFiles/*_loaded.dir/src/*/*.o; do
    source=${object##*_loaded.dir/}
    [ ! -e "$(dirname "$0")/../../${source%.o}" ] || loaded="$loaded $object"
done
unused=$(nm -A -g "$1"/lib*.a $loaded | awk -v allowed=" $(echo $allowed) " '
    NF < 2 { next }
    $(NF - 1) == "U" { used[$NF] = 1 }
    $(NF - 1) ~ /^[TDRB]$/ { sub(/.*\/(src|lib)/, "", $1); sub(/\.o:.*/, "", $1); place[$NF] = $1 }
    END {
        for (name in place)
            if (!(name in used) && name !~ /^__/ && !index(allowed, " " name " "))
                print place[name] ": " name
    }')
[ -z "$unused" ] || { echo "used by no other file:"; echo "$unused" | sort; exit 1; }
