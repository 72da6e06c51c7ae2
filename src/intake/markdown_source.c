/* SPDX-License-Identifier: MIT */
#include "intake/markdown_source.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"
#include "intake/markdown_line.h"
#include "locale/unicode.h"

#include <stdlib.h>
#include <string.h>

/* "[label]:" at the beginning of a line. */
struct definition {
    const char *folded;  /* the label */
    const char *bracket; /* where it stands */
    size_t line;         /* index */
    bool is_footnote;
    bool has_address;
    bool is_repeated; /* another one of the same label stands above */
    bool is_used;
    int footnote; /* index in the list, where it is one that is shown at the end; else -1 */
};

struct preparation {
    struct arena *arena;
    const struct markdown_source *raw;
    bool *in_fence;                 /* by index of line */
    struct definition *definitions; /* by label, those of one label by line */
    size_t count;
    size_t *by_line; /* 1 + index of the definition that a line is; 0: none */
    struct string_builder text;
    struct markdown_footnotes *footnotes;
};

/* ---- lines ---- */

void markdown_source_init(struct arena *arena, struct markdown_source *source, const char *bytes,
                          size_t length, int first_line)
{
    const char *end = bytes + length;
    size_t count = 1;
    for (const char *c = bytes; c < end && (c = memchr(c, '\n', (size_t)(end - c))); c++)
        count++;
    size_t *lines = arena_allocate_array(arena, count, sizeof *lines);
    size_t line = 1;
    for (const char *c = bytes; c < end && (c = memchr(c, '\n', (size_t)(end - c))); c++)
        lines[line++] = (size_t)(c - bytes) + 1;
    *source = (struct markdown_source){ bytes, length, lines, count, first_line };
}

const char *markdown_source_line(const struct markdown_source *source, int line, size_t *length)
{
    *length = 0;
    if (line < 1 || (size_t)line > source->line_count)
        return source->text + source->length;
    size_t start = source->lines[line - 1];
    size_t end = (size_t)line < source->line_count ? source->lines[line] - 1 : source->length;
    *length = end - start;
    return source->text + start;
}

static const char *raw_line(const struct preparation *preparation, size_t index, size_t *length)
{
    return markdown_source_line(preparation->raw, (int)index + 1, length);
}

static void find_fences(struct preparation *preparation)
{
    struct markdown_fence fence = { .mark = '\0' };
    for (size_t i = 0; i < preparation->raw->line_count; i++) {
        size_t length;
        const char *line = raw_line(preparation, i, &length);
        preparation->in_fence[i] = markdown_fence_next(&fence, line, length);
    }
}

/* ---- what is defined, and what refers to it ---- */

static const char *fold_label(struct arena *arena, const char *label, size_t length)
{
    struct string_builder words;
    string_builder_init(&words, length + 1);
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\n", label[i]))
            string_builder_append_character(&words, label[i]);
        else if (words.length && words.data[words.length - 1] != ' ')
            string_builder_append_character(&words, ' ');
    const char *folded = unicode_fold(arena, words.data ? words.data : "");
    string_builder_release(&words);
    return folded;
}

static int compare_definitions(const void *a, const void *b)
{
    const struct definition *one = a;
    const struct definition *other = b;
    int order = strcmp(one->folded, other->folded);
    if (order)
        return order;
    return one->line < other->line ? -1 : one->line > other->line;
}

static void find_definitions(struct preparation *preparation)
{
    size_t capacity = 0;
    for (size_t i = 0; i < preparation->raw->line_count; i++) {
        size_t length;
        const char *line = raw_line(preparation, i, &length);
        struct markdown_label label;
        if (preparation->in_fence[i] || !markdown_line_defines(line, length, &label))
            continue;
        ARRAY_GROW_IN(preparation->arena, preparation->definitions, preparation->count, capacity);
        struct definition *definition = &preparation->definitions[preparation->count++];
        definition->folded = fold_label(preparation->arena, line + label.start, label.length);
        definition->bracket = line + label.start - 1;
        definition->line = i;
        definition->is_footnote = label.is_footnote;
        definition->has_address = label.has_address;
        definition->footnote = -1;
    }
    if (preparation->count)
        qsort(preparation->definitions, preparation->count, sizeof *preparation->definitions,
              compare_definitions);
    preparation->by_line = arena_allocate_array(preparation->arena, preparation->raw->line_count,
                                                sizeof(size_t));
    for (size_t i = 0; i < preparation->count; i++) {
        struct definition *definition = &preparation->definitions[i];
        preparation->by_line[definition->line] = i + 1;
        definition->is_repeated = i > 0 && strcmp(definition->folded, definition[-1].folded) == 0;
    }
}

