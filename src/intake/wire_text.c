/* SPDX-License-Identifier: MIT */
/* Wire text: what a person copies from a press service's page. Title, a line
 * with time, publisher and kind, then the text, then sections, then page furniture.
 *
 * What the sections hold: contacts become contacts; names of pictures and documents that lie beside
 * the text are taken with it; "Information om …"/"About …" is dropped, text and all, since every
 * page shows publisher.about in its place. Language: that of the kind's word, where it tells
 * ("Press release": en), unless a sidecar says it; for "Invitation" in a Danish or English newsroom
 * that of the first section's ("Contacts": en), which elsewhere may be French. */
#include "intake/wire_text.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "intake/bare_address.h"
#include "intake/contact_text.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "locale/unicode.h"
#include "release/body.h"

#include <string.h>
#include <strings.h>

/* A longer line is no heading, and begins no section. */
enum { HEADING_MAXIMUM = 80, SECTION_LINE_MAXIMUM = 160 };

enum section {
    SECTION_TEXT,
    SECTION_CONTACTS,
    SECTION_IMAGES,
    SECTION_DOCUMENTS,
    SECTION_ABOUT,
    SECTION_FURNITURE
};

struct wire_line {
    const char *text; /* one line, white space folded; never empty */
    int number;
};

struct wire {
    struct intake_reading *reading;
    struct wire_line *lines; /* all that are not empty */
    size_t count;
    struct wire_dateline dateline;
    struct body_node *list; /* open for the next "• " */
};

static void split_lines(struct wire *wire)
{
    struct intake_reading *reading = wire->reading;
    size_t count = 1;
    for (const char *c = reading->text; *c; c++)
        count += *c == '\n';
    wire->lines = arena_allocate_array(reading->arena, count, sizeof *wire->lines);
    const char *line = reading->text;
    for (int number = 1; *line; number++) {
        size_t length = strcspn(line, "\n");
        const char *folded = encoding_one_line(reading->arena, line, length);
        if (*folded)
            wire->lines[wire->count++] = (struct wire_line){ folded, number };
        line += length;
        line += *line == '\n';
    }
}

/* ---- sections ---- */

struct section_word {
    const char *word;
    const char *language;
    enum section section;
    bool is_prefix;
};

/* Case-folded. What follows the last four is never part of a release. */
static const struct section_word section_words[] = {
    { "kontakter", "da", SECTION_CONTACTS, false },
    { "kontakt", "da", SECTION_CONTACTS, false },
    { "contacts", "en", SECTION_CONTACTS, false },
    { "contact", "en", SECTION_CONTACTS, false },
    { "billeder", "da", SECTION_IMAGES, false },
    { "images", "en", SECTION_IMAGES, false },
    { "pictures", "en", SECTION_IMAGES, false },
    { "dokumenter", "da", SECTION_DOCUMENTS, false },
    { "documents", "en", SECTION_DOCUMENTS, false },
    { "følg pressemeddelelser fra ", "da", SECTION_FURNITURE, true },
    { "flere pressemeddelelser fra ", "da", SECTION_FURNITURE, true },
    { "subscribe to releases from ", "en", SECTION_FURNITURE, true },
    { "follow press releases from ", "en", SECTION_FURNITURE, true },
    { "more releases from ", "en", SECTION_FURNITURE, true },
    { "more press releases from ", "en", SECTION_FURNITURE, true },
    { "other releases from ", "en", SECTION_FURNITURE, true },
};

static bool begins_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

static const struct section_word about_words[] = {
    { "information om ", "da", SECTION_ABOUT, true },
    { "about ", "en", SECTION_ABOUT, true },
};

/* "About …" is a section where it names the publisher, or where another section stands above: else
 * it may be a heading of the text. */
static const struct section_word *find_about(const struct wire *wire, const char *folded,
                                             enum section now)
{
    const struct section_word *word = about_words;
    if (!begins_with(folded, word->word) && !begins_with(folded, (++word)->word))
        return NULL;
    const char *subject = folded + strlen(word->word);
    if (strlen(subject) > HEADING_MAXIMUM)
        return NULL;
    if (now != SECTION_TEXT)
        return word;
    const char *publisher = unicode_fold(wire->reading->arena, wire->dateline.publisher);
    if (begins_with(subject, "the "))
        subject += strlen("the ");
    return *publisher && begins_with(subject, publisher) ? word : NULL;
}

/* The word with which the line begins a section; NULL: it begins none. */
static const struct section_word *section_begins(const struct wire *wire, const char *line,
                                                 enum section now)
{
    if (strlen(line) > SECTION_LINE_MAXIMUM)
        return NULL;
    const char *folded = unicode_fold(wire->reading->arena, line);
    size_t length = strlen(folded);
    bool colon = length && folded[length - 1] == ':';
    for (size_t i = 0; i < sizeof section_words / sizeof section_words[0]; i++) {
        const struct section_word *word = &section_words[i];
        bool same = word->is_prefix ? begins_with(folded, word->word)
                                    : strncmp(folded, word->word, length - colon) == 0 &&
                                          strlen(word->word) == length - colon;
        if (same)
            return word;
    }
    return find_about(wire, folded, now);
}

/* ---- the text ---- */

