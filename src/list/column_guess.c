/* SPDX-License-Identifier: MIT */
#include "list/column_guess.h"

#include "base/nearest.h"
#include "list/list.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAXIMUM = 64, GUESS_NONE = -1 };

/* Read as they are, in any case. */
static const char *const addresses[] = { "email",          "e-mail",         "email address",
                                         "e-mail address", "mail",           "mail address",
                                         "e-mailadresse",  "e-mail-adresse", "mailadresse",
                                         "epost",          "e-post",         NULL };

/* In lower case, without what joins words. What a column means that says who may be mailed is never
 * guessed, because a wrong guess would mail somebody who did not agree: whoever brings the file
 * says it. GUESS_NONE: near to a name of ours, but something else. */
static const struct {
    const char *name;
    int key;
} known[] = {
    { "feed", LIST_FEEDS },
    { "list", LIST_FEEDS },
    { "lists", LIST_FEEDS },
    { "listname", LIST_FEEDS },
    { "mailinglist", LIST_FEEDS },
    { "mailinglists", LIST_FEEDS },
    { "group", LIST_FEEDS },
    { "groups", LIST_FEEDS },
    { "segment", LIST_FEEDS },
    { "segments", LIST_FEEDS },
    { "tag", LIST_FEEDS },
    { "tags", LIST_FEEDS },
    { "topic", LIST_FEEDS },
    { "topics", LIST_FEEDS },
    { "interest", LIST_FEEDS },
    { "interests", LIST_FEEDS },
    { "channel", LIST_FEEDS },
    { "channels", LIST_FEEDS },
    { "newsletter", LIST_FEEDS },
    { "newsletters", LIST_FEEDS },
    { "subscription", LIST_FEEDS },
    { "subscriptions", LIST_FEEDS },
    { "liste", LIST_FEEDS },
    { "lister", LIST_FEEDS },
    { "gruppe", LIST_FEEDS },
    { "grupper", LIST_FEEDS },
    { "emne", LIST_FEEDS },
    { "emner", LIST_FEEDS },
    { "nyhedsbrev", LIST_FEEDS },
    { "nyhedsbreve", LIST_FEEDS },
    { "abonnement", LIST_FEEDS },
    { "abonnementer", LIST_FEEDS },
    { "frequency", LIST_CADENCE },
    { "digest", LIST_CADENCE },
    { "delivery", LIST_CADENCE },
    { "deliverymode", LIST_CADENCE },
    { "frekvens", LIST_CADENCE },
    { "hyppighed", LIST_CADENCE },
    { "lang", LIST_LANGUAGE },
    { "languagecode", LIST_LANGUAGE },
    { "preferredlanguage", LIST_LANGUAGE },
    { "locale", LIST_LANGUAGE },
    { "sprog", LIST_LANGUAGE },
    { "status", LIST_STATE },
    { "emailstatus", LIST_STATE },
    { "memberstatus", LIST_STATE },
    { "subscriberstatus", LIST_STATE },
    { "subscriptionstatus", LIST_STATE },
    { "subscribed", LIST_STATE },
    { "issubscribed", LIST_STATE },
    { "unsubscribed", LIST_STATE },
    { "unsubscribedat", LIST_STATE },
    { "unsubscribedate", LIST_STATE },
    { "unsubtime", LIST_STATE },
    { "unsubreason", LIST_STATE },
    { "optout", LIST_STATE },
    { "optedout", LIST_STATE },
    { "optouttime", LIST_STATE },
    { "hasoptedoutofemail", LIST_STATE },
    { "active", LIST_STATE },
    { "aktiv", LIST_STATE },
    { "isactive", LIST_STATE },
    { "enabled", LIST_STATE },
    { "disabled", LIST_STATE },
    { "blocked", LIST_STATE },
    { "blacklisted", LIST_STATE },
    { "blocklisted", LIST_STATE },
    { "suppressed", LIST_STATE },
    { "bounced", LIST_STATE },
    { "bounces", LIST_STATE },
    { "complained", LIST_STATE },
    { "cleaned", LIST_STATE },
    { "cleantime", LIST_STATE },
    { "tilstand", LIST_STATE },
    { "afmeldt", LIST_STATE },
    { "tilmeldt", LIST_STATE },
    { "optin", LIST_CONFIRMED_AT },
    { "optinat", LIST_CONFIRMED_AT },
    { "optindate", LIST_CONFIRMED_AT },
    { "optintime", LIST_CONFIRMED_AT },
    { "doubleoptin", LIST_CONFIRMED_AT },
    { "confirm", LIST_CONFIRMED_AT },
    { "confirmed", LIST_CONFIRMED_AT },
    { "confirmdate", LIST_CONFIRMED_AT },
    { "confirmtime", LIST_CONFIRMED_AT },
    { "consent", LIST_CONFIRMED_AT },
    { "consentat", LIST_CONFIRMED_AT },
    { "consentdate", LIST_CONFIRMED_AT },
    { "consenttime", LIST_CONFIRMED_AT },
    { "subscribedat", LIST_CONFIRMED_AT },
    { "subscribeddate", LIST_CONFIRMED_AT },
    { "subscribedate", LIST_CONFIRMED_AT },
    { "signupdate", LIST_CONFIRMED_AT },
    { "bekræftet", LIST_CONFIRMED_AT },
    { "samtykke", LIST_CONFIRMED_AT },
    { "samtykkedato", LIST_CONFIRMED_AT },
    { "tilmeldingsdato", LIST_CONFIRMED_AT },
    { "optinip", LIST_EVIDENCE },
    { "confirmip", LIST_EVIDENCE },
    { "consentsource", LIST_EVIDENCE },
    { "proof", LIST_EVIDENCE },
    { "bevis", LIST_EVIDENCE },
    { "dokumentation", LIST_EVIDENCE },
    { "ipaddress", LIST_EVIDENCE },
    { "date", GUESS_NONE },
    { "homeaddress", GUESS_NONE },
    { "site", GUESS_NONE },
    { "webaddress", GUESS_NONE },
    { "workaddress", GUESS_NONE },
};

