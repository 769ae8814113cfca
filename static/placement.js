import { initAll } from "./vendor/govuk/govuk-frontend.min.js";

initAll();

// Progress of a match run: the page works without this by its own refresh link.
const live = document.querySelector("[data-live]");
if (live) {
  const tick = async () => {
    try {
      const answer = await fetch(live.dataset.live, { headers: { "X-Polling": "1" } });
      if (answer.redirected || !answer.ok) return;
      const fragment = await answer.text();
      if (answer.headers.get("X-Finished") === "1") {
        window.location.reload();
        return;
      }
      live.innerHTML = fragment;
    } catch {
      // The network is away for a moment: ask again.
    }
    window.setTimeout(tick, 1000);
  };
  window.setTimeout(tick, 700);
}

// Back shows a form as it was sent, with the number it was sent with: sent again, it is answered and not done twice.
const numbered = new Map();
for (const field of document.querySelectorAll("input[name=form_nonce]")) {
  const alike = [...numbered.keys()].filter((key) => key.startsWith(`${field.form.action} `)).length;
  numbered.set(`${field.form.action} ${alike}`, field);
}
const [visit] = performance.getEntriesByType("navigation");
if (visit?.type === "back_forward" && window.history.state?.numbers) {
  for (const [key, field] of numbered) field.value = window.history.state.numbers[key] ?? field.value;
} else if (numbered.size) {
  const numbers = Object.fromEntries([...numbered].map(([key, field]) => [key, field.value]));
  window.history.replaceState({ ...window.history.state, numbers }, "");
}

// What a unit has no place for: more than its maximum, or a maximum below what is taken.
const pastTheMaximum = (unit, part, by) => {
  const boxes = [...unit.querySelectorAll("input")];
  const [maximum, ...taken] = boxes.map((box) => Number.parseInt(box.value, 10) || 0);
  const used = taken.reduce((sum, each) => sum + each, 0);
  if (part === "maximum") return by < 0 && maximum <= used ? unit.dataset.taken : "";
  return by > 0 && used >= maximum ? unit.dataset.full : "";
};

// Once a number is changed, nobody can say by mistake that the ones before it are right.
document.querySelector("[data-changes]")?.addEventListener("input", hideRight);
document.querySelector("[data-changes]")?.addEventListener("change", hideRight);
function hideRight() {
  for (const form of document.querySelectorAll("[data-right]")) form.hidden = true;
}

// − and + beside a number: fewer taps on a phone; the field itself stays usable.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const field = document.getElementById(stepper.dataset.stepper);
  stepper.hidden = false;
  const unit = field.closest("[data-numbers]");
  stepper.addEventListener("click", () => {
    const by = Number(stepper.dataset.by);
    const next = (Number.parseInt(field.value, 10) || 0) + by;
    const refused = unit ? pastTheMaximum(unit, field.name.split("-")[0], by) : "";
    if (unit) unit.querySelector("[role=status]").textContent = refused;
    if (refused) return;
    field.value = String(Math.max(0, next));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
