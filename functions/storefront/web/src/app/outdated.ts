/** A page that was opened before a new version came may ask for code that is gone: it then starts anew, once. */
const STARTED_ANEW = "lumbung.started-anew";
const ONCE_IN_MS = 30_000;

export function reloadWhenOutdated(): void {
  addEventListener("vite:preloadError", (event) => {
    if (Date.now() - Number(sessionStorage.getItem(STARTED_ANEW)) < ONCE_IN_MS) return;
    event.preventDefault();
    sessionStorage.setItem(STARTED_ANEW, String(Date.now()));
    location.reload();
  });
}
