/* SPDX-License-Identifier: MIT */
/* What rich_text/ reads of files, for those who compare it with other readers or measure it.
 *
 *   rich_text_probe words FILE…        what each holds: a line each, its parts behind tabs
 *   rich_text_probe time TIMES FILE…   reads all of them so often; prints processor seconds
 *
 * The kind of a file is said by the end of its name. Not confined: for files of ours. */
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "release/body.h"
#include "rich_text/rich_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const finding_names[] = {
    [RICH_TEXT_INSERTED] = "inserted",
    [RICH_TEXT_DELETED] = "deleted",
    [RICH_TEXT_MOVED] = "moved",
    [RICH_TEXT_STRUCK] = "struck",
    [RICH_TEXT_HIDDEN] = "hidden",
    [RICH_TEXT_COMMENT] = "comment",
    [RICH_TEXT_PAGE_HEADER] = "page-header",
    [RICH_TEXT_FURNITURE] = "furniture",
    [RICH_TEXT_EXTERNAL] = "external",
    [RICH_TEXT_UNREADABLE] = "unreadable",
    [RICH_TEXT_EMBEDDED] = "embedded",
    [RICH_TEXT_MACROS] = "macros",
    [RICH_TEXT_CHART] = "chart",
    [RICH_TEXT_FORMULA] = "formula",
    [RICH_TEXT_FIELD_CODE] = "field-code",
};

static const struct {
    unsigned mark;
    const char *name;
} mark_names[] = {
    { RICH_TEXT_TITLE, "title" }, { RICH_TEXT_SUBTITLE, "subtitle" }, { RICH_TEXT_BOLD, "bold" },
    { RICH_TEXT_LARGE, "large" }, { RICH_TEXT_CAPTION, "caption" },
};

enum { MARKS = sizeof mark_names / sizeof mark_names[0] };

static const struct rich_text *read_file(struct arena *arena, const char *path)
{
    static const char *const extensions[] = {
        [RICH_TEXT_DOCX] = ".docx", [RICH_TEXT_ODT] = ".odt", [RICH_TEXT_HTML] = ".html"
    };
    struct string_builder bytes;
    struct error error;
    const char *end = strrchr(path, '.');
    unsigned format = 0;
    while (format <= RICH_TEXT_HTML && (!end || strcmp(end, extensions[format]) != 0))
        format++;
    string_builder_init(&bytes, RICH_TEXT_BYTES_MAXIMUM);
    if (format > RICH_TEXT_HTML || !file_read(AT_FDCWD, path, &bytes, &error)) {
        (void)fprintf(stderr, "rich_text_probe: %s: %s\n", path,
                      format > RICH_TEXT_HTML ? "no kind is known" : error.message);
        exit(2);
    }
    const char *copy = arena_copy_bytes(arena, bytes.data, bytes.length);
    size_t length = bytes.length;
    string_builder_release(&bytes);
    return rich_text_reader.read(arena, (enum rich_text_format)format, &html_reader, copy, length);
}

/* ---- words ---- */

/* In one line: blocks and breaks become spaces. */
static void print_text(const char *text)
{
    for (; text && *text; text++)
        (void)putchar(strchr("\t\r\n", *text) ? ' ' : *text);
}

/* Nodes are at most BODY_DEPTH_MAXIMUM deep. */
static void print_node(const struct body_node *node)
{
    bool is_apart = body_kind_is_block(node->kind) || node->kind == BODY_BREAK;
    (void)fputs(is_apart ? " " : "", stdout);
    print_text(node->kind == BODY_IMAGE ? NULL : node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        print_node(child);
    (void)fputs(is_apart ? " " : "", stdout);
}

static void print_links(const struct body_node *node)
{
    if (node->kind == BODY_LINK)
        (void)printf("link\t%s\n", node->target);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        print_links(child);
}

static void print_block(const struct rich_text_block *block)
{
    (void)printf("block\t%d\t", block->outline);
    for (size_t i = 0; i < MARKS; i++)
        if (block->marks & mark_names[i].mark)
            (void)printf("%s ", mark_names[i].name);
    (void)putchar('\t');
    print_node(block->node);
    (void)putchar('\n');
    print_links(block->node);
}

static void print_words(const char *path)
{
    struct arena arena = { 0 };
    const struct rich_text *text = read_file(&arena, path);
    (void)printf("file\t%s\t%d\t%s\n", path, (int)text->fault, text->detail);
    for (const struct rich_text_block *block = text->blocks; block; block = block->next)
        print_block(block);
    for (const struct rich_text_picture *picture = text->pictures; picture; picture = picture->next)
        (void)printf("picture\t%s\t%zu\t%s\n", picture->name, picture->length,
                     picture->alternative);
    for (const struct rich_text_finding *finding = text->findings; finding; finding = finding->next)
        (void)printf("finding\t%s\t%zu\t%zu\t%s\n", finding_names[finding->kind], finding->count,
                     finding->letters, finding->words);
    arena_release(&arena);
}

/* ---- time ---- */

static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void measure(long times, char **paths)
{
    double began = processor_seconds();
    while (times-- > 0)
        for (char **path = paths; *path; path++) {
            struct arena arena = { 0 };
            (void)read_file(&arena, *path);
            arena_release(&arena);
        }
    (void)printf("%.6f\n", processor_seconds() - began);
}

int main(int count, char **arguments)
{
    bool is_time = count > 3 && strcmp(arguments[1], "time") == 0;
    if (!is_time && !(count > 2 && strcmp(arguments[1], "words") == 0)) {
        (void)fprintf(stderr, "usage: rich_text_probe words FILE… | time TIMES FILE…\n");
        return 2;
    }
    rich_text_reader.start(&html_reader);
    if (is_time)
        measure(strtol(arguments[2], NULL, 10), arguments + 3);
    else
        for (char **path = arguments + 2; *path; path++)
            print_words(*path);
    return 0;
}
