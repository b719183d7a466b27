/** The public interface's types, read from its OpenAPI document: what a path takes and gives. */
import type { components, paths } from "../../generated/interface";

export type Schemas = components["schemas"];
export type Method = "get" | "post" | "put" | "patch";

/** Paths that have the method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;
type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type Good = 200 | 201 | 202;

export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? { [S in keyof R]: S extends Good ? Json<R[S]> : never }[keyof R] : never;
export type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody: infer B } ? Json<B> : undefined;

/** The names in a path's braces. */
export type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
export type Place<P extends string> = [Names<P>] extends [never] ? { path?: undefined } : { path: Record<Names<P>, string> };

export type Wave = Schemas["WaveView"];
export type Offer = Schemas["OfferView"];
export type Dropoff = Schemas["DropoffView"];
export type Cooperative = Schemas["CooperativeView"];
export type Order = Schemas["OrderView"];
export type Payment = Schemas["PaymentView"];
export type Quote = Schemas["QuoteView"];
export type Me = Schemas["MeView"];
export type Delivery = Schemas["DeliveryView"];
