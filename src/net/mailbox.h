/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_H
#define NET_MAILBOX_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct confined_function;
struct error;
struct hash;
struct string_builder;

/* Reads the answers of a mail server, IMAP and POP3; to be registered by the program. */
extern const struct confined_function mailbox_confined;

/* A mailbox that is read from its first message to its last. Nothing in it changes but the messages
 * that mailbox_done() names; what was not named is as it was, unread marks included. */
struct mailbox;

/* The folder that takes what is done: beside the inbox, or where the server keeps a user's own. */
#define MAILBOX_DONE_FOLDER "pressroom-done"

struct mailbox_settings {
    /* maildir:PATH · mbox:PATH · imaps://USER@HOST[:PORT]/FOLDER · pop3s://USER@HOST[:PORT]; USER
     * and FOLDER may be percent-encoded (RFC 3986 section 2.1); no FOLDER: INBOX */
    const char *url;
    const char *password; /* never logged; NULL for files */
    const char *ca_file;  /* NULL: the system's bundle */
    int64_t timeout_ms;   /* of connecting, and of each silence of the server; 0: 60 s. A message
                             may take three times as long, a session fifteen times. */
    const volatile sig_atomic_t *stop; /* set: no server is waited for any more; NULL: never set */
    void (*heartbeat)(void); /* called now and then while something is waited for; NULL: nothing */
};

enum {
    /* Of a longer message its first so many octets are read: headers and the beginning. */
    MAILBOX_MESSAGE_MAXIMUM = 256 * 1024,
    MAILBOX_KEY_SIZE = 128
};

/* Connects and looks what there is: messages that come later are for the next time. TLS is verified
 * (chain and host name) in any case. ERROR_TEMPORARY: not reachable, or locked for too long;
 * ERROR_USAGE: no such kind of mailbox, folder or file, user or password refused, certificate not
 * accepted, or answers cannot be read confined here (no seccomp). NULL then; the caller closes.
 * net_initialize() comes first. A server whose answers cannot be read is ERROR_TEMPORARY, here and
 * below, and what it holds stays as it is. */
struct mailbox *mailbox_open(const struct mailbox_settings *settings, struct error *error)
    __attribute__((warn_unused_result));

/* On to the next message; *found false: that was all. A message not said to be done is left as it
 * is. key names the message in this mailbox in every later run too, without its having been read:
 * what is known already need not be fetched again. "" where the server gives no names (POP3 without
 * UIDL). */
bool mailbox_next(struct mailbox *mailbox, char key[MAILBOX_KEY_SIZE], bool *found,
                  struct error *error) __attribute__((warn_unused_result));

/* The present message with its line ends as they are stored, in place of what bytes held; its
 * maximum must be above MAILBOX_MESSAGE_MAXIMUM. *is_cut: it is longer. *found false: it is gone
 * meanwhile. ERROR_INPUT: this one file may not be read; the others can. */
bool mailbox_read(struct mailbox *mailbox, struct string_builder *bytes, bool *is_cut, bool *found,
                  struct error *error) __attribute__((warn_unused_result));

/* Names the present message to mailbox_done(), until mailbox_wait(). */
size_t mailbox_number(const struct mailbox *mailbox);

/* Those messages have been seen to, and that is durable: they go to the folder MAILBOX_DONE_FOLDER,
 * which is made where it is not there (IMAP without UIDPLUS and MOVE: the message that stays behind
 * is marked \Deleted, and never shown again here). POP3 has no folders: they are gone with
 * mailbox_close(). Of an mbox nothing ever changes, because other programs write to it: the caller
 * remembers. */
bool mailbox_done(struct mailbox *mailbox, const size_t *numbers, size_t count, struct error *error)
    __attribute__((warn_unused_result));

enum mailbox_news {
    MAILBOX_QUIET, /* nothing for that long */
    MAILBOX_MORE,  /* mailbox_next() goes on with what has come */
    MAILBOX_AGAIN, /* it may have changed, or we were told to stop: close it, and open it again */
};

/* Whether it can report new messages: IMAP with IDLE (RFC 2177), and files. One that cannot is to
 * be opened again now and then. */
bool mailbox_can_wait(const struct mailbox *mailbox);

/* Behind the last message of one that can: waits until there may be another, within a second of its
 * coming, but at most so long (never over 9 minutes). */
bool mailbox_wait(struct mailbox *mailbox, int64_t most_ms, enum mailbox_news *news,
                  struct error *error) __attribute__((warn_unused_result));

/* How many messages so far the server listed and cannot name or hand out. */
size_t mailbox_passed_over(const struct mailbox *mailbox);

/* A message's bytes without the fields that mail programs change while it lies in a mailbox
 * (Status, X-Keywords …). */
void mailbox_content_hash(const char *bytes, size_t length, struct hash *hash);

/* Ends the session; POP3 removes here. False where that could not be done: the
 * messages come again the next time. Takes NULL; frees in any case. */
bool mailbox_close(struct mailbox *mailbox, struct error *error)
    __attribute__((warn_unused_result));

/* ---- a Maildir that is written ---- */

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
