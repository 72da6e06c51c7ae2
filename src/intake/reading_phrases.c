/* SPDX-License-Identifier: MIT */
/* How mail programs quote, on its way to the process that reads mails: of other texts nothing. */
#include "intake/reading_parts.h"

#include "base/arena.h"
#include "confined/packet.h"
#include "locale/mail_phrases.h"

enum { FIRST = QUOTATION_FROM, LAST = DEVICE_WORD };

void reading_put_phrases(struct string_builder *packet, const struct mail_phrases *phrases)
{
    packet_put_bool(packet, phrases != NULL);
    for (int meaning = FIRST; phrases && meaning <= LAST; meaning++) {
        size_t count = 0;
        bool is_whole = phrase_meaning_form((enum phrase_meaning)meaning) == PHRASE_WHOLE;
        const struct phrase *list = mail_phrases_list(phrases, (enum phrase_meaning)meaning,
                                                      &count);
        packet_put_count(packet, count);
        for (size_t i = 0; i < count; i++) {
            packet_put_string(packet, list[i].words);
            packet_put_bool(packet, is_whole && !list[i].is_whole);
        }
    }
}

struct mail_phrases *reading_take_phrases(struct packet *packet, struct arena *arena)
{
    if (!packet_bool(packet))
        return NULL;
    struct mail_phrases *phrases = mail_phrases_new();
    for (int meaning = FIRST; meaning <= LAST; meaning++) {
        size_t count = packet_count(packet);
        for (size_t i = 0; i < count; i++) {
            const char *words = packet_string(packet, arena);
            bool goes_on = packet_bool(packet);
            if (words)
                (void)mail_phrases_add(phrases, (enum phrase_meaning)meaning, "",
                                       goes_on ? arena_format(arena, "%s*", words) : words);
        }
    }
    return phrases;
}
