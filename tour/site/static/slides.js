// shows one slide at a time; its number is the part of the address behind #
"use strict";

const slides = [...document.querySelectorAll(".slide")];
const forward = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const backward = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];

function current() {
  const number = Number(location.hash.slice(1));
  return Math.min(Math.max(number || 1, 1), slides.length);
}

function show() {
  slides.forEach((slide, index) => slide.classList.toggle("shown", index + 1 === current()));
}

function go(number) {
  location.replace(`#${Math.min(Math.max(number, 1), slides.length)}`);
}

function addLink(nav, words, label, number) {
  const link = document.createElement("a");
  link.textContent = words;
  link.setAttribute("aria-label", label);
  link.href = `#${Math.min(Math.max(number, 1), slides.length)}`;
  nav.append(link);
}

slides.forEach((slide, index) => {
  const nav = document.createElement("nav");
  addLink(nav, "←", "the slide before", index);
  addLink(nav, "→", "the next slide", index + 2);
  slide.querySelector("footer").append(nav);
});

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
  // in a narrow window the slides stand below each other
  if (!isPlain || matchMedia("(max-width: 700px)").matches) {
    return;
  }
  if (event.target.closest("a") && event.key === "Enter") {
    return;
  }
  if (event.key === "f") {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else {
      document.documentElement.requestFullscreen();
    }
  } else if (event.key === "Home") {
    go(1);
  } else if (event.key === "End") {
    go(slides.length);
  } else if (forward.includes(event.key)) {
    go(current() + (event.shiftKey && event.key === " " ? -1 : 1));
  } else if (backward.includes(event.key)) {
    go(current() - 1);
  } else {
    return;
  }
  event.preventDefault();
});

document.body.classList.add("presenting");
show();
