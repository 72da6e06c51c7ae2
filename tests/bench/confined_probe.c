/* SPDX-License-Identifier: MIT */
/* What the processes cost that read strangers' bytes: starts each of them RUNS times and asks it
 * something short. Prints a Markdown table: medians (minimum–maximum).
 *
 *   confined_probe PRESSROOM NEWSROOM RUNS
 *
 * start: until a process stands ready that has no rights, its template loaded and prepared, and a
 * worker forked; next: until another worker has answered. Memory is that of template and worker
 * together behind that: all they map (RSS), what is theirs or their share of what others map too
 * (PSS), and the addresses of the worker, which its limit counts. */
#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "cli/arguments.h"
#include "cli/context.h"
#include "config/config.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/locale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAXIMUM = 1000 };

enum measure { START_MS, NEXT_MS, RSS_MB, PSS_MB, ADDRESSES_MB, MEASURES };

struct probe {
    struct config *config;
    struct string_builder reply;
    double values[MEASURES][RUNS_MAXIMUM];
};

static const char text[] = "---\ntitle: Ny bro over Lillesund\n---\n"
                           "Region Nordhav åbner en ny bro over Lillesund til sommer.\n";
static const char message[] = "From: a@avis.example\r\nTo: presse@nordhav.example\r\n"
                              "Subject: =?utf-8?q?Sv=C3=A6r?= sag\r\n\r\nJa tak.\r\n";

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- memory ---- */

/* The line of that name in a file of a process, in MB. */
static double line_of(const char *process, const char *file, const char *name)
{
    char line[512];
    double kilobytes = 0;
    struct arena arena = { 0 };
    FILE *lines = fopen(arena_format(&arena, "/proc/%s/%s", process, file), "re");
    while (lines && fgets(line, sizeof line, lines))
        if (strncmp(line, name, strlen(name)) == 0)
            kilobytes = strtod(line + strlen(name), NULL);
    if (lines)
        (void)fclose(lines);
    arena_release(&arena);
    return kilobytes / 1024;
}

/* Adds up all below a process; the addresses are those of the last, which has none below it. */
static void add_memory(const char *process, struct probe *probe, int run)
{
    char children[512] = "";
    struct arena arena = { 0 };
    FILE *list = fopen(arena_format(&arena, "/proc/%s/task/%s/children", process, process), "re");
    if (list && !fgets(children, sizeof children, list))
        children[0] = '\0';
    if (list)
        (void)fclose(list);
    arena_release(&arena);
    char *rest = children;
    for (char *child; (child = strtok_r(rest, " \n", &rest));) {
        probe->values[RSS_MB][run] += line_of(child, "smaps_rollup", "Rss:");
        probe->values[PSS_MB][run] += line_of(child, "smaps_rollup", "Pss:");
        probe->values[ADDRESSES_MB][run] = line_of(child, "status", "VmSize:");
        add_memory(child, probe, run);
    }
}

static void measure_memory(struct probe *probe, int run)
{
    struct arena arena = { 0 };
    probe->values[RSS_MB][run] = probe->values[PSS_MB][run] = 0;
    add_memory(arena_format(&arena, "%ld", (long)getpid()), probe, run);
    arena_release(&arena);
}

/* ---- what is read ---- */

/* By the reader of texts itself, which tells its process the words of all languages. */
static bool read_text(struct probe *probe, struct error *error)
{
    struct arena arena = { 0 };
    struct intake_problem_list problems;
    struct intake_text read;
    const struct intake_settings *settings = &probe->config->intake;
    const struct intake_source source = { .name = "x.md",
                                          .bytes = text,
                                          .length = sizeof text - 1,
                                          .zone = locale_context_zone(settings->locale),
                                          .language = settings->language,
                                          .words = settings->words,
                                          .locale = settings->locale,
                                          .publisher = settings->publisher };
    intake_problem_list_init(&problems, &arena, source.name);
    bool done = settings->reader->read(settings->reader, &arena, &source, &read, &problems, error);
    arena_release(&arena);
    return done;
}

