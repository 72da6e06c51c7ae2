/* SPDX-License-Identifier: MIT */
#include "cli/preview_live.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "cli/file_fingerprint.h"
#include "cli/preview_files.h"
#include "config/config.h"
#include "http/http.h"
#include "intake/intake.h"
#include "locale/locale.h"
#include "mail/mail.h"
#include "presentation/presentation.h"
#include "preview/preview.h"
#include "publish/alone.h"
#include "publish/publish.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Nothing in them runs, and nothing of them asks anybody. */
#define DOCUMENT_POLICY                                                                            \
    "sandbox allow-same-origin; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "    \
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

/* One making, in an arena of its own. */
struct making {
    struct preview_live *live;
    struct command_context context; /* the command's, but for its arena */
    struct arena arena;
    struct intake_check check;
    struct string_builder page;
    struct string_builder mail;
    const char *text;
};

static const char *words(const struct making *making, const char *key)
{
    const struct config *config = making->context.config;
    return strings_get(config->publish.strings, config->newsroom.language, key);
}

/* ---- what is to be said ---- */

static json_t *findings(struct making *making)
{
    static const struct {
        const char *name;
        const char *key;
    } severities[] = { [INTAKE_ADVICE] = { "advice", "preview_serve_advice" },
                       [INTAKE_NOTICE] = { "notice", "preview_serve_notice" },
                       [INTAKE_WARNING] = { "warning", "preview_serve_warning" },
                       [INTAKE_REFUSED] = { "error", "preview_serve_error" } };
    const struct config *config = making->context.config;
    const struct intake_wording wording = intake_wording_of(&config->intake,
                                                            config->newsroom.language);
    json_t *list = json_array();
    for (const struct intake_problem *problem = making->check.problems.first; problem;
         problem = problem->next) {
        char number[24];
        json_t *item = json_object();
        (void)snprintf(number, sizeof number, "%d", problem->line);
        json_set_text(item, "severity", severities[problem->severity].name);
        json_set_text(item, "label", words(making, severities[problem->severity].key));
        json_set_text(item, "line",
                      problem->line > 0
                          ? strings_format(&making->arena, words(making, "preview_serve_line"),
                                           "line", number, NULL)
                          : NULL);
        json_set_text(item, "text",
                      intake_message_show(&problem->message, &wording, &making->arena));
        (void)json_array_append_new(list, item);
    }
    return list;
}

static struct http_response *response(const char *bytes, size_t length, const char *type,
                                      const char *policy)
{
    struct http_response *made = http_response_of_copy(bytes, length);
    http_response_add(made, "Content-Type", type);
    http_response_add(made, "Content-Security-Policy", policy);
    http_response_add(made, "Cache-Control", "no-store");
    http_response_add(made, "X-Content-Type-Options", "nosniff");
    http_response_add(made, "X-Robots-Tag", "noindex, nofollow");
    http_response_add(made, "Referrer-Policy", "no-referrer");
    http_response_add(made, "Cross-Origin-Resource-Policy", "same-origin");
    return made;
}

static void put(struct preview_live *live, enum preview_view view, struct http_response *made)
{
    (void)pthread_mutex_lock(&live->mutex);
    struct http_response *old = live->views[view];
    live->views[view] = made;
    (void)pthread_mutex_unlock(&live->mutex);
    http_response_free(old);
}

/* state: "good", "refused" or "missing". trouble: what else went wrong; NULL: nothing. */
static void put_state(struct making *making, const char *state, const char *trouble)
{
    struct preview_live *live = making->live;
    struct error error;
    struct string_builder text;
    json_t *list = findings(making);
    json_t *document = json_object();
    const char *key = strcmp(state, "good") == 0      ? "preview_serve_good"
                      : strcmp(state, "missing") == 0 ? "preview_serve_missing"
                      : live->shown                   ? "preview_serve_refused"
                                                      : "preview_serve_nothing";
    if (trouble) {
        json_t *item = json_object();
        json_set_text(item, "severity", "error");
        json_set_text(item, "label", words(making, "preview_serve_error"));
        json_set_text(item, "text", trouble);
        (void)json_array_insert_new(list, 0, item);
    }
    json_set_number(document, "version", live->version);
    json_set_number(document, "shown", live->shown);
    json_set_text(document, "state", state);
    json_set_text(document, "words", words(making, key));
    json_set_text(document, "title", making->check.title);
    json_set_value(document, "findings", list);
    string_builder_init(&text, 0);
    if (json_write(document, &text, &error))
        put(live, PREVIEW_VIEW_STATE,
            response(text.data, text.length, "application/json", DOCUMENT_POLICY));
    string_builder_release(&text);
}

/* ---- page and mail ---- */

static bool make_mail(struct making *making, const struct publish_page_alone *made,
                      struct error *error)
{
    const struct config *config = making->context.config;
    const struct presentation *shown = made->presentation;
    const struct release_mail_request request = { .kind = shown->is_withdrawn
                                                              ? RELEASE_MAIL_WITHDRAWAL
                                                              : RELEASE_MAIL_RELEASE,
                                                  .presentation = shown,
                                                  .language = shown->language };
    struct preview_mail mail;
    const struct mail_message *message = release_mail_build(&making->arena, &config->resources,
                                                            &request, error);
    if (!message || !preview_mail_make(&making->arena, config->publish.locale, shown->public_at,
                                       message, &mail, error))
        return false;
    if (mail.html)
        publish_alone_write(made->alone, mail.html, &making->mail);
    making->text = arena_format(&making->arena, "%s\n\n%s", mail.subject,
                                mail.text ? mail.text : "");
    return true;
}

