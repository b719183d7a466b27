/** What this device keeps so that nothing is lost on a reload: drafts, and answers to go on with while offline. */
import { effect, signal, type Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";

const PREFIX = "lumbung.kept.";
const ANSWERS = "lumbung-answers";

/** A signal that outlives the page, and is one with its namesakes of other tabs. */
export function keptSignal<T>(name: string, initial: T): Signal<T> {
  const key = PREFIX + name;
  const kept = signal<T>(parsed(localStorage.getItem(key), initial));
  effect(() => {
    const text = JSON.stringify(kept.value);
    if (text !== localStorage.getItem(key)) localStorage.setItem(key, text);
  });
  addEventListener("storage", (event) => {
    if (event.key === key) kept.value = parsed(event.newValue, initial);
  });
  return kept;
}

const signals = new Map<string, Signal<unknown>>();

/** As `keptSignal`, for a component: `const note = useKept(`note.${wave.id}`, "")`. */
export function useKept<T>(name: string, initial: T): Signal<T> {
  return useMemo(() => {
    const found = signals.get(name) ?? keptSignal<T>(name, initial);
    signals.set(name, found as Signal<unknown>);
    return found as Signal<T>;
  }, [name]);
}

export async function keepAnswer(url: string, value: unknown): Promise<void> {
  const cache = await caches.open(ANSWERS);
  await cache.put(url, new Response(JSON.stringify(value)));
}

export async function keptAnswer<T>(url: string): Promise<T | undefined> {
  const found = await (await caches.open(ANSWERS)).match(url);
  return found ? ((await found.json()) as T) : undefined;
}

/** A device may be shared: whoever signs out leaves nothing of theirs behind. The language stays. */
export async function forgetEverything(): Promise<void> {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("lumbung.") && key !== "lumbung.language") localStorage.removeItem(key);
  }
  sessionStorage.clear();
  await caches.delete(ANSWERS);
}

function parsed<T>(text: string | null, initial: T): T {
  try {
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    return initial; // of an older version of this page
  }
}
