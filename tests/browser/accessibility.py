"""What an accessibility checker finds on a page (axe-core, WCAG 2.2 A and AA)."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

_AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_GRAVE = {"serious", "critical"}


async def grave_findings(page: Page) -> list[str]:
    """Return what is serious or critical; the page's policy must be bypassed by its context."""
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    return [
        f"{item['id']}: {item['help']} ({item['nodes'][0]['html'][:120]})"
        for item in found["violations"]
        if item["impact"] in _GRAVE
    ]
