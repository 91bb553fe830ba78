/// The page by keyboard alone: Alt and a digit look at a view, Alt+N at the years, Ctrl+S saves, Esc closes a place.
import type { Store } from "./state";
import { VIEWS } from "./state";

/// The digit of a view: 1 to 9, then 0.
export function digit(view: number): string {
  return String((view + 1) % 10);
}

/// What Tab reaches next is the first thing of the view.
export function intoView(): void {
  document.querySelector<HTMLElement>(".view")?.focus({ preventScroll: true });
}

export function listen(store: Store): void {
  const keys = (event: KeyboardEvent): void => {
    const { folder, year, place, busy } = store.state;
    if (event.ctrlKey && event.code === "KeyS") {
      event.preventDefault(); // the browser would save the page
      if (folder && store.draft && !busy) void store.saveTexts();
      return;
    }
    if (!folder || !year || event.isComposing) return;
    const view = VIEWS.findIndex((_, at) => event.code === `Digit${digit(at)}`);
    const typing = (event.target as Element).closest?.("input, .cm-editor");
    if (event.key === "Escape" && place && !typing) store.set({ place: null });
    else if (event.altKey && event.code === "KeyN") document.querySelector<HTMLElement>(".years")?.focus();
    else if (event.altKey && !event.ctrlKey && view >= 0) {
      void store.see(VIEWS[view]!);
      intoView();
    } else return;
    event.preventDefault();
  };
  window.addEventListener("keydown", keys, { capture: true });
}
