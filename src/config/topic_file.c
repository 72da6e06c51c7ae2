/* SPDX-License-Identifier: MIT */
/* topics/NAME.md in the newsroom's language, topics/NAME.LANGUAGE.md in others. The front matter
 * has a title, in one language or several; the text is Markdown as a release's is. */
#include "config/loading.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "intake/intake.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

/* Name and language of a topic's file without its ending; false and a problem where it has none. */
static bool split_name(struct loading *loading, const char *stem, const char **name,
                       const char **language)
{
    size_t length = strcspn(stem, ".");
    *name = arena_copy_bytes(loading->arena, stem, length);
    *language = loading->config->newsroom.language;
    if (stem[length])
        *language = language_canonical(loading->arena, stem + length + 1);
    if (release_name_is_valid(*name) && *language)
        return true;
    error_list_add(loading->problems, 0,
                   "the file's name must be a topic's, with a–z, 0–9 and hyphens: name it like "
                   "health.md, and in another language health.en.md");
    return false;
}

/* Files beside a topic are not published: only addresses can be linked. */
static bool names_file(const struct body_node *node)
{
    if (node->target && body_target_is_file(node->target))
        return true;
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (names_file(child))
            return true;
    return false;
}

/* One file of a topic. */
struct topic_text {
    const struct localized_text *title;
    const char *language;
    const struct body_node *body;
};

/* A copy with plain line feeds, without a byte order mark. */
static char *copy_lines(struct arena *arena, const char *bytes, size_t length)
{
    size_t start = strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t written = 0;
    char *copy = arena_allocate(arena, length + 1);
    for (size_t i = start; i < length; i++)
        if (bytes[i] != '\r' || bytes[i + 1] != '\n')
            copy[written++] = bytes[i];
    return copy;
}

/* The front matter, blanked out of bytes, so that what follows keeps its lines; NULL where there is
 * none. */
static const char *take_front_matter(struct loading *loading, char *bytes)
{
    static const char fence[] = "---\n";
    size_t length = sizeof fence - 1;
    if (strncmp(bytes, fence, length) != 0)
        return NULL;
    char *end = strstr(bytes + length - 1, "\n---\n");
    if (!end)
        return NULL;
    const char *front = arena_copy_bytes(loading->arena, bytes + length,
                                         (size_t)(end + 1 - bytes) - length);
    for (char *c = bytes; c < end + 1 + length; c++)
        if (*c != '\n')
            *c = ' ';
    return front;
}

static void read_front_matter(struct loading *loading, const char *front, struct topic_text *text)
{
    static const char *const keys[] = { "title", NULL };
    struct error error;
    const struct yaml_node *root = yaml_parse(loading->arena, front, strlen(front), 2, &error);
    if (!root) {
        error_list_add_error(loading->problems, &error);
        return;
    }
    if (!yaml_check_mapping(loading->problems, root))
        return;
    yaml_check_keys(loading->problems, root, keys, "x-");
    if (!yaml_get(root, "title"))
        yaml_problem(loading->problems, root, "title",
                     "“title” is missing; write the topic's name");
    (void)yaml_read_localized(loading->problems, root, "title", text->language, &text->title);
}

static void read_body(struct loading *loading, const char *shown, const char *markdown,
                      struct topic_text *text)
{
    /* The Markdown reader of releases needs a title; this one is shown nowhere. */
    static const char sidecar[] = "title: topic\n";
    struct intake_reader *reader = loading->config->reader;
    struct intake_problem_list found;
    struct intake_text page;
    struct error error;
    intake_problem_list_init(&found, loading->arena, shown);
    const struct intake_source source = { .name = shown,
                                          .bytes = markdown,
                                          .length = strlen(markdown),
                                          .sidecar_name = shown,
                                          .sidecar_bytes = sidecar,
                                          .sidecar_length = sizeof sidecar - 1,
                                          .zone = locale_context_zone(
                                              loading->config->publish.locale) };
    if (!reader->read(reader, loading->arena, &source, &page, &found, &error)) {
        error_list_add(loading->problems, 0, "%s", error.message);
        return;
    }
    const struct intake_wording wording = { .notes = loading->config->notes,
                                            .words = loading->config->words,
                                            .language = "en" };
    for (const struct intake_problem *problem = found.first; problem; problem = problem->next)
        if (problem->severity == INTAKE_REFUSED)
            error_list_add(loading->problems, problem->line, "%s",
                           intake_message_show(&problem->message, &wording, loading->arena));
    if (!page.release)
        return;
    if (names_file(page.release->body))
        error_list_add(loading->problems, 0,
                       "links to a file or shows a picture" ERROR_ADVICE
                       "on a topic's page link to addresses, "
                       "like https://…");
    text->body = page.release->body;
}

