/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/reserved_name.h"
#include "config/config.h"
#include "feed/feed.h"
#include "publish/publish.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FEED_MAXIMUM = 16 * 1024 * 1024 };

static void check_address(struct doctor *doctor, const char *place, const char *url)
{
    const char *host = strstr(url, "://");
    if (strncmp(url, "https://", 8) != 0)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "%s can be read by whoever listens on the way" ERROR_ADVICE "make it https",
                      url);
    else if (host && name_is_reserved(arena_copy_bytes(doctor->context->arena, host + 3,
                                                       strcspn(host + 3, ":/"))))
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "%s is a name for examples, which nobody can reach" ERROR_ADVICE
                      "write the real one",
                      url);
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "%s", url);
}

static void check_feed(struct doctor *doctor, const char *file)
{
    struct string_builder bytes;
    struct error error;
    struct command_context *context = doctor->context;
    const char *place = arena_format(context->arena, "public/%s", file);
    const char *path = arena_format(context->arena, "%s/%s", context->config->public_path, file);
    string_builder_init(&bytes, FEED_MAXIMUM);
    if (!file_read(AT_FDCWD, path, &bytes, &error))
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "is not there" ERROR_ADVICE "run `pressroom publish`");
    else if (!strstr(bytes.data, context->config->newsroom.site_url))
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "was made for another site.url than %s" ERROR_ADVICE
                      "run `pressroom publish`",
                      context->config->newsroom.site_url);
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "there, with the base address of newsroom.yaml");
    string_builder_release(&bytes);
}

static void check_feeds(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    const char *index = arena_format(doctor->context->arena, "%s/index.html", config->public_path);
    if (!config->feeds)
        doctor_report(doctor, DOCTOR_WARNING, "feeds/",
                      "there is none, so nobody can follow" ERROR_ADVICE
                      "write one, as `pressroom init` does");
    if (access(index, F_OK) != 0) {
        doctor_report(doctor, DOCTOR_SKIPPED, "public/",
                      "nothing is published yet" ERROR_ADVICE "`pressroom run` does that");
        return;
    }
    struct arena *arena = doctor->context->arena;
    for (const struct feed *feed = config->feeds; feed; feed = feed->next) {
        const char *file;
        for (size_t i = 0; (file = publish_feed_path(arena, feed, i)); i++)
            check_feed(doctor, file);
    }
}

static bool is_note(const char *name)
{
    static const char ending[] = ".problems.txt";
    size_t length = strlen(name);
    return length > sizeof ending - 1 && strcmp(name + length - (sizeof ending - 1), ending) == 0;
}

static void check_releases(struct doctor *doctor)
{
    unsigned count = 0;
    DIR *folder = opendir(doctor->context->config->releases_path);
    if (!folder)
        return; /* reported by doctor_files() */
    const struct dirent *entry;
    while ((entry = readdir(folder))) /* NOLINT(concurrency-mt-unsafe) */
        count += is_note(entry->d_name);
    (void)closedir(folder);
    if (count)
        doctor_report(doctor, DOCTOR_WARNING, "releases/",
                      "%s for a person" ERROR_ADVICE
                      "the notes beside them, and `pressroom check`, say why",
                      report_counted(doctor->context->arena, count, "file waits", "files wait"));
    else
        doctor_report(doctor, DOCTOR_GOOD, "releases/", "no file was refused");
}

void doctor_public(struct doctor *doctor)
{
    const struct newsroom *newsroom = &doctor->context->config->newsroom;
    check_address(doctor, "site.url", newsroom->site_url);
    if (newsroom->endpoint && strcmp(newsroom->endpoint, newsroom->site_url) != 0)
        check_address(doctor, "site.endpoint", newsroom->endpoint);
    check_feeds(doctor);
    check_releases(doctor);
}