/* The first definition of a label; NULL: there is none. */
static struct definition *find_label(const struct preparation *preparation, const char *label,
                                     size_t length)
{
    const char *folded = fold_label(preparation->arena, label, length);
    size_t low = 0;
    size_t high = preparation->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(preparation->definitions[middle].folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == preparation->count || strcmp(preparation->definitions[low].folded, folded) != 0)
        return NULL;
    return &preparation->definitions[low];
}

static void find_uses(struct preparation *preparation)
{
    const char *end = preparation->raw->text + preparation->raw->length;
    const char *open = NULL;
    const char *defined = NULL; /* bracket of the definition on this line */
    size_t line = 0;
    if (preparation->by_line[0])
        defined = preparation->definitions[preparation->by_line[0] - 1].bracket;
    for (const char *c = preparation->raw->text; c < end; c++) {
        if (*c == '\n') {
            size_t index = preparation->by_line[++line];
            defined = index ? preparation->definitions[index - 1].bracket : NULL;
        } else if (*c == '\\' && c + 1 < end && c[1] != '\n') {
            c++;
        } else if (*c == '[') {
            open = c;
        } else if (*c == ']' && open) {
            struct definition *definition = open == defined ? NULL
                                                            : find_label(preparation, open + 1,
                                                                         (size_t)(c - open) - 1);
            if (definition)
                definition->is_used = true;
            open = NULL;
        }
    }
}

/* The definition that the line is; NULL: it is none. */
static const struct definition *definition_at(const struct preparation *preparation, size_t index)
{
    size_t which = preparation->by_line[index];
    return which ? &preparation->definitions[which - 1] : NULL;
}

/* ---- what is written ---- */

/* Appends the line with references to footnotes as marks of ours; the "[" at escaped gets a
 * backslash. */
static void append_changed(struct preparation *preparation, struct string_builder *text,
                           const char *line, size_t length, size_t escaped)
{
    for (size_t i = 0; i < length; i++) {
        const char *close = NULL;
        struct definition *definition = NULL;
        if (i == escaped)
            string_builder_append_character(text, '\\');
        if (line[i] == '\\' && i + 1 < length) {
            string_builder_append_character(text, line[i++]);
        } else if (line[i] == '[' && i != escaped && i + 1 < length && line[i + 1] == '^' &&
                   preparation->footnotes->count) {
            close = memchr(line + i, ']', length - i < 1000 ? length - i : 1000);
            if (close)
                definition = find_label(preparation, line + i + 1, (size_t)(close - line) - i - 1);
        }
        if (definition && definition->footnote >= 0) {
            string_builder_append_format(text, "\\[%c%d%c\\]", MARKDOWN_MARK_BEGIN,
                                         definition->footnote, MARKDOWN_MARK_END);
            i = (size_t)(close - line);
        } else {
            string_builder_append_character(text, line[i]);
        }
    }
    string_builder_append_character(text, '\n');
}

static void append_line(struct preparation *preparation, struct string_builder *text,
                        const char *line, size_t length, size_t escaped)
{
    if (preparation->footnotes->count || escaped < length) {
        append_changed(preparation, text, line, length, escaped);
        return;
    }
    string_builder_append_bytes(text, line, length);
    string_builder_append_character(text, '\n');
}

/* Whether the line continues the footnote above it; *stripped: how much of its indentation is
 * removed. after_blank: an empty line stands between. */
static bool continues_footnote(const char *line, size_t length, bool after_blank, size_t *stripped)
{
    size_t indentation = 0;
    while (indentation < length && indentation < 4 && line[indentation] == ' ')
        indentation++;
    if (indentation < length && line[indentation] == '\t')
        *stripped = indentation + 1;
    else
        *stripped = indentation;
    if (after_blank)
        return *stripped > indentation || indentation == 4;
    return !markdown_line_begins_block(line + *stripped, length - *stripped);
}

