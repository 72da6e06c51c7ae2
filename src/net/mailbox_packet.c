/* SPDX-License-Identifier: MIT */
#include "net/mailbox_packet.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "net/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- requests ---- */

void mailbox_request_put(struct string_builder *packet, const struct mailbox_request *request)
{
    packet_put_integer(packet, request->step);
    packet_put_bool(packet, request->is_imap);
    packet_put_string(packet, request->login.user);
    packet_put_string(packet, request->login.mark);
    packet_put_string(packet, request->login.folder);
    packet_put_integer(packet, request->entry.number);
    packet_put_integer(packet, request->entry.size);
    packet_put_count(packet, request->count);
    for (size_t i = 0; i < request->count; i++)
        packet_put_integer(packet, request->numbers[i]);
}

bool mailbox_request_take(const void *bytes, size_t length, struct arena *arena,
                          struct mailbox_request *request)
{
    struct packet packet;
    packet_init(&packet, bytes, length);
    *request = (struct mailbox_request){ .step = (enum mailbox_step)packet_integer_within(
                                             &packet, 0, MAILBOX_STEPS - 1) };
    request->is_imap = packet_bool(&packet);
    request->login.user = packet_string(&packet, arena);
    request->login.mark = packet_string(&packet, arena);
    request->login.folder = packet_string(&packet, arena);
    request->entry.number = (uint32_t)packet_integer_within(&packet, 0, UINT32_MAX);
    request->entry.size = (uint32_t)packet_integer_within(&packet, 0, UINT32_MAX);
    request->count = packet_count(&packet);
    if (request->count > MAILBOX_REMOVE_MAXIMUM)
        return false;
    for (size_t i = 0; i < request->count; i++)
        request->numbers[i] = (uint32_t)packet_integer_within(&packet, 1, UINT32_MAX);
    const struct mailbox_login *login = &request->login;
    bool is_whole = request->step != MAILBOX_STEP_OPEN ||
                    (login->user && login->mark && login->folder);
    return packet_is_good(&packet) && is_whole;
}

/* ---- questions ---- */

void mailbox_question_put(struct string_builder *packet, const struct mailbox_question *question)
{
    packet_put_integer(packet, (int64_t)question->most);
    packet_put_bytes(packet, question->bytes, question->length);
}

bool mailbox_question_take(const void *bytes, size_t length, struct mailbox_question *question)
{
    struct packet packet;
    packet_init(&packet, bytes, length);
    question->most = (size_t)packet_integer_within(&packet, 0, MAILBOX_PIECE_MAXIMUM);
    question->bytes = packet_bytes(&packet, &question->length);
    return packet_is_good(&packet) && (question->most == 0) == (question->length > 0) &&
           question->length <= MAILBOX_PIECE_MAXIMUM;
}

/* ---- replies ---- */

static void put_list(struct string_builder *packet, const struct mailbox_list *list)
{
    packet_put_integer(packet, list->validity);
    packet_put_integer(packet, (int64_t)list->unreadable);
    packet_put_bool(packet, list->can_wait);
    packet_put_count(packet, list->count);
    for (size_t i = 0; i < list->count; i++) {
        packet_put_integer(packet, list->entries[i].number);
        packet_put_integer(packet, list->entries[i].size);
        packet_put_string(packet, list->entries[i].name);
    }
}

static bool has_list(enum mailbox_step step)
{
    return step == MAILBOX_STEP_OPEN || step == MAILBOX_STEP_WAIT;
}

void mailbox_reply_put(struct string_builder *packet, enum mailbox_step step,
                       const struct mailbox_reply *reply)
{
    packet_put_integer(packet, reply->verdict.phase);
    packet_put_integer(packet, reply->verdict.outcome);
    packet_put_string(packet, reply->verdict.answer);
    if (reply->verdict.outcome != MAILBOX_WELL)
        return;
    if (has_list(step))
        put_list(packet, &reply->list);
    if (step == MAILBOX_STEP_READ)
        packet_put_bytes(packet, reply->message, reply->length);
}

static int by_number(const void *left, const void *right)
{
    const struct mailbox_entry *first = left;
    const struct mailbox_entry *second = right;
    return (first->number > second->number) - (first->number < second->number);
}

static int by_name(const void *left, const void *right)
{
    const struct mailbox_entry *const *first = left;
    const struct mailbox_entry *const *second = right;
    return strcmp((*first)->name, (*second)->name);
}

static void keep_each_once(struct mailbox_list *list)
{
    size_t kept = 0;
    qsort(list->entries, list->count, sizeof *list->entries, by_number);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->entries[kept - 1].number != list->entries[i].number)
            list->entries[kept++] = list->entries[i];
    list->count = kept;
}

/* Names that two messages share are dropped, because a message known by its name is removed unread.
 */
static void drop_common_names(struct mailbox_list *list, struct arena *arena)
{
    size_t count = 0;
    struct mailbox_entry **named = arena_allocate_array(arena, list->count + 1, sizeof *named);
    for (size_t i = 0; i < list->count; i++)
        if (list->entries[i].name)
            named[count++] = &list->entries[i];
    qsort(named, count, sizeof(struct mailbox_entry *), by_name);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && by_name(&named[i], &named[end]) == 0)
            end++;
        bool is_common = end - i > 1;
        for (; i < end; i++)
            if (is_common)
                named[i]->name = NULL;
    }
}

static void take_list(struct packet *packet, struct arena *arena, struct mailbox_list *list)
{
    list->validity = (uint32_t)packet_integer_within(packet, 0, UINT32_MAX);
    list->unreadable = (size_t)packet_integer_within(packet, 0, INT32_MAX);
    list->can_wait = packet_bool(packet);
    size_t count = packet_count(packet);
    if (count > MAILBOX_LIST_MAXIMUM)
        packet->is_bad = true;
    if (packet->is_bad)
        return;
    list->entries = arena_allocate_array(arena, count + 1, sizeof *list->entries);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct mailbox_entry *entry = &list->entries[list->count++];
        entry->number = (uint32_t)packet_integer_within(packet, 1, UINT32_MAX);
        entry->size = (uint32_t)packet_integer_within(packet, 0, UINT32_MAX);
        entry->name = packet_string(packet, arena);
    }
    if (packet->is_bad)
        return;
    keep_each_once(list);
    drop_common_names(list, arena);
}

bool mailbox_reply_take(const void *bytes, size_t length, enum mailbox_step step,
                        struct arena *arena, struct mailbox_reply *reply)
{
    struct packet packet;
    packet_init(&packet, bytes, length);
    *reply = (struct mailbox_reply){ 0 };
    reply->verdict.phase = (enum mailbox_phase)packet_integer_within(&packet, 0,
                                                                     MAILBOX_PHASES - 1);
    reply->verdict.outcome = (enum mailbox_outcome)packet_integer_within(&packet, 0,
                                                                         MAILBOX_OUTCOMES - 1);
    const char *answer = packet_string(&packet, arena);
    (void)snprintf(reply->verdict.answer, sizeof reply->verdict.answer, "%s", answer ? answer : "");
    bool is_well = reply->verdict.outcome == MAILBOX_WELL;
    if (is_well && has_list(step))
        take_list(&packet, arena, &reply->list);
    if (is_well && step == MAILBOX_STEP_READ)
        reply->message = packet_bytes(&packet, &reply->length);
    return packet_is_good(&packet) && reply->length <= MAILBOX_MESSAGE_MAXIMUM + 1 &&
           (reply->verdict.outcome != MAILBOX_GONE || step == MAILBOX_STEP_READ);
}
