/* confine.c - what a systemd unit lets a service do, without systemd: run a
 * program under the unit's system call filter.
 *
 *     confine NAMES PROGRAM ARGUMENT...
 *
 * NAMES is a file of system call names, one a line, that are allowed; all
 * others fail with EPERM (SystemCallErrorNumber=EPERM).  Beside it stand
 * MemoryDenyWriteExecute=, RestrictNamespaces=, RestrictAddressFamilies= of
 * inet and unix, NoNewPrivileges= and an empty capability set. */
#include <errno.h>
#include <glib.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAMESPACES                                                             \
    (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |               \
     CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP)

/* Names of other architectures are not known here, and not needed. */
static int
allow_names(scmp_filter_ctx f, const char *path)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) names = NULL;
    int allowed = 0;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    names = g_strsplit(text, "\n", -1);
    for (char **n = names; *n; n++) {
        int call = seccomp_syscall_resolve_name(*n);

        if (**n == '\0' || call < 0 || strcmp(*n, "socket") == 0 ||
            strcmp(*n, "mmap") == 0 || strcmp(*n, "mprotect") == 0 ||
            strcmp(*n, "clone") == 0 || strcmp(*n, "clone3") == 0)
            continue;
        if (seccomp_rule_add(f, SCMP_ACT_ALLOW, call, 0) == 0)
            allowed++;
    }
    return allowed;
}

/* Those that the unit allows in part.  clone3 hides its flags: systemd lets
 * glibc fall back to clone. */
static int
allow_in_part(scmp_filter_ctx f)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6};
    int rc = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        rc |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                               SCMP_A0(SCMP_CMP_EQ, (guint64)families[i]));
    rc |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                           SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rc |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                           SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rc |= seccomp_rule_add(
        f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC));
    rc |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                           SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES, 0));
    rc |= seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return rc;
}

int
main(int argc, char **argv)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));

    if (argc < 3 || !f || allow_names(f, argv[1]) < 100 || allow_in_part(f)) {
        fprintf(stderr, "confine: cannot make the filter\n");
        return 70;
    }
    for (int capability = 0; capability < 64; capability++)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || seccomp_load(f)) {
        perror("confine");
        return 70;
    }
    seccomp_release(f);
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 71;
}
