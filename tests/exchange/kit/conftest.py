"""What fails in a check is shown as in a test."""

from __future__ import annotations

import pytest

from tests.exchange.conftest import migrated, postgresql, template

pytest.register_assert_rewrite(*(f"tests.exchange.kit.{name}" for name in ("crd", "dtr", "ours", "pas", "smart")))
__all__ = ["migrated", "postgresql", "template"]
