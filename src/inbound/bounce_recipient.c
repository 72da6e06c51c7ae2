/* SPDX-License-Identifier: MIT */
#include "inbound/bounce.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "mime/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- the list ---- */

void recipient_list_init(struct recipient_list *list, const struct mail_phrases *phrases,
                         struct arena *arena)
{
    *list = (struct recipient_list){ .arena = arena, .phrases = phrases };
    list->next = &list->first;
}

struct inbound_recipient *recipient_list_add(struct recipient_list *list)
{
    if (list->count >= MIME_PARTS_MAXIMUM)
        return NULL;
    struct inbound_recipient *recipient = arena_allocate(list->arena, sizeof *recipient);
    *recipient = (struct inbound_recipient){ .address = "",
                                             .other = "",
                                             .kind = REFUSAL_MAILBOX,
                                             .cause = REFUSAL_UNPLACED,
                                             .enhanced = "",
                                             .text = "",
                                             .remote_host = "",
                                             .action = "" };
    *list->next = recipient;
    list->next = &recipient->next;
    list->count++;
    return recipient;
}

struct inbound_recipient *recipient_list_find(const struct recipient_list *list,
                                              const char *address)
{
    for (struct inbound_recipient *known = list->first; known; known = known->next)
        if (strcasecmp(known->address, address) == 0)
            return known;
    return NULL;
}

/* ---- codes in words ---- */

static bool is_boundary(char c)
{
    return !isalnum((unsigned char)c) && c != '.';
}

int words_code(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((*at == '4' || *at == '5') && (at == text || is_boundary(at[-1])) && at[1] >= '0' &&
            at[1] <= '5' && isdigit((unsigned char)at[2]) && strchr(" -:;,)]\t\n#", at[3]))
            return (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
    return 0;
}

const char *words_line(struct arena *arena, const char *text, size_t length)
{
    char *line = arena_allocate(arena, BOUNCE_TEXT_MAXIMUM + 2);
    size_t written = 0;
    for (size_t i = 0; i < length && text[i]; i++) {
        bool is_space = isspace((unsigned char)text[i]);
        if (is_space && (written == 0 || line[written - 1] == ' '))
            continue;
        if (written > BOUNCE_TEXT_MAXIMUM)
            break;
        line[written++] = is_space ? ' ' : text[i];
    }
    line[written] = '\0';
    written = utf8_fit(line, BOUNCE_TEXT_MAXIMUM);
    while (written && line[written - 1] == ' ')
        written--;
    line[written] = '\0';
    return line;
}

/* ---- whom it counts against ---- */

void recipient_judge(const struct recipient_list *list, struct inbound_recipient *recipient,
                     const char *evidence, enum inbound_kind kind)
{
    struct arena *arena = list->arena;
    char enhanced[ENHANCED_STATUS_SIZE];
    struct refusal refusal;
    if (!*recipient->text)
        recipient->text = words_line(arena, evidence, strlen(evidence));
    if (kind == KIND_DELIVERED)
        return;
    if (!recipient->code)
        recipient->code = words_code(evidence);
    const struct refusal_words words = { recipient->code, recipient->enhanced, evidence,
                                         list->phrases };
    refusal_read_by(&words, &refusal, enhanced);
    recipient->enhanced = arena_copy(arena, enhanced);
    recipient->cause = refusal.cause;
    /* What is still being tried and says nothing of why is no trouble of ours. */
    bool is_open = kind == KIND_DELAYED && refusal.cause == REFUSAL_UNPLACED;
    recipient->kind = is_open ? REFUSAL_MAILBOX : refusal.kind;
}