/* Parts of names, in any language: of a column that says who left or may not be mailed, and of one
 * that says who agreed. Parts, because such names have more forms than can be listed. */
static const struct {
    const char *part;
    int key;
} parts[] = {
    { "status", LIST_STATE },          { "unsub", LIST_STATE },
    { "subscribed", LIST_STATE },      { "optout", LIST_STATE },
    { "optedout", LIST_STATE },        { "donot", LIST_STATE },
    { "dontmail", LIST_STATE },        { "nomail", LIST_STATE },
    { "inactive", LIST_STATE },        { "bounce", LIST_STATE },
    { "complain", LIST_STATE },        { "blacklist", LIST_STATE },
    { "blocklist", LIST_STATE },       { "suppress", LIST_STATE },
    { "afmeld", LIST_STATE },          { "udmeld", LIST_STATE },
    { "frameld", LIST_STATE },         { "tilmeld", LIST_STATE },
    { "inaktiv", LIST_STATE },         { "spærret", LIST_STATE },
    { "nejtak", LIST_STATE },          { "avmeld", LIST_STATE },
    { "avregistr", LIST_STATE },       { "avprenum", LIST_STATE },
    { "abmeld", LIST_STATE },          { "abgemeldet", LIST_STATE },
    { "désabonn", LIST_STATE },        { "désinscri", LIST_STATE },
    { "optin", LIST_CONFIRMED_AT },    { "optedin", LIST_CONFIRMED_AT },
    { "consent", LIST_CONFIRMED_AT },  { "confirm", LIST_CONFIRMED_AT },
    { "gdpr", LIST_CONFIRMED_AT },     { "permission", LIST_CONFIRMED_AT },
    { "samtykke", LIST_CONFIRMED_AT }, { "marketing", LIST_CONFIRMED_AT },
};

bool column_guess_is_address(const char *name)
{
    for (size_t i = 0; addresses[i]; i++)
        if (strcasecmp(name, addresses[i]) == 0)
            return true;
    return false;
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
static bool holds_address(const char *squeezed)
{
    static const char *const about[] = { "type",   "label",    "name",  "format",
                                         "client", "verified", "count", NULL };
    size_t length = strlen(squeezed);
    for (size_t i = 0; about[i]; i++) {
        size_t ending = strlen(about[i]);
        if (length >= ending && strcmp(squeezed + length - ending, about[i]) == 0)
            return false;
    }
    return strstr(squeezed, "email") || strstr(squeezed, "epost") || strstr(squeezed, "mailadr") ||
           strstr(squeezed, "mailaddr");
}

int column_guess_key(const char *name)
{
    char squeezed[NAME_MAXIMUM];
    const char *keys[LIST_KEY_COUNT + 1] = { NULL };
    if (!squeeze(name, squeezed))
        return GUESS_NONE;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(squeezed, known[i].name) == 0)
            return known[i].key;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(squeezed, parts[i].part))
            return parts[i].key;
    if (holds_address(squeezed))
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
