/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_field.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char white[] = " \t\r\n";

/* ---- words of an instruction ---- */

static bool is_quote(const char *text, size_t *length)
{
    static const char *const quotes[] = { "\"", "“", "”" };
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        *length = strlen(quotes[i]);
        if (strncmp(text, quotes[i], *length) == 0)
            return true;
    }
    return false;
}

static const char *quoted(struct string_builder *word, const char *from)
{
    size_t length;
    while (*from && !is_quote(from, &length)) {
        if (*from == '\\' && from[1])
            from++;
        string_builder_append_character(word, *from++);
    }
    return *from ? from + length : from;
}

/* The next word: what stands in quotes is one. False at the end. */
static bool next_word(const char **rest, struct string_builder *word, bool *is_switch)
{
    const char *from = *rest + strspn(*rest, white);
    size_t length;
    string_builder_clear(word);
    *is_switch = false;
    if (!*from)
        return false;
    if (is_quote(from, &length)) {
        from = quoted(word, from + length);
    } else {
        *is_switch = *from == '\\';
        length = strcspn(from, white);
        string_builder_append_bytes(word, from, length);
        from += length;
    }
    *rest = from;
    return true;
}

bool docx_field_is(const char *instruction, const char *name)
{
    size_t length = strlen(name);
    instruction += strspn(instruction, white);
    return strncasecmp(instruction, name, length) == 0 &&
           !isalnum((unsigned char)instruction[length]);
}

/* ---- links ---- */

/* Spaces within an address are what people write and programs encode. */
static void append_address(struct string_builder *text, const char *address)
{
    size_t length;
    address += strspn(address, white);
    length = strlen(address);
    while (length && strchr(white, address[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        if (address[i] == ' ')
            string_builder_append(text, "%20");
        else
            string_builder_append_character(text, address[i]);
}

const char *docx_link_address(struct arena *arena, const char *target, const char *anchor)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    append_address(&text, target ? target : "");
    if (anchor && *anchor && !(text.length && strchr(text.data, '#'))) {
        string_builder_append_character(&text, '#');
        append_address(&text, anchor);
    }
    const char *address = text.length ? arena_copy_bytes(arena, text.data, text.length) : NULL;
    string_builder_release(&text);
    return address;
}

struct link_words {
    struct string_builder target;
    struct string_builder anchor;
};

static void take_words(const char *rest, struct link_words *words)
{
    struct string_builder word;
    bool is_switch;
    char waits_for = 0; /* the switch whose word comes next */
    string_builder_init(&word, 0);
    while (next_word(&rest, &word, &is_switch)) {
        char letter = is_switch ? (char)tolower((unsigned char)word.data[1]) : '\0';
        if (is_switch) {
            waits_for = letter && strchr("lot", letter) ? letter : '\0';
            continue;
        }
        if (waits_for == 'l')
            string_builder_append_bytes(&words->anchor, word.data, word.length);
        else if (!waits_for && !words->target.length)
            string_builder_append_bytes(&words->target, word.data, word.length);
        waits_for = '\0';
    }
    string_builder_release(&word);
}

const char *docx_field_link(struct arena *arena, const char *instruction)
{
    struct link_words words;
    if (!docx_field_is(instruction, "HYPERLINK"))
        return NULL;
    string_builder_init(&words.target, 0);
    string_builder_init(&words.anchor, 0);
    instruction += strspn(instruction, white);
    take_words(instruction + strlen("HYPERLINK"), &words);
    const char *link = docx_link_address(arena, words.target.data, words.anchor.data);
    string_builder_release(&words.target);
    string_builder_release(&words.anchor);
    return link;
}
