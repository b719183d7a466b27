/** A number that people carry elsewhere: large, in groups of four, and copied by a tap. */
import { useState } from "preact/hooks";
import { appWords } from "../words/app";
import { Button } from "./button";

export function Copyable({ label, value }: { label: string; value: string }) {
  const words = appWords();
  const [copied, setCopied] = useState(false);
  return (
    <div class="row">
      <output class="number" aria-label={label} style={{ fontSize: "1.25rem", fontWeight: 700 }}>
        {value.replace(/(.{4})(?=.)/g, "$1 ")}
      </output>
      <Button
        kind="secondary"
        onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
        aria-label={`${words.copy}: ${label}`}
      >
        {copied ? words.copied : words.copy}
      </Button>
    </div>
  );
}
