"""``onrecord``: the one command, from the first instant to the exit status.

Exit status: 0 done, 1 the work failed or is incomplete, 2 wrong usage, 75 (``EX_TEMPFAIL``) the database's
server or the evidence store is away. A person's mistake is one line on standard error; only a fault of ours
is a traceback. The commands are loaded inside, so that Ctrl-C while they load ends with a line too.
"""

import os
import stat
import sys
import threading


def main() -> None:
    """Run the command line; every expected fault ends as one line and a status."""
    if "ONRECORD_JOB" in os.environ and stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_scheduler, daemon=True).start()
    try:
        status = _run()
    except (KeyboardInterrupt, BrokenPipeError):
        status = _told("stopped; what was finished is kept, repeat the command to go on", 1)
    sys.exit(status)


def _run() -> int:
    from typer.exceptions import Abort, TyperException

    from onrecord.application import app
    from storage.errors import OnRecordError

    try:
        return int(app(standalone_mode=False) or 0)
    except TyperException as error:
        return _told(_with_help(error), error.exit_code)
    except OnRecordError as error:
        return _told(str(error), _status(error))
    except Abort:
        return _told("stopped at a question; nothing was done", 1)
    except BrokenPipeError:
        raise
    except Exception as error:
        from onrecord.disks import refusal

        if (line := refusal(error)) is None:
            raise
        return _told(line, 1)


def _status(error: Exception) -> int:
    from storage.errors import EvidenceAway, ServerAway, UsageMistake

    if isinstance(error, UsageMistake):
        return 2
    return os.EX_TEMPFAIL if isinstance(error, ServerAway | EvidenceAway) else 1


def _end_with_scheduler() -> None:
    """A job whose scheduler was killed is another's soon; two crawls of a site would be no politeness."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _with_help(error: Exception) -> str:
    """What is wrong with the call and where to read on; the help itself where the call said nothing."""
    message = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    if context is None or "\n" in message:
        return str(message)
    return f"{message.rstrip('.')}; see `{context.command_path} --help`"


def _told(line: str, status: int) -> int:
    sys.stderr.write(f"{line}\n" if "\n" in line else f"onrecord: {line}\n")
    return status
