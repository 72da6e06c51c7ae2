/* SPDX-License-Identifier: MIT */
#include "dmarc/dmarc.h"

#include <string.h>
#include <strings.h>

/* The records found on the way up from the domain, its own first. */
struct stops {
    const char *names[DMARC_QUERIES_MAXIMUM];
    struct dmarc_record records[DMARC_QUERIES_MAXIMUM];
    bool has[DMARC_QUERIES_MAXIMUM];
    size_t count;
};

static const char *without_first_label(const char *domain)
{
    const char *dot = strchr(domain, '.');
    return dot ? dot + 1 : NULL;
}

/* The next name to ask for: behind the domain itself its last seven labels at most, then one label
 * less each time. */
static const char *next_name(const char *domain, const char *before)
{
    size_t labels = 1;
    if (before != domain)
        return without_first_label(before);
    for (const char *c = domain; *c; c++)
        labels += *c == '.';
    const char *name = without_first_label(domain);
    for (; labels > DMARC_QUERIES_MAXIMUM && name; labels--)
        name = without_first_label(name);
    return name;
}

/* Up to a record that says where the way ends, or to where DNS gives no answer. */
static void climb(const char *domain, dmarc_ask *ask, void *payload, struct stops *stops,
                  struct dmarc_walk *walk)
{
    const char *name = domain;
    while (name && stops->count < DMARC_QUERIES_MAXIMUM) {
        size_t i = stops->count++;
        enum dmarc_answer answer = ask(payload, name, &stops->records[i]);
        stops->names[i] = name;
        stops->has[i] = answer == DMARC_FOUND;
        if (answer == DMARC_SILENT || answer == DMARC_BROKEN) {
            walk->answer = answer;
            walk->trouble_at = name;
            stops->count--;
            return;
        }
        if (answer == DMARC_SEVERAL && !walk->several_at)
            walk->several_at = name;
        if (stops->has[i] && stops->records[i].suffix != 'u')
            break;
        name = next_name(domain, name);
    }
}

/* Of the names that end in above, the one with a label more. */
static const char *one_below(const char *domain, const char *above)
{
    const char *name = domain;
    while (without_first_label(name) && without_first_label(name) != above)
        name = without_first_label(name);
    return name;
}

/* Section 4.10.2: that of psd=n, else the one below psd=y, else the highest that has a record. */
static const char *organization_of(const struct stops *stops)
{
    const char *highest = stops->names[0];
    for (size_t i = 0; i < stops->count; i++) {
        if (!stops->has[i])
            continue;
        if (stops->records[i].suffix == 'n')
            return stops->names[i];
        if (stops->records[i].suffix == 'y' && i > 0)
            return one_below(stops->names[0], stops->names[i]);
        highest = stops->names[i];
    }
    return highest;
}

/* Section 4.10.1: the domain's own, its organizational domain's, that of the suffix above it. */
static const char *place_of(const struct stops *stops, const char *organization, size_t *place)
{
    for (*place = 0; *place < stops->count; ++*place) {
        const char *name = stops->names[*place];
        bool counts = *place == 0 || name == organization || stops->records[*place].suffix == 'y';
        if (stops->has[*place] && counts)
            return name;
    }
    return NULL;
}

void dmarc_walk(const char *domain, dmarc_ask *ask, void *payload, struct dmarc_walk *walk)
{
    struct stops stops = { .count = 0 };
    size_t place = 0;
    *walk = (struct dmarc_walk){ .answer = DMARC_NONE, .organization = domain };
    climb(domain, ask, payload, &stops, walk);
    if (stops.count == 0)
        return;
    walk->organization = organization_of(&stops);
    walk->found_at = place_of(&stops, walk->organization, &place);
    if (!walk->found_at)
        return;
    walk->answer = DMARC_FOUND;
    walk->record = stops.records[place];
}
