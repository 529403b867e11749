"""The browser of the contract suite."""

import sys

import pytest

from tour.contract.browser import launch
from tour.system import browsers


@pytest.mark.parametrize("name", browsers.BROWSERS)
def test_a_browser_that_does_not_start_is_named_without_a_traceback(monkeypatch, name):
    # Python ends at once: it knows no option of a browser
    monkeypatch.setattr(browsers, "require", lambda _: sys.executable)
    with pytest.raises(pytest.fail.Exception) as failure, launch(name):
        raise AssertionError("it started")
    assert failure.value.msg.startswith(f"{sys.executable} cannot be driven; update it")
    assert not failure.value.pytrace
