/* SPDX-License-Identifier: MIT */
#include "intake/spelling_confined.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "intake/intake.h"
#include "proofreading/proofreading.h"
#include "spelling/spelling.h"

#include <stdlib.h>
#include <string.h>

/* The largest dictionaries (Norwegian) take 60 MB of memory once they are read. */
#define MEMORY_BYTES (512 * INT64_C(1024) * 1024)

enum { CPU_SECONDS = 5, WALL_SECONDS = 15, REPLY_BYTES = 64 * 1024, DICTIONARIES_MAXIMUM = 4 };

/* ---- the process ---- */

struct worker {
    struct arena arena; /* for the life of the process */
    const struct spelling_reader *reader;
    struct spelling_dictionary *dictionaries[DICTIONARIES_MAXIMUM];
    size_t count;
    struct spelling_joining joining;
};

static const char *const *take_list(struct packet *packet, struct arena *arena)
{
    size_t count = packet_count(packet);
    const char **list = arena_allocate_array(arena, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const char *item = packet_string(packet, arena);
        list[i] = item ? item : "";
    }
    return list;
}

/* Dictionaries and what converts to their letters are files: they are read before rights go. */
static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    struct packet packet;
    struct worker *worker = memory_allocate(sizeof *worker);
    *worker = (struct worker){ .count = 0 };
    *state = worker;
    worker->reader = confined_load("spelling", SPELLING_READER_SYMBOL, "libhunspell",
                                   SPELLING_READER_VERSION, error);
    if (!worker->reader)
        return false;
    packet_init(&packet, setup, length);
    const char *const *paths = take_list(&packet, &worker->arena);
    worker->joining.joints = take_list(&packet, &worker->arena);
    worker->joining.letters = (size_t)packet_integer_within(&packet, 0,
                                                            SPELLING_WORD_BYTES_MAXIMUM);
    for (; *paths && worker->count < DICTIONARIES_MAXIMUM; paths++) {
        struct spelling_dictionary *dictionary = worker->reader->open(*paths);
        if (dictionary)
            worker->dictionaries[worker->count++] = dictionary;
    }
    return true;
}

static bool is_known(const struct worker *worker, const char *word, int *looks)
{
    const struct spelling_joining *joining = worker->joining.letters ? &worker->joining : NULL;
    for (size_t i = 0; i < worker->count; i++)
        if (worker->reader->knows(worker->dictionaries[i], word, joining, looks))
            return true;
    return worker->count == 0;
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    const struct worker *worker = state;
    struct arena arena = { 0 };
    struct packet packet;
    int looks = SPELLING_LOOKS_MAXIMUM;
    size_t length = 0;
    const void *request = confined_request(exchange, &length);
    packet_init(&packet, request, length);
    size_t count = packet_count(&packet);
    packet_put_bool(reply, worker->count > 0);
    for (size_t i = 0; i < count; i++) {
        const char *word = packet_string(&packet, &arena);
        packet_put_bool(reply, word && !is_known(worker, word, &looks));
    }
    bool is_good = packet_is_good(&packet);
    arena_release(&arena);
    return is_good || error_set(error, ERROR_INPUT, "the words cannot be understood");
}

const struct confined_function intake_spelling_confined = {
    .name = "spelling",
    .limits = { .memory_bytes = MEMORY_BYTES,
                .cpu_seconds = CPU_SECONDS,
                .wall_seconds = WALL_SECONDS,
                .reply_bytes = REPLY_BYTES },
    .prepare = prepare,
    .answer = answer,
};

/* ---- asking it ---- */

/* One a dictionary: a release and its versions come by turns. */
struct process {
    const struct proofreading_dictionary *dictionary;
    struct confined *confined; /* NULL: not open, and not tried again */
    struct process *next;
};

struct spelling {
    struct process *processes;
};

struct spelling *spelling_new(void)
{
    struct spelling *spelling = memory_allocate(sizeof *spelling);
    *spelling = (struct spelling){ .processes = NULL };
    return spelling;
}

void spelling_free(struct spelling *spelling)
{
    struct process *next;
    for (struct process *process = spelling ? spelling->processes : NULL; process; process = next) {
        next = process->next;
        confined_close(process->confined);
        free(process);
    }
    free(spelling);
}

static void put_list(struct string_builder *packet, const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    packet_put_count(packet, count);
    for (size_t i = 0; i < count; i++)
        packet_put_string(packet, list[i]);
}

static struct confined *open_process(const struct proofreading_dictionary *dictionary)
{
    struct string_builder setup;
    struct error ignored;
    if (!proofreading_dictionary_is_there(dictionary))
        return NULL;
    string_builder_init(&setup, 0);
    put_list(&setup, dictionary->paths);
    put_list(&setup, dictionary->joints);
    packet_put_integer(&setup, dictionary->part_letters);
    struct confined *confined = confined_open(intake_spelling_confined.name, setup.data,
                                              setup.length, &ignored);
    string_builder_release(&setup);
    return confined;
}

static struct process *process_of(struct spelling *spelling,
                                  const struct proofreading_dictionary *dictionary)
{
    struct process *process = spelling->processes;
    while (process && process->dictionary != dictionary)
        process = process->next;
    if (process)
        return process;
    process = memory_allocate(sizeof *process);
    *process = (struct process){ dictionary, open_process(dictionary), spelling->processes };
    spelling->processes = process;
    return process;
}

static bool read_reply(const struct string_builder *reply, size_t count, bool *are_unknown)
{
    struct packet packet;
    packet_init(&packet, reply->data, reply->length);
    bool is_known = packet_bool(&packet);
    for (size_t i = 0; i < count; i++)
        are_unknown[i] = packet_bool(&packet);
    return is_known && packet_is_good(&packet);
}

static void put_words(struct string_builder *request, const char *const *words, size_t count)
{
    packet_put_count(request, count);
    for (size_t i = 0; i < count; i++)
        packet_put_string(request, words[i]);
}

bool spelling_ask(struct spelling *spelling, const struct proofreading_dictionary *dictionary,
                  const char *const *words, size_t count, bool *are_unknown)
{
    struct string_builder request;
    struct string_builder reply;
    struct error error;
    struct process *process = process_of(spelling, dictionary);
    if (count == 0 || !process->confined)
        return false;
    string_builder_init(&request, 0);
    string_builder_init(&reply, (size_t)REPLY_BYTES + 1);
    put_words(&request, words, count);
    struct confined_call call = { .request = request.data,
                                  .length = request.length,
                                  .descriptor = -1 };
    bool done = confined_call(process->confined, &call, &reply, &error);
    if (!done) {
        log_line(LOG_WARNING, "spelling is not read: %s", error.message);
        confined_close(process->confined);
        process->confined = NULL;
    }
    done = done && read_reply(&reply, count, are_unknown);
    string_builder_release(&request);
    string_builder_release(&reply);
    return done;
}
