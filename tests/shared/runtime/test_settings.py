"""Settings: a wrong one ends the process with code 2 and one line that names the variable and shows no secret."""

import pytest

from services.channels.settings import ChannelsSettings
from services.staff.settings import StaffSettings
from shared.runtime.settings import UnitSettings, load
from tests.keys import TestKeys

KEYS = TestKeys()
GOOD = {
    "VORONKA_AMQP_URL": "amqp://guest:secret-1@localhost/",
    "VORONKA_PUBLIC_KEYS": KEYS.ring,
    "VORONKA_SECRET_KEYS": KEYS.secrets,
    "STAFF_SIGNING_KEY": KEYS.seed("staff"),
    "STAFF_HTTP_PORT": "8100",
    "STAFF_DATABASE_URL": "postgresql://staff:secret-2@localhost/staff",
    "CHANNELS_SIGNING_KEY": KEYS.seed("channels"),
    "CHANNELS_HTTP_PORT": "8101",
    "CHANNELS_DATABASE_URL": "postgresql://channels:secret-2@localhost/channels",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set an environment in which everything is right."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_right_settings_are_read_with_their_defaults() -> None:
    found = load(StaffSettings)
    assert (found.http_host, found.http_port) == ("127.0.0.1", 8100)
    assert (found.public_url, found.hooks_url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8001")
    assert (found.log_format, found.log_level, found.admin_password) == ("json", "info", "")


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (StaffSettings, "VORONKA_AMQP_URL", None),
        (StaffSettings, "VORONKA_PUBLIC_KEYS", None),
        (StaffSettings, "VORONKA_PUBLIC_KEYS", "staff:AAAA"),
        (StaffSettings, "STAFF_SIGNING_KEY", None),
        (StaffSettings, "STAFF_SIGNING_KEY", "c2hvcnQ="),
        (StaffSettings, "STAFF_SIGNING_KEY", "не base64"),
        (StaffSettings, "STAFF_HTTP_PORT", "0"),
        (StaffSettings, "STAFF_HTTP_PORT", "70000"),
        (StaffSettings, "STAFF_HTTP_PORT", "http"),
        (StaffSettings, "STAFF_DATABASE_URL", None),
        (StaffSettings, "VORONKA_LOG_LEVEL", "loud"),
        (StaffSettings, "VORONKA_ADMIN_PASSWORD", "12345678"),
        (StaffSettings, "VORONKA_ADMIN_PASSWORD", "short"),
        (ChannelsSettings, "VORONKA_SECRET_KEYS", None),
        (ChannelsSettings, "VORONKA_SECRET_KEYS", "a:AAAA"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    kind: type[UnitSettings],
    name: str,
    value: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load(kind)
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert said.startswith(f"wrong setting {name}: ")
    assert said.count("\n") == 1
    assert value is None or value not in said


def test_secrets_are_not_shown() -> None:
    shown = repr(load(StaffSettings)) + repr(load(ChannelsSettings))
    for secret in ("secret-1", "secret-2", KEYS.seed("staff"), KEYS.seed("channels"), KEYS.secrets):
        assert secret not in shown
