/* SPDX-License-Identifier: MIT */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>

struct error;

/* Once in main(), before any thread: readies libcurl. Repeating it is harmless. ERROR_SYSTEM. */
bool net_initialize(struct error *error);

#endif
