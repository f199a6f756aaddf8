.PHONY: demo test faults bench test-molecule test-ee test-matrix docs pictures release

PYTHON ?= python3

# The whole job against a Workiva on this machine; make demo PEOPLE=me leaves the people's part to you.
demo:
	$(PYTHON) tools/demo.py $(if $(filter me,$(PEOPLE)),--people)

# What every change must pass; make test STAGES="unit integration" runs some of it, or the long part.
test:
	$(PYTHON) tools/test.py $(STAGES)

# Every fault at every request, kills at every write, and disks that are full.
faults:
	$(PYTHON) tools/test.py faults

# The scenarios in extensions/molecule, and a project of a user's own.
test-molecule:
	$(PYTHON) tools/test.py molecule

# An execution environment, built and used. Needs podman, runc and mmdebstrap; as root it installs them.
test-ee:
	$(PYTHON) tools/test.py ee

# The same on every ansible-core that is supported, and the table of README.md from what passed;
# make test-matrix CORES="2.17 2.22 floor" CHECKS="unit sanity" INTEGRATION="test_start" runs some of it.
test-matrix:
	$(PYTHON) tools/matrix.py $(if $(CHECKS),--checks "$(CHECKS)") $(if $(INTEGRATION),--integration "$(INTEGRATION)") $(CORES)

# What the playbooks cost in a large organization, beside ansible.builtin.uri; make bench BENCH="--sizes 10" measures a part.
bench:
	$(PYTHON) tools/bench.py $(BENCH)

# The documentation as a site, in .build/site: the guides, and a page for every plugin and role.
docs:
	$(PYTHON) tools/docsite.py

# The pictures of README.md, in docs/images, from a run against the simulator. Needs Chromium.
pictures:
	$(PYTHON) tools/pictures.py

# From the tag that is checked out: tarball, checksum and bill of materials, in dist/. CONTRIBUTING.md has the steps before and after.
release:
	$(PYTHON) tools/release.py
