# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbooks cost in a large organization, beside a playbook of ansible.builtin.uri and beside what cannot be avoided.

Every figure is one run of ansible-playbook against the simulator. The ratios are what counts: the machine is whatever it is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from environment import BUILD, ROOT, core_environment, install_tarball, newest_core, run, simulator_environment

sys.path[:0] = [str(ROOT / "tools/bench"), str(ROOT / "roles/simulator/files")]
from figures import Row, compare, compare_commits, describe, find_growth  # noqa: E402 - found through the path above
from organization import VENDOR_LIMIT, Organization, Size  # noqa: E402 - found through the path above
from project import Cost, Project, measure  # noqa: E402 - found through the path above

HERE = ROOT / "tools/bench"
HOME = BUILD / "bench"
PARTS = ("ours", "opponent", "single", "slices")


class Bench:
    """The collection, installed from a tarball, and the rows of the table so far."""

    def __init__(self, size: Size, results: Path) -> None:
        self.ansible = core_environment(newest_core(), "requests", "cryptography", name="bench")
        self.collections = install_tarball(self.ansible, HOME / "collections")
        self._simulator = simulator_environment(Path(sys.executable)) / "bin/python"
        self._size = size
        self._results = results
        self.rows: list[Row] = []

    def organization(self, name: str) -> Organization:
        folder = HOME / name
        shutil.rmtree(folder, ignore_errors=True)
        return Organization(self._simulator, folder, self._size)

    def project(self, organization: Organization, count: int, collections: Path | None = None) -> Project:
        where = organization.folder / ("project" if collections is None else "project-before")
        name = "sync" if collections is None else "before"
        return Project(where, self.ansible, collections or self.collections, organization, count, name)

    def install(self, commit: str) -> Path:
        """The collection as it was at a commit."""
        tree = HOME / "before-tree"
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(tree)], input=archive, check=True)
        run("git", "init", "--quiet", cwd=tree)
        shutil.rmtree(HOME / "before-tarball", ignore_errors=True)
        galaxy = self.ansible / "bin/ansible-galaxy"
        run(galaxy, "collection", "build", "--output-path", HOME / "before-tarball", cwd=tree)
        (tarball,) = (HOME / "before-tarball").glob("*.tar.gz")
        where = HOME / "before"
        options = ("collection", "install", "--offline", "--force", tarball, "-p", where)
        run(galaxy, *options, env={"ANSIBLE_COLLECTIONS_PATH": str(where)})
        return where

    def add(self, who: str, count: int, latency: float, step: str, cost: Cost, floor: float | None = None) -> None:
        """One row, printed at once and written to the file: a run of hours must not be lost at its end."""
        row = {"who": who, "integrations": count, "latency_ms": round(latency * 1000), "step": step, **cost.as_json()}
        if floor is not None:
            row |= {"floor": round(floor, 2), "wall_by_floor": round(cost.wall / floor, 2)}
        self.rows.append(row)
        self.write()
        print(_line(row), flush=True)

    def write(self, **figures: list[Row]) -> None:
        """Writes the rows, and beside them what they say."""
        self._results.write_text(json.dumps({"runs": self.rows, **figures}, indent=1) + "\n")


def _line(row: Row) -> str:
    by_floor = f"{row['wall_by_floor']:6.2f}" if "wall_by_floor" in row else "      "
    return (
        f"{row['who']:9} {row['integrations']:5} {row['latency_ms']:4} ms {row['step']:10} "
        f"{row['wall']:8.1f} s {row['cpu']:7.2f} s {row['peak_mb']:4} MB {row['requests']:6} {row['tokens']:5} {row['limited']:4} {by_floor}"
        f"{'  ended before it was done' if 'stopped' in row else ''}"
    )


def _floor(project: Project, organization: Organization, latency: float, cost: Cost) -> float:
    """An empty playbook, and the requests at the vendor's limit: the last of them is answered after the latency."""
    empty = measure(
        [str(project.ansible / "bin/ansible-playbook"), str(HERE / "empty.yml")],
        project.folder,
        project.environment,
        organization,
    )
    return empty.wall + cost.requests.total() / VENDOR_LIMIT + latency


