/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_PATH_H
#define NET_SMTP_PATH_H

#include <stdbool.h>

/* Inside net/ only: the last check before an address goes between angle brackets: that it cannot
 * end them or the line, and fits a path (RFC 5321 sections 4.1.2 and 4.5.3.1.3 with erratum 1690).
 * Whether it is a valid address is decided in address/. */
bool smtp_path_is_valid(const char *address);

bool smtp_path_is_ascii(const char *address);

/* Printable ASCII that needs no xtext encoding, at most 100 octets (RFC 3461 sections 4 and 4.4).
 */
bool smtp_envelope_id_is_valid(const char *id);

#endif
