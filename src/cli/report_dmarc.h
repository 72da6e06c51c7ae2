/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_DMARC_H
#define CLI_REPORT_DMARC_H

#include <stdbool.h>

struct command_context;
struct error;
struct inbound_dmarc;
struct inbound_dmarc_source;
struct json_t;

/* Inside cli/ only: who sends in the newsroom's name, as aggregate reports of the last thirty days
 * say. */

/* {"days", "reports", "messages", "passed", "sources": […], "other_sources"}; summary lives in the
 * context's arena. NULL: the store failed. */
struct json_t *report_dmarc(struct command_context *context, struct inbound_dmarc *summary,
                            struct error *error);

/* The same for people: nothing where no report came. */
void report_print_dmarc(struct command_context *context, const struct inbound_dmarc *summary);

/* The one that sent at least half of all, which then is the relay's most likely; NULL: none. */
const struct inbound_dmarc_source *report_dmarc_relay(const struct inbound_dmarc *summary);

#endif
