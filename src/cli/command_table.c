/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

const struct option command_shared_options[] = {
    { "newsroom", 'C', "DIR", "the newsroom's folder; default: the current folder" },
    { "json", 0, NULL, "print one JSON document" },
    { "verbose", 'v', NULL, "say more" },
    { "quiet", 'q', NULL, "say only what is wrong" },
    { "help", 'h', NULL, "show this help" },
    { "version", 0, NULL, "show the version" },
    { NULL, 0, NULL, NULL },
};

static const struct option init_options[] = {
    { "name", 0, "NAME", "the publisher's name" },
    { "url", 0, "URL", "the newsroom's public address" },
    { "from", 0, "MAILBOX",
      "who mails come from, \"Name <address>\"; default: presse@ the url's domain" },
    { "language", 0, "CODE", "da, de, en, nb or sv, or any other with English words; default: da" },
    { "guide", 0, NULL, "make the guide/ of the newsroom in DIR anew, and nothing else" },
    { NULL, 0, NULL, NULL },
};

static const struct option withdraw_options[] = {
    { "reason", 0, "TEXT", "what the notice and the mail say" },
    { NULL, 0, NULL, NULL },
};

static const struct option resend_options[] = {
    { "missed", 0, NULL, "to those who have not been sent it; must be given" },
    { NULL, 0, NULL, NULL },
};

static const struct option audience_options[] = {
    { "list", 0, NULL, "print the addresses" },
    { NULL, 0, NULL, NULL },
};

static const struct option mailing_show_options[] = {
    { "recipients", 0, NULL,
      "a line for each recipient: address, state, code, text, times, tries" },
    { "csv", 0, NULL, "the recipients alone, as CSV" },
    { "accept-bounces", 0, NULL,
      "the addresses that came back are gone indeed: they count, however many" },
    { NULL, 0, NULL, NULL },
};

static const struct option mailing_resume_options[] = {
    { "domain", 0, "DOMAIN",
      "send to that domain or provider again, which was held as it refused our messages" },
    { NULL, 0, NULL, NULL },
};

static const struct option watch_options[] = {
    { "watch", 0, NULL, "stay, and go on as soon as there is something to do" },
    { NULL, 0, NULL, NULL },
};

static const struct option preview_options[] = {
    { "link", 0, NULL, "print a link to what the last run made of FILE, instead of writing it" },
    { "serve", 0, NULL, "show it in a browser, and anew each time FILE is saved; Ctrl-C ends it" },
    { "listen", 0, "ADDRESS:PORT",
      "where to serve; default: 127.0.0.1:0, which is this machine alone, any free port" },
    { NULL, 0, NULL, NULL },
};

static const struct option collect_options[] = {
    { "stdin", 0, NULL, "one message from standard input (exit 75: not recorded)" },
    { "watch", 0, NULL, "stay, and go on as soon as there is something to do" },
    { "explain", 0, NULL, "say what would be understood of each FILE, and change nothing" },
    { NULL, 0, NULL, NULL },
};

static const struct option serve_options[] = {
    { "listen", 0, "ADDRESS:PORT",
      "where to listen; default: serve.listen; port 0: any that is free" },
    { NULL, 0, NULL, NULL },
};

static const struct option subscriber_add_options[] = {
    { "feed", 0, "ID",
      "a feed to follow; may be given again; default: every feed open for sign-up" },
    { "cadence", 0, "WHEN", "immediate, daily or weekly; default: immediate" },
    { "language", 0, "CODE", "language of the mails; default: the newsroom's" },
    { "confirmed", 0, NULL, "the person said yes elsewhere: no confirmation mail" },
    { "evidence", 0, "TEXT", "where and when the person said so; goes with --confirmed" },
    { NULL, 0, NULL, NULL },
};

static const struct option subscriber_list_options[] = {
    { "state", 0, "STATE", "pending, confirmed, unsubscribed, bounced, complained or expired" },
    { NULL, 0, NULL, NULL },
};

static const struct option subscriber_import_options[] = {
    { "dry-run", 0, NULL, "say what would happen to how many lines, and why, and change nothing" },
    { "update", 0, NULL, "take over feeds, cadence and language of people who are known, too" },
    { "ask", 0, NULL, "ask more than 20 people to confirm, too, by a mail each" },
    { "evidence", 0, "TEXT",
      "where and when all these people said yes: they are confirmed, and not asked" },
    { "map", 0, "COLUMN=KEY",
      "what a column of another name is: one of the keys above, or none, to leave it out" },
    { "from", 0, "TOOL", "its export as it is: listmonk, mailman, mailchimp, mlmmj or sympa" },
    { "map-list", 0, "NAME=FEED",
      "the feed that a list there is here; may be given again, as --map may" },
    { NULL, 0, NULL, NULL },
};

