#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Texts are read in a process of its own. One that breaks it, hangs it or floods it is refused alone.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    release_write a.md "id: a" "title: Den foerste"
    release_write x.md "id: x" "title: Den slemme" "lead: KNUSER"
    release_write z.md "id: z" "title: Den sidste"
}

# A run over three texts, one of which does WHAT to its reader: the others are public, the note says WORDS, a second
# run passes it over, and an edit mends it.
only_it_is_refused() {
    local what=$1 words=$2
    export PRESSROOM_CONFINED_FAULT=text:$what:KNUSER PRESSROOM_CONFINED_WALL_SECONDS=2 PRESSROOM_CONFINED_CPU_SECONDS=1
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"x.md: could not be read"* ]]
    cat "$ROOM/releases/x.md.problems.txt"
    grep -q "kunne ikke læses: .*$words" "$ROOM/releases/x.md.problems.txt"
    grep -rq 'Den foerste' "$ROOM/public/releases"
    grep -rq 'Den sidste' "$ROOM/public/releases"
    nothing_public_of slemme

    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"1 still refused"* ]]
    [[ $output != *"could not be read"* ]]

    release_write x.md "id: x" "title: Den slemme" "lead: Nu i orden."
    run pr run
    echo "$output"
    [ "$status" -eq 0 ]
    [ ! -e "$ROOM/releases/x.md.problems.txt" ]
    grep -rq 'Den slemme' "$ROOM/public/releases"
}

# Holds I13.
@test "a text that its reader dies of is refused alone" {
    only_it_is_refused crash 'gik ned'
}

@test "a text that its reader waits over for ever is refused alone" {
    only_it_is_refused hang 'ikke færdig'
}

@test "a text that its reader comes to no end over is refused alone" {
    only_it_is_refused spin 'ikke færdig'
}

@test "a text whose reader says too much is refused alone" {
    only_it_is_refused flood 'ikke være en meddelelse'
}

# More than have a process each: they share some, and are sent before the last is read.
@test "among many texts the ones that their reader dies of are refused alone" {
    local number
    for number in $(seq 101 160); do
        release_write "m$number.md" "id: m$number" "title: Nummer $number ud af mange"
    done
    for number in 120 131 132 140; do
        release_write "m$number.md" "id: m$number" "title: Nummer $number ud af mange" "lead: KNUSER"
    done
    export PRESSROOM_CONFINED_FAULT=text:crash:KNUSER
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [ "$(grep -c 'could not be read' <<<"$output")" -eq 5 ] # x.md too
    for number in $(seq 101 160); do
        case $number in
        120 | 131 | 132 | 140) nothing_public_of "nummer-$number-" ;;
        *) grep -rqF "<h1>Nummer $number ud af mange</h1>" "$ROOM/public/releases" ;;
        esac
    done
}

@test "what a reader made to open, connect, fork or become another program tries, it cannot" {
    local what
    for what in open connect fork exec; do
        export PRESSROOM_CONFINED_FAULT=text:$what:KNUSER
        run pr check "$ROOM/releases/x.md"
        echo "$what: $output"
        [ "$status" -eq 0 ]
    done
}

@test "what is public stays as it is when an edit kills its reader" {
    release_write x.md "id: x" "title: Den slemme" "lead: Godt."
    pr run
    release_write x.md "id: x" "title: Den nye slemme" "lead: KNUSER"
    export PRESSROOM_CONFINED_FAULT=text:crash:KNUSER
    run pr run
    [ "$status" -eq 1 ]
    grep -rq 'Den slemme' "$ROOM/public/releases"
    nothing_public_of 'nye slemme'
}

# Holds I1.
@test "what is under embargo is held when an edit kills its reader" {
    export PRESSROOM_NOW=2026-06-07T10:00:00Z
    release_write x.md "id: x" "title: Den slemme" "embargo: 2026-06-09 06:00"
    pr run
    release_write x.md "id: x" "title: Den slemme" "embargo: 2026-07-09 06:00" "lead: KNUSER"
    export PRESSROOM_CONFINED_FAULT=text:crash:KNUSER
    run pr run
    [ "$status" -eq 1 ]
    export PRESSROOM_NOW=2026-06-10T10:00:00Z
    run pr run
    nothing_public_of slemme
}

@test "check and preview refuse it in the same words" {
    export PRESSROOM_CONFINED_FAULT=text:crash:KNUSER
    run pr check "$ROOM/releases/x.md"
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"could not be read"* ]]
    run pr preview "$ROOM/releases/x.md"
    [ "$status" -eq 1 ]
}

# Holds I18.
@test "a run with nothing new starts no process to read in" {
    pr run
    # Under strace leaks cannot be looked for.
    ASAN_OPTIONS=detect_leaks=0 run strace -f -e trace=execve -o "$BATS_TEST_TMPDIR/trace" "$PRESSROOM_PROGRAM" -C "$ROOM" ingest
    [ "$status" -eq 0 ]
    [ "$(grep -c execve "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
}

# A kernel without seccomp says ENOSYS, and EINVAL to the older way, which comes behind two other calls of prctl.
without_seccomp() {
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=seccomp,prctl -e inject=seccomp:error=ENOSYS -e inject=prctl:error=EINVAL:when=3+ "$PRESSROOM_PROGRAM" -C "$ROOM" "$@"
}

@test "where the kernel cannot confine, nothing is read: exit 2, told once, and nothing else is changed" {
    export PRESSROOM_NOW=2026-06-07T10:00:00Z
    release_write x.md "id: x" "title: Den ventende" "embargo: 2026-06-09 06:00"
    pr run
    release_write x.md "id: x" "title: Den ventende" "embargo: 2026-07-09 06:00"
    run without_seccomp ingest
    echo "$output"
    [ "$status" -eq 2 ]
    [ "$(grep -c seccomp <<<"$output")" -eq 1 ]
    [ ! -e "$ROOM/releases/x.md.problems.txt" ]
    # What was written into a file that nobody could read may be a later embargo: what is to come is held meanwhile.
    export PRESSROOM_NOW=2026-06-10T10:00:00Z
    run without_seccomp run
    [ "$status" -eq 2 ]
    nothing_public_of ventende
    run pr run
    [ "$status" -eq 0 ]
    nothing_public_of ventende
    grep -rq 'Den foerste' "$ROOM/public/releases"
}

@test "what is worked out of a text asks the confined process for nothing it may not have" {
    release_write x.md "id: x" "title: Den lange" "topics: et meget langt emne, som er længere, end navnet på en mappe må være"
    pr run
    ls "$ROOM/public" | grep -q . && [ ! -e "$ROOM/releases/x.md.problems.txt" ]
}
