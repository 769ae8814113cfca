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

// − and + beside a number: fewer taps on a phone; the field itself stays usable.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const field = document.getElementById(stepper.dataset.stepper);
  stepper.hidden = false;
  stepper.addEventListener("click", () => {
    const next = (Number.parseInt(field.value, 10) || 0) + Number(stepper.dataset.by);
    field.value = String(Math.max(0, next));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
