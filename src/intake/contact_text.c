/* SPDX-License-Identifier: MIT */
#include "intake/contact_text.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/contact_number.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <string.h>

/* Longer texts are kept as one name without being parsed. A longer line is no contact, and neither
 * is one with so many words in one part, because that is a sentence. */
enum { TEXT_MAXIMUM = 1000, ENTRY_COLUMNS = 160, PART_WORDS = 9 };

/* ---- labels ---- */

/* Our name for the label, without the points, colons and brackets around it; "" where it is none.
 * A label of one letter needs its colon: "M: 51 00 00 10". */
static const char *label_name(const struct intake_reading *reading, const char *bytes,
                              size_t length)
{
    while (length && bytes[length - 1] == ' ')
        length--;
    bool colon = length && bytes[length - 1] == ':';
    while (length && strchr(" .:()[]", bytes[length - 1]))
        length--;
    while (length && strchr(" ([", *bytes)) {
        bytes++;
        length--;
    }
    const char *folded = unicode_fold(reading->arena,
                                      arena_copy_bytes(reading->arena, bytes, length));
    const struct language_word *word = language_words_find(reading->words, WORD_GROUP_CONTACT, NULL,
                                                           folded, false);
    bool is_letter = utf8_length(folded) == 1;
    return word && (colon || !is_letter) ? word->name : "";
}

static bool leads_to_number(const char *name)
{
    return strcmp(name, "phone") == 0 || strcmp(name, "email") == 0 || strcmp(name, "at") == 0;
}

static size_t last_word(const char *bytes, size_t length)
{
    while (length && bytes[length - 1] == ' ')
        length--;
    while (length && bytes[length - 1] != ' ')
        length--;
    return length;
}

/* The length of what stands before a number without the label that leads to it: of "Mads Overby på
 * tlf. nr. " only "Mads Overby " is kept. */
static size_t without_label(const struct intake_reading *reading, const char *bytes, size_t length)
{
    for (;;) {
        size_t one = last_word(bytes, length);
        size_t two = last_word(bytes, one);
        if (one < length && leads_to_number(label_name(reading, bytes + two, length - two)))
            length = two;
        else if (one < length && leads_to_number(label_name(reading, bytes + one, length - one)))
            length = one;
        else
            return length;
    }
}

/* Length of the label "Kontakt: " at the beginning of the line, including words that follow it
 * ("For more information, please contact"). */
static size_t contact_label(const struct intake_reading *reading, const char *line)
{
    const char *folded = unicode_fold(reading->arena, line);
    size_t done = 0;
    if (strlen(folded) != strlen(line)) /* folding changed the length, so offsets would not fit */
        return 0;
    for (;;) {
        const struct language_word *word = language_words_prefix(reading->words, WORD_GROUP_CONTACT,
                                                                 NULL, folded + done);
        size_t length = word && strcmp(word->name, "contact") == 0 ? strlen(word->folded) : 0;
        size_t marks = strspn(line + done + length, ":, ");
        if (!length || (!marks && line[done + length]))
            return done;
        done += length + marks;
    }
}

/* ---- the parts of an entry ---- */

static bool is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Length of the separator there: a comma, a bar, a dash between spaces. */
static size_t separator(const char *at)
{
    static const char *const separators[] = { ",", "|", "\t", " - ", " / ", " – ", " — ", NULL };
    for (const char *const *one = separators; *one; one++)
        if (strncmp(at, *one, strlen(*one)) == 0)
            return strlen(*one);
    return 0;
}

static size_t part_length(const char *at)
{
    size_t length = 0;
    while (at[length] && !separator(at + length))
        length++;
    return length;
}

static void add_words(struct intake_reading *reading, struct release_contact *contact,
                      const char *bytes, size_t length)
{
    const char *words = encoding_one_line(reading->arena, bytes, length);
    words += strspn(words, ".:; )>]");
    length = strlen(words);
    while (length && strchr(":; (<[", words[length - 1]))
        length--;
    words = arena_copy_bytes(reading->arena, words, length);
    if (words[strspn(words, " .()[]-/")] == '\0')
        return;
    if (!contact->name)
        contact->name = words;
    else if (!contact->title)
        contact->title = words;
    else
        contact->title = arena_format(reading->arena, "%s, %s", contact->title, words);
}

