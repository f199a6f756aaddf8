# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where the client credentials are in a project's vault file: by integration and grant, below one name."""

from __future__ import annotations

ROOT = "workiva_credentials"
# The integrations under which the grants of administrators are stored.
ADMINISTRATOR = "administrator"
FILE_ADMINISTRATOR = "file-administrator"
# Before the keys of credentials that are kept until they can be verified.
RECEIVED = "received_"
# Before the keys of the credentials that a grant had before the present ones, while both work.
PREVIOUS = "previous_"
VERSION_KEY = ("workiva_credentials_version",)
# The keys to which credentials are sealed in a browser, by the number of the work order.
SEALING_KEYS = "workiva_sealing_keys"
