"""Rules, dashboard and configuration of `deploy/monitoring`, held against the real programs."""

import json
import re
import signal
import time
from pathlib import Path

import pytest
import yaml
from monitored import exposed, meet_everything, sample_names, scrape
from program import Program, wait_until
from prometheus_server import BINARY, MISSING, PROMTOOL, PrometheusServer, promtool

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy/monitoring"
RULES = MONITORING / "rules/verifier.yml"
RULE_TESTS = (
    MONITORING / "rules/verifier_test.yml",
    MONITORING / "rules/verifier_baseline_test.yml",
)
DASHBOARD = json.loads((MONITORING / "grafana/verifier.json").read_text())
DOCS = ROOT / "docs/monitoring.md"
SEVERITIES = ("critical", "warning", "info")

needs_prometheus = pytest.mark.skipif(not (BINARY and PROMTOOL), reason=MISSING)


def rules():
    return [
        rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}
RECORDS = {rule["record"]: rule for rule in rules() if "record" in rule}
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]


def documented():
    """Rows of the tables of metrics: name to type, labels, and whether it depends on something."""
    found = {}
    section = ""
    for line in DOCS.read_text().splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        row = re.match(r"\| `([a-z0-9_]+)` \| (\w+) \|(.*?)\| (.+) \|$", line)
        if row:
            labels = tuple(sorted(re.findall(r"`(\w+)`", row[3])))
            assert row[1] not in found, f"{row[1]} stands twice in the tables"
            found[row[1]] = (row[2], labels, section == "Where configured")
    return found


def metrics_in(expression):
    """The names of metrics that a query asks for."""
    text = re.sub(r'"[^"]*"', "", expression)
    text = re.sub(r"\{[^}]*\}", "", text)
    text = re.sub(r"\[[^\]]*\]", "", text)
    text = re.sub(r"\b(by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)", " ", text)
    words = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w)\s*\(?", text)
    skipped = {"and", "or", "unless", "offset", "bool", "d", "h", "m"}
    return {word for word in words if not word.endswith("(") and word.strip() not in skipped}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service that has met rows of every kind."""
    running = Program(str(ROOT)).serve()
    try:
        meet_everything(running.target)
        yield running
    finally:
        running.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def page(service):
    return scrape(service.metrics_port)


# ------------------------------------------------------------------------------------ the metrics


def test_every_metric_is_documented_with_its_type_and_labels(page):
    table = documented()
    for name, (kind, labels) in exposed(page).items():
        assert name in table, f"docs/monitoring.md does not know {name}"
        assert table[name][0] == kind, name
        for found in labels:
            assert found == table[name][1], f"{name} has the labels {found}"


def test_every_documented_metric_is_exposed_unless_it_has_to_be_configured(page):
    shown = exposed(page)
    for name, (_, _, configured) in documented().items():
        assert configured or name in shown, f"no service shows {name}"
        assert not (configured and name in shown), f"{name} needs no configuration"


def test_every_metric_that_the_program_names_is_documented():
    """Those of parts that have to be configured are not on the page of a plain service."""
    table = documented()
    sources = [*(ROOT / "verifier/metrics").glob("*.py"), *(ROOT / "verifier/tracing").glob("*.py")]
    for path in sources:
        for name in re.findall(r'"(verifier_[a-z_]*[a-z])"', path.read_text()):
            assert {name, f"{name}_total", f"{name}_info"} & set(table), f"{path.name}: {name}"


def test_rules_and_dashboard_ask_only_for_metrics_that_there_are(page):
    known = sample_names(page) | set(RECORDS) | {"up"}
    known |= {name for name, (_, _, configured) in documented().items() if configured}
    asked = [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]
    for where, expression in (*asked, *QUERIES):
        for name in metrics_in(expression):
            assert name.strip() in known, f"{where} asks for {name}"


def test_every_recording_is_used():
    text = [rule["expr"] for rule in rules()] + [expression for _, expression in QUERIES]
    for name in RECORDS:
        assert any(name in metrics_in(one) or f"{name} " in f"{one} " for one in text), name


# -------------------------------------------------------------------------------------- the rules


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_what_it_saw_and_where_the_cure_stands(name):
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in SEVERITIES
    assert len(alert["annotations"]["summary"]) > 20
    path, _, anchor = alert["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    assert anchor == name.lower()
    assert name in headings


def test_the_runbook_knows_no_alert_that_there_is_not():
    section = DOCS.read_text().partition("## Alerts")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", section, re.MULTILINE)) == set(ALERTS)


def test_every_link_within_the_page_leads_somewhere():
    text = DOCS.read_text()
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_every_alert_has_a_case_that_fires_beside_one_that_does_not():
    cases = {}
    for path in RULE_TESTS:
        for case in yaml.safe_load(path.read_text())["tests"]:
            cases[case["name"]] = case
    assert set(cases) == set(ALERTS)
    for name, case in cases.items():
        series = [one["series"] for one in case["input_series"]]
        loud = {one.replace("verifier-loud", "") for one in series if "verifier-loud" in one}
        quiet = {one.replace("verifier-quiet", "") for one in series if "verifier-quiet" in one}
        # The first two cases are about reasons: there the quiet one differs in its labels.
        assert loud
        assert len(loud) == len(quiet) == len(series) / 2, name
        (check,) = case["promql_expr_test"]
        assert f'alertname="{name}", alertstate="firing"' in check["expr"]
        assert [one["labels"] for one in check["exp_samples"]] == ['{job="verifier-loud"}']


@needs_prometheus
def test_promtool_takes_rules_and_configuration():
    code, words = promtool("check", "rules", RULES)
    assert code == 0, words
    code, words = promtool("check", "config", MONITORING / "prometheus.yml")
    assert code == 0, words


@needs_prometheus
def test_what_the_configuration_shows_in_comments_is_right_as_well(tmp_path):
    text = (MONITORING / "prometheus.yml").read_text()
    shown = re.sub(
        r"^    # (authorization|scheme|tls_config):", r"    \1:", text, flags=re.MULTILINE
    )
    assert shown.count("\n    authorization:") == shown.count("\n    tls_config:") == 1
    (tmp_path / "prometheus.yml").write_text(shown)
    code, words = promtool("check", "config", "--syntax-only", tmp_path / "prometheus.yml")
    assert code == 0, words


@needs_prometheus
@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_promtool_sees_each_alert_fire_where_it_should_and_nowhere_else(path):
    code, words = promtool("test", "rules", path)
    assert code == 0, words


# ---------------------------------------------------------------------------------- the dashboard


def test_the_dashboard_is_made_as_grafana_reads_it():
    assert DASHBOARD["uid"]
    assert DASHBOARD["schemaVersion"] >= 39
    names = [one["name"] for one in DASHBOARD["templating"]["list"]]
    assert names == ["datasource", "job"]
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    titles = [panel["title"] for panel in DASHBOARD["panels"]]
    assert len(set(titles)) == len(titles)
    for panel in PANELS:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert panel["description"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references)
        for target in panel["targets"]:
            assert 'job=~"$job"' in target["expr"], panel["title"]


def test_no_panel_covers_another():
    taken = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, (panel["title"], taken[x, y])
                taken[x, y] = panel["title"]


def test_the_dashboard_shows_what_an_operator_asks_for():
    titles = " / ".join(panel["title"] for panel in PANELS)
    for words in (
        *("Verdict mix", "Unscored share by reason", "Queue seconds", "Work seconds"),
        *("Refusals", "Worker restarts", "Batch fill", "Prefix hits", "Judge cost", "Score drift"),
        *("Event loop lag", "Resident memory", "Isolation level", "Line by class of cost"),
    ):
        assert words in titles


# ----------------------------------------------------------------------------- a real Prometheus


def asked(expression):
    """A panel's query as Grafana sends it."""
    return expression.replace("$__rate_interval", "1m").replace("$job", ".*")


@pytest.fixture(scope="module")
def prometheus(service, tmp_path_factory):
    """A Prometheus with our configuration, but for addresses and times; it has seen traffic."""
    folder = tmp_path_factory.mktemp("prometheus")
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(MONITORING / path) for path in config["rule_files"]]
    (job,) = config["scrape_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{service.metrics_port}"]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    with PrometheusServer(folder / "prometheus.yml", folder) as running:
        wait_until(lambda: running.query("verifier_ready == 1"))
        meet_everything(service.target)  # from here on, counters rise
        wait_until(lambda: running.query("rate(verifier_items_total[1m]) > 0"))
        yield running


