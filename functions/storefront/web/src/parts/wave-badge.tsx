/** How far a wave is, as the server says. */
import { shopWords } from "../words/shop";
import { inWord } from "../words/states";
import { Badge, type Tone } from "./states";

const TONES: Record<string, Tone> = { open: "good", scheduled: "note", closed: "warn", allocated: "warn", delivering: "note", cancelled: "bad" };

export function WaveBadge({ state }: { state: string }) {
  const tone = TONES[state];
  return <Badge {...(tone ? { tone } : {})}>{inWord(shopWords().state, state)}</Badge>;
}
