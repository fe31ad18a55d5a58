"""What the sandboxed process gives up before it reads the first hostile byte: root, network, files, new processes.

Each lock is the kernel's own. Where a kernel or a container lacks one the others stand (docs/adr/0026).
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

SANDBOX_ID = 65533
"""User and group of the process where it was started as root: nobody's, also not "nobody"'s."""
MEMORY = 384 * 1024 * 1024
"""Bytes of address space on top of what the libraries take."""
MOST_KEPT = 96 * 1024 * 1024
OPEN_FILES = 256
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# What Python and Typst need once they are loaded. Everything else fails with EPERM: no sockets, no new processes or
# threads, no programs, no tracing, nothing that changes a file's name, mode or owner.
_CALLS = (
    "read", "readv", "pread64", "write", "writev", "close", "lseek", "fstat", "newfstatat", "statx", "stat", "lstat",
    "readlink", "readlinkat", "access", "faccessat", "faccessat2", "getcwd", "getdents64", "fcntl", "ioctl", "dup",
    "mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "membarrier", "ftruncate",
    "futex", "sched_yield", "sched_getaffinity", "set_robust_list", "rseq", "restart_syscall",
    "poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_ctl", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
    "gettimeofday", "time", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getrandom",
    "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "times", "uname", "sysinfo",
    "prlimit64", "setrlimit", "getrlimit", "tgkill", "exit", "exit_group",
)  # fmt: skip
_MAY_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ALLOW, _REFUSE_EPERM, _MASKED_EQUAL, _ALL_THREADS = 0x7FFF0000, 0x00050000 | 1, 7, 4
# Landlock: what a rule set takes away unless a rule gives it back (linux/landlock.h, version 1).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EVERY_ACCESS, _READ_FILE, _READ_FOLDER = (1 << 13) - 1, 1 << 2, 1 << 3
_SYSTEM_FILES = ("/usr/share/zoneinfo", "/etc/localtime")


class _Comparison(ctypes.Structure):
    """libseccomp's scmp_arg_cmp."""

    _fields_ = [
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    ]


class Jail:
    """Closes in two steps around the start of Typst's threads, which inherit the first. `holds`: what the kernel
    granted."""

    def __init__(self) -> None:
        self.holds: list[str] = []
        self._resident = 0
        self._libc = ctypes.CDLL(None, use_errno=True)
        # Opened now: later the process may not.
        self._size = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._seccomp = _library("libseccomp.so.2")

    def drop(self, readable: Iterable[str]) -> None:
        """While the process has one thread: no network, no root, no privilege ever again, no files but Python's."""
        root = os.geteuid() == 0
        # Root may leave the network at once, others with a user namespace of their own, where the system lets them.
        self._note(
            "network", self._libc.unshare(_CLONE_NEWNET if root else _CLONE_NEWUSER | _CLONE_NEWNET) == 0
        )
        if root:
            os.setgroups([])
            os.setresgid(SANDBOX_ID, SANDBOX_ID, SANDBOX_ID)
            os.setresuid(SANDBOX_ID, SANDBOX_ID, SANDBOX_ID)
        self._note("no_root", os.geteuid() != 0)
        self._note("no_new_privileges", self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        self._note("not_dumpable", self._libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
        self._note("files", _landlock(self._libc, [*readable, *_SYSTEM_FILES]))

    def lock(self) -> None:
        """Once everything is loaded and started: memory, new processes, system calls."""
        limit_memory(int(os.pread(self._size, 200, 0).split()[0]))
        self._resident = self.resident()
        self._note("limits", True)
        self._note("system_calls", self._seccomp is not None and _filter_calls(self._seccomp))

    def resident(self) -> int:
        """Bytes of real memory that the process takes now."""
        return int(os.pread(self._size, 200, 0).split()[1]) * resource.getpagesize()

    def grown(self) -> bool:
        """Whether it keeps much more than when it was closed."""
        return self.resident() > self._resident + MOST_KEPT

    def _note(self, what: str, granted: bool) -> None:
        if granted:
            self.holds.append(what)


def limit_memory(pages: int) -> None:
    """The limits of the kernel for a process whose address space has so many pages now."""
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))


def python_folders(project: Path) -> list[str]:
    """Where Python and this program lie: the only folders that the process may read."""
    return [str(project / "satuklik"), sys.prefix, sys.base_prefix, *(path for path in sys.path if path)]


def _landlock(libc: ctypes.CDLL, readable: list[str]) -> bool:
    """Nothing in the file system but reading below `readable` (kernel 5.13 and later)."""
    attributes = ctypes.create_string_buffer(struct.pack("Q", _EVERY_ACCESS))
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    try:
        for path in dict.fromkeys(readable):
            _let_read(libc, rules, path)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _let_read(libc: ctypes.CDLL, rules: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        access = _READ_FILE | (_READ_FOLDER if Path(path).is_dir() else 0)
        rule = ctypes.create_string_buffer(struct.pack("=Qi", access, place))
        libc.syscall(_ADD_RULE, rules, 1, rule, 0)
    finally:
        os.close(place)


def _library(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _filter_calls(seccomp: ctypes.CDLL) -> bool:
    """Only the calls of `_CALLS`, and opening for reading: by libseccomp, which knows their numbers on each machine."""
    seccomp.seccomp_init.restype = ctypes.c_void_p
    filter_ = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(_REFUSE_EPERM)))
    if not filter_:
        return False
    for name in _CALLS:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            seccomp.seccomp_rule_add_array(filter_, ctypes.c_uint32(_ALLOW), number, 0, None)
    for name, argument in (("open", 1), ("openat", 2)):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            for_reading = _Comparison(argument, _MASKED_EQUAL, _MAY_WRITE, 0)
            seccomp.seccomp_rule_add_array(
                filter_, ctypes.c_uint32(_ALLOW), number, 1, ctypes.byref(for_reading)
            )
    # Typst's threads too.
    seccomp.seccomp_attr_set(filter_, _ALL_THREADS, ctypes.c_uint32(1))
    loaded = seccomp.seccomp_load(filter_) == 0
    seccomp.seccomp_release(filter_)
    return bool(loaded)