static const char *behind_dash(const char *line)
{
    static const char *const dashes[] = { "- ", "– ", "— ", NULL };
    for (const char *const *dash = dashes; *dash; dash++)
        if (begins_with(line, *dash))
            return line + strlen(*dash);
    return NULL;
}

static const char *behind_bullet(const char *line)
{
    static const char *const bullets[] = { "• ", "· ", "* ", NULL };
    for (const char *const *bullet = bullets; *bullet; bullet++)
        if (begins_with(line, *bullet))
            return line + strlen(*bullet);
    return NULL;
}

/* Short, without the marks that end a sentence or lead on, no "Tid: onsdag" and no "10.30 Kaffe".
 */
static bool may_be_heading(const char *line)
{
    size_t length = strlen(line);
    size_t digits = strspn(line, "0123456789");
    if (length == 0 || utf8_length(line) > HEADING_MAXIMUM || strchr(".,:;", line[length - 1]))
        return false;
    if (digits && (line[digits] == '.' || line[digits] == ':'))
        return false;
    return !strstr(line, ": ") && !behind_dash(line) && !behind_bullet(line);
}

static void append_block(struct wire *wire, struct body_node *parent, enum body_kind kind,
                         const char *words)
{
    struct body_node *node = body_append(wire->reading->arena, parent, kind);
    node->level = kind == BODY_HEADING ? 2 : 0;
    bare_address_append(wire->reading->arena, node, words, strlen(words));
}

/* first: nothing stands above it yet; then a short line is the lead, no heading. last: nothing
 * stands below it that it could be the heading of. */
static void read_text_line(struct wire *wire, const char *line, bool first, bool last)
{
    struct arena *arena = wire->reading->arena;
    struct body_node *body = wire->reading->release->body;
    const char *quoted = behind_dash(line);
    const char *item = behind_bullet(line);
    if (!item)
        wire->list = NULL;
    if (quoted) {
        append_block(wire, body_append(arena, body, BODY_QUOTE), BODY_PARAGRAPH, quoted);
    } else if (item) {
        if (!wire->list)
            wire->list = body_append(arena, body, BODY_LIST);
        append_block(wire, wire->list, BODY_ITEM, item);
    } else {
        bool heading = !first && !last && may_be_heading(line);
        append_block(wire, body, heading ? BODY_HEADING : BODY_PARAGRAPH, line);
    }
}

/* "Foto.jpg", or "Sygehuset i aften, Foto.jpg": the file's name, and what else the line says. */
static void read_file_line(struct wire *wire, const struct wire_line *line,
                           enum release_asset_kind kind)
{
    struct arena *arena = wire->reading->arena;
    const char *file = line->text;
    const char *about = NULL;
    const char *comma = strrchr(line->text, ',');
    if (comma) {
        file = comma + 1 + strspn(comma + 1, " ");
        about = arena_copy_bytes(arena, line->text, (size_t)(comma - line->text));
    }
    if (!media_type_name_is_known(file) || !body_target_is_file(file))
        return;
    struct release_asset *asset = fields_asset(wire->reading, kind, file, line->number, true);
    if (kind == RELEASE_IMAGE && !asset->caption)
        asset->caption = about;
    if (kind == RELEASE_DOCUMENT && !asset->title)
        asset->title = about;
}

static void read_section_line(struct wire *wire, enum section section, const struct wire_line *line)
{
    switch (section) {
    case SECTION_CONTACTS:
        if (!(wire->reading->fields & INTAKE_FIELD_CONTACTS))
            contact_text_add(wire->reading, line->text, line->number, false);
        break;
    case SECTION_IMAGES:
        read_file_line(wire, line, RELEASE_IMAGE);
        break;
    case SECTION_DOCUMENTS:
        read_file_line(wire, line, RELEASE_DOCUMENT);
        break;
    case SECTION_TEXT:
    case SECTION_ABOUT:
    case SECTION_FURNITURE:
        break;
    }
}

static void read_lines(struct wire *wire, size_t first)
{
    enum section section = SECTION_TEXT;
    struct release *release = wire->reading->release;
    for (size_t i = first; i < wire->count && section != SECTION_FURNITURE; i++) {
        const struct section_word *word = section_begins(wire, wire->lines[i].text, section);
        if (word) {
            section = word->section;
            if (!release->language && wire->dateline.is_either_language)
                release->language = word->language;
        } else if (section == SECTION_TEXT) {
            bool last = i + 1 == wire->count ||
                        section_begins(wire, wire->lines[i + 1].text, section);
            read_text_line(wire, wire->lines[i].text, i == first, last);
        } else {
            read_section_line(wire, section, &wire->lines[i]);
        }
    }
}

void wire_text_read(struct intake_reading *reading)
{
    struct wire wire = { .reading = reading, .dateline = { .publisher = "" } };
    split_lines(&wire);
    if (wire.count == 0)
        return;
    if (!(reading->fields & INTAKE_FIELD_TITLE))
        reading->release->title = wire.lines[0].text;
    if (wire.count == 1) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, wire.lines[0].number,
                           INTAKE_MESSAGE_WIRE_NOT_A_RELEASE, NULL, NULL);
        return;
    }
    if (wire_dateline_read(reading, wire.lines[1].text, wire.lines[1].number, &wire.dateline))
        read_lines(&wire, 2);
}
