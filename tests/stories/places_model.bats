#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Files driven at random through places, headers, times, replies and kills; places_model.py says what must hold after each run.

bats_require_minimum_version 1.5.0
load newsroom

walk() {
    "$PYTHON" "$BATS_TEST_DIRNAME/places_model.py" "$PRESSROOM_PROGRAM" "$BATS_TEST_TMPDIR/walk" "$1" 40
}

# Holds I1.
@test "nothing that lies among the drafts, waits or has no yes is seen or mailed, and nobody is mailed twice" {
    local seed
    for seed in 9; do
        walk "$seed"
    done
}
