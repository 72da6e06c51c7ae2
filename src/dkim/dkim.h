/* SPDX-License-Identifier: MIT */
#ifndef DKIM_DKIM_H
#define DKIM_DKIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Whether the DKIM signatures of a message hold (RFC 6376; RFC 8301 and 8463 on algorithms): for a
 * look at a copy of a mail of our own. */

enum dkim_verdict {
    DKIM_GOOD,
    DKIM_MALFORMED,   /* the field cannot be read, or lacks something */
    DKIM_UNKNOWN,     /* an algorithm that is not rsa-sha256, ed25519-sha256, or a version not 1 */
    DKIM_WEAK,        /* rsa-sha1, or a key below 1024 bits: counts nowhere (RFC 8301) */
    DKIM_OVER,        /* it said how long it holds */
    DKIM_NO_KEY,      /* none is published, or one that cannot be read */
    DKIM_REVOKED,     /* an empty one is */
    DKIM_KEY_UNKNOWN, /* nobody answers from here */
    DKIM_BODY_CHANGED,
    DKIM_HEADER_CHANGED, /* or it is another key's */
    DKIM_CUT             /* the message is longer than what was read of it */
};

struct dkim_signature {
    enum dkim_verdict verdict;
    const char *domain;    /* d=, lower case; "" */
    const char *selector;  /* s=; "" */
    const char *algorithm; /* a=; "" */
    const char *fields;    /* h=, lower case, colons between and none at the ends; "" */
    unsigned key_bits;     /* of an RSA key; 0: not known */
    bool is_testing;       /* the key says t=y */
    bool is_partial;       /* l=: more may stand behind what it signs */
};

enum { DKIM_SIGNATURES_MAXIMUM = 8, DKIM_HEADER_MAXIMUM = 256 * 1024 };

enum dkim_answer { DKIM_ANSWER_SILENT, DKIM_ANSWER_NONE, DKIM_ANSWER_FOUND };

/* Asks for the TXT record of a name ("s1._domainkey.nordhav.example"). */
typedef enum dkim_answer dkim_ask(void *payload, const char *name, const char **record);

struct dkim_circumstances {
    dkim_ask *ask;
    void *payload;
    int64_t now_at;
    bool is_cut; /* the bytes are only the beginning of the message */
};

/* The first DKIM_SIGNATURES_MAXIMUM, in the order of the header; how many. The message's lines may
 * end in LF. Strings live in arena. */
size_t dkim_examine(struct arena *arena, const char *bytes, size_t length,
                    const struct dkim_circumstances *circumstances,
                    struct dkim_signature signatures[DKIM_SIGNATURES_MAXIMUM]);

/* Whether h= names that field, in lower case. */
bool dkim_covers(const struct dkim_signature *signature, const char *field);

/* ---- the fields of a header, for whoever looks at the same message ---- */

struct dkim_field {
    const char *name; /* as written, name_length */
    size_t name_length;
    const char *bytes; /* from the name to the CR LF at its end, which is not counted */
    size_t length;
};

struct dkim_header {
    struct dkim_field *fields;
    size_t count;
    const char *body; /* behind the empty line */
    size_t body_length;
};

/* Takes a message apart whose lines end in CR LF or LF; what it points to is a copy in arena, with
 * CR LF. Lines without a colon are passed over. */
void dkim_header_read(struct arena *arena, const char *bytes, size_t length,
                      struct dkim_header *header);

/* The value of the first field of that name from *from on, unfolded, without spaces at its ends;
 * *from is behind it then. NULL: there is none. */
const char *dkim_header_value(struct arena *arena, const struct dkim_header *header,
                              const char *name, size_t *from);

#endif