/* Takes the footnote that begins at index out of the text. Returns the index of its last line. */
static size_t take_footnote(struct preparation *preparation, size_t index,
                            const struct markdown_label *label, struct markdown_footnote *footnote)
{
    struct string_builder text;
    size_t last = index;
    size_t length;
    bool after_blank = false;
    const char *line = raw_line(preparation, index, &length);
    string_builder_init(&text, 0);
    footnote->line = preparation->raw->first_line + (int)index;
    append_line(preparation, &text, line + label->behind, length - label->behind, SIZE_MAX);
    for (size_t i = index + 1; i < preparation->raw->line_count; i++) {
        size_t stripped;
        line = raw_line(preparation, i, &length);
        if (markdown_line_is_blank(line, length)) {
            after_blank = true;
            continue;
        }
        if (preparation->in_fence[i] || definition_at(preparation, i) ||
            !continues_footnote(line, length, after_blank, &stripped))
            break;
        for (; last + 1 < i; last++)
            string_builder_append_character(&text, '\n');
        append_line(preparation, &text, line + stripped, length - stripped, SIZE_MAX);
        last = i;
        after_blank = false;
    }
    footnote->text = arena_copy_bytes(preparation->arena, text.data, text.length);
    footnote->length = text.length;
    string_builder_release(&text);
    return last;
}

static void number_footnotes(struct preparation *preparation)
{
    struct markdown_footnotes *footnotes = preparation->footnotes;
    for (size_t i = 0; i < preparation->count; i++) {
        struct definition *definition = &preparation->definitions[i];
        if (definition->is_footnote && definition->is_used && !definition->is_repeated)
            definition->footnote = (int)footnotes->count++;
    }
    footnotes->items = arena_allocate_array(preparation->arena, footnotes->count + 1,
                                            sizeof *footnotes->items);
}

/* Whether the definition is kept as text. An address that nothing refers to is left to the parser
 * and reported, because whoever wrote it meant a link. */
static bool is_text(const struct definition *definition)
{
    return definition->is_footnote ||
           (!definition->has_address && (definition->is_repeated || !definition->is_used));
}

static void append_lines(struct preparation *preparation)
{
    for (size_t i = 0; i < preparation->raw->line_count; i++) {
        struct markdown_label label = { 0 };
        size_t length;
        const char *line = raw_line(preparation, i, &length);
        const struct definition *definition = definition_at(preparation, i);
        if (definition)
            (void)markdown_line_defines(line, length, &label);
        if (definition && definition->footnote >= 0) {
            struct markdown_footnote *footnote =
                &preparation->footnotes->items[definition->footnote];
            footnote->label = arena_copy_bytes(preparation->arena, line + label.start,
                                               label.length);
            for (size_t last = take_footnote(preparation, i, &label, footnote); i < last; i++)
                string_builder_append_character(&preparation->text, '\n');
            string_builder_append_character(&preparation->text, '\n');
        } else if (definition && is_text(definition)) {
            append_line(preparation, &preparation->text, line, length, label.start - 1);
        } else if (preparation->in_fence[i]) {
            string_builder_append_bytes(&preparation->text, line, length);
            string_builder_append_character(&preparation->text, '\n');
        } else {
            size_t taken = markdown_line_append_bullet(&preparation->text, line, length);
            append_line(preparation, &preparation->text, line + taken, length - taken, SIZE_MAX);
        }
    }
}

void markdown_source_prepare(struct arena *arena, const char *bytes, size_t length, int first_line,
                             struct markdown_source *source, struct markdown_footnotes *footnotes)
{
    struct markdown_source raw;
    struct preparation preparation = { .arena = arena, .raw = &raw, .footnotes = footnotes };
    *footnotes = (struct markdown_footnotes){ NULL, 0 };
    markdown_source_init(arena, &raw, bytes, length, first_line);
    preparation.in_fence = arena_allocate_array(arena, raw.line_count, sizeof(bool));
    find_fences(&preparation);
    find_definitions(&preparation);
    if (preparation.count)
        find_uses(&preparation);
    number_footnotes(&preparation);
    string_builder_init(&preparation.text, 0);
    append_lines(&preparation);
    markdown_source_init(arena, source,
                         arena_copy_bytes(arena, preparation.text.data, preparation.text.length),
                         preparation.text.length, first_line);
    string_builder_release(&preparation.text);
}
