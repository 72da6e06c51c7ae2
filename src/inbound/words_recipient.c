/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_words.h"

#include "mime/mime.h"

#include <string.h>
#include <strings.h>

enum { PARTIES_OF_FIELD = 5 };

/* ---- lines ---- */

const char *words_line_end(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found ? found : end;
}

bool words_begin_line(const char *text, size_t at)
{
    for (; at > 0 && text[at - 1] != '\n'; at--)
        if (!strchr(" \t>-=*_#~+.<[(|:", text[at - 1]))
            return false;
    return true;
}

/* ---- recipients ---- */

struct inbound_recipient *words_take(struct words *words, struct span address)
{
    const char *copy = address_copy(words->arena, address);
    if (recipient_list_find(&words->list, copy))
        return NULL;
    struct inbound_recipient *recipient = recipient_list_add(&words->list);
    if (recipient)
        recipient->address = copy;
    return recipient;
}

bool span_is(struct span address, const char *other)
{
    return other && strlen(other) == address.length &&
           strncasecmp(address.start, other, address.length) == 0;
}

void words_read_parties(struct words *words)
{
    static const char *const names[] = { "To", "Delivered-To", "From", "Reply-To", NULL };
    for (const char *const *name = names; *name; name++) {
        const char *value = mime_field(words->message->fields, *name);
        const struct mime_address *party = value ? mime_addresses(words->arena, value,
                                                                  PARTIES_OF_FIELD)
                                                 : NULL;
        for (; party && words->party_count < PARTIES_MAXIMUM; party = party->next)
            words->parties[words->party_count++] = party->address;
    }
}

bool words_party(const struct words *words, struct span address)
{
    for (size_t i = 0; i < words->party_count; i++)
        if (span_is(address, words->parties[i]))
            return true;
    return false;
}