static bool run_text(struct probe *probe, int run, struct error *error)
{
    struct intake_reader *reader = probe->config->intake.reader;
    double began_ms = now_ms();
    bool done = reader->open(reader, true, error);
    probe->values[START_MS][run] = now_ms() - began_ms;
    done = done && read_text(probe, error); /* by the first worker */
    began_ms = now_ms();
    done = done && read_text(probe, error);
    probe->values[NEXT_MS][run] = now_ms() - began_ms;
    measure_memory(probe, run);
    reader->close(reader);
    return done;
}

/* A message; to the others it is nothing that they know, and they say so. */
static bool ask(struct probe *probe, struct confined *confined, struct error *error)
{
    struct string_builder request;
    string_builder_init(&request, 0);
    packet_put_bytes(&request, message, sizeof message - 1);
    struct confined_call call = { .request = request.data,
                                  .length = request.length,
                                  .descriptor = -1 };
    bool done = confined_call(confined, &call, &probe->reply, error) ||
                call.end == CONFINED_REPLIED;
    string_builder_release(&request);
    return done;
}

static bool run_other(struct probe *probe, const char *name, int run, struct error *error)
{
    double began_ms = now_ms();
    struct confined *confined = confined_open(name, NULL, 0, error);
    if (!confined)
        return false;
    probe->values[START_MS][run] = now_ms() - began_ms;
    bool done = ask(probe, confined, error);
    confined_renew(confined);
    began_ms = now_ms();
    done = done && ask(probe, confined, error);
    probe->values[NEXT_MS][run] = now_ms() - began_ms;
    measure_memory(probe, run);
    confined_close(confined);
    return done;
}

/* ---- the table ---- */

static int compare(const void *a, const void *b)
{
    const double *one = a;
    const double *other = b;
    return (*one > *other) - (*one < *other);
}

static void print_row(struct probe *probe, const char *name, int runs)
{
    (void)printf("| `%s` |", name);
    for (int measure = 0; measure < MEASURES; measure++) {
        double *values = probe->values[measure];
        qsort(values, (size_t)runs, sizeof *values, compare);
        if (measure <= NEXT_MS)
            (void)printf(" %.1f (%.1f–%.1f) |", values[runs / 2], values[0], values[runs - 1]);
        else
            (void)printf(" %.0f |", values[runs / 2]);
    }
    (void)printf("\n");
}

static bool measure_all(struct probe *probe, int runs, struct error *error)
{
    static const char *const names[] = { "text", "message", "mailbox", "picture", NULL };
    if (!language_words_open(probe->config->intake.words, error))
        return false;
    (void)printf("| process | start, ms | next, ms | RSS, MB | PSS, MB | addresses, MB |\n"
                 "| --- | --- | --- | --- | --- | --- |\n");
    for (const char *const *name = names; *name; name++) {
        for (int run = 0; run < runs; run++)
            if (!(strcmp(*name, "text") == 0 ? run_text(probe, run, error)
                                             : run_other(probe, *name, run, error)))
                return false;
        print_row(probe, *name, runs);
    }
    return true;
}

int main(int count, char **arguments)
{
    static struct probe probe;
    struct arena arena = { 0 };
    const struct arguments none = { 0 };
    struct command_context context;
    struct error error = { 0 };
    int code = 2;
    int runs = count == 4 ? (int)strtol(arguments[3], NULL, 10) : 0;
    if (runs < 1 || runs > RUNS_MAXIMUM) {
        (void)fprintf(stderr, "usage: confined_probe PRESSROOM NEWSROOM RUNS\n");
        return 2;
    }
    confined_set_program(arguments[1]);
    string_builder_init(&probe.reply, 0);
    context_init(&context, &arena, NULL, &none);
    context.directory = arguments[2];
    if (context_open_config(&context)) {
        probe.config = context.config;
        code = measure_all(&probe, runs, &error) ? 0 : 1;
        if (code)
            (void)fprintf(stderr, "confined_probe: %s\n", error.message);
    }
    context_close(&context);
    string_builder_release(&probe.reply);
    arena_release(&arena);
    return code;
}
