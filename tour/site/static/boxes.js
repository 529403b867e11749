// boxes that scroll can be reached with the Tab key; the others are no stop on its way
"use strict";

const BOXES = ["pre", ".picture", ".table-wrapper", ".file-list"]
  .map((box) => `:is(article, .slide) ${box}`)
  .join();

function nameOf(box) {
  const block = box.closest(".literal-block-wrapper");
  const caption = block?.querySelector(".caption-text > span");
  return caption?.textContent ?? (box.tagName === "PRE" ? "Code" : "Table");
}

function fit(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  if (scrolls === box.hasAttribute("tabindex")) {
    return;
  }
  if (!scrolls) {
    box.removeAttribute("tabindex");
    return;
  }
  box.tabIndex = 0;
  // a picture has both already
  if (!box.hasAttribute("role")) {
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", nameOf(box));
  }
}

const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
for (const box of document.querySelectorAll(BOXES)) {
  fit(box);
  sizes.observe(box);
}
