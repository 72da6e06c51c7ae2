/* SPDX-License-Identifier: MIT */
#ifndef MIME_MIME_H
#define MIME_MIME_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct confined_function;
struct dmarc_report;
struct error;
struct html_reader;

/* A message from a stranger, read within bounds: nothing here fails or recurses by what it holds.
 * What passes a bound is left out. Strings live in the arena and are UTF-8 without control
 * characters but line ends and tabs. */
enum {
    MIME_MESSAGE_MAXIMUM = 512 * 1024, /* octets looked at */
    MIME_FIELDS_MAXIMUM = 500,         /* of one header */
    MIME_FIELD_MAXIMUM = 8192,         /* octets of one value, unfolded */
    MIME_DEPTH_MAXIMUM = 8,            /* parts within parts */
    MIME_PARTS_MAXIMUM = 100,
    MIME_ADDRESSES_MAXIMUM = 50, /* of all fields that name a recipient */
    MIME_TEXT_MAXIMUM = 64 * 1024
};

/* The first line of a page that was not read to its end: so no yes on top of it is a plain one, and
 * a person reads what stands below. */
#define MIME_HTML_CUT "[…]"

/* One header field, unfolded, not decoded. */
struct mime_field {
    const char *name;
    const char *value; /* without white space around it */
    const struct mime_field *next;
};

/* The first of that name, in any case; NULL. */
const char *mime_field(const struct mime_field *fields, const char *name);

struct mime_address {
    const char *address; /* "a@b" as written, not checked */
    struct mime_address *next;
};

/* One recipient of a delivery status notification (RFC 3464 section 2.3); NULL: not said. */
struct mime_recipient_status {
    const char *original_recipient; /* addresses, behind "rfc822;" or "utf-8;" */
    const char *final_recipient;
    const char *actual_recipient; /* X-Actual-Recipient: where it was sent on to */
    const char *action;           /* "failed", lower case */
    const char *status;           /* "5.1.1" */
    const char *diagnostic;       /* behind "smtp;" */
    const char *remote_host;      /* Remote-MTA, behind "dns;" */
    struct mime_recipient_status *next;
};

struct mime_message {
    const char *type; /* of the whole: "multipart/report", lower case */
    const struct mime_field *fields;
    bool is_blank; /* nothing but white space stands below the header */

    const char *subject;     /* decoded, one line; "" */
    const char *from;        /* the first address; NULL */
    bool has_empty_sender;   /* Return-Path: <> */
    struct mime_address *to; /* all the places where a recipient is named: Delivered-To,
                                      X-Original-To, Envelope-To, To, Cc … */

    const char *text; /* the first text/plain part outside attachments, else made of the first
                         text/html; lines end in LF, quoted ones of HTML begin with "> ", and a page
                         that passes a bound of html/html.h with MIME_HTML_CUT, as does one all of
                         whose words are hidden; NULL */
    const char
        *links; /* that text/html part for looking up what is quoted, where a link of ours may
                   stand in it ("confirm", "unsubscribe"): a mark for each blockquote around a
                   line, the address of each link to a page before its words; NULL */

    const char *notices; /* where there is more than that part: all the text/plain parts outside
                            other messages, attached ones too, one behind the other; NULL */

    struct mime_recipient_status *statuses; /* message/delivery-status, also global- */
    const struct mime_field *report; /* its first block: Reporting-MTA, Original-Envelope-Id … */
    const struct mime_field *feedback; /* message/feedback-report (RFC 5965) */
    const struct dmarc_report *dmarc;  /* an aggregate report (RFC 9990), attached */
    const struct mime_field *original; /* header of the message that a report speaks of: from its
                                          message/rfc822, message/global or text/rfc822-headers */
};

/* ---- a letter ---- */

/* A message that somebody lays down as a text of his own, with what is attached: for intake/, which
 * reads it in its confined process. All of it is read, or the fault says why not. */
enum {
    MIME_LETTER_MAXIMUM = 32 * 1024 * 1024, /* octets */
    MIME_LETTER_TEXT_MAXIMUM = 1024 * 1024  /* octets of one text, decoded */
};

/* One that people see or save, in the order of the message. */
struct mime_leaf {
    const char *type;       /* "image/png", lower case */
    const char *name;       /* of its file, decoded, in one line, as written: "../a b.png"; "" */
    const char *content_id; /* without brackets; "" */
    bool is_attached;       /* as a file; else it is shown among the text or referred to from it */

    /* What is shown as a part of the letter; both NULL of a file. Lines end in LF. */
    const char *text; /* plain; paragraphs that format=flowed wrapped are one line (RFC 3676); of
                         HTML alone what a person sees of it, in lines */
    const char *page; /* HTML */

