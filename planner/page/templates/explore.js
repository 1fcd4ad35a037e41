"use strict";
// Sends the levers as they are pulled, and puts the pieces that come back in their places.

const WAIT = 40; // milliseconds without a further change before it is asked
const $ = (id) => document.getElementById(id);
const form = $("levers");
let asking = null;
let timer = 0;

function post(path, told, signal) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(told),
    signal,
  });
}

const levers = () => [...form.querySelectorAll(".lever")];
const field = (lever, name) => lever.querySelector(`[data-field="${name}"]`);

function valueOf(input) {
  if (!input) return "";
  return input.type === "checkbox" ? String(input.checked) : input.value.trim();
}

function isPulled(lever) {
  const value = valueOf(field(lever, "value"));
  return value !== "" && value !== lever.dataset.base;
}

function rows() {
  return levers().flatMap((lever, row) => !isPulled(lever) ? [] : [{
    row,
    lever: lever.dataset.lever,
    value: valueOf(field(lever, "value")),
    team: valueOf(field(lever, "team")),
    from: valueOf(field(lever, "from")),
    to: valueOf(field(lever, "to")),
  }]);
}

function showFault(input, message) {
  const place = $(`${input.id}-fault`);
  if (!place) return;
  place.textContent = message;
  place.hidden = !message;
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function showFaults(faults) {
  const all = levers();
  for (const lever of all) {
    for (const input of lever.querySelectorAll("[data-field]")) showFault(input, "");
  }
  for (const fault of faults) {
    const lever = all[fault.row];
    const input = lever && (field(lever, fault.field) || field(lever, "value"));
    if (!input) continue;
    showFault(input, fault.message);
    lever.closest(".group").open = true;
    const where = input.closest(".where");
    if (where) where.open = true;
  }
  const first = form.querySelector(".lever .fault:not([hidden])");
  if (first) first.scrollIntoView({ block: "nearest" });
}

function mark() {
  for (const lever of levers()) lever.classList.toggle("is-pulled", isPulled(lever));
  for (const group of form.querySelectorAll(".group")) {
    const pulled = group.querySelectorAll(".is-pulled").length;
    const told = group.querySelector(".pulled");
    told.hidden = !pulled;
    told.textContent = pulled ? `${pulled} changed` : "";
  }
}

function put(id, html) {
  const place = $(id);
  const open = new Set([...place.querySelectorAll("details[open]")].map((d) => d.dataset.keep));
  const focused = place.contains(document.activeElement) ? document.activeElement.closest("details") : null;
  place.innerHTML = html;
  for (const details of place.querySelectorAll("details")) {
    details.open = open.has(details.dataset.keep);
    if (focused && details.dataset.keep === focused.dataset.keep) details.querySelector("summary").focus();
  }
}

function show(line) {
  for (const [id, html] of Object.entries(line.parts)) put(id, html);
  $("headline").textContent = line.headline || "Working out how many officers it takes.";
  $("status").textContent = line.status;
  document.body.classList.remove("is-waiting");
  document.body.dataset.state = line.final ? "final" : "growing";
}

async function ask() {
  if (asking) asking.abort();
  const own = asking = new AbortController();
  document.body.classList.add("is-waiting");
  document.body.dataset.state = "asking";
  try {
    const response = await post("/answer", { rows: rows() }, own.signal);
    if (!response.ok) return lost(await response.text());
    if (response.headers.get("Content-Type").startsWith("application/json")) {
      const told = await response.json();
      showFaults(told.faults);
      document.body.classList.remove("is-waiting");
      document.body.dataset.state = "faulty";
      $("status").textContent = "Something is not right: see the levers marked. The figures are those before.";
      return;
    }
    showFaults([]);
    await readLines(response.body.getReader());
  } catch (error) {
    if (error.name !== "AbortError") lost("");
  }
}

async function readLines(reader) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) show(JSON.parse(line));
  }
}

function lost(why) {
  document.body.classList.remove("is-waiting");
  document.body.dataset.state = "lost";
  $("status").textContent = why || "The page has stopped. Start planner explore again.";
}

