/* SPDX-License-Identifier: MIT */
#include "address/address.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <idn2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Longer ones are not compared: a slip is looked for in what people type by heart. */
enum {
    COMPARED_MAXIMUM = 64,
    FAR = 100,
    SLIPS_MAXIMUM = 2,
    SHORT_NAME = 4,
    LONG_NAME = 7,
    ENDING_MAXIMUM = 3
};

/* Those that many have, the likeliest first. */
static const char *const great[] = {
    "gmail.com",    "hotmail.com",  "outlook.com",    "icloud.com",  "yahoo.com",
    "live.com",     "msn.com",      "me.com",         "mac.com",     "aol.com",
    "hotmail.dk",   "outlook.dk",   "live.dk",        "yahoo.dk",    "mail.dk",
    "jubii.dk",     "stofanet.dk",  "youmail.dk",     "webspeed.dk", "mail.tele.dk",
    "post.tele.dk", "hotmail.se",   "outlook.se",     "live.se",     "yahoo.se",
    "telia.com",    "bredband.net", "comhem.se",      "spray.se",    "hotmail.no",
    "live.no",      "yahoo.no",     "online.no",      "start.no",    "hotmail.de",
    "outlook.de",   "live.de",      "yahoo.de",       "gmx.de",      "gmx.net",
    "web.de",       "t-online.de",  "freenet.de",     "arcor.de",    "hotmail.co.uk",
    "live.co.uk",   "yahoo.co.uk",  "btinternet.com", "hotmail.fr",  "orange.fr",
    "wanadoo.fr",   "laposte.net",  "googlemail.com", "proton.me",   "protonmail.com",
    "fastmail.com", "gmx.com",      "gmx.at",         "gmx.ch",      "bluewin.ch",
    "yandex.ru",
};

/* Near to one of those, and known well enough not to be asked about. */
static const char *const others[] = {
    "mail.com", "email.com", "ymail.com", "hotmail.it", "libero.it", "free.fr", "mail.ru", "pm.me",
};

/* Domains that stand in no other country: whatever stands behind "gmail", it was to be "com". */
static const char *const alone[] = { "gmail.com", "icloud.com", "googlemail.com",
                                     "protonmail.com" };

/* Countries in which the great providers have domains of their own, and newsrooms have readers. */
static const char countries[] =
    " at au be br ca ch cn cz de dk ee es eu fi fo fr gl gr hu ie in is "
    "it jp kr lt lu lv mx nl no nu nz pl pt ro ru se sk tr uk us za ";

/* A domain as people read it, taken apart at its last dot. */
struct domain {
    uint32_t points[COMPARED_MAXIMUM];
    size_t length;
    size_t name; /* characters before the last dot */
};

static size_t ending_length(const struct domain *domain)
{
    return domain->length - domain->name - 1;
}

static const uint32_t *ending(const struct domain *domain)
{
    return domain->points + domain->name + 1;
}

/* ---- reading ---- */

static const char *as_people_read_it(struct arena *arena, const char *domain)
{
    char *converted = NULL;
    if (!strstr(domain, "xn--") ||
        idn2_to_unicode_8z8z(domain, &converted, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return domain;
    const char *result = arena_copy(arena, converted);
    idn2_free(converted);
    return result;
}

/* False where it has no dot, or is not to be compared. */
static bool domain_read(const char *string, struct domain *domain)
{
    size_t offset = 0;
    size_t length = strlen(string);
    uint32_t point = 0;
    *domain = (struct domain){ .name = 0 };
    while (utf8_next(string, length, &offset, &point)) {
        if (domain->length == COMPARED_MAXIMUM)
            return false;
        if (point == '.')
            domain->name = domain->length;
        domain->points[domain->length++] = point;
    }
    return domain->name > 0;
}

/* ---- distances ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters were left out, put in, put for another, or exchanged with their neighbour
 * (optimal string alignment). */
static size_t slips(const uint32_t *typed, size_t typed_length, const uint32_t *meant,
                    size_t meant_length)
{
    size_t rows[3][COMPARED_MAXIMUM + 1];
    size_t difference = typed_length > meant_length ? typed_length - meant_length
                                                    : meant_length - typed_length;
    if (difference > SLIPS_MAXIMUM)
        return FAR;
    for (size_t k = 0; k <= meant_length; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= typed_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= meant_length; k++) {
            size_t put_for = last[k - 1] + (typed[i - 1] != meant[k - 1]);
            row[k] = least(put_for, least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && typed[i - 1] == meant[k - 2] && typed[i - 2] == meant[k - 1])
                row[k] = least(row[k], rows[(i - 2) % 3][k - 2] + 1);
        }
    }
    return rows[typed_length % 3][meant_length];
}

static bool is_listed(const char *string, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(string, list[i]) == 0)
            return true;
    return false;
}

