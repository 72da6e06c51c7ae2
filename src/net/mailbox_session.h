/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_SESSION_H
#define NET_MAILBOX_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct string_builder;

/* Inside net/ only: what reads a mail server's answers. It runs confined, has no socket and never
 * sees the password. */

/* The way to the server and back. */
struct mailbox_stream {
    /* At least one octet of at most size; 0: nothing will come any more, while a session waits:
     * nothing has come. */
    size_t (*read)(void *payload, void *bytes, size_t size);
    bool (*write)(void *payload, const void *bytes, size_t length);
    void *payload;
};

/* What a session was about when it ended so. */
enum mailbox_phase {
    MAILBOX_GREETING,
    MAILBOX_LOGIN,
    MAILBOX_FOLDER,
    MAILBOX_LIST,
    MAILBOX_MESSAGE,
    MAILBOX_REMOVAL,
    MAILBOX_END,
    MAILBOX_PHASES
};

enum mailbox_outcome {
    MAILBOX_WELL,
    MAILBOX_GONE,       /* no such message (any more), or none that it hands out */
    MAILBOX_REFUSED,    /* the server said no */
    MAILBOX_LATER,      /* it said no, and that this passes */
    MAILBOX_UNREADABLE, /* what it said is no answer; the session is of no more use */
    MAILBOX_OUTCOMES
};

enum {
    MAILBOX_ANSWER_SIZE = 256,
    MAILBOX_LIST_MAXIMUM = 200 * 1000,      /* messages of a session; more come the next time */
    MAILBOX_TOP_LINES = 2000,               /* of a message longer than we read */
    MAILBOX_RETR_MAXIMUM = 32 * 1024 * 1024 /* octets of one that POP3 cannot send in part */
};

struct mailbox_verdict {
    enum mailbox_phase phase;
    enum mailbox_outcome outcome;
    char answer[MAILBOX_ANSWER_SIZE]; /* the server's own words, "": none */
};

struct mailbox_entry {
    uint32_t number;  /* IMAP: the UID; POP3: in this session */
    uint32_t size;    /* POP3: in octets, as the server says; UINT32_MAX: it does not */
    const char *name; /* POP3's UIDL; NULL: none */
};

struct mailbox_list {
    struct mailbox_entry *entries;
    size_t count;
    size_t capacity;   /* of whoever fills it */
    uint32_t validity; /* IMAP: of the UIDs; 0: they name nothing in a later session */
    size_t unreadable; /* lines that name no message */
    bool can_wait;     /* IMAP: the server reports new messages in IDLE (RFC 2177) */
};

/* mark stands where the password goes: who holds the socket puts it there. */
struct mailbox_login {
    const char *user;
    const char *mark;
    const char *folder;
};

/* A session is opened once, then asked in any order. Every function fills the verdict. */
struct mailbox_protocol {
    /* stream lives as long as the session. */
    void *(*start)(const struct mailbox_stream *stream);
    void (*open)(void *session, const struct mailbox_login *login, struct arena *arena,
                 struct mailbox_list *list, struct mailbox_verdict *verdict);
    /* At most MAILBOX_MESSAGE_MAXIMUM + 1 octets. */
    void (*read)(void *session, const struct mailbox_entry *entry, struct string_builder *bytes,
                 struct mailbox_verdict *verdict);
    /* IMAP: into the folder for what is done; POP3: gone once the session has ended well. */
    void (*remove)(void *session, const uint32_t *numbers, size_t count,
                   struct mailbox_verdict *verdict);
    /* IMAP: until something has come, or mailbox_stream's read says that nothing does; then lists
     * what is behind that number. The list is empty where the server does not tell, or nothing
     * came. */
    void (*wait)(void *session, uint32_t last, struct arena *arena, struct mailbox_list *list,
                 struct mailbox_verdict *verdict);
    void (*finish)(void *session, struct mailbox_verdict *verdict);
    void (*stop)(void *session);
};

extern const struct mailbox_protocol mailbox_protocol_imap;
extern const struct mailbox_protocol mailbox_protocol_pop3;

/* Fills the verdict; words may be NULL. LATER instead of REFUSED where they say so. */
void mailbox_verdict_set(struct mailbox_verdict *verdict, enum mailbox_phase phase,
                         enum mailbox_outcome outcome, const char *words);

#endif
