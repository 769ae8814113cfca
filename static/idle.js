// Says that a sign-in is about to end, and keeps it when asked to. Without this nothing that is typed is lost either:
// it is kept on the server and shown again after signing in.
const box = document.querySelector("[data-idle]");
if (box) {
  const WARNING = Number(box.dataset.warning);
  const words = box.querySelector("[data-idle-words]");
  const button = box.querySelector("button");
  let timer;

  const ask = async (stays) => {
    const answer = await fetch(box.dataset.idle, stays ? {} : { headers: { "X-Polling": "1" } });
    return answer.ok && !answer.redirected ? (await answer.json()).seconds : 0;
  };
  const wait = (seconds) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, Math.max(1, seconds) * 1000);
  };
  const show = (seconds) => {
    const minutes = Math.ceil(seconds / 60);
    words.textContent =
      seconds <= 0
        ? box.dataset.over
        : `${box.dataset.soon} ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    button.hidden = seconds <= 0;
    box.hidden = false;
  };
  const settle = (seconds) => {
    if (seconds > WARNING) {
      box.hidden = true;
      wait(seconds - WARNING);
    } else {
      show(seconds);
      if (seconds > 0) wait(Math.min(seconds, 30));
    }
  };
  const look = async (stays = false) => {
    try {
      settle(await ask(stays === true));
    } catch {
      wait(30); // the network is away for a moment
    }
  };
  button.addEventListener("click", () => look(true));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look(); // a laptop that slept tells the time anew
  });
  wait(Number(box.dataset.seconds) - WARNING);
}
