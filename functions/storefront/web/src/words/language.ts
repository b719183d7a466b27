/** The language that is read: Bahasa Indonesia, or English one tap away. */
import { effect, signal } from "@preact/signals";

export type Language = "id" | "en";
const KEPT = "lumbung.language";

function kept(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "id";
}

export const language = signal<Language>(kept());

effect(() => {
  localStorage.setItem(KEPT, language.value);
  document.documentElement.lang = language.value;
});

/** A word is a text, or a function that puts something into one; a catalogue may have chapters. */
export type Texts = { readonly [name: string]: string | ((...given: never[]) => string) | Texts };

/** The same chapters with the same words, which take the same things. */
type Same<T> = { [Name in keyof T]: T[Name] extends string ? string : T[Name] extends Texts ? Same<T[Name]> : T[Name] };

/**
 * Make a catalogue of both languages; a word that one of them lacks does not compile.
 *
 *     const words = catalogue({ order: "Pesan" }, { order: "Order" });
 *     <button>{words().order}</button>      // read inside a component: it is drawn again when the language changes
 */
export function catalogue<T extends Texts>(id: T, en: Same<T>): () => Same<T> {
  return () => (language.value === "en" ? en : (id as Same<T>));
}
