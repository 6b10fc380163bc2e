"""What is offered to start Caspian on many machines: the files can be read, and name settings and paths that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.app import create_app, served
from core.settings import Settings

PROJECT = Path(__file__).parents[2]
FILES = ("Dockerfile", "compose.yaml", "deploy/Caddyfile", "deploy/kubernetes.yaml")
DATA, USER = "/data", 10001


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load(read("compose.yaml"))["services"])


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(read("deploy/kubernetes.yaml")))


def pods(objects: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["metadata"]["name"]: one["spec"]["template"] for one in objects if one["kind"] == "Deployment"}


@pytest.mark.parametrize("name", [*FILES, "docs/scaling.md"])
def test_every_setting_that_is_used_is_documented(name: str) -> None:
    documented = set(re.findall(r"^\| `(CASPIAN_\w+)`", read("docs/configuration.md"), re.MULTILINE))
    used = set(re.findall(r"\bCASPIAN_[A-Z_]+[A-Z]\b", read(name)))
    assert used <= documented


def test_the_settings_given_can_be_read(
    services: dict[str, Any], objects: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_image = dict(re.findall(r"(CASPIAN_[A-Z_]+)=(\S+)", read("Dockerfile")))
    (of_the_cluster,) = (one["data"] for one in objects if one["kind"] == "ConfigMap")
    for given in (services["api-1"]["environment"], services["worker"]["environment"], of_the_cluster):
        with monkeypatch.context() as patch:
            for name, value in (of_the_image | given).items():
                patch.setenv(name, value)
            settings = Settings()
        assert (str(settings.data_dir), settings.host, settings.port) == (DATA, "0.0.0.0", 8000)
        assert settings.log_json


def test_the_schedule_and_the_batches_are_the_workers(services: dict[str, Any], objects: list[dict[str, Any]]) -> None:
    for name in ("api-1", "api-2"):
        assert services[name]["environment"]["CASPIAN_SCHEDULE"] == "false"
        assert "command" not in services[name]
    assert services["worker"]["command"] == ["worker"]
    assert services["worker"]["deploy"]["replicas"] == 3
    for part, command in (("caspian-api", "serve"), ("caspian-worker", "worker")):
        (container,) = pods(objects)[part]["spec"]["containers"]
        assert container["args"] == [command]


def test_data_is_shared_and_the_index_is_not(services: dict[str, Any], objects: list[dict[str, Any]]) -> None:
    """A process writes an index aside under its number, and in containers two may have the same."""
    for name in ("api-1", "api-2", "worker"):
        assert services[name]["volumes"] == [f"data:{DATA}", f"{DATA}/index"]
    for pod in pods(objects).values():
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        (container,) = pod["spec"]["containers"]
        where = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
        assert "persistentVolumeClaim" in where[DATA]
        assert "emptyDir" in where[f"{DATA}/index"]
        assert "emptyDir" in where["/tmp"], "files that are sent are spooled there, and the root is read-only"


def test_nothing_runs_as_root(objects: list[dict[str, Any]]) -> None:
    assert f"USER {USER}\n" in read("Dockerfile")
    for pod in pods(objects).values():
        assert pod["spec"]["securityContext"]["runAsUser"] == USER
        assert pod["spec"]["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


def test_probes_ask_addresses_that_the_server_has(objects: list[dict[str, Any]], tmp_path: Path) -> None:
    paths = {path for method, path in served(create_app(Settings(data_dir=tmp_path))) if method == "GET"}
    (container,) = pods(objects)["caspian-api"]["spec"]["containers"]
    probes = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert probes == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
    asked = set(re.findall(r"import servers (\S+)", read("deploy/Caddyfile"))) | set(probes.values())
    assert asked == {"/healthz", "/readyz"}
    assert asked | {"/metrics"} <= paths


def test_services_and_budgets_select_pods_that_there_are(objects: list[dict[str, Any]]) -> None:
    labels = [pod["metadata"]["labels"] for pod in pods(objects).values()]
    for one in objects:
        if one["kind"] in {"Service", "PodDisruptionBudget"}:
            selector = one["spec"]["selector"]
            wanted = selector.get("matchLabels", selector)
            assert wanted in labels, one["metadata"]["name"]


def test_the_image_holds_what_the_code_needs() -> None:
    kept = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert {"alembic", "api", "core", "lists", "screening", "pyproject.toml", "requirements.lock"} <= kept
    assert all((PROJECT / name).exists() for name in kept)
