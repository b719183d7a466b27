/** Let the service worker keep the app's files on the device: of built pages only, and once the first one is there. */
const IDLE_AFTER_MS = 1_500;

export function startWorker(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const start = () => void navigator.serviceWorker.register("/sw.js");
  const whenIdle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, IDLE_AFTER_MS));
  addEventListener("load", () => setTimeout(() => whenIdle(start), IDLE_AFTER_MS));
}
