/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "delivery/announce.h"
#include "delivery/deliver.h"
#include "digest/digest.h"
#include "intake/intake.h"
#include "mail/mail.h"
#include "proofreading/proofreading.h"
#include "publish/publish.h"
#include "receipt/receipt.h"
#include "release/newsroom.h"
#include "status_page/status_page.h"

struct arena;
struct clock;
struct database;
struct error;
struct feed;
struct error_list;
struct language_words;
struct mail_phrases;
struct strings;
struct template_set;

/* newsroom.yaml, feeds/, topics/, templates and strings of one newsroom, read, defaulted and
 * checked, as one settings struct a module. Keys of stages that are not built
 * yet are read and checked all the same. */

/* Of the relay, besides what deliver_settings say. */
struct config_relay {
    const char *password_file; /* absolute; read when it is needed, never here; NULL */
    bool is_on_this_machine;   /* its host is 127.0.0.0/8, [::1] or localhost */
};

struct config_inbox {
    const char *url; /* imaps://…, pop3s://…, maildir:PATH, mbox:PATH; NULL: not collected */
    const char *password_file; /* absolute; NULL */
    const char *address;       /* of the mailbox, as far as its user names one; NULL: not known */
};

struct config_serve {
    const char *listen;  /* "127.0.0.1:8080" */
    const char *metrics; /* "127.0.0.1:9090"; NULL: none */
    const struct feed_name *trusted_proxies;
};

/* A file of texts of the newsroom's own. */
struct config_own_language {
    const char *tag;
    const char *file;            /* "templates/languages/fi/strings.yaml" */
    bool is_shipped;             /* we have the language too: what the file lacks is in it */
    const struct strings *texts; /* what it stands over: config's strings or notes */
    const char *other_values; /* "“nav_front” has “{publisher}”": where its values are not those
                                 of ours, the first few; NULL: nowhere */
    size_t other_values_count;
    struct config_own_language *next;
};

struct config {
    const char *directory;    /* the newsroom, as given */
    struct newsroom newsroom; /* tag_authority and tag_date after config_complete() */
    const struct feed *feeds;
    struct language_words *words;              /* ours: what intake borrows */
    struct mail_phrases *phrases;              /* ours: what delivery and inbound borrow */
    struct intake_reader *reader;              /* ours: what intake borrows */
    struct strings *notes;                     /* ours: what intake says to press officers */
    struct config_own_language *own_languages; /* the last read first */
    struct proofreading_settings proofreading;
    struct intake_settings intake; /* directories are -1: whoever runs intake opens them */
    struct publish_settings publish;
    struct template_set *templates; /* ours: what publish and resources borrow */
    struct mail_settings mail;      /* list_id after config_complete() */
    struct mail_resources resources;
    struct message_source_settings message_source;
    struct announce_settings announce;
    struct digest_settings digest;
    struct receipt_settings receipt;
    struct deliver_settings deliver; /* as far as newsroom.yaml says it: password, certificates and
                                        what a run adds are the caller's */
    struct status_page_settings status_page;
    struct config_relay relay;
    struct config_inbox inbox;
    struct config_serve serve;
    const char *list_id_wanted; /* mail.list_id, or made of site.url */
    const char *releases_path;
    const char *public_path;
    const char *state_path;
    const char *database_path;
};

/* Reads all of a newsroom into *config, which must stay where it is: its parts point at each other.
 * share_directory: where feeds/ and templates/ of the program lie.
 * program: "pressroom 0.1.0". Every problem there is goes into *problems ("newsroom.yaml:3: …"),
 * which holds the arena; false where there is one, or where directory holds no newsroom.yaml.
 * Strings live in the arena; config_release() frees the rest, also after false. */
bool config_load(struct config *config, const char *directory, const char *share_directory,
                 const char *program, struct error_list *problems)
    __attribute__((warn_unused_result));

/* Frees formatters, templates, strings, words and the reader. Takes a config of all zeros. */
void config_release(struct config *config);

/* What mail programs and servers write, as the share folder has it, for who has no newsroom; read
 * with the first question. The caller frees; arena lives as long. */
struct mail_phrases *config_shipped_phrases(struct arena *arena, const char *share_directory);

/* Fills in what a newsroom keeps for ever once it is made: tag: authority and date, list_id
 * (newsroom_value_once). For a database that may only be read, the values that would be made. */
bool config_complete(struct config *config, struct database *database, struct arena *arena,
                     const struct clock *clock, struct error *error)
    __attribute__((warn_unused_result));

/* What `pressroom init` was told. */
struct config_new_newsroom {
    const char *name;
    const char *url;
    const char *from;
    const char *language; /* NULL: da */
    bool has_texts; /* set by config_make_newsroom(): pages and mails are in it, not in English */
};

/* "\"Region Nordhav\" <presse@nordhav.example>" of such a name and https://presse.nordhav.example/,
 * for who says nothing of mail.from, in arena; NULL and ERROR_USAGE where the host is no domain, or
 * the address is none. */
const char *config_likely_from(struct arena *arena, const char *name, const char *url,
                               struct error *error);

/* Makes a newsroom in directory, which may exist but must not hold a newsroom.yaml: newsroom.yaml
 * from the template templates/newsroom.yaml of share_directory, feeds/ copied from the
 * language's there, releases/, topics/, templates/, public/ and state/ (0700). ERROR_INPUT for a
 * value that newsroom.yaml would refuse, and nothing is made. */
bool config_make_newsroom(const char *directory, const char *share_directory,
                          struct config_new_newsroom *values, struct error *error)
    __attribute__((warn_unused_result));

#endif
