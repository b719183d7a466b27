/**
 * What there is to see, for whom, and where. Each role's pages are one piece of code, fetched when first gone to.
 * A section's own pages are listed in its `index.tsx`.
 */
import { lazy } from "preact-iso";
import type { Role } from "./session";
import { appWords } from "../words/app";

type Words = ReturnType<typeof appWords>;

export interface NavLink {
  href: string;
  label: (words: Words) => string;
  /** Who sees the link; nobody in particular: everybody. */
  roles?: readonly Role[];
}

/** The main navigation, in its order. */
export const NAV: readonly NavLink[] = [
  { href: "/loket", label: (words) => words.desk, roles: ["pic"] },
  { href: "/koperasi", label: (words) => words.cooperative, roles: ["cooperative"] },
  { href: "/kantor", label: (words) => words.operator, roles: ["operator"] },
  { href: "/gelombang", label: (words) => words.waves },
  { href: "/pesanan", label: (words) => words.orders, roles: ["member", "pic"] },
  { href: "/saya", label: (words) => words.me, roles: ["member", "pic"] },
];

/** Where somebody with one role alone starts. */
export const HOME: Record<Role, string> = { member: "/gelombang", pic: "/loket", cooperative: "/koperasi", operator: "/kantor" };

export const Member = lazy(() => import("../pages/member"));
export const Desk = lazy(() => import("../pages/desk"));
export const CooperativePages = lazy(() => import("../pages/cooperative"));
export const OperatorPages = lazy(() => import("../pages/operator"));
