/* SPDX-License-Identifier: MIT */
#include "intake/text_section.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/contact_text.h"
#include "intake/file_line.h"
#include "intake/publisher_name.h"
#include "intake/reader.h"
#include "intake/text_heading.h"
#include "intake/text_mark.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <stdint.h>
#include <string.h>

/* Limits: bytes of a line that begins a section; lines of a list of contacts, and of one of
 * pictures without files; first lines in which notices are searched. */
enum { LINE_MAXIMUM = 160, CONTACT_LINES = 60, CAPTION_LINES = 12, FIRST_LINES = 6 };

static const char *text_at(const struct text_sections *sections, size_t index)
{
    return index < sections->lines->count ? sections->lines->lines[index].text : "";
}

static bool is_page(const struct text_sections *sections)
{
    return *sections->publisher != '\0';
}

/* ---- headings of sections ---- */

/* The line case-folded; "" for one that is too long to begin a section. */
static const char *folded_at(const struct text_sections *sections, size_t index)
{
    const char *line = text_at(sections, index);
    if (!*line || strlen(line) > LINE_MAXIMUM)
        return "";
    if (!sections->folded[index])
        sections->folded[index] = unicode_fold(sections->reading->arena, line);
    return sections->folded[index];
}

/* The line is a word of that group, a colon behind it aside. */
static const struct language_word *section_word(const struct text_sections *sections, size_t index)
{
    const char *folded = folded_at(sections, index);
    size_t length = strlen(folded);
    if (length && folded[length - 1] == ':')
        folded = arena_copy_bytes(sections->reading->arena, folded, length - 1);
    return language_words_find(sections->reading->words, WORD_GROUP_SECTION,
                               sections->reading->language, folded, false);
}

static bool is_section(const struct language_word *word, const char *name)
{
    return word && strcmp(word->name, name) == 0;
}

/* The word of a group that the line begins with, and what stands behind it and a space. */
static const struct language_word *first_word(const struct text_sections *sections, size_t index,
                                              enum word_group group, const char **rest)
{
    const char *folded = folded_at(sections, index);
    const struct language_word *word = language_words_prefix(sections->reading->words, group,
                                                             sections->reading->language, folded);
    size_t length = word ? strlen(word->folded) : 0;
    if (!word || folded[length] != ' ')
        return NULL;
    *rest = folded + length + 1;
    return word;
}

/* Whether the line heads what the publisher says of itself: "About Region Nordhav". */
static bool is_about(const struct text_sections *sections, size_t index)
{
    const char *subject;
    return is_page(sections) &&
           is_section(first_word(sections, index, WORD_GROUP_SECTION, &subject), "about") &&
           publisher_name_is(sections->reading->arena, subject, sections->publisher);
}

/* Whether the text's publisher is the newsroom's own, of which our pages say this already. */
static bool is_ours(const struct text_sections *sections)
{
    const char *own = sections->reading->publisher;
    return !own || publisher_name_is_near(sections->reading->arena, sections->publisher, own);
}

/* Whether the line is an entry of a list of other releases: "29.5.2022 09:30:00 CEST |
 * Pressemeddelelse". */
static bool is_listed(const char *line)
{
    const char *bar = strstr(line, " | ");
    size_t digits = 0;
    for (const char *c = line; bar && c < bar; c++)
        digits += *c >= '0' && *c <= '9';
    return digits >= 8 && memchr(line, ':', (size_t)(bar - line));
}

static bool has_listed(const struct text_sections *sections, size_t index)
{
    for (size_t i = index; i < sections->lines->count && i < index + 8; i++)
        if (is_listed(text_at(sections, i)))
            return true;
    return false;
}

/* Whether the page's own lines begin here: "Flere pressemeddelelser fra Region Nordhav". */
static bool is_page_end(const struct text_sections *sections, size_t index)
{
    const char *name;
    const struct language_word *word = first_word(sections, index, WORD_GROUP_FURNITURE, &name);
    if (!(is_section(word, "more") || is_section(word, "subscribe")) ||
        text_line_is_closed(text_at(sections, index)))
        return false;
    return (is_page(sections) &&
            publisher_name_begins(sections->reading->arena, name, sections->publisher)) ||
           has_listed(sections, index + 1);
}

static bool begins_section(const struct text_sections *sections, size_t index)
{
    const char *entry;
    return section_word(sections, index) || is_about(sections, index) ||
           is_page_end(sections, index) ||
           text_section_is_contact(sections->reading, text_at(sections, index), &entry);
}

