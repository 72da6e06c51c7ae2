/* SPDX-License-Identifier: MIT */
#include "confined/process.h"

#include "base/error.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

/* What no server of ours does, and who has taken one over would: become or start another program,
 * reach others over the network, look into other processes or end them, change what they see of
 * the machine, load code into the kernel. By EPERM and not by death: libraries try some of it and
 * can do without. */
static const int refused[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
#ifndef PRESSROOM_SANITIZED
    SCMP_SYS(ptrace), /* LeakSanitizer's at the end */
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
#endif
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(memfd_create),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(personality),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(quotactl),
};

/* Datagrams to an address and signals to other processes are refused; answering on accepted
 * connections needs neither. */
static bool keep_to_itself(scmp_filter_ctx filter)
{
    const unsigned no = SCMP_ACT_ERRNO(EPERM);
    const struct scmp_arg_cmp addressed = SCMP_A4(SCMP_CMP_NE, 0, 0);
    bool done = seccomp_rule_add(filter, no, SCMP_SYS(sendto), 1, addressed) == 0;
#ifndef PRESSROOM_SANITIZED
    const struct scmp_arg_cmp other = SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid(), 0);
    done = done && seccomp_rule_add(filter, no, SCMP_SYS(tgkill), 1, other) == 0;
#endif
    return done;
}

static bool add_rules(scmp_filter_ctx filter)
{
    const unsigned no = SCMP_ACT_ERRNO(EPERM);
    bool done = keep_to_itself(filter);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        done = done && seccomp_rule_add(filter, no, refused[i], 0) == 0;
    const struct scmp_arg_cmp executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC);
    done = done && seccomp_rule_add(filter, no, SCMP_SYS(mmap), 1, executable) == 0 &&
           seccomp_rule_add(filter, no, SCMP_SYS(mprotect), 1, executable) == 0 &&
           seccomp_rule_add(filter, no, SCMP_SYS(pkey_mprotect), 1, executable) == 0;
    /* Its flags lie in memory, where a filter cannot see them; the C library then uses clone, whose
     * threads stay. */
    const struct scmp_arg_cmp no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
#ifndef PRESSROOM_SANITIZED /* LeakSanitizer looks at the end, from a process of its own */
    done = done && seccomp_rule_add(filter, no, SCMP_SYS(clone), 1, no_thread) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
#else
    (void)no_thread;
#endif
    return done;
}

bool confined_harden(struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool done = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) == 0 &&
                seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && add_rules(filter) &&
                seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    if (done)
        fault_hardened();
    return done || error_set(error, ERROR_USAGE,
                             "this kernel cannot confine a process (seccomp)" ERROR_ADVICE
                             "strangers are not "
                             "answered without");
}
