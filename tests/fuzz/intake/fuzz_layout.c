/* SPDX-License-Identifier: MIT */
/* Holds I6. Texts with a format of their own as releases: each line of the input is a block, its
 * first character says which ("t" title, "b" bold, "2" a heading, "l" an item, "r" a row of a table
 * …),
 * "|" is a break, "*" begins and ends bold words. No letter may be lost, and what is not refused
 * must come over the border of the confined process as it is. */
#include "fuzz_text.h"

#include "intake/reading_packet.h"
#include "locale/unicode.h"
#include "rich_text/rich_text.h"

struct building {
    struct arena *arena;
    struct rich_text *text;
    struct rich_text_block **end;
    struct body_node *list;
    struct body_node *table;
    bool has_figure;
    bool has_table;
};

static const struct rich_text *given;

static void start(const struct html_reader *html)
{
    (void)html;
}

static const struct rich_text *read_given(struct arena *arena, enum rich_text_format format,
                                          const struct html_reader *html, const char *bytes,
                                          size_t length)
{
    (void)arena;
    (void)format;
    (void)html;
    (void)bytes;
    (void)length;
    return given;
}

static const struct rich_text_reader reader = { RICH_TEXT_READER_VERSION, start, read_given };
static const struct intake_format word = { "docx", "Word", word_text_read, true };

static struct body_node *block(struct building *building, enum body_kind kind, unsigned marks,
                               int outline)
{
    struct rich_text_block *made = arena_allocate(building->arena, sizeof *made);
    made->node = body_append(building->arena, building->text->body, kind);
    made->marks = marks;
    made->outline = outline;
    *building->end = made;
    building->end = &made->next;
    return made->node;
}

static void words(const struct building *building, struct body_node *node, const char *line,
                  size_t length)
{
    struct body_node *at = node;
    while (length) {
        size_t part = 0;
        while (part < length && line[part] != '|' && line[part] != '*')
            part++;
        if (part)
            body_append_text(building->arena, at, line, part);
        if (part == length)
            return;
        if (line[part] == '|')
            (void)body_append(building->arena, at, BODY_BREAK);
        else
            at = at == node ? body_append(building->arena, node, BODY_STRONG) : node;
        line += part + 1;
        length -= part + 1;
    }
}

static void row(struct building *building, const char *line, size_t length)
{
    building->has_table = true;
    if (!building->table)
        building->table = block(building, BODY_TABLE, 0, 0);
    struct body_node *made = body_append(building->arena, building->table, BODY_ROW);
    while (length) {
        const char *tab = memchr(line, '\t', length);
        size_t part = tab ? (size_t)(tab - line) : length;
        words(building, body_append(building->arena, made, BODY_CELL), line, part);
        part += tab != NULL;
        line += part;
        length -= part;
    }
}

static void figure(struct building *building, const char *line, size_t length)
{
    static const char name[] = "picture-1.jpg";
    struct body_node *made = block(building, BODY_FIGURE, 0, 0);
    struct body_node *image = body_append(building->arena, made, BODY_IMAGE);
    image->target = name;
    image->text = "";
    words(building, body_append(building->arena, made, BODY_CAPTION), line, length);
    if (!building->has_figure) {
        building->text->pictures = arena_allocate(building->arena,
                                                  sizeof *building->text->pictures);
        *building->text->pictures = (struct rich_text_picture){
            .name = name, .bytes = name, .length = sizeof name, .alternative = ""
        };
    }
    building->has_figure = true;
}

static void add(struct building *building, const char *line, size_t length)
{
    char kind = *line;
    line++;
    length--;
    if (kind != 'l')
        building->list = NULL;
    if (kind != 'r')
        building->table = NULL;
    if (kind == 'l') {
        if (!building->list)
            building->list = block(building, BODY_LIST, 0, 0);
        words(building, body_append(building->arena, building->list, BODY_ITEM), line, length);
    } else if (kind == 'r') {
        row(building, line, length);
    } else if (kind == 'f') {
        figure(building, line, length);
    } else if (kind == '-') {
        (void)block(building, BODY_RULE, 0, 0);
    } else if (kind == 'q') {
        struct body_node *quote = block(building, BODY_QUOTE, 0, 0);
        words(building, body_append(building->arena, quote, BODY_PARAGRAPH), line, length);
    } else if (kind >= '1' && kind <= '9') {
        words(building, block(building, BODY_PARAGRAPH, 0, kind - '0'), line, length);
    } else {
        unsigned marks = kind == 't'   ? RICH_TEXT_TITLE
                         : kind == 's' ? RICH_TEXT_SUBTITLE
                         : kind == 'b' ? RICH_TEXT_BOLD
                         : kind == 'L' ? RICH_TEXT_BOLD | RICH_TEXT_LARGE
                                       : 0;
        words(building, block(building, BODY_PARAGRAPH, marks, 0), line, length);
    }
}

