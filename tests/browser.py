"""A real Chromium, on a phone and at a desk; axe-core looks at every page in both themes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. For one module: while it runs, Django takes this thread for an async one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., BrowserContext]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Open a fresh profile: `opened(PHONE, javascript=False)`."""
    contexts: list[BrowserContext] = []

    def make(size: dict[str, int], *, javascript: bool = True, language: str = "id-ID") -> BrowserContext:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale=language,
            accept_downloads=True,
            bypass_csp=True,  # only so that axe can be put into the page
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def axe_source() -> str:
    """axe-core's script, from the package that the tests install."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe-core finds on this page, in the light and in the dark; also whether it scrolls sideways."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(250)  # colours that fade from one theme to the other
        if not page.evaluate("() => !!window.axe"):
            page.evaluate(axe_source())
        result: dict[str, Any] = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
        )
        for rule in result["violations"]:
            nodes = "; ".join(
                node["html"][:140] + " " + json.dumps(node["any"][:1])[:200] for node in rule["nodes"][:3]
            )
            found.append(f"{page.url} {scheme} {rule['id']}: {rule['help']} ({nodes})")
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if wide > 1:
            found.append(f"{page.url} {scheme}: the page is {wide} px too wide")
    page.emulate_media(color_scheme="light")
    ids: list[str] = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    twice = sorted({one for one in ids if ids.count(one) > 1})
    return [*found, f"{page.url}: ids that stand twice: {', '.join(twice)}"] if twice else found


def see(page: Page) -> None:
    """Fail when axe-core finds anything on the page as it stands."""
    assert violations(page) == []