@needs_prometheus
def test_a_real_prometheus_evaluates_every_rule(prometheus):
    def evaluated():
        groups = prometheus.ask("rules")["groups"]
        found = [rule for group in groups for rule in group["rules"]]
        return found if all(rule["health"] == "ok" for rule in found) else None

    wait_until(evaluated)
    assert len(evaluated()) == len(rules())


@needs_prometheus
def test_a_real_prometheus_answers_every_query_of_the_dashboard(prometheus):
    for title, expression in QUERIES:
        now = time.time()
        arguments = {"query": asked(expression), "start": now - 30, "end": now, "step": 5}
        assert prometheus.ask("query_range", **arguments)["resultType"] == "matrix", title


@needs_prometheus
@pytest.mark.parametrize(
    "title",
    [
        *("Verdict mix", "Items per second", "Queue seconds, p95", "Work seconds, p95"),
        *("Batch fill", "Calls by status", "Items inside and calls open", "Bytes of messages"),
        *("Event loop lag, p99", "Resident memory", "CPU and threads", "File descriptors"),
        *("Workers", "Worker restarts by reason", "Replicas", "Refusals by reason"),
        *("Result cache", "Tokens of a pass", "Mean reward, half an hour and six hours"),
    ],
)
def test_after_traffic_the_panel_has_something_to_show(prometheus, title):
    (panel,) = (one for one in PANELS if one["title"] == title)
    expression = asked(panel["targets"][0]["expr"])
    wait_until(lambda: prometheus.query(expression), seconds=30)


@needs_prometheus
def test_a_healthy_service_trips_no_alert_but_those_its_rows_ask_for(prometheus):
    firing = {labels["alertname"] for labels, _ in prometheus.query('ALERTS{alertstate="firing"}')}
    assert firing <= {"VerifierIsolationWeak", "VerifierSandboxDown"}  # what this machine allows
