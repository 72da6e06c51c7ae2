/* SPDX-License-Identifier: MIT */
#include "list/column_guess.h"

#include "base/nearest.h"
#include "list/list.h"
#include "locale/mail_phrases.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAXIMUM = 64, GUESS_NONE = -1 };

/* Names are compared in lower case, without what joins words. What a column means that says who may
 * be mailed is never guessed, because a wrong guess would mail somebody who did not agree: whoever
 * brings the file says it. GUESS_NONE: near to a name of ours, but something else. */
static const struct {
    enum phrase_meaning name;
    int key;
} names[] = {
    { COLUMN_FEEDS, LIST_FEEDS },       { COLUMN_CADENCE, LIST_CADENCE },
    { COLUMN_LANGUAGE, LIST_LANGUAGE }, { COLUMN_STATE, LIST_STATE },
    { COLUMN_NONE, GUESS_NONE },        { COLUMN_CONFIRMED_AT, LIST_CONFIRMED_AT },
    { COLUMN_EVIDENCE, LIST_EVIDENCE },
};

bool column_guess_is_address(const struct mail_phrases *phrases, const char *name)
{
    return mail_phrases_have(phrases, COLUMN_ADDRESS, name);
}

/* False for a name that is longer than any known one. */
static bool squeeze(const char *name, char squeezed[NAME_MAXIMUM])
{
    size_t length = 0;
    for (; *name; name++) {
        if ((unsigned char)*name < 0x80 && !isalnum((unsigned char)*name))
            continue;
        if (length + 1 == NAME_MAXIMUM)
            return false;
        squeezed[length++] = (char)tolower((unsigned char)*name);
    }
    squeezed[length] = '\0';
    return true;
}

/* "E-mail 2 Address", "Primary Email", "Mailadresse 2"; not what is said about them. */
static bool holds_address(const struct mail_phrases *phrases, const char *squeezed)
{
    size_t length = strlen(squeezed);
    size_t count;
    const struct phrase *about = mail_phrases_list(phrases, PART_ABOUT, &count);
    for (size_t i = 0; i < count; i++)
        if (length >= about[i].length &&
            strcmp(squeezed + length - about[i].length, about[i].words) == 0)
            return false;
    return mail_phrases_hold(phrases, PART_ADDRESS, squeezed);
}

int column_guess_key(const struct mail_phrases *phrases, const char *name)
{
    char squeezed[NAME_MAXIMUM];
    const char *keys[LIST_KEY_COUNT + 1] = { NULL };
    if (!squeeze(name, squeezed))
        return GUESS_NONE;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (mail_phrases_have(phrases, names[i].name, squeezed))
            return names[i].key;
    /* Parts, because names of a column that says who left, or who agreed, have more forms than can
     * be listed. */
    if (mail_phrases_hold(phrases, PART_STATE, squeezed))
        return LIST_STATE;
    if (mail_phrases_hold(phrases, PART_CONFIRMED_AT, squeezed))
        return LIST_CONFIRMED_AT;
    if (holds_address(phrases, squeezed))
        return LIST_ADDRESS;
    memcpy(keys, list_keys, sizeof list_keys);
    const char *nearest = name_nearest(squeezed, keys);
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        if (nearest == list_keys[key])
            return key;
    return GUESS_NONE;
}

const char *column_guess_program(const char *name)
{
    static const struct {
        const char *name;
        const char *program;
    } columns[] = {
        { "attributes", "listmonk" },  { "member_rating", "mailchimp" },
        { "optin_time", "mailchimp" }, { "leid", "mailchimp" },
        { "euid", "mailchimp" },
    };

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcasecmp(name, columns[i].name) == 0)
            return columns[i].program;
    return NULL;
}
