/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"

#include <string.h>

static const struct option *table_find(const struct option *table, const char *name, size_t length)
{
    for (const struct option *option = table; option && option->name; option++)
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    return NULL;
}

static const struct option *table_find_letter(const struct option *table, char letter)
{
    for (const struct option *option = table; option && option->name; option++)
        if (option->letter == letter)
            return option;
    return NULL;
}

/* The command's own come before the shared ones. */
static const struct option *tables_find(const struct option *const tables[2], const char *name,
                                        size_t length)
{
    const struct option *option = table_find(tables[0], name, length);
    return option ? option : table_find(tables[1], name, length);
}

static const struct option *tables_find_letter(const struct option *const tables[2], char letter)
{
    const struct option *option = table_find_letter(tables[0], letter);
    return option ? option : table_find_letter(tables[1], letter);
}

static bool unknown_option(struct arena *arena, const char *word,
                           const struct option *const tables[2], struct error *error)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < 2; i++)
        for (const struct option *option = tables[i]; option && option->name && count < 62;
             option++)
            names[count++] = option->name;
    names[count] = NULL;
    const char *bare = word + strspn(word, "-");
    const char *nearest = name_nearest(arena_copy_bytes(arena, bare, strcspn(bare, "=")), names);
    if (nearest)
        return error_set(error, ERROR_USAGE, "%s: no such option" ERROR_ADVICE "did you mean --%s?",
                         word, nearest);
    return error_set(error, ERROR_USAGE, "%s: no such option" ERROR_ADVICE "--help lists them",
                     word);
}

static void append_option(struct arena *arena, struct arguments *arguments,
                          const struct option *option, const char *value)
{
    struct argument_option *item = arena_allocate(arena, sizeof *item);
    item->option = option;
    item->value = value;
    *arguments->options_end = item;
    arguments->options_end = &item->next;
}

/* "-vq" is "-v -q": the word's letters, as long as they are switches. False: an option with a
 * value, or none that is known. */
static bool take_switches(struct arena *arena, const char *letters,
                          const struct option *const tables[2], struct arguments *arguments)
{
    for (const char *letter = letters; *letter; letter++) {
        const struct option *option = tables_find_letter(tables, *letter);
        if (!option || option->value_name)
            return false;
    }
    for (const char *letter = letters; *letter; letter++)
        append_option(arena, arguments, tables_find_letter(tables, *letter), "");
    return true;
}

/* "--name" or "--name=value", "-C" or "-CDIR"; NULL: not known. *value NULL: not in this word. */
static const struct option *find_option(const struct option *const tables[2], const char *word,
                                        const char **value)
{
    bool is_long = word[1] == '-';
    const char *name = is_long ? word + 2 : word + 1;
    size_t length = is_long ? strcspn(name, "=") : 1;
    *value = name[length] == '=' ? name + length + 1 : NULL;
    if (!is_long && name[1])
        *value = name + 1;
    return is_long ? tables_find(tables, name, length) : tables_find_letter(tables, *name);
}

/* The part of the command line that is still to be read. */
struct reading {
    struct arena *arena;
    char **argv; /* the next word */
    char **end;
    const struct option *const *tables;
    struct arguments *arguments;
};

/* Takes the option at the present word, and its value. */
static bool take_option(struct reading *reading, struct error *error)
{
    struct arena *arena = reading->arena;
    const char *word = *reading->argv++;
    const char *value = NULL;
    if (word[1] != '-' && take_switches(arena, word + 1, reading->tables, reading->arguments))
        return true;
    const struct option *option = find_option(reading->tables, word, &value);
    if (!option)
        return unknown_option(arena, word, reading->tables, error);
    if (!option->value_name && value && word[1] == '-')
        return error_set(error, ERROR_USAGE, "%s: takes no value", word); /* "--quiet=yes" */
    if (!option->value_name && value)
        return unknown_option(arena, word, reading->tables, error); /* "-vx" */
    if (option->value_name && !value) {
        if (reading->argv == reading->end)
            return error_set(error, ERROR_USAGE, "%s: needs a value: %s", word, option->value_name);
        value = *reading->argv++;
    }
    append_option(arena, reading->arguments, option, value ? value : "");
    return true;
}

bool arguments_parse(struct arena *arena, int count, char **argv,
                     const struct option *const tables[2], struct arguments *arguments,
                     struct error *error)
{
    struct reading reading = { arena, argv, argv + count, tables, arguments };
    bool only_words = false;
    *arguments = (struct arguments){ .options_end = &arguments->options };
    arguments->words = arena_allocate_array(arena, (size_t)count + 1, sizeof *arguments->words);
    while (reading.argv < reading.end) {
        const char *word = *reading.argv;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            reading.argv++;
        } else if (only_words || word[0] != '-' || word[1] == '\0') {
            arguments->words[arguments->word_count++] = word;
            reading.argv++;
        } else if (!take_option(&reading, error)) {
            return false;
        }
    }
    return true;
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    const char *value = NULL;
    for (const struct argument_option *item = arguments->options; item; item = item->next)
        if (strcmp(item->option->name, name) == 0)
            value = item->value;
    return value;
}

bool arguments_have(const struct arguments *arguments, const char *name)
{
    return arguments_value(arguments, name) != NULL;
}

const char *arguments_next_value(const struct arguments *arguments, const char *name,
                                 const struct argument_option **position)
{
    const struct argument_option *item = *position ? (*position)->next : arguments->options;
    for (; item; item = item->next) {
        if (strcmp(item->option->name, name) == 0) {
            *position = item;
            return item->value;
        }
    }
    return NULL;
}
