/* SPDX-License-Identifier: MIT */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/* Inside cli/ only: an option of a command. A table of them ends with a NULL name. */
struct option {
    const char *name;       /* without its hyphens */
    char letter;            /* short form; 0: none */
    const char *value_name; /* as help shows it; NULL: a switch */
    const char *help;
};

struct argument_option {
    const struct option *option;
    const char *value;
    struct argument_option *next;
};

/* A command line taken apart: options in their order, and all other words. Borrows from argv. */
struct arguments {
    const char **words;
    size_t word_count;
    struct argument_option *options;
    struct argument_option **options_end;
};

/* Options may stand anywhere; "--" ends them; "--name=value" and "--name value" both work. An
 * unknown option is ERROR_USAGE and names the nearest known one. Tables: the command's own (NULL:
 * none) and the one that all commands share. */
bool arguments_parse(struct arena *arena, int count, char **argv,
                     const struct option *const tables[2], struct arguments *arguments,
                     struct error *error);

bool arguments_have(const struct arguments *arguments, const char *name);

/* The last value given; NULL: not given. */
const char *arguments_value(const struct arguments *arguments, const char *name);

/* For options that repeat: start with *position NULL; the next value, NULL at the end. */
const char *arguments_next_value(const struct arguments *arguments, const char *name,
                                 const struct argument_option **position);

#endif
