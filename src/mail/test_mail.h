/* SPDX-License-Identifier: MIT */
#ifndef MAIL_TEST_MAIL_H
#define MAIL_TEST_MAIL_H

struct arena;
struct error;
struct mail_message;
struct mail_resources;

/* A mail that only wants to arrive, made as a release's is: the same fields in its header, so that
 * what a relay does to it, it does to those. Slots of MAIL_CLASS_BULK. */
struct mail_message *test_mail_build(struct arena *arena, const struct mail_resources *resources,
                                     const char *language, struct error *error);

#endif
