/* SPDX-License-Identifier: MIT */
#include "confined/process.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DESCRIPTORS = 64 };

/* Never raises a limit. */
static bool lower(int resource, int64_t value)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0)
        return false;
    if (limit.rlim_max > (rlim_t)value) /* RLIM_INFINITY is the highest */
        limit.rlim_max = (rlim_t)value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

/* When the whole service is out of memory, the kernel is to kill the worker and not the service. */
static void go_first(void)
{
    static const char most[] = "1000";
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    (void)!write(file, most, strlen(most));
    (void)close(file);
}

bool limits_apply(const struct confined_limits *limits)
{
#ifdef PRESSROOM_SANITIZED
    const int64_t memory = (int64_t)RLIM_INFINITY; /* AddressSanitizer maps 20 TB, as data too */
    (void)limits;
#else
    const int64_t memory = limits->memory_bytes;
#endif
    go_first();
    return lower(RLIMIT_CORE, 0) && lower(RLIMIT_FSIZE, 0) && lower(RLIMIT_NOFILE, DESCRIPTORS) &&
           lower(RLIMIT_AS, memory) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}
