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

#include <jansson.h>
#include <string.h>

struct listing {
    struct command_context *context;
    json_t *array; /* NULL: for people */
    struct table table;
    bool found;
};

/* ---- the mailbox ---- */

/* Without mail.inbox (messages come by a pipe) there are only the messages in the database that
 * could not be forwarded. */
static bool read_messages(struct command_context *context, const char *id,
                          const struct inbound_visitor *visitor, struct error *error)
{
    const struct inbound_settings settings = inbox_settings(context);
    struct error closing;
    struct mailbox *mailbox = NULL;
    if (context->config->inbox.url && !(mailbox = inbox_open(context, error)))
        return false;
    bool done = inbound_look(&settings, context->database, mailbox, id, visitor, error);
    if (mailbox)
        (void)!mailbox_close(mailbox, &closing); /* nothing was changed in it */
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

static bool list_one(void *payload, const struct inbound_message *message, struct error *error)
{
    struct listing *listing = payload;
    const char *const cells[] = { message->id, context_time(listing->context, message->at),
                                  from_of(message), subject_of(message),
                                  inbound_left_text(message->why) };
    (void)error;
    if (listing->array) {
        (void)json_array_append_new(listing->array, to_json(listing->context, message));
        return true;
    }
    table_add_row(&listing->table);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        table_set(&listing->table, i, arena_copy(listing->context->arena, cells[i]));
    return true;
}

int cmd_inbox_list(struct command_context *context)
{
    static const char *const headings[] = { "ID", "SINCE", "FROM", "SUBJECT", "WHY", NULL };
    struct listing listing = { .context = context };
    const struct inbound_visitor visitor = { list_one, &listing };
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    table_init(&listing.table, context->arena, headings);
    listing.array = context->json ? json_array() : NULL;
    if (!read_messages(context, NULL, &visitor, &error)) {
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

static bool show_one(void *payload, const struct inbound_message *message, struct error *error)
{
    struct listing *listing = payload;
    (void)error;
    if (listing->found)
        return true;
    listing->found = true;
    if (!listing->context->json) {
        print_message(message);
        return true;
    }
    json_t *object = to_json(listing->context, message);
    const char *text = message->message ? message->message->text : NULL;
    (void)json_object_set_new(object, "text", text ? json_string(text) : json_null());
    context_print_json(object);
    return true;
}

int cmd_inbox_show(struct command_context *context)
{
    const char *id = context->arguments->words[0];
    struct listing listing = { .context = context };
    const struct inbound_visitor visitor = { show_one, &listing };
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    bool done = read_messages(context, id, &visitor, &error);
    if (done && !listing.found)
        done = error_set(&error, ERROR_INPUT,
                         "%s: no message of that id waits in the inbox; `pressroom inbox list` "
                         "lists them",
                         id);
    return done ? EXIT_WELL : context_fail(context, &error);
}
