// What forms do by themselves is done at once, and the text is a little easier to find one's way in. Nothing is kept
// here but unsaved text, in the browser's session, until it is saved. Without this file every page works as a form.
"use strict";
document.documentElement.classList.add("scripted");

const text = () => document.getElementById("text");
const stored = () => "unsaved:" + location.pathname;
let sentText = null;

// Sliders and their numbers: a slider has no name of its own, its number is what is sent.
const showSliders = () => document.querySelectorAll("input[type=range][hidden]").forEach(each => { each.hidden = false; });
const turn = slider => {
  const number = document.getElementById(slider.dataset.knob);
  const places = (number.value.split(".")[1] || "").length;
  number.value = Number(slider.value).toFixed(places);
  number.dispatchEvent(new CustomEvent("turned", { bubbles: true }));
};

// The lines of the text, what is wrong with them, and what the tried matter was paid by.
const drawGutter = () => {
  const gutter = document.getElementById("gutter"), area = text();
  if (!gutter || !area) return;
  const wrong = {}, told = document.getElementById("problems")?.dataset.lines || "";
  for (const pair of told.split(" ").filter(Boolean)) {
    const [line, severity] = pair.split(":");
    if (wrong[line] !== "error") wrong[line] = severity;
  }
  const fired = new Set((document.getElementById("receipt")?.dataset.fired || "").split(" "));
  const count = area.value.split("\n").length;
  const lines = document.createDocumentFragment();
  for (let line = 1; line <= count; line++) {
    const one = document.createElement("span");
    one.textContent = line;
    if (wrong[line]) one.className = wrong[line];
    if (fired.has(String(line))) one.classList.add("fired");
    lines.append(one);
  }
  gutter.replaceChildren(lines);
  gutter.scrollTop = area.scrollTop;
};

const jump = (line, column, width) => {
  const area = text(), lines = area.value.split("\n");
  if (line > lines.length) return;
  let start = 0;
  for (let at = 0; at < line - 1; at++) start += lines[at].length + 1;
  const from = start + (column ? column - 1 : 0), to = width ? from + width : start + lines[line - 1].length;
  area.focus();
  area.setSelectionRange(from, Math.min(to, start + lines[line - 1].length));
  area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
  light();
};

// The sentence of the line that the cursor stands on.
const light = () => {
  const area = text();
  if (!area) return;
  const line = area.value.slice(0, area.selectionStart).split("\n").length;
  document.querySelectorAll("#english .lit").forEach(each => each.classList.remove("lit"));
  for (const block of document.querySelectorAll("#english .block")) {
    if (!(Number(block.dataset.from) <= line && line <= Number(block.dataset.to))) continue;
    const exact = [...block.querySelectorAll(".sentence")].filter(each => Number(each.dataset.at) === line);
    (exact.length ? exact : [block]).forEach(each => each.classList.add("lit"));
  }
};

const keep = () => {
  const area = text();
  if (!area) return;
  const dirty = document.getElementById("state")?.dataset.dirty === "yes";
  try {
    if (dirty) sessionStorage.setItem(stored(), JSON.stringify({ seen: document.getElementById("seen").value, text: area.value }));
    else sessionStorage.removeItem(stored());
  } catch { /* a browser that keeps nothing */ }
};

const offerUnsaved = () => {
  const area = text(), place = document.getElementById("restore");
  let held = null;
  try { held = JSON.parse(sessionStorage.getItem(stored())); } catch { return; }
  if (!held || !area || held.text === area.value) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Bring back the text that was not saved";
  button.addEventListener("click", () => {
    area.value = held.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    place.hidden = true;
    area.focus();
  });
  place.replaceChildren(button);
  place.hidden = false;
};

document.addEventListener("input", event => {
  if (event.target.matches("input[type=range]")) { event.stopPropagation(); turn(event.target); }
  if (event.target.id === "text") { document.getElementById("restore").hidden = true; drawGutter(); document.getElementById("state").dataset.dirty = "yes"; keep(); }
});
document.addEventListener("scroll", event => {
  if (event.target.id === "text") document.getElementById("gutter").scrollTop = event.target.scrollTop;
}, true);
document.addEventListener("selectionchange", () => { if (document.activeElement === text()) light(); });
document.addEventListener("click", event => {
  const link = event.target.closest("[data-jump]");
  if (!link) return;
  event.preventDefault();
  jump(Number(link.dataset.jump), Number(link.dataset.column || 0), Number(link.dataset.width || 0));
});
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s" && document.getElementById("save")) {
    event.preventDefault();
    document.getElementById("save").click();
  }
});
document.addEventListener("change", event => {
  const slider = document.getElementById("s-" + (event.target.id || "").slice(2));
  if (slider && event.target.id.startsWith("k-")) slider.value = event.target.value;
});

let scrolled = 0;
document.addEventListener("htmx:beforeRequest", () => { sentText = text()?.value ?? null; });
document.addEventListener("htmx:oobBeforeSwap", event => {
  const area = text();
  if (event.detail.target.id !== "text") return;
  scrolled = area.scrollTop;
  // What was typed while an answer was on its way is not written over: it is asked about next.
  if (area.value !== sentText) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", () => {
  const area = text();
  if (area && scrolled) { area.scrollTop = scrolled; scrolled = 0; }
  showSliders(); drawGutter(); light(); keep();
});
showSliders(); drawGutter(); offerUnsaved();
