/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/inbox.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "inbound/inbound.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "template/json_value.h"

#include <jansson.h>
#include <string.h>

struct listing {
    struct command_context *context;
    json_t *array; /* NULL: for people */
    struct table table;
};

/* ---- the mailbox ---- */

/* What lies there for a person: all of it, or the one message of that id. */
struct left {
    struct inbound_settings settings;
    struct mailbox *mailbox;
    struct inbound_left_cursor *cursor;
};

/* Without mail.inbox (messages come by a pipe) there are only the messages in the database that
 * could not be forwarded. */
static bool left_open(struct left *left, struct command_context *context, const char *id,
                      struct error *error)
{
    *left = (struct left){ .settings = inbox_settings(context) };
    if (context->config->inbox.url && !(left->mailbox = inbox_open(context, error)))
        return false;
    left->cursor = inbound_left_open(&left->settings, context->database, left->mailbox, id);
    return true;
}

static bool left_close(struct left *left)
{
    struct error ignored; /* nothing was changed in the mailbox */
    bool done = inbound_left_close(left->cursor);
    if (left->mailbox)
        (void)!mailbox_close(left->mailbox, &ignored);
    return done;
}

static const char *from_of(const struct inbound_message *message)
{
    return message->message && message->message->from ? message->message->from : "";
}

static const char *subject_of(const struct inbound_message *message)
{
    return message->message ? message->message->subject : "";
}

static json_t *to_json(struct command_context *context, const struct inbound_message *message)
{
    const char *at = context_instant(context, message->at);
    return json_pack("{s:s, s:s?, s:s, s:s, s:s}", "id", message->id, "at", at, "from",
                     from_of(message), "subject", subject_of(message), "why",
                     inbound_left_text(message->why));
}

/* ---- inbox list ---- */

static void list_one(struct listing *listing, const struct inbound_message *message)
{
    const char *const cells[] = { message->id, context_time(listing->context, message->at),
                                  from_of(message), subject_of(message),
                                  inbound_left_text(message->why) };
    if (listing->array) {
        (void)json_array_append_new(listing->array, to_json(listing->context, message));
        return;
    }
    table_add_row(&listing->table);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        table_set(&listing->table, i, arena_copy(listing->context->arena, cells[i]));
}

static bool list_all(struct listing *listing, struct error *error)
{
    struct left left;
    struct inbound_message message;
    if (!left_open(&left, listing->context, NULL, error))
        return false;
    while (inbound_left_next(left.cursor, &message, error))
        list_one(listing, &message);
    return left_close(&left);
}

int cmd_inbox_list(struct command_context *context)
{
    static const char *const headings[] = { "ID", "SINCE", "FROM", "SUBJECT", "WHY", NULL };
    struct listing listing = { .context = context };
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    table_init(&listing.table, context->arena, headings);
    listing.array = context->json ? json_array() : NULL;
    if (!list_all(&listing, &error)) {
        json_decref(listing.array);
        return context_fail(context, &error);
    }
    if (listing.array)
        context_print_json(json_pack("{s:o}", "messages", listing.array));
    else if (table_is_empty(&listing.table))
        terminal_print("Nothing waits in the inbox for a person to read.\n");
    else
        table_print(&listing.table);
    return EXIT_WELL;
}

/* ---- inbox show ---- */

static void print_field(const struct mime_message *message, const char *name)
{
    const char *value = mime_field(message->fields, name);
    if (value)
        terminal_print("%s: %s\n", name, value);
}

static void print_message(const struct inbound_message *message)
{
    const struct mime_message *mail = message->message;
    terminal_print("It stays because: %s\n", inbound_left_text(message->why));
    if (!mail)
        return;
    print_field(mail, "Date");
    terminal_print("From: %s\n", mail->from ? mail->from : "");
    print_field(mail, "To");
    terminal_print("Subject: %s\n\n", mail->subject);
    if (mail->text && *mail->text)
        terminal_print("%s%s", mail->text, mail->text[strlen(mail->text) - 1] == '\n' ? "" : "\n");
    else
        terminal_print("(no text that can be shown; %s)\n", mail->type);
}

static void show_one(struct command_context *context, const struct inbound_message *message)
{
    if (!context->json) {
        print_message(message);
        return;
    }
    json_t *object = to_json(context, message);
    const char *text = message->message ? message->message->text : NULL;
    json_set_text(object, "text", text);
    context_print_json(object);
}

int cmd_inbox_show(struct command_context *context)
{
    const char *id = context->arguments->words[0];
    struct left left;
    struct inbound_message message;
    struct error error;
    int code;
    bool found = false;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    if (!left_open(&left, context, id, &error))
        return context_fail(context, &error);
    while (!found && inbound_left_next(left.cursor, &message, &error)) {
        found = true;
        show_one(context, &message);
    }
    bool done = left_close(&left);
    if (done && !found)
        done = error_set(&error, ERROR_INPUT,
                         "%s: no message of that id waits in the inbox" ERROR_ADVICE
                         "`pressroom inbox list` "
                         "lists them",
                         id);
    return done ? EXIT_WELL : context_fail(context, &error);
}
