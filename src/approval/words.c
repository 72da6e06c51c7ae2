/* SPDX-License-Identifier: MIT */
#include "approval/words.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

void approval_writer_init_untitled(struct approval_writer *writer,
                                   const struct approval_service *service, struct arena *arena)
{
    const struct mail_resources *resources = service->receipts->resources;
    *writer = (struct approval_writer){ .service = service,
                                        .arena = arena,
                                        .wording = { .locale = resources->locale,
                                                     .strings = resources->strings,
                                                     .language = resources->newsroom->language } };
}

bool approval_writer_init(struct approval_writer *writer, const struct approval_service *service,
                          struct arena *arena, const struct release_row *row, struct error *error)
{
    const struct release *release = release_load(service->database, arena, row->row_id,
                                                 row->revision, error);
    approval_writer_init_untitled(writer, service, arena);
    if (!release)
        return false;
    writer->title = release->title ? release->title : row->title;
    return true;
}

const char *approval_text(struct approval_writer *writer, const char *key, const char *name,
                          const char *value)
{
    return strings_format(writer->arena,
                          strings_get(writer->wording.strings, writer->wording.language, key),
                          "title", writer->title, name, value, NULL);
}

const char *approval_count(struct approval_writer *writer, const char *key, int64_t count)
{
    const struct mail_resources *resources = writer->service->receipts->resources;
    const char *language = writer->wording.language;
    return strings_format(writer->arena, strings_plural(resources->strings, language, key, count),
                          "title", writer->title, "count",
                          locale_number(resources->locale, writer->arena, language, count), NULL);
}

const char *approval_when(struct approval_writer *writer, int64_t at)
{
    return wording_event_when(&writer->wording, writer->arena, at, INSTANT_NONE);
}

void approval_head(struct approval_writer *writer, const char *subject_key, const char *title_key)
{
    writer->words.subject = approval_text(writer, subject_key, NULL, NULL);
    writer->words.title = approval_text(writer, title_key, NULL, NULL);
}

static void append(struct approval_writer *writer, struct mail_line **end, const char *label,
                   const char *text)
{
    while (*end)
        end = &(*end)->next;
    *end = arena_allocate(writer->arena, sizeof **end);
    **end = (struct mail_line){ .label = label, .text = text };
}

void approval_paragraph(struct approval_writer *writer, const char *text)
{
    append(writer, &writer->words.paragraphs, NULL, text);
}

void approval_fact(struct approval_writer *writer, const char *label_key, const char *text)
{
    append(writer, &writer->words.facts, approval_text(writer, label_key, NULL, NULL), text);
}

void approval_warnings(struct approval_writer *writer, const char *title_key, const char *lines)
{
    while (lines && *lines) {
        size_t length = strcspn(lines, "\n");
        writer->words.warnings_title = approval_text(writer, title_key, NULL, NULL);
        if (length)
            append(writer, &writer->words.warnings, NULL,
                   arena_copy_bytes(writer->arena, lines, length));
        lines += length + (lines[length] == '\n');
    }
}

/* Compared as subscribers' addresses are: case-folded. */
bool approval_same_address(const char *a, const char *b)
{
    struct error ignored;
    struct arena arena = { 0 };
    const struct address *first = a ? address_parse_known(&arena, a, strlen(a), &ignored) : NULL;
    const struct address *second = b ? address_parse_known(&arena, b, strlen(b), &ignored) : NULL;
    bool same = first && second && strcmp(first->folded, second->folded) == 0;
    arena_release(&arena);
    return same;
}

bool approval_is_receiver(const struct receipt *receipt, const char *address)
{
    return approval_same_address(receipt->address, address);
}

bool approval_is_approver(const struct receipt_settings *settings, const char *address)
{
    for (const struct receipt_address *item = settings->approvers; item; item = item->next)
        if (approval_same_address(item->address, address))
            return true;
    return false;
}

bool approval_tell(struct approval_writer *writer, const struct approval_reply *reply,
                   const struct release_row *row, const char *address, struct error *error)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(reply->hash, hex);
    const struct receipt_message message = { .event = RECEIPT_ANSWER,
                                             .release = row ? row->row_id : 0,
                                             .revision = row ? row->revision : 0,
                                             .cause = arena_format(writer->arena, "%.24s", hex),
                                             .address = address,
                                             .answers = reply->message_id,
                                             .words = &writer->words,
                                             .now_at = reply->now_at };
    return receipt_queue(writer->service->database, writer->service->receipts,
                         writer->service->keys, writer->service->random, writer->arena, &message,
                         NULL, error);
}
