/* SPDX-License-Identifier: MIT */
#include "intake/wire_text.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/reader.h"
#include "release/release.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A title that is this long already gets no further parts. */
enum { TITLE_MAXIMUM = 300 };

/* What one part between commas is. */
enum contact_part { CONTACT_PART_TEXT, CONTACT_PART_PHONE, CONTACT_PART_EMAIL };

/* Behind "Tlf.", "Mobil:" and the like. */
static const char *without_label(const char *part)
{
    static const char *const labels[] = { "telefon", "telephone", "tlf.nr", "tlf",
                                          "tel",     "mobil",     "mobile", "phone",
                                          "e-mail",  "email",     "mail",   NULL };
    for (const char *const *label = labels; *label; label++) {
        size_t length = strlen(*label);
        if (strncasecmp(part, *label, length) == 0 && !isalpha((unsigned char)part[length])) {
            part += length;
            return part + strspn(part, ".: ");
        }
    }
    return part;
}

static enum contact_part part_kind(const char *part)
{
    size_t digits = 0;
    if (strchr(part, '@') && !strchr(part, ' '))
        return CONTACT_PART_EMAIL;
    for (const char *c = part; *c; c++) {
        if (isdigit((unsigned char)*c))
            digits++;
        else if (!strchr(" +()-./\xC2\xA0", *c))
            return CONTACT_PART_TEXT;
    }
    return digits >= 5 ? CONTACT_PART_PHONE : CONTACT_PART_TEXT;
}

static struct release_contact *last_contact(struct intake_reading *reading)
{
    struct release_contact *contact = reading->release->contacts;
    while (contact && contact->next)
        contact = contact->next;
    return contact;
}

/* A line without name, or a lone line of words below a name, goes on with the contact above. */
static bool continues(const struct release_contact *contact, const char *line)
{
    if (!contact)
        return false;
    size_t length = strcspn(line, ",");
    if (part_kind(without_label(line)) != CONTACT_PART_TEXT)
        return true;
    return line[length] == '\0' && contact->name && !contact->title && !contact->phone &&
           !contact->email;
}

static void add_text(struct intake_reading *reading, struct release_contact *contact,
                     const char *part)
{
    if (!contact->name)
        contact->name = part;
    else if (!contact->title)
        contact->title = part;
    else if (strlen(contact->title) < TITLE_MAXIMUM)
        contact->title = arena_format(reading->arena, "%s, %s", contact->title, part);
}

static void add_part(struct intake_reading *reading, struct release_contact *contact,
                     const char *part, int number)
{
    const char *value = without_label(part);
    switch (part_kind(value)) {
    case CONTACT_PART_EMAIL:
        contact->email = value;
        fields_check_email(reading, value, number);
        break;
    case CONTACT_PART_PHONE:
        if (!contact->phone)
            contact->phone = value;
        break;
    case CONTACT_PART_TEXT:
        add_text(reading, contact, part);
        break;
    }
}

void wire_contact_read(struct intake_reading *reading, const char *line, int number)
{
    size_t length = strlen(line);
    while (length && strchr(". ", line[length - 1]))
        length--;
    line = arena_copy_bytes(reading->arena, line, length);
    if (!*line || !strcasecmp(line, "tlf"))
        return;
    struct release_contact *contact = last_contact(reading);
    if (!continues(contact, line))
        contact = fields_contact(reading);
    while (*line) {
        size_t part_length = strcspn(line, ",");
        const char *part = encoding_one_line(reading->arena, line, part_length);
        if (*part)
            add_part(reading, contact, part, number);
        line += part_length;
        line += strspn(line, ",");
    }
}
