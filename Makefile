.PHONY: demo test test-molecule test-ee

PYTHON ?= python3

# The whole job against a Workiva on this machine; make demo PEOPLE=me leaves the people's part to you.
demo:
	$(PYTHON) tools/demo.py $(if $(filter me,$(PEOPLE)),--people)

# What every change must pass; make test STAGES="unit integration" runs some of it, or the long part.
test:
	$(PYTHON) tools/test.py $(STAGES)

# The scenarios in extensions/molecule, and a project of a user's own.
test-molecule:
	$(PYTHON) tools/test.py molecule

# An execution environment, built and used. Needs podman, runc and mmdebstrap; as root it installs them.
test-ee:
	$(PYTHON) tools/test.py ee
