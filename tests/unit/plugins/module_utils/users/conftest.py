# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A model of the API in memory for each test."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._organization import (
    information as _organization_info,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import users as _integration_users
from tests.unit.plugins.module_utils.users._model import Api


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    model = Api()
    for module in (_integration_users, _organization_info):
        monkeypatch.setattr(module, "Client", lambda _connection: model)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return model
