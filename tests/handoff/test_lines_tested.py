"""Whoever runs the line sees on the ledger's page, and in the metrics, that a way to 911 does not work."""

from dataclasses import replace

import pytest
from flask import Flask

from calltaker.handoff.pages import handoff_pages
from config.operations import operations_blueprint
from ivr import line_tests
from ivr.errors import GatewayError
from ivr.rules.line_tests import LineToTest
from models.states import Language, Role
from tests.staff.staff_stage import House, open_door

NAMES = {Language.EN: "City of Tucson 911", Language.ES: "9-1-1"}
LINE = LineToTest("city-911", NAMES, "+15205550132", 25, None)


@pytest.mark.database
def test_a_failed_test_is_an_alarm_on_the_page(centre, tmp_path):
    exchange = replace(centre.exchange, tested_lines=lambda: (LINE,))
    app = open_door(centre.runtime, tmp_path)
    app.register_blueprint(handoff_pages(exchange))
    person = House(app, centre.runtime).person(Role.SUPERVISOR)
    assert "not tested yet" in person.client.get("/handoffs").text
    centre.gateway.fail("dial_into_room", GatewayError("refused", code=21210))
    line_tests.run_due(centre.runtime, (LINE,), centre.now)
    text = person.client.get("/handoffs").text
    assert "failed: refused" in text
    assert 'role="alert"' in text
    assert "every day, at +15205550132" in text


@pytest.mark.rules
def test_the_metrics_name_each_destination_whose_test_is_an_alarm():
    app = Flask("operations")
    alarms = {"city-911": True, "county-911": False}
    app.register_blueprint(operations_blueprint({}, {}, lambda: alarms))
    text = app.test_client().get("/metrics").text
    assert 'oldpueblo_line_test_alarm{destination="city-911"} 1.0' in text
    assert 'oldpueblo_line_test_alarm{destination="county-911"} 0.0' in text
