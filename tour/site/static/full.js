// the filter of a full diff, and the folds that a link leads into
"use strict";

const step = document.querySelector(".full-step");
const filter = step.querySelector(".filter");
const choice = filter.querySelector("input");

filter.hidden = step.querySelector(".only-moved") === null;
choice.addEventListener("change", () => step.classList.toggle("hide-moved", choice.checked));

function showTarget() {
  const line = document.getElementById(location.hash.slice(1))?.closest("tr");
  if (!line || line.checkVisibility()) {
    return;
  }
  if (choice.checked) {
    choice.click();
  }
  const fold = line.closest("details");
  if (fold) {
    fold.open = true;
  }
  line.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", showTarget);
showTarget();
