"""One fault, for the short form of the check behind nginx; `tour check --faults` has all.

pytest collects it only when it is named.
"""

from tour.production import faults


def test_a_worker_that_is_killed_costs_no_confirmed_message(server):
    finding = faults.try_fault(server, faults.KILL_WORKER)
    assert finding.problem == ""
    # those whom the worker was about to answer, at most
    assert finding.failed <= 8
