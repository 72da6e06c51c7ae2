/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_PATH_H
#define NET_SMTP_PATH_H

#include <stdbool.h>

/* The last gate before an address stands between angle brackets: no more than what keeps it from
 * ending them, its line or the size of a path (RFC 5321 sections 4.1.2 and 4.5.3.1.3 with erratum
 * 1690). Whether it is an address is address/'s to say. */
bool smtp_path_is_valid(const char *address);

bool smtp_path_is_ascii(const char *address);

/* Printable ASCII that needs no xtext encoding, at most 100 octets (RFC 3461 sections 4 and 4.4).
 */
bool smtp_envelope_id_is_valid(const char *id);

#endif