    const char *bytes; /* of a file, decoded; a plain text with a character set is in UTF-8 */
    size_t length;
    struct mime_leaf *next;
};

enum mime_letter_fault {
    MIME_LETTER_GOOD,
    MIME_LETTER_NONE,      /* it has no header: no mail */
    MIME_LETTER_REPORT,    /* of a server */
    MIME_LETTER_ENCRYPTED, /* S/MIME or PGP */
    MIME_LETTER_TOO_LARGE  /* it passes a bound: depth, parts, octets */
};

struct mime_letter {
    enum mime_letter_fault fault; /* there are no leaves then */
    const char *subject;          /* decoded, one line; "" */
    struct mime_leaf *leaves;
    size_t left_out; /* further forms of the same text, signatures of programs: parts with nothing
                        that anybody sees */
};

/* Reads in a confined process. */
extern const struct confined_function message_confined;

/* Each message in a process of its own: what one of them does to its reader reaches no other. */

struct mime_reader;

/* Starts nothing yet: a mailbox that holds nothing new costs no process. */
struct mime_reader *mime_reader_new(void);

/* NULL with ERROR_INPUT: the message cost its reader's life, time or memory, said in words; the
 * next one can be read. ERROR_USAGE where this kernel cannot confine, ERROR_SYSTEM where no process
 * can be had. The message lives in arena. */
const struct mime_message *mime_reader_read(struct mime_reader *reader, struct arena *arena,
                                            const char *bytes, size_t length, struct error *error)
    __attribute__((warn_unused_result));

/* The text of a message that is html alone: of a page of our own, for finding it in what others
 * write. NULL as above. */
const char *mime_reader_text_of(struct mime_reader *reader, struct arena *arena, const char *html,
                                struct error *error) __attribute__((warn_unused_result));

/* Ends its processes. Takes NULL. */
void mime_reader_free(struct mime_reader *reader);

/* Several messages that one process reads, so that none costs a process of its own; it goes on with
 * them while the caller is busy elsewhere. What one of them does to that process may reach what is
 * said of the others: the caller decides what such a reading counts for, and reads the rest alone.
 */
struct mime_batch;

enum { MIME_BATCH_MAXIMUM = 512, MIME_BATCH_OCTETS = 2048 * 1024 };

/* Starts nothing yet. */
struct mime_batch *mime_batch_new(void);

/* One more, copied. Not past MIME_BATCH_MAXIMUM, nor once it was begun. */
void mime_batch_add(struct mime_batch *batch, const char *bytes, size_t length);

/* So many messages, or so many octets, are in it. */
bool mime_batch_is_full(const struct mime_batch *batch);

/* Hands them over, where that can be done ahead. */
void mime_batch_begin(struct mime_batch *batch);

/* Fills messages, one for each in the order they were added, and empties the batch. False with
 * ERROR_INPUT: one of them cost the reader its life, time or memory; the next batch can be read.
 * Other errors as above. The messages live in arena. */
bool mime_batch_take(struct mime_batch *batch, struct arena *arena,
                     const struct mime_message **messages, struct error *error)
    __attribute__((warn_unused_result));

/* Ends its processes. Takes NULL. */
void mime_batch_free(struct mime_batch *batch);

/* The addresses in the value of a field (RFC 5322 section 3.4), at most maximum. Comments and names
 * are left out; nothing is checked but that there is an @ inside, so that those of damaged fields
 * are found too, in which GMime sees none. */
struct mime_address *mime_addresses(struct arena *arena, const char *value, size_t maximum);

/* ---- the shared object ---- */

/* What mime_parser/ does for mime/: messages taken apart with GMime, in a confined process alone.
 * GMime brings GLib with it, and a dozen shared objects more: so mime_parser/ is a shared object of
 * its own, lib/pressroom/mime_parser.so, opened with the first message, and exports mime_parser
 * alone. */

enum {
    MIME_PARSER_VERSION = 4 /* of this header: a file left by another installation is refused */
};

struct mime_parser {
    int version;

    /* Once, before the process is confined: opens all that reading would open. */
    void (*start)(const struct html_reader *html);

    /* The first MIME_MESSAGE_MAXIMUM octets; line ends CRLF or LF. */
    struct mime_message *(*read)(const struct html_reader *html, struct arena *arena,
                                 const char *bytes, size_t length);

    /* Never NULL; what leaves hold may lie in bytes. */
    const struct mime_letter *(*read_letter)(const struct html_reader *html, struct arena *arena,
                                             const char *bytes, size_t length);
};

#define MIME_PARSER_SYMBOL "mime_parser"

extern const struct mime_parser mime_parser;

#endif
