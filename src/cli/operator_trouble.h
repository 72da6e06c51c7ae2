/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPERATOR_TROUBLE_H
#define CLI_OPERATOR_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

struct command_context;
struct error;
struct receipt_service;

/* Inside cli/ only: mails those who are in `receipts.operator` what keeps the newsroom from
 * working: relay, receivers that are held, clock, disks. *count: mails queued. */
bool operator_trouble_tell(struct command_context *context, const struct receipt_service *service,
                           int64_t *count, struct error *error);

#endif
