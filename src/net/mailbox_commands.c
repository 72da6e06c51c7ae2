/* SPDX-License-Identifier: MIT */
#include "net/mailbox_commands.h"

#include "base/memory.h"
#include "base/string_builder.h"
#include "net/mailbox.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_printable(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 127)
            return false;
    return true;
}

bool mailbox_commands_init(struct mailbox_commands *commands, bool is_imap, const char *password,
                           const char *mark)
{
    const char *given = password ? password : "";
    size_t length = strlen(given);
    *commands = (struct mailbox_commands){ .mark = mark, .is_imap = is_imap };
    commands->password = memory_copy(given);
    return length <= MAILBOX_PASSWORD_MAXIMUM && is_printable(given, length);
}

void mailbox_commands_release(struct mailbox_commands *commands)
{
    if (commands->password)
        explicit_bzero(commands->password, strlen(commands->password));
    free(commands->password);
    commands->password = NULL;
}

void mailbox_commands_allow(struct mailbox_commands *commands,
                            const struct mailbox_request *request)
{
    commands->request = request;
}

/* ---- what a step needs ---- */

static bool begins(const char *line, const char *words)
{
    return strncmp(line, words, strlen(words)) == 0;
}

/* Whether an astring (RFC 3501 section 9) is that name. */
static bool says(const char *string, const char *name)
{
    bool is_quoted = *string == '"';
    string += is_quoted;
    for (; *name; name++, string++) {
        string += is_quoted && *string == '\\';
        if (*string != *name)
            return false;
    }
    return strcmp(string, is_quoted ? "\"" : "") == 0;
}

/* Only the configured folder may be selected, because in another one the same UIDs are other
 * messages. */
static bool opens(bool is_imap, const struct mailbox_request *request, const char *line)
{
    static const char select[] = "SELECT ";
    if (!is_imap)
        return begins(line, "USER ") || begins(line, "PASS ") || strcmp(line, "LIST") == 0 ||
               strcmp(line, "UIDL") == 0;
    return begins(line, "LOGIN ") || strcmp(line, "CAPABILITY") == 0 ||
           strcmp(line, "UID SEARCH UNDELETED") == 0 ||
           (begins(line, select) && says(line + strlen(select), request->login.folder));
}

/* A quoted name, by whatever prefix, of the folder for what is done. */
static bool is_done_folder(const char *string)
{
    static const char end[] = MAILBOX_DONE_FOLDER "\"";
    size_t length = strlen(string);
    return length > strlen(end) && *string == '"' &&
           strcmp(string + length - strlen(end), end) == 0 &&
           strcspn(string + 1, "\"\\") == length - 2;
}

/* verb, the numbers of this step and nothing else, rest. NULL: the line is no such one. */
static const char *behind_numbers(const struct mailbox_request *request, const char *line,
                                  const char *verb)
{
    struct string_builder expected;
    string_builder_init(&expected, 0);
    string_builder_append(&expected, verb);
    for (size_t i = 0; i < request->count; i++)
        string_builder_append_format(&expected, "%s%" PRIu32, i ? "," : " ", request->numbers[i]);
    const char *rest = begins(line, expected.data) ? line + expected.length : NULL;
    string_builder_release(&expected);
    return rest;
}

static bool removes_imap(const struct mailbox_request *request, const char *line)
{
    static const char *const named[] = { "CREATE ", "SUBSCRIBE " };
    static const char *const moves[] = { "UID MOVE", "UID COPY" };
    for (size_t i = 0; i < 2; i++) {
        const char *rest = behind_numbers(request, line, moves[i]);
        if ((begins(line, named[i]) && is_done_folder(line + strlen(named[i]))) ||
            (rest && *rest == ' ' && is_done_folder(rest + 1)))
            return true;
    }
    const char *marked = behind_numbers(request, line, "UID STORE");
    const char *gone = behind_numbers(request, line, "UID EXPUNGE");
    return strcmp(line, "NAMESPACE") == 0 ||
           (marked && strcmp(marked, " +FLAGS.SILENT (\\Deleted)") == 0) || (gone && !*gone);
}

static bool waits_imap(const struct mailbox_request *request, const char *line)
{
    struct string_builder search;
    uint32_t last = request->entry.number;
    string_builder_init(&search, 0);
    string_builder_append_format(&search, "UID SEARCH UID %" PRIu32 ":* UNDELETED",
                                 last < UINT32_MAX ? last + 1 : last);
    bool is_allowed = strcmp(line, "IDLE") == 0 || strcmp(line, search.data) == 0;
    string_builder_release(&search);
    return is_allowed;
}

