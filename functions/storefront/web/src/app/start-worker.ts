/** Let the service worker keep the app's files on the device; built pages only. */
export function startWorker(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