static bool read_topic(struct loading *loading, const char *path, const char *shown,
                       struct topic_text *text)
{
    const char *bytes;
    size_t length;
    if (!loading_read_bytes(loading, path, shown, &bytes, &length))
        return false;
    char *markdown = copy_lines(loading->arena, bytes, length);
    const char *front = take_front_matter(loading, markdown);
    if (front)
        read_front_matter(loading, front, text);
    else
        error_list_add(loading->problems, 1,
                       "begins without a title" ERROR_ADVICE
                       "write “---”, “title: …” and “---” on lines of their "
                       "own");
    if (markdown[strspn(markdown, " \n\t")])
        read_body(loading, shown, markdown, text);
    return true;
}

/* A topic under way, with the ends of its lists. */
struct topic_page {
    struct newsroom_topic topic;
    struct localized_text **title_end;
    const struct topic_introduction **introduction_end;
    struct topic_page *next;
};

static struct topic_page *find_or_add(struct loading *loading, struct topic_page **first,
                                      const char *name)
{
    struct topic_page **link = first;
    while (*link && strcmp((*link)->topic.name, name) != 0)
        link = &(*link)->next;
    if (!*link) {
        *link = arena_allocate(loading->arena, sizeof **link);
        (*link)->topic.name = name;
    }
    return *link;
}

static void add_text(struct loading *loading, struct topic_page *page,
                     const struct topic_text *text)
{
    for (const struct localized_text *given = text->title; given; given = given->next) {
        struct localized_text *title = arena_allocate(loading->arena, sizeof *title);
        *title = (struct localized_text){ .language = given->language, .text = given->text };
        if (page->title_end)
            *page->title_end = title;
        else
            page->topic.title = title;
        page->title_end = &title->next;
    }
    if (!text->body || !text->body->first_child)
        return;
    struct topic_introduction *introduction = arena_allocate(loading->arena, sizeof *introduction);
    *introduction = (struct topic_introduction){ .language = text->language, .body = text->body };
    if (page->introduction_end)
        *page->introduction_end = introduction;
    else
        page->topic.introductions = introduction;
    page->introduction_end = &introduction->next;
}

void loading_topics(struct loading *loading)
{
    struct topic_page *first = NULL;
    const char *directory = file_join(loading->arena, loading->directory, "topics");
    const char *const *stems = loading_list(loading, directory, ".md");
    /* Nothing can be read without a time zone, and that it is missing has been reported already. */
    for (; loading->config->publish.locale && *stems; stems++) {
        const char *name;
        struct topic_text text = { 0 };
        if (strcmp(*stems, "README") == 0)
            continue;
        const char *path = arena_format(loading->arena, "%s/%s.md", directory, *stems);
        const char *shown = arena_format(loading->arena, "topics/%s.md", *stems);
        loading->problems->file = shown;
        if (split_name(loading, *stems, &name, &text.language) &&
            read_topic(loading, path, shown, &text))
            add_text(loading, find_or_add(loading, &first, name), &text);
    }
    if (first)
        loading->config->reader->close(loading->config->reader);
    for (struct topic_page *page = first; page; page = page->next)
        page->topic.next = page->next ? &page->next->topic : NULL;
    loading->config->publish.topics = first ? &first->topic : NULL;
}
