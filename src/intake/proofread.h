/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROOFREAD_H
#define INTAKE_PROOFREAD_H

struct database;
struct error;
struct intake_stage;
struct source_bundle;

#include <stdbool.h>
#include <stdint.h>

/* Inside intake/ only: what proofreading/ finds becomes advice of the file: of a check, and of a
 * run whose press officers are told by mail. Neither is done where nobody would read it. */

/* Before the bundle is stored; does not touch the store. */
void proofread_bundle(struct intake_stage *stage, struct source_bundle *bundle);

/* Of a version, beside its original as it is stored. Reads the store, in the caller's transaction.
 * original_row_id 0: it is none. */
bool proofread_version(const struct intake_stage *stage, struct source_bundle *bundle,
                       int64_t original_row_id, struct error *error);

#endif
