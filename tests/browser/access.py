"""What stands in the way of somebody who reads a page, by the rules of WCAG 2.1 at level AA as axe knows them."""

from typing import Any

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# To tell the contrast of one text costs a millisecond, and thousands of texts in a page have some hundred looks. A look
# is all that an element and whatever it lies in are made of: names, classes, styles of their own, colours; what differs
# anywhere in that has another look. The first few of each are held; axe leaves a text of one letter undecided, so that
# it may stand for no other.
ALIKE = 3
MARK = """
const looks = new Map(), numbers = new Map(), seen = new Map();
const look = each => {
  if (!looks.has(each)) {
    const has = getComputedStyle(each), above = each.parentElement ? look(each.parentElement) : '';
    const made = [above, each.tagName, each.getAttribute('class'), each.getAttribute('style'), has.color, has.fill,
      has.backgroundColor, has.backgroundImage, has.opacity, has.fontSize, has.fontWeight, has.textShadow].join('|');
    if (!numbers.has(made)) numbers.set(made, numbers.size);
    looks.set(each, numbers.get(made));
  }
  return looks.get(each);
};
for (const each of document.body.querySelectorAll('*')) {
  const own = [...each.childNodes].filter(at => at.nodeType === 3).map(at => at.data.trim()).join('');
  if (own.length < 2 && !each.matches('input, select, textarea')) continue;
  if (!each.getBoundingClientRect().width) continue;
  const name = look(each), before = seen.get(name) ?? 0;
  seen.set(name, before + 1);
  if (before < arguments[0]) each.setAttribute('data-look', name);
}
"""
ASK = """
const done = arguments[arguments.length - 1];
axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]});
axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: arguments[0]}}).then(found => {
  document.querySelectorAll('[data-look]').forEach(each => each.removeAttribute('data-look'));
  done([found.passes.length, found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.html.slice(0, 160)}`))]);
});
"""


def barriers(driver: Any) -> list[str]:
    """Name what breaks a rule of access in the page that a browser shows, as it shows it: its width, its scheme."""
    from axe_core_python.selenium import Axe

    driver.execute_script(Axe().axe_script)
    driver.execute_script(MARK, ALIKE)
    passed, broken = driver.execute_async_script(ASK, WCAG)
    assert passed > 10, "hardly any rule had anything to look at"
    return list(broken)
