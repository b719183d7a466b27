/** A document of the interface, as a file to keep, print or calculate with. */
import type { ComponentChildren } from "preact";
import { useAct } from "../api/acting";
import { download } from "../api/file";
import { Button } from "./button";
import { ProblemNote } from "./states";

export const CSV = "text/csv";
export const PRINT = "text/html";
export const SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

interface DownloadProps {
  address: string;
  accept: string;
  name: string;
  children: ComponentChildren;
}

export function Download({ address, accept, name, children }: DownloadProps) {
  const [fetchFile, fetching] = useAct(() => download(address, accept, name));
  return (
    <>
      <Button kind="secondary" busy={fetching.busy} onClick={() => void fetchFile()}>
        {children}
      </Button>
      <ProblemNote problem={fetching.problem} />
    </>
  );
}
