"""Secrets of an installation: made once, kept closed, told to whom they belong."""

from pathlib import Path

from deploy.docker import variables as compose
from deploy.local.first_start import History, administrator
from deploy.local.keys import Secrets, key_ring
from deploy.local.place import Asked, Place
from shared.http.tokens import KeyRing, SigningKey
from shared.kernel.clock import utc_now
from shared.kernel.sealing import SealingKeys


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_keys_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    made = Secrets(file)
    made.complete(["staff", "leads"])
    made.save()
    again = Secrets(file)
    again.complete(["staff", "leads", "gateway"])
    assert again.signing_keys["leads"] == made.signing_keys["leads"]
    assert set(again.signing_keys) == {"staff", "leads", "gateway"}
    assert again.sealing_keys == made.sealing_keys
    assert _mode(file) == 0o600


def test_the_ring_verifies_what_each_unit_signs(tmp_path: Path) -> None:
    made = Secrets(tmp_path / "secrets.json")
    made.complete(["staff", "leads"])
    ring = KeyRing.parse(key_ring(made.signing_keys))
    token = SigningKey("leads", made.signing_keys["leads"]).own(utc_now())
    assert ring.verify(token, utc_now()).name == "leads"
    assert SealingKeys.parse(made.sealing_keys).keys[0][0] == "first"


def _asked(**given: str) -> Asked:
    return Asked.read(given)


def test_the_administrators_password_is_set_at_the_first_start_only(tmp_path: Path) -> None:
    place = Place.of(tmp_path)
    history = History(place)
    first = administrator(place, _asked(), history)
    assert first.set_now
    assert _mode(place.local / "admin-password") == 0o600
    history.started = True
    history.save()
    later = administrator(place, _asked(), History(place))
    assert later.password == first.password
    assert not later.set_now


def test_a_start_that_failed_half_way_sets_the_password_again(tmp_path: Path) -> None:
    place = Place.of(tmp_path)
    administrator(place, _asked(), History(place))
    assert administrator(place, _asked(), History(place)).set_now


def test_a_given_password_is_set_at_every_start(tmp_path: Path) -> None:
    place = Place.of(tmp_path)
    history = History(place)
    history.started = True
    administrator(place, _asked(), history)
    given = administrator(place, _asked(VORONKA_ADMIN_PASSWORD="chosen by the owner"), history)
    assert given.password == "chosen by the owner"
    assert given.set_now


def test_the_demo_company_comes_at_the_first_start_unless_refused(tmp_path: Path) -> None:
    history = History(Place.of(tmp_path))
    assert history.wants_demo(_asked())
    assert not history.wants_demo(_asked(DEMO="0"))
    history.started = True
    assert not history.wants_demo(_asked())
    assert history.wants_demo(_asked(DEMO="1"))
    history.demo = "loaded"
    assert not history.wants_demo(_asked(DEMO="1"))


def test_the_compose_file_gets_what_is_missing_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nPOSTGRES_PASSWORD=kept\nVORONKA_PORT=8080\n")
    compose.main(file)
    values = compose.read(file)
    assert values["POSTGRES_PASSWORD"] == "kept"
    assert values["VORONKA_PORT"] == "8080"
    assert KeyRing.parse(values["VORONKA_PUBLIC_KEYS"])
    assert _mode(file) == 0o600
    compose.main(file)
    assert compose.read(file) == values