/* A contact has one field for each kind of number; a second one is kept in the title, with its
 * label. */
static void add_number(struct intake_reading *reading, struct release_contact *contact,
                       enum contact_number_kind kind, const char *value, const char *labelled)
{
    const char **field = kind == CONTACT_PHONE ? &contact->phone : &contact->email;
    if (*field && strcmp(*field, value) != 0) {
        add_words(reading, contact, labelled, strlen(labelled));
        return;
    }
    left_out_as_mark(reading, labelled, strlen(labelled) - (*field ? 0 : strlen(value)));
    *field = value;
}

/* Length of words that only join two numbers: "or ". */
static size_t leading_join(const struct intake_reading *reading, const char *bytes, size_t length)
{
    size_t start = 0;
    while (start < length && strchr(" ,;", bytes[start]))
        start++;
    size_t word = start;
    while (word < length && bytes[word] != ' ')
        word++;
    bool joins = word > start &&
                 strcmp(label_name(reading, bytes + start, word - start), "at") == 0;
    return joins ? word : 0;
}

/* Two to four words that all begin with a capital. */
static bool is_name(const char *bytes, size_t length)
{
    size_t words = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == ' ' || (i > 0 && bytes[i - 1] != ' '))
            continue;
        if (!is_capital(bytes[i]))
            return false;
        words++;
    }
    return words >= 2 && words <= 4;
}

/* The contact that words before a number belong to. Where the last contact has a number already,
 * they begin the next one: "Jane Doe 555 0172 or John Roe 555 0173". */
static struct release_contact *contact_of(struct intake_reading *reading,
                                          struct release_contact *contact, const char **words,
                                          size_t *length)
{
    size_t join = leading_join(reading, *words, *length);
    if (!contact->name || (!contact->phone && !contact->email) ||
        !is_name(*words + join, *length - join))
        return contact;
    left_out_as_mark(reading, *words, join);
    *words += join;
    *length -= join;
    return fields_contact(reading);
}

/* A part of words and numbers: "Mads Overby tlf. 51 00 00 10 (mobil)". Returns the contact it ends
 * with. */
static struct release_contact *add_part(struct intake_reading *reading,
                                        struct release_contact *contact, const char *part, int line)
{
    struct arena *arena = reading->arena;
    struct contact_number number;
    const char *label = label_name(reading, part, strcspn(part, " "));
    bool labelled = leads_to_number(label);
    bool is_fax = strcmp(label, "fax") == 0;
    while (!is_fax && contact_number_find(part, strlen(part), labelled, &number)) {
        size_t length = without_label(reading, part, number.start);
        const char *words = part;
        const char *behind = part + length;
        const char *end = part + number.start + number.length;
        const char *value = encoding_one_line(arena, part + number.start, number.length);
        contact = contact_of(reading, contact, &words, &length);
        add_words(reading, contact, words, length);
        add_number(reading, contact, number.kind, value,
                   encoding_one_line(arena, behind, (size_t)(end - behind)));
        if (number.kind == CONTACT_EMAIL)
            fields_check_email(reading, value, line);
        part = end;
        labelled = false;
    }
    if (leads_to_number(label_name(reading, part, strlen(part))))
        left_out_as_mark(reading, part, strlen(part));
    else
        add_words(reading, contact, part, strlen(part));
    return contact;
}

/* ---- entries ---- */

/* Whether the part is a number and its label, without a name. */
static bool is_number(const struct intake_reading *reading, const char *part)
{
    struct contact_number number;
    size_t length = part_length(part);
    bool labelled = leads_to_number(label_name(reading, part, strcspn(part, " ")));
    return contact_number_find(part, length, labelled, &number) &&
           without_label(reading, part, number.start) == 0;
}

/* Words alone below a name that has no number yet are that person's title or place, and so are
 * words that begin with a small letter. */
static bool goes_on(const struct intake_reading *reading, const struct release_contact *contact,
                    const char *text)
{
    if (is_number(reading, text))
        return true;
    if (text[part_length(text)])
        return false;
    return (contact->name && !contact->phone && !contact->email) || (*text >= 'a' && *text <= 'z');
}