static bool is_step_imap(const struct mailbox_request *request, const char *line)
{
    struct string_builder fetch;
    bool is_allowed = false;
    switch (request->step) {
    case MAILBOX_STEP_READ:
        string_builder_init(&fetch, 0);
        string_builder_append_format(&fetch, "UID FETCH %" PRIu32 " BODY.PEEK[]<0.%d>",
                                     request->entry.number, MAILBOX_MESSAGE_MAXIMUM + 1);
        is_allowed = strcmp(line, fetch.data) == 0;
        string_builder_release(&fetch);
        return is_allowed;
    case MAILBOX_STEP_REMOVE:
        return removes_imap(request, line);
    case MAILBOX_STEP_WAIT:
        return waits_imap(request, line);
    case MAILBOX_STEP_FINISH:
        return strcmp(line, "LOGOUT") == 0;
    case MAILBOX_STEP_OPEN:
    case MAILBOX_STEPS:
        break;
    }
    return false;
}

static bool removes_pop3(const struct mailbox_request *request, const char *line)
{
    for (size_t i = 0; i < request->count; i++) {
        const struct mailbox_request one = { .numbers = { request->numbers[i] }, .count = 1 };
        const char *rest = behind_numbers(&one, line, "DELE");
        if (rest && !*rest)
            return true;
    }
    return false;
}

static bool is_step_pop3(const struct mailbox_request *request, const char *line)
{
    struct string_builder expected;
    string_builder_init(&expected, 0);
    if (request->step == MAILBOX_STEP_READ && begins(line, "TOP "))
        string_builder_append_format(&expected, "TOP %" PRIu32 " %d", request->entry.number,
                                     MAILBOX_TOP_LINES);
    else if (request->step == MAILBOX_STEP_READ)
        string_builder_append_format(&expected, "RETR %" PRIu32, request->entry.number);
    else if (request->step == MAILBOX_STEP_FINISH)
        string_builder_append(&expected, "QUIT");
    bool is_expected = expected.length > 0 && strcmp(line, expected.data) == 0;
    string_builder_release(&expected);
    return is_expected || (request->step == MAILBOX_STEP_REMOVE && removes_pop3(request, line));
}

/* line: without tag and end. */
static bool is_allowed(const struct mailbox_commands *commands, const char *line)
{
    if (!commands->request)
        return false;
    if (commands->request->step == MAILBOX_STEP_OPEN)
        return opens(commands->is_imap, commands->request, line);
    return commands->is_imap ? is_step_imap(commands->request, line)
                             : is_step_pop3(commands->request, line);
}

/* ---- completing ---- */

/* How much of the line is before the mark, quoted or not, that ends it; 0: it does not. */
static size_t length_before_mark(const char *line, const char *mark)
{
    size_t length = strlen(line);
    size_t mark_length = strlen(mark);
    size_t quote = length > 0 && line[length - 1] == '"';
    if (length < mark_length + 2 * quote ||
        strncmp(line + length - quote - mark_length, mark, mark_length) != 0)
        return 0;
    length -= mark_length + quote;
    if (quote && line[length - 1] != '"')
        return 0;
    length -= quote;
    return length > 0 && line[length - 1] == ' ' ? length : 0;
}

/* The password goes out once a session, and only at the end of a login command. */
static bool put_password(struct mailbox_commands *commands, const char *line, const char *verb,
                         struct string_builder *command)
{
    const char *quote = commands->is_imap ? "\"" : "";
    size_t length = length_before_mark(line, commands->mark);
    if (commands->has_logged_in || !length || !begins(verb, commands->is_imap ? "LOGIN " : "PASS "))
        return false;
    commands->has_logged_in = true;
    string_builder_append_bytes(command, line, length);
    string_builder_append(command, quote);
    for (const char *c = commands->password; *c; c++) {
        if (commands->is_imap && (*c == '"' || *c == '\\'))
            string_builder_append_character(command, '\\');
        string_builder_append_character(command, *c);
    }
    string_builder_append(command, quote);
    return true;
}

/* The one line without a tag (RFC 2177). */
static bool ends_waiting(const struct mailbox_commands *commands, const char *line)
{
    return commands->is_imap && commands->request && commands->request->step == MAILBOX_STEP_WAIT &&
           strcmp(line, "DONE") == 0;
}

static bool complete_line(struct mailbox_commands *commands, const char *line,
                          struct string_builder *command)
{
    const char *verb = line;
    if (ends_waiting(commands, line)) {
        string_builder_append(command, line);
        return true;
    }
    if (commands->is_imap) {
        size_t tag = strspn(line, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (tag == 0 || line[tag] != ' ')
            return false;
        verb = line + tag + 1;
    }
    if (!is_allowed(commands, verb))
        return false;
    if (!strstr(verb, commands->mark)) {
        string_builder_append(command, line);
        return true;
    }
    return put_password(commands, line, verb, command);
}

bool mailbox_commands_complete(struct mailbox_commands *commands, const void *bytes, size_t length,
                               struct string_builder *command)
{
    const char *start = bytes;
    if (length < 2 || memcmp(start + length - 2, "\r\n", 2) != 0 ||
        !is_printable(start, length - 2))
        return false;
    char *line = memory_copy_bytes(start, length - 2);
    bool done = complete_line(commands, line, command);
    free(line);
    string_builder_append(command, "\r\n");
    return done;
}
