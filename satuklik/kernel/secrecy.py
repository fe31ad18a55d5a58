"""Keep secrets of a process out of files: no core, no debugger of another user, no swapped pages."""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4
MCL_CURRENT, MCL_FUTURE = 1, 2


def forbid_dumps() -> bool:
    """From now on a crash leaves no core and other processes of this user cannot read this one's memory (Linux;
    root still can). True where the kernel agreed. Children inherit the limit, not the flag: each calls it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)


def lock_memory() -> bool:
    """Ask that no page of this process is written to swap. False where the limit (RLIMIT_MEMLOCK) forbids it."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None, use_errno=True).mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
