/* SPDX-License-Identifier: MIT */
#include "confined/process.h"

#include "base/error.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What computing needs, and what speaking over an open socket does. Everything else is refused by
 * EPERM and not by death: libraries ask for much that they can do without (sysinfo,
 * sched_getaffinity, prctl). No newfstatat, which the C library makes of fstat(): it takes paths.
 */
static const int allowed[] = {
    SCMP_SYS(read),        SCMP_SYS(write),           SCMP_SYS(readv),
    SCMP_SYS(writev),      SCMP_SYS(pread64),         SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),     SCMP_SYS(sendto),          SCMP_SYS(recvfrom),
    SCMP_SYS(close),       SCMP_SYS(fstat),           SCMP_SYS(lseek),
    SCMP_SYS(munmap),      SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(brk),         SCMP_SYS(futex),           SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),        SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),        SCMP_SYS(exit_group),      SCMP_SYS(getpid),
    SCMP_SYS(gettid),      SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday),
    SCMP_SYS(sched_yield), SCMP_SYS(restart_syscall),
#ifdef PRESSROOM_SANITIZED
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),    SCMP_SYS(sched_getaffinity),
#endif
};

static bool add_rules(scmp_filter_ctx filter, bool has_threads)
{
    bool done = true;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    done = done &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0;
    /* Its flags lie in memory, where a filter cannot see them; the C library then uses clone. */
    done = done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    const struct scmp_arg_cmp is_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    if (has_threads)
        done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, is_thread) == 0;
    return done;
}

static bool export_program(scmp_filter_ctx filter, struct sock_fprog *program)
{
    struct stat status;
    int file = memfd_create("filter", MFD_CLOEXEC);
    bool done = file >= 0 && seccomp_export_bpf(filter, file) == 0 && fstat(file, &status) == 0;
    if (done) {
        size_t size = (size_t)status.st_size;
        program->len = (unsigned short)(size / sizeof *program->filter);
        program->filter = malloc(size);
        done = program->filter && pread(file, program->filter, size, 0) == (ssize_t)size;
    }
    if (file >= 0)
        (void)close(file);
    return done;
}

bool filter_make(bool has_threads, struct sock_fprog *program, struct error *error)
{
    *program = (struct sock_fprog){ .len = 0 };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool done = filter && add_rules(filter, has_threads) && export_program(filter, program);
    if (filter)
        seccomp_release(filter);
    return done || error_set(error, ERROR_USAGE,
                             "libseccomp cannot make a filter here" ERROR_ADVICE
                             "strangers' files are not read "
                             "without");
}

/* By prctl where a filter of the service manager knows that alone. */
bool filter_apply(const struct sock_fprog *program)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0 ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program) == 0;
}