def ours(bench: Bench, count: int, latencies: list[float]) -> Iterator[tuple[Project, Organization]]:
    """The life of a project: at the first latency the first run too, at the others what is run every day."""
    organization = bench.organization(f"ours-{count}")
    try:
        project = bench.project(organization, count)
        organization.start(latencies[0])
        project.hand_over_administrator()
        bench.add("ours", count, latencies[0], "first", project.play("onboard"))
        bench.add("ours", count, latencies[0], "handover", project.hand_over_all())
        for latency in latencies:
            organization.start(latency)
            unchanged = project.play("onboard")
            floor = _floor(project, organization, latency, unchanged)
            bench.add("ours", count, latency, "unchanged", unchanged, floor)
            project.declare(0, "Viewer")
            bench.add("ours", count, latency, "one change", project.play("onboard"))
            project.declare(0)
            project.play("onboard", "-e", json.dumps({"workiva_only": [project.name(0)]}))
            bench.add("ours", count, latency, "verify", project.play("verify"))
        yield project, organization
    finally:
        organization.stop()


def opponent(bench: Bench, project: Project, organization: Organization, latency: float, limit: float) -> None:
    """The same job by hand, in the organization that the collection left: nothing is to be changed."""
    organization.start(latency)
    command = [str(bench.ansible / "bin/ansible-playbook"), "-e", f"@{project.by_hand()}", str(HERE / "opponent.yml")]
    measure([*command, "--tags", "vault_file"], project.folder, project.environment, organization)  # writes it
    bench.add(
        "by hand",
        project.count,
        latency,
        "unchanged",
        measure(command, project.folder, project.environment, organization, limit=limit),
    )


def single(bench: Bench, project: Project, organization: Organization, latency: float, limit: float) -> None:
    """A loop over the collection's own module: the users only."""
    organization.start(latency)
    playbook = str(HERE / "single_users.yml")
    command = [str(bench.ansible / "bin/ansible-playbook"), "-e", f"@{project.by_hand()}", playbook]
    bench.add(
        "one by one",
        project.count,
        latency,
        "users",
        measure(command, project.folder, project.environment, organization, limit=limit),
    )


def slices(bench: Bench, project: Project, organization: Organization, latency: float) -> None:
    """Two runs at once on one project, each limited to a half of the integrations, as two slices of a job."""
    organization.start(latency)
    for step, cost in zip(("slice 1", "slice 2"), project.play_slices("onboard", 2)):
        bench.add("ours", project.count, latency, step, cost)


def beside(bench: Bench, commit: str, sizes: list[int], rounds: int) -> None:
    """The unchanged run of a commit and of this tree, in turn, and the ratio of their CPU."""
    before = bench.install(commit)
    for count in sizes:
        organization = bench.organization(f"beside-{count}")
        try:
            projects = {
                "before": bench.project(organization, count, before),
                "ours": bench.project(organization, count),
            }
            for project in projects.values():
                project.hand_over_administrator()
                project.play("onboard")
                project.hand_over_all()
            for _round in range(rounds):
                for who, project in projects.items():
                    bench.add(who, count, 0.0, "unchanged", project.play("onboard"))
            print(f"CPU of this tree by that of {commit}: {compare_commits(bench.rows)[-1]['cpu']:.2f}", flush=True)
        finally:
            organization.stop()


def main() -> int:
    """Prints one line for each run, then the ratios; judges nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="numbers of integrations")
    parser.add_argument(
        "--latencies", type=int, nargs="+", default=[0, 50], help="milliseconds that each request takes longer"
    )
    parser.add_argument("--users", type=int, default=Size.users, help="people in the organization")
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--largest-by-hand", type=int, default=100, help="the largest size that is done by hand too")
    parser.add_argument(
        "--longest-by-hand", type=float, default=15, help="minutes after which such a run is ended: it takes longer"
    )
    parser.add_argument("--beside", metavar="COMMIT", help="only compare the unchanged run with that of a commit")
    parser.add_argument("--rounds", type=int, default=2, help="of --beside")
    parser.add_argument("--results", type=Path, default=BUILD / "bench.json", help="where the rows are written")
    given = parser.parse_args()
    bench = Bench(Size(users=given.users), given.results)
    if given.beside:
        beside(bench, given.beside, given.sizes, given.rounds)
        bench.write(commits=compare_commits(bench.rows))
        return 0
    latencies = [milliseconds / 1000 for milliseconds in given.latencies]
    print("who       count latency step           wall      CPU   peak   requests tokens  429 by floor", flush=True)
    for count in given.sizes:
        for project, organization in ours(bench, count, latencies):
            if count <= given.largest_by_hand:
                for part, work in (("opponent", opponent), ("single", single)):
                    if part in given.parts:
                        work(bench, project, organization, latencies[-1], 60 * given.longest_by_hand)
            if "slices" in given.parts:
                slices(bench, project, organization, latencies[-1])
    comparisons, growths = compare(bench.rows), find_growth(bench.rows)
    bench.write(comparisons=comparisons, growth=growths)
    print(*describe(comparisons, growths), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
