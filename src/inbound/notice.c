/* SPDX-License-Identifier: MIT */
#include "inbound/notice.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>

/* ---- lower case, white space as one space ---- */

/* The text as phrases are written, and where each of its octets stands. */
struct folded {
    char *octets;
    uint16_t *places;
    size_t length;
};

static void put(struct folded *folded, unsigned char octet, size_t place)
{
    folded->octets[folded->length] = (char)octet;
    folded->places[folded->length++] = (uint16_t)place;
}

static void put_space(struct folded *folded, size_t place)
{
    if (!folded->length || folded->octets[folded->length - 1] != ' ')
        put(folded, ' ', place);
}

/* Latin 1's letters and Cyrillic's, in the two octets that they have in either case. */
static void put_pair(struct folded *folded, unsigned char lead, unsigned char tail, size_t place)
{
    if (lead == 0xC3 && tail >= 0x80 && tail <= 0x9E && tail != 0x97) {
        tail = (unsigned char)(tail + 0x20);
    } else if (lead == 0xD0 && tail >= 0x90 && tail <= 0x9F) {
        tail = (unsigned char)(tail + 0x20);
    } else if (lead == 0xD0 && tail >= 0xA0 && tail <= 0xAF) {
        lead = 0xD1;
        tail = (unsigned char)(tail - 0x20);
    }
    put(folded, lead, place);
    put(folded, tail, place + 1);
}

static size_t fold_beyond_ascii(struct folded *folded, const unsigned char *at, size_t place)
{
    if (at[0] == 0xC2 && at[1] == 0xA0) { /* the space that does not break */
        put_space(folded, place);
        return 2;
    }
    if (at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0x98 || at[2] == 0x99)) {
        put(folded, '\'', place);
        return 3;
    }
    if (at[0] == 0xE3 && at[1] == 0x80 && at[2] == 0x80) { /* the ideographic space */
        put_space(folded, place);
        return 3;
    }
    if ((at[0] == 0xC3 || at[0] == 0xD0) && at[1]) {
        put_pair(folded, at[0], at[1], place);
        return 2;
    }
    put(folded, at[0], place);
    return 1;
}

static void fold(struct arena *arena, const char *text, size_t length, struct folded *folded)
{
    folded->octets = arena_allocate(arena, length + 8);
    folded->places = arena_allocate_array(arena, length + 8, sizeof folded->places[0]);
    folded->length = 0;
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80) {
            i += fold_beyond_ascii(folded, (const unsigned char *)text + i, i);
            continue;
        }
        if (isspace(c))
            put_space(folded, i);
        else
            put(folded, (unsigned char)tolower(c), i);
        i++;
    }
}

/* ---- phrases at a word ---- */

/* Scripts without spaces between words have one at each letter. */
static bool begins_word(const struct folded *folded, size_t at)
{
    unsigned char c = (unsigned char)folded->octets[at];
    if (c >= 0x80)
        return c >= 0xC0;
    return c != ' ' && (at == 0 || !isalnum((unsigned char)folded->octets[at - 1]));
}

static uint32_t bit_of(enum phrase_meaning meaning)
{
    return UINT32_C(1) << (meaning - NOTICE_LIST);
}

static void add_hit(struct notice *notice, const struct folded *folded, size_t at,
                    const struct phrase *phrase)
{
    size_t last = at + phrase->length - 1;
    if (notice->hit_count == NOTICE_HITS_MAXIMUM)
        return;
    notice->meanings |= bit_of(phrase->meaning);
    notice->hits[notice->hit_count++] = (struct notice_hit){ .phrase = phrase,
                                                             .start = folded->places[at],
                                                             .end = folded->places[last] + 1U };
}

static void find_phrases(const struct mail_phrases *phrases, const struct folded *folded,
                         struct notice *notice)
{
    for (size_t at = 0; at < folded->length; at++) {
        const struct phrase *phrase = NULL;
        while (begins_word(folded, at) &&
               (phrase = mail_phrases_next(phrases, PHRASES_OF_NOTICES, phrase, folded->octets + at,
                                           folded->length - at)))
            add_hit(notice, folded, at, phrase);
    }
}

void notice_read(const struct mail_phrases *phrases, struct arena *arena, const char *text,
                 size_t length, struct notice *notice)
{
    struct folded folded;
    if (length > NOTICE_TEXT_MAXIMUM)
        length = NOTICE_TEXT_MAXIMUM;
    *notice = (struct notice){ .text = text, .length = length };
    notice->hits = arena_allocate_array(arena, NOTICE_HITS_MAXIMUM, sizeof notice->hits[0]);
    fold(arena, text, length, &folded);
    find_phrases(phrases, &folded, notice);
}

bool notice_says(const struct notice *notice, enum phrase_meaning meaning)
{
    return notice->meanings & bit_of(meaning);
}
