/** A wave as it is planned: moments by the place's clock, figures as texts until they are sent. */
import type { Schemas } from "../../../api/types";
import type { Zone } from "../../../words/formats";
import { fromLocal, toLocal } from "../../../words/local-time";

export interface OfferPlan {
  quota: string;
  most: string;
}

export interface Plan {
  name: string;
  zone: Zone;
  opens: string;
  closes: string;
  due: string;
  delivery: string;
  policy: string;
  ordersPerMember: string;
  /** null: all of them */
  institutions: string[] | null;
  dropoffs: string[];
  /** By product and sku, as `offerKey` writes it. */
  offers: Record<string, OfferPlan>;
}

type Planned = Schemas["PlannedWaveView"];
type Request = Schemas["WaveRequest"];
const HOUR = 3_600_000;

export function offerKey(productId: string, sku: string): string {
  return `${productId} ${sku}`;
}

/** Tomorrow at eight for a day and a half; goods two days after closing. */
export function freshPlan(now: number): Plan {
  const zone: Zone = "Asia/Jakarta";
  const opens = `${toLocal(new Date(now + 24 * HOUR).toISOString(), zone).slice(0, 10)}T08:00`;
  const later = (hours: number) => toLocal(new Date(Date.parse(fromLocal(opens, zone)) + hours * HOUR).toISOString(), zone);
  return {
    name: "",
    zone,
    opens,
    closes: later(32),
    due: later(34),
    delivery: later(80).slice(0, 10),
    policy: "first_come",
    ordersPerMember: "1",
    institutions: null,
    dropoffs: [],
    offers: {},
  };
}

export function planOf(wave: Planned): Plan {
  const zone = wave.time_zone as Zone;
  const text = (number: number | null) => (number === null ? "" : String(number));
  return {
    name: wave.name,
    zone,
    opens: toLocal(wave.opens_at, zone),
    closes: toLocal(wave.closes_at, zone),
    due: toLocal(wave.payment_due_at, zone),
    delivery: wave.delivery_date,
    policy: wave.allocation_policy,
    ordersPerMember: text(wave.orders_per_member),
    institutions: wave.eligible_institution_ids,
    dropoffs: wave.dropoff_ids,
    offers: Object.fromEntries(
      wave.offers.map((offer) => [offerKey(offer.product_id, offer.sku), { quota: text(offer.quota), most: text(offer.max_per_member) }]),
    ),
  };
}

/** What is sent; what the form does not ask for stays as it is in *before*. */
export function requestOf(plan: Plan, before?: Planned): Request {
  const number = (text: string) => (text.trim() ? Number(text) : null);
  const prices = new Map(before?.offers.map((offer) => [offerKey(offer.product_id, offer.sku), offer.price]));
  return {
    name: plan.name.trim(),
    time_zone: plan.zone,
    opens_at: fromLocal(plan.opens, plan.zone),
    closes_at: fromLocal(plan.closes, plan.zone),
    payment_due_at: fromLocal(plan.due, plan.zone),
    delivery_date: plan.delivery,
    eligible_institution_ids: plan.institutions,
    dropoff_ids: plan.dropoffs,
    allocation_policy: plan.policy as Request["allocation_policy"],
    orders_per_member: number(plan.ordersPerMember),
    offers: Object.entries(plan.offers).map(([key, offer]) => {
      const [product_id, sku] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
      return { product_id, sku, quota: number(offer.quota), max_per_member: number(offer.most), price: prices.get(key) ?? null };
    }),
    ...(before && {
      payment_window_s: before.payment_window_s,
      minimum_weight_g: before.minimum_weight_g,
      price_zone: before.price_zone as Request["price_zone"],
      priority_groups: before.priority_groups,
      uncollected: before.uncollected as Request["uncollected"],
    }),
  };
}

export function isWhole(plan: Plan): boolean {
  const { name, opens, closes, due, delivery, dropoffs, offers } = plan;
  return Boolean(name.trim() && opens && closes && due && delivery && dropoffs.length > 0 && Object.keys(offers).length > 0);
}
