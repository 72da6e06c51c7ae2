/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_ADDRESS_H
#define ADDRESS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/* RFC 5321 section 4.5.3.1: octets, in the form typed and in the form sent. */
enum { ADDRESS_LOCAL_MAXIMUM = 64, ADDRESS_MAXIMUM = 254 };

/* One e-mail address (RFC 5321 section 4.1.2 "Mailbox", RFC 6531 section 3.3 for what is not
 * ASCII). Its strings live in the arena it was parsed into. No string holds a control character, a
 * white space outside quotes, or an angle bracket, so that none can end an SMTP command or a header
 * field early. */
struct address {
    const char *typed;    /* as typed: what is shown, and written into To */
    const char *envelope; /* what SMTP is given: local part as typed, domain in A-labels */
    const char *local;    /* local part as typed, quotes included */
    const char *domain;   /* A-labels, lower case */
    const char *folded;   /* two addresses are the same where these are equal: local part without
                             needless quotes, NFC, case folded; domain in A-labels */
    const char
        *rate_limit_key; /* folded, without dots and +tag in the local part: one person's mailboxes
                    count as one where a rate limit holds; never to send to, nor to compare */
    bool is_international; /* the local part is not ASCII: the relay must offer SMTPUTF8 */
};

/* Takes off both ends what nobody sees there, because spreadsheets, word processors and web pages
 * leave it behind: white space of every kind, no-break and zero-width spaces, byte order marks,
 * marks of direction. Points into the same bytes; of none they may be NULL. */
void address_trim(const char **bytes, size_t *length);

/* Parses bytes that hold an address and nothing else but what address_trim() takes off. Refused
 * with ERROR_INPUT and a reason a person understands: comments, angle brackets, control characters,
 * characters that Unicode does not know or leaves to private use, combining marks without a letter
 * before them, address literals ([192.0.2.1]), domains of numbers alone, domains that IDNA 2008
 * does not allow, in whichever form they are written, what is too long. */
struct address *address_parse(struct arena *arena, const char *bytes, size_t length,
                              struct error *error);

/* The same for an address that may be known already: without the later rules on what can be read
 * and on labels that begin with xn--, so that whoever came in before them is still found, mailed
 * and erased. */
struct address *address_parse_known(struct arena *arena, const char *bytes, size_t length,
                                    struct error *error);

/* The form of a From header as people write it in a configuration: "Name <a@b>", "\"Name, with
 * comma\" <a@b>", "<a@b>" or "a@b". *name is NULL where there is none; it is UTF-8 without control
 * characters, unquoted, at most 200 octets. ERROR_INPUT otherwise. */
struct address *address_parse_display(struct arena *arena, const char *string, const char **name,
                                      struct error *error);

/* The domain in A-labels, lower case (libidn2, IDNA 2008, non-transitional); NULL and ERROR_INPUT
 * where it is none. */
const char *address_domain_ascii(struct arena *arena, const char *domain, struct error *error);

/* The address that somebody who typed this one probably meant: the same before its @, and behind it
 * the nearest, by slips of the finger, of the own domains and of the great providers' ("gmail.con",
 * "hotmial.dk"). NULL where the domain is one of them, or like none. A domain like that may well be
 * somebody's: it is to be asked about, never to be changed. own: in A-labels or as people write
 * them. */
const char *address_suggest(struct arena *arena, const struct address *address,
                            const char *const *own, size_t own_count);

#endif