static bool is_country(const struct domain *domain)
{
    const uint32_t *letters = ending(domain);
    if (ending_length(domain) != 2 || letters[0] > 0x7f || letters[1] > 0x7f)
        return false;
    const char word[] = { ' ', (char)letters[0], (char)letters[1], ' ', '\0' };
    return strstr(countries, word) != NULL;
}

static uint64_t sum(const struct domain *domain)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < domain->name; i++)
        sum += domain->points[i];
    return sum;
}

/* Nearly every neighbour of a short name is somebody else's domain, so there only letters that
 * changed places count as a slip; in a middling name any single slip does, in a long one two if its
 * first letter is right. */
static size_t name_slips(const struct domain *typed, const struct domain *meant)
{
    bool begins_alike = typed->points[0] == meant->points[0];
    size_t count = slips(typed->points, typed->name, meant->points, meant->name);
    if (count == 0)
        return 0;
    /* An exchange of letters is the one slip that leaves their sum as it was. */
    if (meant->name <= SHORT_NAME)
        return count == 1 && sum(typed) == sum(meant) ? count : FAR;
    return count <= (meant->name >= LONG_NAME && begins_alike ? 2U : 1U) ? count : FAR;
}

/* Another country's ending is no slip, because the domain may exist there, unless the name exists
 * under one ending alone. */
static size_t ending_slips(const struct domain *typed, const struct domain *meant, bool is_alone)
{
    size_t count = slips(ending(typed), ending_length(typed), ending(meant), ending_length(meant));
    if (count == 0)
        return 0;
    if (is_alone && ending_length(typed) <= ENDING_MAXIMUM)
        return 1;
    return count == 1 && !is_country(typed) ? count : FAR;
}

/* ---- asking ---- */

struct candidate {
    const char *domain;
    size_t slips; /* FAR: none found yet; 0: the domain as typed is a known one */
};

static void compare(const struct domain *typed, const char *domain, struct candidate *best)
{
    struct domain meant;
    if (!domain_read(domain, &meant))
        return;
    size_t name = name_slips(typed, &meant);
    bool is_alone = name == 0 && is_listed(domain, alone, sizeof alone / sizeof alone[0]);
    size_t count = name + ending_slips(typed, &meant, is_alone);
    if (count <= SLIPS_MAXIMUM && count < best->slips)
        *best = (struct candidate){ domain, count };
}

const char *address_suggest(struct arena *arena, const struct address *address,
                            const char *const *own, size_t own_count)
{
    struct domain typed;
    struct candidate best = { NULL, FAR };
    const char *domain = as_people_read_it(arena, address->domain);
    if (!domain_read(domain, &typed) || is_listed(domain, others, sizeof others / sizeof others[0]))
        return NULL;
    for (size_t i = 0; i < own_count; i++)
        compare(&typed, as_people_read_it(arena, own[i]), &best);
    for (size_t i = 0; i < sizeof great / sizeof great[0]; i++)
        compare(&typed, great[i], &best);
    if (!best.domain || best.slips == 0)
        return NULL;
    return arena_format(arena, "%s@%s", address->local, best.domain);
}