static bool is_furniture(const struct text_sections *sections, size_t index)
{
    bool plain;
    return index < sections->lines->count &&
           text_furniture_of(sections->reading, text_at(sections, index), &plain);
}

/* ---- contacts ---- */

/* Whether the line may be a contact: short, without the end of a sentence. */
static bool looks_like_entry(const char *line)
{
    return strlen(line) <= 80 && text_line_words(line) <= 8 && !text_line_is_closed(line) &&
           !strchr(":;", line[strlen(line) - 1]);
}

/* Whether the line may be a name and title: also all words up to its first comma begin with a
 * capital ("Mads Overby, pressechef"). */
static bool looks_like_name(const char *line)
{
    size_t length = strcspn(line, ",");
    for (size_t i = 0; i < length; i++) {
        size_t offset = i;
        uint32_t c = 0;
        bool begins = line[i] != ' ' && (i == 0 || line[i - 1] == ' ');
        if (begins && utf8_next(line, length, &offset, &c) && unicode_is_lower(c))
            return false;
    }
    return looks_like_entry(line);
}

bool text_section_is_contact(const struct intake_reading *reading, const char *line,
                             const char **entry)
{
    const char *colon = strchr(line, ':');
    if (!colon || colon[1] != ' ' || colon - line > LINE_MAXIMUM)
        return false;
    const char *folded = unicode_fold(
        reading->arena, arena_copy_bytes(reading->arena, line, (size_t)(colon - line)));
    const struct language_word *word = language_words_find(reading->words, WORD_GROUP_SECTION, NULL,
                                                           folded, false);
    const char *rest = colon + 2;
    if (!is_section(word, "contacts") || !contact_text_is_entry(reading, rest) ||
        !(contact_text_has_number(reading, rest) || looks_like_name(rest)))
        return false;
    *entry = rest;
    return true;
}

/* The end of the lines that may be contacts; *numbered: behind the last one with a number. */
static size_t entries_end(const struct text_sections *sections, size_t index, size_t *numbered)
{
    const struct text_line *lines = sections->lines->lines;
    size_t at = index;
    *numbered = index;
    for (; at < sections->lines->count && at < index + CONTACT_LINES; at++) {
        if (begins_section(sections, at) || is_furniture(sections, at) ||
            !contact_text_is_entry(sections->reading, lines[at].text))
            break;
        if (contact_text_has_number(sections->reading, lines[at].text))
            *numbered = at + 1;
    }
    return at;
}

/* The end of contacts without any number: lines like names, up to the next empty line or section.
 * */
static size_t names_end(const struct text_sections *sections, size_t index, size_t entries)
{
    const struct text_line *lines = sections->lines->lines;
    size_t count = sections->lines->count;
    bool is_whole = entries == count || begins_section(sections, entries);
    size_t end = index;
    while (end < entries && (end == index ? looks_like_name(lines[end].text)
                                          : looks_like_entry(lines[end].text) &&
                                                !lines[end].after_gap && end - index < 3))
        end++;
    return is_whole || (end < count && lines[end].after_gap) ? end : index;
}

/* The end of the contacts that may begin at index: behind the last line with a number before one
 * that reads as text, or what else stands close below it. */
static size_t contacts_end(const struct text_sections *sections, size_t index, bool is_below_entry)
{
    size_t numbered;
    size_t entries = entries_end(sections, index, &numbered);
    if (numbered == index)
        return is_below_entry ? index : names_end(sections, index, entries);
    while (numbered < entries && !sections->lines->lines[numbered].after_gap)
        numbered++;
    return numbered;
}

/* ---- taking them ---- */

static void set(struct text_sections *sections, size_t from, size_t to, enum text_role role)
{
    for (size_t i = from; i < to; i++)
        sections->roles[i] = role;
}

static size_t take_contacts(struct text_sections *sections, size_t index)
{
    const char *entry;
    bool is_entry = text_section_is_contact(sections->reading, text_at(sections, index), &entry);
    size_t end = contacts_end(sections, index + 1, is_entry);
    if (is_entry) {
        set(sections, index, end, TEXT_ROLE_CONTACT);
        return end;
    }
    if (end == index + 1)
        return index;
    set(sections, index, index + 1, TEXT_ROLE_HEADING);
    set(sections, index + 1, end, TEXT_ROLE_CONTACT);
    return end;
}

/* The end of the short lines below the heading at index. */
static size_t captions_end(const struct text_sections *sections, size_t index)
{
    size_t end = index + 1;
    while (end < sections->lines->count && end < index + CAPTION_LINES &&
           !begins_section(sections, end) &&
           contact_text_is_entry(sections->reading, text_at(sections, end)))
        end++;
    return end;
}