/* ", og Ole Dam, 51 00 00 02" behind a number. */
static bool begins_next(const struct intake_reading *reading, const struct release_contact *contact,
                        const char *text)
{
    size_t length = part_length(text);
    size_t join = leading_join(reading, text, length);
    const char *next = text + length + separator(text + length);
    return join && (contact->phone || contact->email) && is_name(text + join, length - join) &&
           is_number(reading, next + strspn(next, " "));
}

void contact_text_add(struct intake_reading *reading, const char *text, int line, bool is_new)
{
    struct release_contact *contact = is_new ? NULL : reading->release->contacts;
    while (contact && contact->next)
        contact = contact->next;
    text = encoding_one_line(reading->arena, text, strlen(text));
    size_t label = strlen(text) <= TEXT_MAXIMUM ? contact_label(reading, text) : 0;
    left_out_as_mark(reading, text, label);
    text += label;
    size_t length = strlen(text);
    while (length && strchr(". ", text[length - 1]))
        length--;
    text = arena_copy_bytes(reading->arena, text, length);
    if (!*text || leads_to_number(label_name(reading, text, length))) {
        left_out_as_mark(reading, text, length);
        return;
    }
    if (!contact || !goes_on(reading, contact, text))
        contact = fields_contact(reading);
    if (length > TEXT_MAXIMUM) {
        add_words(reading, contact, text, length);
        return;
    }
    while (*text) {
        size_t part = part_length(text);
        if (begins_next(reading, contact, text)) {
            size_t join = leading_join(reading, text, part);
            left_out_as_mark(reading, text, join);
            contact = fields_contact(reading);
            text += join;
            part -= join;
        }
        contact = add_part(reading, contact, encoding_one_line(reading->arena, text, part), line);
        text += part;
        text += separator(text);
    }
}

int contact_text_read(struct intake_reading *reading, const char *text, int line)
{
    int before = 0;
    int after = 0;
    bool is_new = true;
    for (const struct release_contact *one = reading->release->contacts; one; one = one->next)
        before++;
    while (*text) {
        size_t length = strcspn(text, ";\n");
        const char *entry = encoding_one_line(reading->arena, text, length);
        if (*entry)
            contact_text_add(reading, entry, line, is_new);
        is_new = is_new && !*entry;
        text += length;
        text += *text != '\0';
    }
    for (const struct release_contact *one = reading->release->contacts; one; one = one->next)
        after++;
    return after - before;
}

/* ---- what a line of a list looks like ---- */

static size_t count_words(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += bytes[i] != ' ' && (i == 0 || bytes[i - 1] == ' ');
    return count;
}

/* A full stop, or another mark that ends a sentence, with words of a sentence before it and a
 * capital letter or nothing behind it: not behind "Ph.D.". */
static bool ends_sentence(const char *line, size_t at)
{
    size_t word = at;
    if (!strchr(".!?", line[at]) ||
        (line[at + 1] != '\0' && !(line[at + 1] == ' ' && is_capital(line[at + 2]))))
        return false;
    while (word && line[word - 1] != ' ')
        word--;
    bool abbreviation = (at - word <= 3 && is_capital(line[word])) ||
                        memchr(line + word, '.', at - word);
    return !(line[at] == '.' && abbreviation) && count_words(line, at) >= 3;
}

bool contact_text_has_number(const struct intake_reading *reading, const char *line)
{
    struct contact_number number;
    size_t length = strlen(line);
    bool labelled = leads_to_number(label_name(reading, line, strcspn(line, " ")));
    return length <= TEXT_MAXIMUM && contact_number_find(line, length, labelled, &number);
}

bool contact_text_is_entry(const struct intake_reading *reading, const char *line)
{
    if (strlen(line) > TEXT_MAXIMUM || utf8_length(line) > ENTRY_COLUMNS)
        return false;
    line += contact_label(reading, line);
    for (const char *part = line; *part;) {
        struct contact_number number;
        size_t length = part_length(part);
        bool found = contact_number_find(part, length, false, &number);
        if (count_words(part, found ? number.start : length) > PART_WORDS)
            return false;
        part += length;
        part += separator(part);
    }
    for (size_t at = 0; line[at]; at++)
        if (ends_sentence(line, at) &&
            !(line[at + 1] == '\0' && contact_text_has_number(reading, line)))
            return false;
    return true;
}