static const struct option subscriber_export_options[] = {
    { "excel", 0, NULL, "as Excel opens it: with a byte order mark, and `;` between the columns" },
    { NULL, 0, NULL, NULL },
};

/* In the order help shows. */
static const struct option doctor_options[] = {
    { "send", 0, NULL, "also send a test mail through the relay, and read its copy back" },
    { "to", 0, "ADDRESS",
      "with --send: there instead; nothing is read back, unless --wait is given" },
    { "wait", 0, "DURATION", "with --send: for its copy, at most so long (2m)" },
    { NULL, 0, NULL, NULL },
};

static const struct command command_table[] = {
    { "init", "DIR", "make a newsroom",
      "Makes the folder with a commented newsroom.yaml, example feeds, an empty releases/ folder, and guide/, pages and\n"
      "templates for press officers. After an update `init --guide DIR` makes those pages anew.\n"
      "Else an existing newsroom is left alone. --name and --url are needed; in a terminal it asks for them.\n\n"
      "  pressroom init /srv/presse --name \"Region Nordhav\" --url https://presse.nordhav.example/ \\\n"
      "      --from \"Region Nordhav Presse <presse@nordhav.example>\"\n",
      init_options, 1, 1, cmd_init },
    { "check", "[FILE…]", "read and validate as a run would, and change nothing",
      "First newsroom.yaml, then each FILE; without FILE everything in releases/. What is good is said, too.\n",
      NULL, 0, 1000, cmd_check },
    { "preview", "[--link] [--serve] FILE",
      "write the page, the mail and the feed entry that a file would make",
      "Writes them into a new folder under state/preview/ and prints where; previews older than a week are removed.\n"
      "Nothing is published.\n"
      "--link: whoever has the link sees that revision for 7 days, until it is public or the file is another. It needs\n"
      "`pressroom serve`.\n"
      "--serve prints an address to open in a browser: page, mail and what is to be said of FILE side by side. What\n"
      "is half-written is told there, and the last good page stays. Keep the address to yourself.\n",
      preview_options, 1, 1, cmd_preview },
    { "ingest", "", "read what is new in releases/", NULL, NULL, 0, 0, cmd_ingest },
    { "publish", "", "bring public/ up to date", NULL, NULL, 0, 0, cmd_publish },
    { "announce", "[ID]", "queue mails for what has become public",
      "With ID: mails that release, whatever its age or its `mail:`, to those who have not been mailed it yet.\n",
      NULL, 0, 1, cmd_announce },
    { "deliver", "", "send the mails that are due", NULL, watch_options, 0, 0, cmd_deliver },
    { "collect", "[--stdin] [--explain FILE…]",
      "read the inbox: bounces, complaints, confirmations, people who leave or join",
      "Needs mail.inbox in newsroom.yaml. What is understood goes to its folder pressroom-done (POP3 has none: it is\n"
      "removed; an mbox stays as it is); what a person should read is left untouched: `pressroom inbox list`.\n"
      "With --stdin, one message is read from standard input, for a mail server to start: exit 0 once it is recorded,\n"
      "else 75, and the mail server keeps it. What is not understood goes to the publisher's contact.\n"
      "--explain says what would be understood of each FILE (a message, a folder of messages or a Maildir), by which\n"
      "rule, and whom it counts against: the address, this message, or us. It needs no newsroom.\n",
      collect_options, 0, 100000, cmd_collect },
    { "inbox list", "", "what collect left in the inbox for a person to read",
      "Each message with its id, since when it lies there, who wrote it, its subject, and why it stays. A message that\n"
      "somebody moves out of the inbox is listed no more. Answers that a contact's server did not take are listed for\n"
      "90 days, wherever they came from.\n",
      NULL, 0, 0, cmd_inbox_list },
    { "inbox show", "ID", "one of them: its text, made safe for a terminal", NULL, NULL, 1, 1,
      cmd_inbox_show },
    { "run", "", "ingest, publish, announce, deliver and collect, in this order",
      "With --watch it stays: it sees new files as they are dropped, publishes and mails at the times that are set,\n"
      "and sends and collects in processes of their own. SIGHUP reads the configuration again, SIGTERM ends it.\n",
      watch_options, 0, 0, cmd_run },
    { "serve", "",
      "serve public/ over HTTP, with the pages for signing up, confirming, choosing and leaving",
      "Stays until it is told to stop (SIGTERM). Meant to stand behind a web server that speaks https.\n",
      serve_options, 0, 0, cmd_serve },
    { "release list", "", "all releases and how they stand", NULL, NULL, 0, 0, cmd_release_list },
    { "release show", "ID", "one release, its revisions, addresses and mailings", NULL, NULL, 1, 1,
      cmd_release_show },
    { "release withdraw", "ID --reason TEXT", "take a release back",
      "Cancels all that is not sent, leaves a notice at the release's address and mails those who got it.\n",
      withdraw_options, 1, 1, cmd_release_withdraw },
    { "release resume", "ID", "let go what a reply of STOP holds back",
      "Of the release with all its versions: what is not public becomes so, and what is not sent goes on.\n",
      NULL, 1, 1, cmd_release_resume },
    { "release resend", "ID --missed",
      "mail a release to confirmed followers who have not been sent it",
      "Makes a new mailing to those whose message failed, was suppressed or cancelled, and to those who came later.\n"
      "Nobody who was sent it, or may have been sent it, gets it again.\n",
      resend_options, 1, 1, cmd_release_resend },
    { "audience", "FILE-or-ID", "who would be mailed now, per feed and language", NULL,
      audience_options, 1, 1, cmd_audience },
    { "mailing list", "", "all mailings, newest first", NULL, NULL, 0, 0, cmd_mailing_list },
    { "mailing show", "ID", "one mailing, and what became of its messages", NULL,
      mailing_show_options, 1, 1, cmd_mailing_show },
    { "mailing pause", "ID", "hold what is not sent yet", NULL, NULL, 1, 1, cmd_mailing_pause },
    { "mailing resume", "ID", "let a held or paused mailing, or a held domain, go on",
      "With --domain the mailing stays as it is: what waits for that domain or provider, of this mailing and of others, goes.\n",
      mailing_resume_options, 1, 1, cmd_mailing_resume },
    { "mailing cancel", "ID", "drop what is not sent yet, for good", NULL, NULL, 1, 1,
      cmd_mailing_cancel },
    { "subscriber add", "ADDRESS", "ask a person to confirm, or add one who said yes elsewhere",
      "Without --confirmed the person gets one mail and is mailed nothing else before saying yes.\n",
      subscriber_add_options, 1, 1, cmd_subscriber_add },
    { "subscriber list", "", "addresses and their states", NULL, subscriber_list_options, 0, 0,
      cmd_subscriber_list },
    { "subscriber show", "ADDRESS", "one person: feeds, and every change with its evidence", NULL,
      NULL, 1, 1, cmd_subscriber_show },
    { "subscriber unsubscribe", "ADDRESS", "stop all mails to a person", NULL, NULL, 1, 1,
      cmd_subscriber_unsubscribe },
    { "subscriber forget", "ADDRESS", "erase a person, and all that is kept of them",
      "Erases from every table and from the bytes of the files in state/. What stays is a keyed hash of the address, so\n"
      "that an import does not bring the person back; a sign-up of their own does. \"bytes pending\" and exit 1:\n"
      "another program reads the database; the next `pressroom run` makes up for it.\n",
      NULL, 1, 1, cmd_subscriber_forget },
    { "subscriber import", "FILE", "add many people from a file",
      "The first line names the columns, with `,` `;` or a tab between them:\n\n"
      "  address       the one that must be there; Name <address> will do\n"
      "  feeds         ids of feeds, a space between them; empty: every feed open for sign-up\n"
      "  cadence       immediate, daily or weekly, one for all feeds or one each; empty: immediate\n"
      "  language      of the mails, as da or en; empty: the newsroom's\n"
      "  state         pending, confirmed, unsubscribed, bounced or complained; empty: pending\n"
      "  confirmed_at  when the person said yes: 2026-05-01, or 2026-05-01 14:30\n"
      "  evidence      where and how the person said so\n\n"
      "  address;feeds;state;confirmed_at;evidence\n"
      "  anna@avisen.example;press-releases;confirmed;2026-05-01;form 12 of the fair\n"
      "  bo@avisen.example;;;;\n"
      "  carl@avisen.example;;unsubscribed;;\n\n"
      "Consent: confirmed is who has that state, confirmed_at and evidence; --evidence says it for all whom the file calls\n"
      "neither pending nor gone. Everybody else, like bo, is asked by one mail and gets nothing more before saying yes;\n"
      "more than 20 at once want --ask. Who is unsubscribed, bounced or complained is never mailed, and is taken out\n"
      "where known. Nobody who left, bounced, complained, never answered or was erased comes back by an import.\n\n"
      "Columns of other names are named and left out; one that may be meant for one of these refuses the file until --map\n"
      "says what it is. Who is known already stays as they are, unless --update is given; an empty cell changes nothing.\n"
      "Refused lines are listed with their number and reason, and the others go in. Try it with --dry-run first.\n",
      subscriber_import_options, 1, 1, cmd_subscriber_import },
    { "subscriber export", "", "all subscribers as CSV",
      "The columns are those that `subscriber import` reads; what is exported and imported again changes nothing. What\n"
      "a confirmed person has asked for and not confirmed yet is left out. A cell that a spreadsheet would take for a\n"
      "formula begins with an apostrophe, which an import takes away.\n",
      subscriber_export_options, 0, 0, cmd_subscriber_export },
    { "status", "", "totals, and what became of each mailing", NULL, NULL, 0, 0, cmd_status },
    { "doctor", "", "look for what is wrong here, and say how to mend it",
      "Looks at the configuration, rights of files, room on the disk, clock, database, base address, feeds, relay,\n"
      "mailbox, DNS records where they can be asked, and whether `serve` answers. Changes nothing. Exit 1: something\n"
      "does not work, or is not safe; warnings alone are exit 0. With --send a test mail goes through the relay to the\n"
      "newsroom's own mail.replies, and what its copy in mail.inbox tells is told: signature (DKIM), fields for leaving,\n"
      "what the server that took it says, encryption, and what was changed on its way.\n",
      doctor_options, 0, 0, cmd_doctor },
    { NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};

static const struct command *find_by_name(const char *name)
{
    for (const struct command *command = command_table; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

/* The first of two words: "release" of "release list". */
static bool is_family(const char *word)
{
    size_t length = strlen(word);
    for (const struct command *command = command_table; command->name; command++)
        if (strncmp(command->name, word, length) == 0 && command->name[length] == ' ')
            return true;
    return false;
}

const struct command *command_find(struct arena *arena, const struct arguments *arguments,
                                   size_t *words_taken, struct error *error)
{
    const char *first = arguments->words[0];
    const char *both = first;
    if (arguments->word_count > 1)
        both = arena_format(arena, "%s %s", first, arguments->words[1]);
    for (*words_taken = 2; *words_taken >= 1; (*words_taken)--) {
        const struct command *command = find_by_name(*words_taken == 2 ? both : first);
        if (command && *words_taken <= arguments->word_count)
            return command;
    }
    const char *names[64];
    size_t count = 0;
    for (const struct command *command = command_table; command->name && count < 63; command++)
        names[count++] = command->name;
    names[count] = NULL;
    const char *nearest = name_nearest(both, names);
    if (!nearest)
        nearest = name_nearest(first, names);
    if (is_family(first) && arguments->word_count == 1)
        (void)error_set(error, ERROR_USAGE,
                        "%s: needs a second word" ERROR_ADVICE "`pressroom --help` lists `%s …`",
                        both, first);
    else if (nearest)
        (void)error_set(error, ERROR_USAGE, "%s: no such command" ERROR_ADVICE "did you mean `%s`?",
                        both, nearest);
    else
        (void)error_set(error, ERROR_USAGE,
                        "%s: no such command" ERROR_ADVICE "`pressroom --help` lists them", both);
    return NULL;
}

static void print_options(const struct option *options)
{
    for (const struct option *option = options; option && option->name; option++) {
        char left[64];
        char letter[8] = "    ";
        if (option->letter)
            (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
        (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
                       option->value_name ? " " : "", option->value_name ? option->value_name : "");
        terminal_print("  %-26s %s\n", left, option->help);
    }
}

void command_print_overview(void)
{
    terminal_print(
        "Usage: pressroom [-C NEWSROOM] [--json] [-v|-q] COMMAND\n\n"
        "A press release dropped in a folder becomes newsroom pages, feeds and mail.\n\n");
    for (const struct command *command = command_table; command->name; command++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%s %s", command->name, command->parameters);
        terminal_print("  %s%*s %s\n", left, 34 - (int)utf8_length(left), "", command->summary);
    }
    terminal_print("\nOptions:\n");
    print_options(command_shared_options);
    terminal_print(
        "\n`pressroom COMMAND --help` tells more about one command.\n"
        "Exit codes: 0 all well; 1 something was refused or failed; 2 the command or the configuration\n"
        "cannot be used.\n");
}

void command_print_help(const struct command *command)
{
    terminal_print("Usage: pressroom %s%s%s\n\n%c%s.\n", command->name,
                   *command->parameters ? " " : "", command->parameters,
                   command->summary[0] >= 'a' && command->summary[0] <= 'z'
                       ? command->summary[0] - 'a' + 'A'
                       : command->summary[0],
                   command->summary + 1);
    if (command->help)
        terminal_print("\n%s", command->help);
    terminal_print("\nOptions:\n");
    print_options(command->options);
    print_options(command_shared_options);
}