static size_t letters_of(const struct release *release)
{
    return text_letters_of_release(release) + text_letters_of(release->lead);
}

/* Whether lines at the top may be fields. */
static bool has_fields(struct language_words *shipped, const char *bytes, size_t length)
{
    struct string_builder lines;
    bool is_first = true;
    string_builder_init(&lines, 0);
    for (size_t i = 0; i < length; i++) {
        if (!is_first && bytes[i] != '*')
            string_builder_append_character(&lines, bytes[i] == '|' ? '\n' : bytes[i]);
        is_first = bytes[i] == '\n';
    }
    bool found = lines.length && (memchr(lines.data, ':', strcspn(lines.data, "\n")) ||
                                  text_letters_has_fields(shipped, lines.data, lines.length));
    string_builder_release(&lines);
    return found;
}

/* Over the border of the process that reads. */
static void carry(const struct intake_source *source, const struct intake_text *read,
                  const struct intake_problem_list *problems)
{
    struct arena arena = { 0 };
    struct intake_problem_list carried;
    struct intake_text text;
    struct string_builder reply;
    string_builder_init(&reply, 0);
    reading_put_text(&reply, source, read, problems);
    intake_problem_list_init(&carried, &arena, source->name);
    assert(reading_take_text(reply.data, reply.length, &arena, source, &text, &carried));
    string_builder_release(&reply);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct language_words *shipped;
    static struct zone *zone;
    struct arena arena = { 0 };
    struct error error;
    struct intake_text read;
    struct intake_problem_list problems;
    struct string_builder clean;
    if (!shipped) {
        shipped = shipped_words();
        zone = zone_open("Europe/Copenhagen", &error);
    }
    struct building building = { .arena = &arena,
                                 .text = arena_allocate(&arena, sizeof *building.text) };
    building.end = &building.text->blocks;
    building.text->detail = "";
    building.text->body = body_new(&arena);
    string_builder_init(&clean, 0);
    unicode_append_nfc(&clean, (const char *)data, size);
    for (size_t i = 0; i < clean.length; i++) /* as readers clean it */
        if ((unsigned char)clean.data[i] < ' ' && clean.data[i] != '\n' && clean.data[i] != '\t')
            clean.data[i] = ' ';
    bool may_have_fields = has_fields(shipped, clean.length ? clean.data : "", clean.length);
    for (size_t at = 0; at < clean.length;) {
        const char *line = clean.data + at;
        const char *end = memchr(line, '\n', clean.length - at);
        size_t length = end ? (size_t)(end - line) : clean.length - at;
        if (length)
            add(&building, line, length);
        at += length + 1;
    }
    string_builder_release(&clean);
    size_t in = text_letters_of_body(building.text->body);
    given = building.text;
    struct intake_source source = { .name = "x.docx",
                                    .format = &word,
                                    .bytes = "PK",
                                    .length = 2,
                                    .zone = zone,
                                    .language = "da",
                                    .words = shipped,
                                    .rich_text = &reader,
                                    .publisher = "Region Nordhav" };
    intake_problem_list_init(&problems, &arena, source.name);
    intake_read_source(&arena, &source, &read, &problems);
    /* names and values of fields, and who took a picture, are no words of a text */
    bool is_told_otherwise = building.has_figure || building.has_table || may_have_fields;
    size_t out = letters_of(read.release) + problems.letters_left_out;
    if (problems.refused == 0 && !is_told_otherwise && in != out) {
        (void)fprintf(stderr, "letters: %zu in, %zu out\n", in, out);
        abort();
    }
    carry(&source, &read, &problems);
    arena_release(&arena);
    return 0;
}