/* Takes a list of files. One that is empty or names no files only counts among the other sections
 * of a page. */
static size_t take_files(struct text_sections *sections, size_t index, enum text_role role)
{
    size_t end = index + 1;
    while (end < sections->lines->count && file_line_is(text_at(sections, end)))
        end++;
    if (end == index + 1) {
        role = TEXT_ROLE_CAPTION;
        end = captions_end(sections, index);
        bool below = index && sections->roles[index - 1] != TEXT_ROLE_TEXT;
        bool above = end < sections->lines->count && begins_section(sections, end);
        bool among = (below && (above || end == sections->lines->count)) ||
                     (above && end == index + 1);
        if (!is_page(sections) || !among)
            return index;
    }
    set(sections, index, index + 1, TEXT_ROLE_HEADING);
    set(sections, index + 1, end, role);
    return end;
}

/* Takes what the publisher says of itself: up to the next section, or to what looks like a heading
 * among its blocks. */
static size_t take_about(struct text_sections *sections, size_t index)
{
    size_t end = index + 1;
    while (end < sections->lines->count && !begins_section(sections, end) &&
           !is_furniture(sections, end) &&
           !(end > index + 1 &&
             text_heading_is(sections->reading, sections->lines, end, sections->wants_gap)))
        end++;
    if (is_ours(sections) || end == index + 1)
        set(sections, index, end, TEXT_ROLE_ABOUT);
    return end;
}

/* Returns the first line behind the section that begins there; index itself where none does. */
static size_t take_section(struct text_sections *sections, size_t index)
{
    const char *line = text_at(sections, index);
    const struct language_word *word = section_word(sections, index);
    const char *entry;
    size_t end = index;
    if (is_page_end(sections, index)) {
        set(sections, index, sections->lines->count, TEXT_ROLE_PAGE);
        return sections->lines->count;
    }
    if (is_about(sections, index))
        return take_about(sections, index);
    if (is_section(word, "contacts") || text_section_is_contact(sections->reading, line, &entry))
        end = take_contacts(sections, index);
    else if (is_section(word, "images"))
        end = take_files(sections, index, TEXT_ROLE_IMAGE);
    else if (is_section(word, "documents"))
        end = take_files(sections, index, TEXT_ROLE_DOCUMENT);
    if (end > index && word && !sections->word)
        sections->word = word->folded;
    return end;
}

/* ---- furniture ---- */

static enum text_role furniture_role(enum text_furniture furniture, bool first, bool last,
                                     bool plain)
{
    switch (furniture) {
    case TEXT_FURNITURE_NOTICE:
        return first || last ? TEXT_ROLE_FURNITURE : TEXT_ROLE_TEXT;
    case TEXT_FURNITURE_END:
        return last ? TEXT_ROLE_FURNITURE : plain ? TEXT_ROLE_TEXT : TEXT_ROLE_RULE;
    case TEXT_FURNITURE_MORE:
        return TEXT_ROLE_FURNITURE;
    case TEXT_FURNITURE_RULE:
        return TEXT_ROLE_RULE;
    case TEXT_FURNITURE_NONE:
        break;
    }
    return TEXT_ROLE_TEXT;
}

/* Goes from the last line up, because what follows a line decides what it is. */
static void find_furniture(struct text_sections *sections)
{
    bool last = true;
    for (size_t i = sections->lines->count; i-- > 0;) {
        bool plain = false;
        if (sections->roles[i] != TEXT_ROLE_TEXT)
            continue;
        enum text_furniture furniture = text_furniture_of(sections->reading, text_at(sections, i),
                                                          &plain);
        enum text_role role = furniture_role(furniture, i < FIRST_LINES, last, plain);
        sections->roles[i] = role;
        last = last && role != TEXT_ROLE_TEXT;
    }
}

void text_sections_find(struct text_sections *sections)
{
    size_t index = 0;
    sections->wants_gap = text_heading_wants_gap(sections->lines);
    sections->roles = arena_allocate_array(sections->reading->arena, sections->lines->count + 1,
                                           sizeof *sections->roles);
    sections->folded = arena_allocate_array(sections->reading->arena, sections->lines->count + 1,
                                            sizeof *sections->folded);
    while (index < sections->lines->count) {
        size_t end = take_section(sections, index);
        index = end > index ? end : index + 1;
    }
    find_furniture(sections);
}
