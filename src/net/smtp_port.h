/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_PORT_H
#define NET_SMTP_PORT_H

#include <stdatomic.h>
#include <stdbool.h>

/* Inside net/ only: whether a port speaks TLS at once or greets first. */

/* Whether the port of url, smtp:// or smtps://, speaks the other of the two: TLS at once where a
 * greeting was waited for, a greeting where TLS was. Asks by a connection of its own, 3 s at most;
 * *is_cancelled ends that sooner. */
bool smtp_port_speaks_other(const char *url, const atomic_bool *is_cancelled);

/* "smtps://host:465" for "smtp://host:465" and the other way round. */
void smtp_port_other_url(const char *url, char *other, unsigned size);

#endif