static bool make(struct making *making, struct error *error)
{
    struct command_context *context = &making->context;
    struct preview_files files;
    struct publish_page_alone wanted = { .release = making->check.release,
                                         .made_at = clock_now(&context->clock),
                                         .maximum_bytes = PREVIEW_PAGE_MAXIMUM,
                                         .arena = &making->arena };
    if (!preview_files_open(&files, context, &making->check, error))
        return false;
    wanted.files = &files.files;
    bool done = publish_page_alone(&context->config->publish, &context->clock, &wanted,
                                   &making->page, error) &&
                make_mail(making, &wanted, error);
    preview_files_close(&files);
    return done;
}

static void put_views(struct making *making)
{
    struct preview_live *live = making->live;
    static const char html[] = "text/html; charset=utf-8";
    live->shown = live->version;
    put(live, PREVIEW_VIEW_PAGE,
        response(making->page.data, making->page.length, html, DOCUMENT_POLICY));
    put(live, PREVIEW_VIEW_MAIL,
        response(making->mail.data, making->mail.length, html, DOCUMENT_POLICY));
    put(live, PREVIEW_VIEW_TEXT,
        response(making->text, strlen(making->text), "text/plain; charset=utf-8", DOCUMENT_POLICY));
}

/* ---- following ---- */

/* The names of what lies beside the file, to see when it changes. */
static void keep_beside(struct making *making)
{
    struct preview_live *live = making->live;
    const struct release *release = making->check.release;
    size_t count = 0;
    if (!release)
        return;
    arena_release(&live->kept);
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        count++;
    live->beside = arena_allocate_array(&live->kept, count + 1, sizeof *live->beside);
    count = 0;
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        live->beside[count++] = arena_copy(&live->kept, asset->file);
    live->beside[count] = NULL;
}

static uint64_t fingerprint(const struct preview_live *live)
{
    uint64_t hash = file_fingerprint(live->path);
    for (size_t i = 0; live->beside && live->beside[i]; i++)
        hash += file_fingerprint_beside(live->folder, live->beside[i]);
    return hash;
}

static void make_anew(struct making *making)
{
    struct preview_live *live = making->live;
    struct error error;
    if (!file_argument_check(&making->context, live->path, &making->check, &error)) {
        /* Programs put a new file in the place of the old one: it comes back. */
        making->check = (struct intake_check){ .name = live->path };
        put_state(making, error.kind == ERROR_INPUT ? "missing" : "refused",
                  error.kind == ERROR_INPUT ? NULL : error.message);
        return;
    }
    keep_beside(making);
    if (!making->check.release || making->check.problems.refused) {
        put_state(making, "refused", NULL);
    } else if (!make(making, &error)) {
        log_line(LOG_WARNING, "%s", error.message);
        put_state(making, "refused", error.message);
    } else {
        put_views(making);
        put_state(making, "good", NULL);
    }
}

void preview_live_follow(struct preview_live *live)
{
    /* Before it is read, so that what is saved meanwhile is seen the next time. */
    uint64_t now = fingerprint(live);
    if (live->version && now == live->fingerprint)
        return;
    struct making making = { .live = live, .context = *live->context };
    string_builder_init(&making.page, PREVIEW_PAGE_MAXIMUM);
    string_builder_init(&making.mail, PREVIEW_PAGE_MAXIMUM);
    making.context.arena = &making.arena;
    live->version++;
    make_anew(&making);
    live->fingerprint = now;
    string_builder_release(&making.page);
    string_builder_release(&making.mail);
    arena_release(&making.arena);
}

bool preview_live_open(struct preview_live *live, struct command_context *context,
                       struct error *error)
{
    const char *word = context->arguments->words[0];
    const char *path = file_argument_path(context, word);
    *live = (struct preview_live){ .context = context, .path = path };
    if (!path)
        return error_set(error, ERROR_INPUT,
                         "%s: is not there" ERROR_ADVICE "name a file or folder with a release",
                         word);
    const char *slash = strrchr(path, '/');
    live->folder = arena_copy_bytes(context->arena, path, (size_t)(slash - path));
    (void)pthread_mutex_init(&live->mutex, NULL);
    return true;
}

void preview_live_close(struct preview_live *live)
{
    for (int view = 0; view < PREVIEW_VIEW_COUNT; view++)
        http_response_free(live->views[view]);
    arena_release(&live->kept);
    (void)pthread_mutex_destroy(&live->mutex);
}

struct http_response *preview_live_view(struct preview_live *live, enum preview_view view)
{
    (void)pthread_mutex_lock(&live->mutex);
    struct http_response *found = live->views[view];
    if (found)
        http_response_hold(found);
    (void)pthread_mutex_unlock(&live->mutex);
    return found;
}
