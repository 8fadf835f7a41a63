"""Redirects are followed as a client would: one that leads back is found, and none that ends."""

from typing import Any

import pytest

from components.balancing import listener_rules
from components.balancing.redirect_loops import Front, Rule, Url, loops, moved

HTTPS = Front("HTTPS", 443, ["shop.example.com", "*.shop.example.com"])
HTTP = Front("HTTP", 80)


def rule(name: str, to: Any = None, **asked: Any) -> Rule:
    return Rule(name, listener_rules.conditions(**asked), to)


@pytest.mark.parametrize(
    ("front", "rules"),
    [
        (HTTPS, [rule("a", {"path": "/new"}, paths=["/new"])]),
        (HTTPS, [rule("a", {"path": "/new"}, paths=["/*"])]),
        (HTTPS, [rule("a", {"path": "/new/#{path}"})]),
        (HTTPS, [rule("a", {"host": "shop.example.com"})]),
        (HTTPS, [rule("a", {"host": "www.shop.example.com"})]),
        (HTTPS, [rule("a", {"host": "a.org"}, hosts=["a.org", "b.org"])]),
        (HTTPS, [rule("a", {"path": "/b"}, paths=["/a"]), rule("b", {"path": "/a"}, paths=["/b"])]),
        (HTTPS, [rule("a", {"host": "b.org"}, hosts=["a.org"]), rule("b", {"host": "a.org"}, hosts=["b.org"])]),
        (HTTPS, [rule("a", {"protocol": "HTTP", "port": 80})]),
        (HTTP, [rule("a", {"path": "/#{path}x"}, paths=["/old*"])]),
        (HTTP, [rule("a", {"path": "/b"}, headers={"X-Old": ["1"]})]),
    ],
)
def test_a_redirect_that_leads_back_is_found(front: Front, rules: list[Rule]) -> None:
    found = dict(loops(rules, front))
    assert "a" in found
    assert len(found["a"]) > 1


@pytest.mark.parametrize(
    ("front", "rules"),
    [
        (HTTPS, [rule("a", {"path": "/new"}, paths=["/old"])]),
        (HTTPS, [rule("a", {"path": "/new"}, paths=["/old"]), rule("web")]),
        (HTTPS, [rule("a", {"host": "www.elsewhere.org"})]),
        (HTTPS, [rule("a", {"host": "b.org"}, hosts=["a.org"]), rule("web", hosts=["b.org"])]),
        (HTTPS, [rule("first", paths=["/new"]), rule("a", {"path": "/new"})]),
        (HTTPS, [rule("a", {"port": 8443})]),
        (HTTP, [rule("a", {"protocol": "HTTPS", "port": 443})]),
        (HTTPS, [rule("first"), rule("a", {"path": "/new"}, paths=["/new"])]),
    ],
)
def test_one_that_ends_is_none(front: Front, rules: list[Rule]) -> None:
    assert list(loops(rules, front)) == []


def test_a_target_is_filled_in_from_the_request() -> None:
    start = Url("HTTPS", "shop.example.com", 443, "/a/b")
    assert moved(start, {"host": "new.#{host}", "path": "/x/#{path}"}) == Url(
        "HTTPS", "new.shop.example.com", 443, "/x/a/b"
    )
    assert str(Url("HTTPS", "a.org", 8443, "/x")) == "https://a.org:8443/x"
