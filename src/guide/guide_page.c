/* SPDX-License-Identifier: MIT */
/* A page of the guide is read as a release is: the same Markdown, the same bounds. */
#include "guide/guide_part.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "release/body.h"
#include "release/release.h"

#include <fcntl.h>
#include <string.h>

enum { PAGE_MAXIMUM = 256 * 1024, PICTURE_MAXIMUM = 256 * 1024 };

/* Where the files are that a page names. */
struct page_files {
    const struct guide_making *making;
    const char *folder;
    struct error *error;
    bool is_broken; /* one of them is not there */
};

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t end = strlen(ending);
    return length > end && strcmp(name + length - end, ending) == 0;
}

/* A picture as an address that holds it whole (RFC 2397). */
static const char *picture_address(struct page_files *files, const char *file)
{
    struct string_builder bytes;
    struct string_builder address;
    const char *path = file_join(files->making->arena, files->folder, file);
    string_builder_init(&bytes, PICTURE_MAXIMUM);
    string_builder_init(&address, 0);
    string_builder_append(&address, "data:image/png;base64,");
    if (file_read(AT_FDCWD, path, &bytes, files->error))
        base64_append(&address, bytes.data, bytes.length);
    else
        files->is_broken = true;
    const char *copy = arena_copy_bytes(files->making->arena, address.data, address.length);
    string_builder_release(&address);
    string_builder_release(&bytes);
    return copy;
}

/* Pages name each other as the Markdown files that they are made of. */
static const char *file_address(void *payload, const char *file)
{
    struct page_files *files = payload;
    static const char markdown[] = ".md";
    if (ends_with(file, ".png"))
        return picture_address(files, file);
    if (ends_with(file, markdown))
        return arena_format(files->making->arena, "%.*s.html",
                            (int)(strlen(file) - strlen(markdown)), file);
    return file;
}

static const struct release *read_markdown(const struct guide_making *making, const char *path,
                                           const struct string_builder *bytes, struct error *error)
{
    /* A page about embargoes has their words in it, and waits for none. */
    static const char sidecar[] = "embargo: none\n";
    struct intake_reader *reader = making->settings->reader;
    const struct intake_source source = { .name = path,
                                          .bytes = bytes->data,
                                          .length = bytes->length,
                                          .sidecar_name = path,
                                          .sidecar_bytes = sidecar,
                                          .sidecar_length = sizeof sidecar - 1,
                                          .zone = making->settings->zone };
    struct intake_problem_list problems;
    struct intake_text text;
    intake_problem_list_init(&problems, making->arena, path);
    if (!reader->read(reader, making->arena, &source, &text, &problems, error))
        return NULL;
    if (problems.refused == 0 && text.release && text.release->title)
        return text.release;
    (void)error_set(
        error, ERROR_SYSTEM,
        "%s: cannot be read as a page" ERROR_ADVICE "is pressroom completely installed?", path);
    return NULL;
}

static bool write_html(const struct guide_making *making, const char *path,
                       const struct release *release, const char **html, struct error *error)
{
    const char *slash = strrchr(path, '/');
    struct page_files files = { .making = making,
                                .folder = arena_copy_bytes(making->arena, path,
                                                           (size_t)(slash - path)),
                                .error = error };
    const struct body_writer_options options = { .file_address = file_address,
                                                 .payload = &files,
                                                 .page_address = "",
                                                 .has_anchors = true,
                                                 .keeps_lines = true };
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, release->body, &options);
    *html = arena_copy_bytes(making->arena, text.data, text.length);
    string_builder_release(&text);
    return !files.is_broken;
}

bool guide_page_read(const struct guide_making *making, const char *path, const char **title,
                     const char **html, struct error *error)
{
    struct string_builder bytes;
    const struct release *release = NULL;
    string_builder_init(&bytes, PAGE_MAXIMUM);
    if (file_read(AT_FDCWD, path, &bytes, error))
        release = read_markdown(making, path, &bytes, error);
    string_builder_release(&bytes);
    if (!release)
        return false;
    *title = release->title;
    return write_html(making, path, release, html, error);
}
