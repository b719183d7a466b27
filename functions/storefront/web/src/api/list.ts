/** Lists that are looked through from their beginning, a hundred at a time. */
import { useState } from "preact/hooks";
import { everything, type Reading, useReading } from "./reading";
import { url } from "./client";
import type { Answer, PathWith, Place } from "./types";

const PAGE = 100;
type Items<P extends PathWith<"get">> = Answer<P, "get"> extends { items: infer List } ? List : never;
type Query = Record<string, string | number | undefined>;

export type List<T> = Reading<T> & { more: (() => void) | undefined };

/** `const refunds = useList("/v1/refunds", { query: { status } })`; `more` is there where there may be more. */
export function useList<P extends PathWith<"get">>(
  path: P,
  asked: Place<P> & { query?: Query; when?: boolean; every?: number },
): List<Items<P>> {
  const [pages, setPages] = useState(1);
  const reading = useReading<Items<P>>(`${url(path, asked)}#${pages}`, () => everything(path, asked, pages), asked);
  const length = (reading.value as unknown[] | undefined)?.length ?? 0;
  return { ...reading, more: length >= pages * PAGE ? () => setPages(pages + 1) : undefined };
}
