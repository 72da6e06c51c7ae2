/* SPDX-License-Identifier: MIT */
#include "preview/preview.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "locale/locale.h"
#include "mail/mail.h"
#include "presentation/presentation.h"
#include "preview/files.h"
#include "publish/alone.h"
#include "publish/publish.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MODE = 0600, FOLDER_MODE = 0700 };

static bool revision_made_at(struct database *database, int64_t release, int64_t revision,
                             int64_t *made_at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT made_at FROM release_revision WHERE release_row_id = $1 AND revision = $2", error);
    statement_bind_integer(statement, 1, release);
    statement_bind_integer(statement, 2, revision);
    if (!statement_find(statement, &found, error))
        return false;
    *made_at = found ? statement_integer(statement, 0) : INSTANT_NONE;
    if (found)
        statement_reset(statement);
    return true;
}

/* ---- page and mail ---- */

static bool page_make(const struct preview_settings *settings, struct publish_page_alone *wanted,
                      struct preview *preview, struct error *error)
{
    struct string_builder page;
    string_builder_init(&page, PREVIEW_PAGE_MAXIMUM);
    bool done = publish_page_alone(settings->publish, settings->clock, wanted, &page, error);
    if (done) {
        preview->page = arena_copy_bytes(wanted->arena, page.data, page.length);
        preview->page_length = page.length;
        preview->file_name = arena_format(wanted->arena, "%s-%s.html",
                                          strings_get(settings->publish->strings,
                                                      settings->publish->newsroom->language,
                                                      "preview_file"),
                                          wanted->presentation->slug);
    }
    string_builder_release(&page);
    return done;
}

/* The mail that this revision would cause. */
static enum release_mail_kind kind_of(const struct release_row *row,
                                      const struct presentation *shown)
{
    if (shown->is_withdrawn)
        return RELEASE_MAIL_WITHDRAWAL;
    bool is_correction = row->public_at != INSTANT_NONE && shown->correction && *shown->correction;
    return is_correction ? RELEASE_MAIL_CORRECTION : RELEASE_MAIL_RELEASE;
}

static bool mail_make(const struct preview_settings *settings, const struct release_row *row,
                      const struct publish_page_alone *made, struct preview *preview,
                      struct error *error)
{
    struct arena *arena = made->arena;
    const struct presentation *shown = made->presentation;
    const struct release_mail_request request = { .kind = kind_of(row, shown),
                                                  .presentation = shown,
                                                  .language = shown->language };
    struct preview_mail mail;
    const struct mail_message *message = release_mail_build(arena, settings->mail, &request, error);
    if (!message ||
        !preview_mail_make(arena, settings->mail->locale, shown->public_at, message, &mail, error))
        return false;
    struct string_builder html;
    string_builder_init(&html, PREVIEW_PAGE_MAXIMUM);
    if (mail.html)
        publish_alone_write(made->alone, mail.html, &html);
    preview->subject = mail.subject;
    preview->mail_text = mail.text;
    preview->mail_html = mail.html ? arena_copy(arena, html.data) : NULL;
    preview->mail_eml = mail.eml;
    preview->mail_eml_length = mail.eml_length;
    string_builder_release(&html);
    return true;
}

/* ---- the link ---- */

static bool file_put(const struct preview_settings *settings, struct arena *arena,
                     const struct preview *preview, struct error *error)
{
    const char *state = settings->publish->state_path;
    const char *folder = file_join(arena, state, PREVIEW_FOLDER);
    if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", folder);
    return file_write_atomic(AT_FDCWD,
                             file_join(arena, state, preview_file_path(arena, preview->row_id)),
                             preview->page, preview->page_length, FILE_MODE, error);
}

/* The file before the row, so that no link ever leads to a page that is not there. */
static bool link_make(const struct preview_settings *settings, struct arena *arena,
                      struct preview *preview, struct error *error)
{
    const char *endpoint = settings->publish->newsroom->endpoint;
    char string[TOKEN_SIZE];
    preview->row_id = random_positive(settings->random);
    const struct token token = { .purpose = TOKEN_PREVIEW, .row_id = preview->row_id };
    token_write(settings->keys, &token, string);
    preview->url = arena_format(arena, "%spreview/%s", endpoint, string);
    return file_put(settings, arena, preview, error);
}

bool preview_make(const struct preview_settings *settings, struct database *database,
                  const struct release_row *row, int64_t revision, struct arena *arena,
                  struct preview *preview, struct error *error)
{
    struct publish_page_alone wanted = { .database = database,
                                         .row = row,
                                         .revision = revision ? revision : row->revision,
                                         .maximum_bytes = PREVIEW_PAGE_MAXIMUM,
                                         .arena = arena };
    *preview = (struct preview){ .release = row->row_id,
                                 .revision = wanted.revision,
                                 .made_at = clock_now(settings->clock) };
    wanted.release = release_load(database, arena, row->row_id, wanted.revision, error);
    if (!wanted.release ||
        !revision_made_at(database, row->row_id, wanted.revision, &wanted.made_at, error) ||
        !page_make(settings, &wanted, preview, error) ||
        !mail_make(settings, row, &wanted, preview, error))
        return false;
    if (preview_is_public(row, wanted.revision) || !settings->publish->newsroom->endpoint)
        return true;
    if (!link_make(settings, arena, preview, error))
        return false;
    fault_point("preview-file");
    return true;
}