function changed() {
  mark();
  if (asking) asking.abort(); // what is on its way is no longer what is asked
  document.body.dataset.state = "asking";
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

function setValue(lever, name, value) {
  const input = field(lever, name);
  if (!input) return;
  if (input.type === "checkbox") input.checked = value === "true";
  else input.value = value;
  const slide = lever.querySelector("[data-slide]");
  if (name === "value") follow(slide, value);
}

function follow(slide, value) {
  if (slide && value.trim() !== "" && Number.isFinite(Number(value))) slide.value = value;
}

function reset() {
  for (const lever of form.querySelectorAll(".lever[data-copy]")) lever.remove();
  for (const lever of levers()) {
    setValue(lever, "value", lever.dataset.base);
    for (const name of ["team", "from", "to"]) setValue(lever, name, "");
  }
  showFaults([]);
}

let copies = 0;

function another(lever) {
  const copy = lever.cloneNode(true);
  const old = lever.id;
  const fresh = `${old}-copy${copies += 1}`;
  copy.id = fresh;
  copy.dataset.copy = "yes";
  for (const one of copy.querySelectorAll("*")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      const told = one.getAttribute(name);
      if (told && told.startsWith(old)) one.setAttribute(name, fresh + told.slice(old.length));
    }
  }
  const label = copy.querySelector("label");
  label.append(` (${copies + 1})`);
  const button = copy.querySelector("[data-another]");
  delete button.dataset.another;
  button.dataset.remove = "yes";
  button.firstChild.textContent = "Remove";
  setValue(copy, "value", copy.dataset.base);
  for (const name of ["team", "from", "to"]) setValue(copy, name, "");
  lever.after(copy);
  return copy;
}

function open(told) {
  reset();
  for (const row of told) {
    let lever = levers().find((one) => one.dataset.lever === row.lever);
    if (!lever) continue;
    if (isPulled(lever)) lever = another(lever);
    for (const name of ["value", "team", "from", "to"]) setValue(lever, name, row[name]);
    lever.closest(".group").open = true;
    if (row.team || row.from || row.to) lever.querySelector(".where").open = true;
  }
  changed();
}

async function busy(button, work) {
  const words = button.textContent;
  button.disabled = true;
  button.textContent = "Working…";
  try {
    await work();
  } catch (error) {
    lost("");
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
}

const ticked = () => [...form.querySelectorAll('[name="compared"]:checked')].map((one) => one.value);

function keptFault(message) {
  $("kept-fault").textContent = message || "";
  $("kept-fault").hidden = !message;
}

async function keep() {
  const name = $("scenario-name");
  const told = { rows: rows(), name: name.value, note: $("scenario-note").value };
  const answer = await (await post("/keep", told)).json();
  if (answer.faults) return showFaults(answer.faults);
  showFault(name, answer.fault || "");
  if (answer.fault) return name.focus();
  refresh(answer.kept);
  $("status").textContent = `Saved: ${name.value.trim()}.`;
  name.value = "";
  $("scenario-note").value = "";
}

function refresh(html) {
  const before = new Set(ticked());
  $("kept").innerHTML = html;
  for (const one of form.querySelectorAll('[name="compared"]')) one.checked = before.has(one.value);
}

async function compare() {
  const answer = await (await post("/compare", { names: ticked() })).json();
  keptFault(answer.fault);
  if (answer.fault) return;
  put("compared", answer.html);
  $("compared").querySelector("details").open = true;
  $("comparison").hidden = false;
  $("comparison").scrollIntoView({ block: "nearest" });
  $("status").textContent = "The scenarios stand side by side.";
}

async function exportBook() {
  const response = await post("/export", { names: ticked() });
  if (!response.ok) return lost(await response.text());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = "staffing.xlsx";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  $("status").textContent = "staffing.xlsx is among your downloads.";
}

form.addEventListener("input", (event) => {
  const lever = event.target.closest(".lever");
  if (!lever) return;
  const slide = lever.querySelector("[data-slide]");
  if (event.target === slide) field(lever, "value").value = slide.value;
  else if (event.target.dataset.field === "value") follow(slide, event.target.value);
  changed();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("another" in button.dataset) field(another(button.closest(".lever")), "value").focus();
  else if ("remove" in button.dataset) { button.closest(".lever").remove(); changed(); }
  else if ("open" in button.dataset) open(JSON.parse(button.dataset.open));
  else if ("forget" in button.dataset) {
    const answer = await (await post("/forget", { name: button.dataset.forget })).json();
    keptFault(answer.fault);
    refresh(answer.kept);
    $("scenario-name").focus();
  }
});
$("reset").addEventListener("click", () => { reset(); changed(); });
$("keep").addEventListener("click", () => busy($("keep"), keep));
$("compare").addEventListener("click", () => busy($("compare"), compare));
$("export").addEventListener("click", () => busy($("export"), exportBook));
$("stop").addEventListener("click", async () => {
  if (asking) asking.abort();
  await post("/stop", {});
  lost("Stopped. You can close this page.");
});
new ResizeObserver(([one]) => {
  document.documentElement.style.setProperty("--summary", `${Math.ceil(one.target.offsetHeight)}px`);
}).observe(document.querySelector(".summary"));
mark();
ask();
