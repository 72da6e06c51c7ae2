/* SPDX-License-Identifier: MIT */
#include "list/list.h"

const char *const list_keys[LIST_KEY_COUNT] = { "address", "feeds",        "cadence", "language",
                                                "state",   "confirmed_at", "evidence" };
