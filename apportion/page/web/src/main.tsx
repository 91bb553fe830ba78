import { render } from "preact";
import { Engine } from "./engine";
import { remembered } from "./folder";
import { listen } from "./keys";
import { Page } from "./page";
import { Store } from "./state";

const place = document.getElementById("app")!;
place.textContent = "";
const store = new Store((now) => render(<Page store={now} />, place));

listen(store);

void store.doing("用意しています（はじめに数秒かかります）", async () => {
  store.set({ engine: await Engine.start(), before: await remembered() });
});

// The browser asks before a page with unsaved texts is closed.
window.addEventListener("beforeunload", (event) => {
  if (store.draft) event.preventDefault();
});
