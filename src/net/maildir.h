/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILDIR_H
#define NET_MAILDIR_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* A folder of messages that mail programs read: tmp/, new/, cur/. */

/* Opens it, making what is not there (mode 0700). Returns a directory for maildir_write(), to be
 * closed by the caller; -1 with ERROR_SYSTEM. */
int maildir_open(const char *path, struct error *error);

struct maildir_message {
    const char *name; /* unique for ever, of a–z A–Z 0–9 . _ - ; the same for a repeated try */
    const char *sender;    /* becomes Return-Path */
    const char *recipient; /* becomes Delivered-To */
    const char *data;      /* as for SMTP: dot-stuffed, CRLF; stored plain, with LF */
    size_t length;
};

/* Writes the message to tmp/, flushes it, moves it to new/, flushes that. A message of that name
 * already in new/ is replaced, so that a try repeated after a crash does not double it. ERROR_INPUT
 * for a bad name, ERROR_SYSTEM else. */
bool maildir_write(int maildir, const struct maildir_message *message, struct error *error);

#endif
