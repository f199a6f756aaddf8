# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No test asserts a time: on a busy machine an example may take long.
settings.register_profile("change", deadline=None, max_examples=100)
# For make test-matrix, by --hypothesis-profile.
settings.register_profile("matrix", deadline=None, max_examples=2000)
settings.load_profile("change")
