# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The project in a Git repository, through the command C(git): cloned for a run, and what the run wrote pushed back."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret

# Seconds; a push through hooks on a busy server takes its time.
_LONGEST = 300
# Helpers of the machine are forgotten first: an empty value clears the list. git runs this one in a shell of its own, which
# finds the password in its environment; an argument list would show it to every user of the machine.
_CREDENTIAL_HELPER = '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$WORKIVA_GIT_USERNAME" "$WORKIVA_GIT_PASSWORD"; }; f'


class RepositoryTrouble(WorkivaError):
    """git could not do what was asked; the text holds the output of git and of the server."""


class PushRefused(RepositoryTrouble):
    """The server took the connection and did not take the commits."""


@dataclass(frozen=True)
class Remote:
    """Where the repository is, and how this run may get in.

    :param url: C(https://), C(ssh://), C(git@HOST:PATH), C(file://) or a path; it holds no password or token.
    :param ca_path: Authorities to trust besides the system's, for C(https://).
    """

    url: str
    branch: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    key_file: str | None = None
    known_hosts: str | None = None
    ca_path: str | None = None

    def __post_init__(self) -> None:
        register_secret(self.password)
        # git takes NAME::ADDRESS for a transport of that name, which may be a command (ext::sh -c ...).
        if "::" in self.url or not self.url.isprintable():
            raise InvalidArgument(
                "The address of the repository contains :: or a character that cannot be seen, with which "
                "git could run a command. Use https://, ssh://, HOST:PATH, file:// or a path, with a host "
                "name for an IPv6 address."
            )
        try:
            parts = urlsplit(self.url) if "://" in self.url else None
        except ValueError:
            raise InvalidArgument("The address of the repository is malformed.") from None
        if self.url.startswith("-") or self.branch.startswith("-") or not self.branch:
            raise InvalidArgument("url and branch must be the address and the branch of a Git repository.")
        # With https, a server may take a token in the place of the user's name.
        if parts and (parts.password is not None or (parts.scheme == "https" and parts.username is not None)):
            raise InvalidArgument(
                "The address of the repository holds a user name, a password or a token. "
                "Give them as the options username and password."
            )
        if not re.search("[/:]", self.url) or (parts and parts.scheme not in ("https", "ssh", "file")):
            raise InvalidArgument("The address of the repository must be https://, ssh://, HOST:PATH or file://.")

    def environment(self) -> dict[str, str]:
        """What git is given by its environment, which other users cannot read, and never by its arguments.

        The settings of the machine and of its user are not read, so that the same run does the same everywhere. A login,
        authorities and SSH keys come in by the options. A proxy comes from HTTPS_PROXY, and ~/.ssh/config still holds.
        """
        settings = [
            ("core.hooksPath", os.devnull),
            # Their defaults are files of the user that are read without any setting.
            ("core.attributesFile", os.devnull),
            ("core.excludesFile", os.devnull),
            ("core.autocrlf", "false"),
            ("core.fsmonitor", "false"),
            ("commit.gpgSign", "false"),
            ("push.gpgSign", "false"),
            ("submodule.recurse", "false"),
            ("http.sslVerify", "true"),
            ("http.followRedirects", "false"),
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        if self.password:
            settings += [("credential.helper", ""), ("credential.helper", _CREDENTIAL_HELPER)]
            environment["WORKIVA_GIT_USERNAME"] = self.username or "git"
            environment["WORKIVA_GIT_PASSWORD"] = self.password
        if self.ca_path:
            settings.append(("http.sslCAInfo", self.ca_path))
        environment["GIT_ALLOW_PROTOCOL"] = "https:ssh:file"
        environment["GIT_CONFIG_GLOBAL"] = environment["GIT_CONFIG_SYSTEM"] = os.devnull
        environment["GIT_CONFIG_NOSYSTEM"] = environment["GIT_ATTR_NOSYSTEM"] = "1"
        environment["GIT_TEMPLATE_DIR"] = ""
        # Empty, so that SSH_ASKPASS opens no window.
        environment["GIT_ASKPASS"] = ""
        environment["GIT_CONFIG_COUNT"] = str(len(settings))
        for number, (name, value) in enumerate(settings):
            environment[f"GIT_CONFIG_KEY_{number}"] = name
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        ssh = ["ssh", "-o", "BatchMode=yes"]
        if self.key_file:
            ssh += ["-i", _quoted(self.key_file), "-o", "IdentitiesOnly=yes"]
        if self.known_hosts:
            ssh += ["-o", _quoted(f"UserKnownHostsFile={self.known_hosts}"), "-o", "StrictHostKeyChecking=yes"]
        environment["GIT_SSH_COMMAND"] = " ".join(ssh)
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["LC_ALL"] = "C"
        return environment


class Clone:
    """One working copy of the repository, which belongs to this run alone."""

    def __init__(self, remote: Remote, path: str, author: tuple[str, str]) -> None:
        self.remote = remote
        self.path = path
        self._environment = remote.environment()
        for role in ("AUTHOR", "COMMITTER"):
            self._environment[f"GIT_{role}_NAME"], self._environment[f"GIT_{role}_EMAIL"] = author

    def clone(self) -> None:
        """Fetches the branch into the folder, which must be empty or missing. Raises L(RepositoryTrouble)."""
        words = (
            "clone",
            "--quiet",
            "--single-branch",
            "--no-recurse-submodules",
            "--origin",
            "origin",
            "--branch",
            self.remote.branch,
            "--",
            self.remote.url,
            self.path,
        )
        self._run(*words, doing=f"clone the branch {self.remote.branch} of", in_clone=False)

    def check_push(self) -> None:
        """Whether this run may push, asked without pushing; what a hook of the server thinks shows only later."""
        self._run("push", "--quiet", "--dry-run", "origin", f"HEAD:{self._ref}", doing="test a push to")

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return self._run("rev-parse", "HEAD", doing="read").decode().strip()

    def names(self, commit: str, *paths: str) -> list[str]:
        """The files below these paths that a commit has."""
        listed = self._run("ls-tree", "-r", "-z", "--name-only", commit, "--", *paths, doing="read")
        return [name for name in listed.decode("utf-8").split("\0") if name]

    def files(self, commit: str, *paths: str) -> dict[str, bytes]:
        """The content of every file below these paths, by path, as a commit has it; all of them by one process."""
        names = self.names(commit, *paths)
        asked = "".join(f"{commit}:{name}\n" for name in names).encode("utf-8")
        output = self._run("cat-file", "--batch", doing="read", sent=asked)
        found: dict[str, bytes] = {}
        place = 0
        for name in names:
            # A line with the object's name, its kind and its size in bytes; the content; a line break.
            begin = output.index(b"\n", place) + 1
            end = begin + int(output[place:begin].split()[-1])
            found[name] = output[begin:end]
            place = end + 1
        return found

    def ignores(self, path: str) -> bool:
        """Whether a C(.gitignore) keeps a path out of the repository."""
        try:
            self._run("check-ignore", "--quiet", "--no-index", "--", path, doing="read")
        except RepositoryTrouble:
            return False
        return True

    def commit(self, message: str, *paths: str) -> str | None:
        """Commits what differs below these paths; None where nothing does."""
        self._run("add", "--all", "--ignore-errors", "--", *paths, doing="commit to")
        if not self._run("diff", "--cached", "--name-only", doing="commit to"):
            return None
        self._run("commit", "--quiet", "--message", message, doing="commit to")
        return self.head

    def push(self, branch: str | None = None) -> None:
        """Raises L(PushRefused)."""
        ref = f"refs/heads/{branch}" if branch else self._ref
        try:
            self._run(
                "push",
                "--quiet",
                "origin",
                f"HEAD:{ref}",
                doing=f"push to the branch {branch or self.remote.branch} of",
            )
        except RepositoryTrouble as error:
            raise PushRefused(str(error)) from None

    def fetch(self) -> str:
        """The commit of the server's branch now."""
        self._run("fetch", "--quiet", "origin", self._ref, doing="fetch from")
        return self._run("rev-parse", "FETCH_HEAD", doing="read").decode().strip()

    def check_out(self, commit: str) -> None:
        """Moves the working copy to a commit; what was committed before stays in the clone."""
        self._run("reset", "--quiet", "--hard", commit, doing="move")

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self.remote.branch}"

    def _run(self, *words: str, doing: str, in_clone: bool = True, sent: bytes = b"") -> bytes:
        command = ["git", *words]
        failed = f"Tried to {doing} the repository {safe_text(self.remote.url)}"
        try:
            done = subprocess.run(  # noqa: S603 - a list, without a shell; the address was looked at
                command,
                cwd=self.path if in_clone else None,
                env=self._environment,
                input=sent,
                capture_output=True,
                timeout=_LONGEST,
                check=False,
            )
        except FileNotFoundError:
            raise RepositoryTrouble(
                f"{failed}: the command git was not found. Install it on the machine that runs Ansible."
            ) from None
        except subprocess.TimeoutExpired:
            raise RepositoryTrouble(f"{failed}: no answer within {_LONGEST} seconds.") from None
        if done.returncode:
            raise RepositoryTrouble(
                f"{failed}. git said: {_shorten_output(done.stderr.decode('utf-8', 'replace').splitlines())}"
            )
        return done.stdout


def _shorten_output(lines: Sequence[str]) -> str:
    """The output of git in one line, without its advice."""
    kept = [re.sub(r"^(remote|error|fatal):\s*", "", line).strip() for line in lines if not line.startswith("hint:")]
    return safe_text("; ".join(line.rstrip(".") for line in kept if line), limit=600) or "nothing"


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
