#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails when the languages' strings differ in their keys or placeholders, when a template asks for a string or partial
# that is not there, or when a string is used nowhere.
# Usage: check_strings.sh SOURCE_DIR
set -eu
root=$1
templates=$root/templates
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
found=0

complain() {
    echo "$1"
    found=1
}

# "key {placeholder} {placeholder}" a line, placeholders sorted
signatures() {
    sed -n 's/^\([A-Za-z0-9_.-]*\): *\(.*\)/\1 \2/p' "$1" | while read -r key text; do
        echo "$key" $(printf '%s\n' "$text" | grep -o '{[a-z]*}' | sort)
    done | sort
}

reference=$templates/languages/da/strings.yaml
signatures "$reference" >"$scratch/reference"
cut -d' ' -f1 "$scratch/reference" >"$scratch/keys"
[ -s "$scratch/keys" ] || complain "$reference: no strings in it"
twice=$(uniq -d "$scratch/keys")
[ -z "$twice" ] || complain "$reference: twice: $twice"

for file in "$templates"/languages/*/strings.yaml; do
    signatures "$file" >"$scratch/other"
    diff "$scratch/reference" "$scratch/other" >"$scratch/difference" ||
        complain "$file: other keys or placeholders than da.yaml (<):
$(grep '^[<>]' "$scratch/difference")"
    odd=$(grep -nvE '^(#.*|[A-Za-z0-9_.-]+: .+|)$' "$file" || true)
    [ -z "$odd" ] || complain "$file: not a line \"key: text\": $odd"
done

grep -oh '{{t\.[A-Za-z0-9_-]*}}' "$templates"/*.mustache | sed 's/{{t\.\(.*\)}}/\1/' | sort -u >"$scratch/asked"
for key in $(comm -23 "$scratch/asked" "$scratch/keys"); do
    complain "templates: {{t.$key}} is in no strings file"
done
for key in $(cat "$scratch/asked"); do
    if grep "^$key " "$scratch/reference" | grep -q '{'; then
        complain "templates: {{t.$key}} has placeholders: prepare it in code"
    fi
done

for partial in $(grep -oh '{{> *[a-z.-]*}}' "$templates"/*.mustache | sed 's/{{> *\(.*\)}}/\1/' | sort -u); do
    [ -f "$templates/$partial.mustache" ] || complain "templates: partial $partial is not there"
done

# Code names a string whole ("date_time"), a plural by its stem ("release_count"), a family by its start ("type_").
grep -rohE '"[a-z]+(_[a-z]+)*_?(%s)?"' "$root/src" | tr -d '"' | sed 's/%s$//' | sort -u >"$scratch/named"
while read -r key; do
    stem=${key%.one}
    stem=${stem%.other}
    grep -qx -e "$stem" "$scratch/asked" "$scratch/named" ||
        grep -qx -e "${stem%%_*}_" "$scratch/named" ||
        complain "strings: $key is used nowhere"
done <"$scratch/keys"
exit $found
