/** Documents of the interface as files: asked for with a token, which a plain link could not carry. */
import { forgetToken, token } from "../app/session";
import { Problem, problemOf } from "./problem";

/** Fetch *address* in the form of *accept* and give it to the person as a file called *name*. */
export async function download(address: string, accept: string, name: string): Promise<void> {
  let answer = await ask(address, accept);
  if (answer.status === 401 && (await forgetToken())) answer = await ask(address, accept);
  if (!answer.ok) throw await problemOf(answer);
  save(await answer.blob(), name);
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function ask(address: string, accept: string): Promise<Response> {
  const headers = { accept, authorization: `Bearer ${await token()}` };
  return fetch(address, { headers }).catch(() => {
    throw new Problem("offline", 0);
  });
}
