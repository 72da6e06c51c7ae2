/* SPDX-License-Identifier: MIT */
#ifndef CLI_RESERVED_NAME_H
#define CLI_RESERVED_NAME_H

#include <stdbool.h>

/* Inside cli/ only: whether a host or domain is one for examples and tests alone (RFC 2606, RFC
 * 6761): nobody can be asked about it. */
bool name_is_reserved(const char *name);

#endif
