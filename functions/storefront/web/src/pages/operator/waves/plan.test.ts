import { expect, test } from "vitest";
import { freshPlan, isWhole, offerKey, planOf, requestOf } from "./plan";

const PLANNED = {
  id: "wav_1", name: "Gelombang I", state: "draft", time_zone: "Asia/Makassar",
  opens_at: "2020-04-07T00:00:00Z", closes_at: "2020-04-08T08:00:00Z", payment_due_at: "2020-04-08T10:00:00Z",
  payment_window_s: 7200, delivery_date: "2020-04-10", minimum_weight_g: 500_000, orders_per_member: null,
  eligible_institution_ids: ["ins_1"], dropoff_ids: ["drp_1"], allocation_policy: "priority", price_zone: "II",
  ordered_weight_g: null, cancellation: null, priority_groups: [{ name: "Dahulu", institution_ids: ["ins_1"] }],
  uncollected: { after_hours: 48, rule: "refund" }, warnings: [],
  offers: [{ id: "off_1", product_id: "prd_1", sku: "B 5", name: "Beras", cooperative_id: "cop_1", weight_g: 5_000, price: 55_000, quota: 10, remaining: null, max_per_member: null }],
}; // prettier-ignore

test("a draft that is opened and saved again is the same draft", () => {
  expect(requestOf(planOf(PLANNED), PLANNED)).toEqual({
    name: "Gelombang I", time_zone: "Asia/Makassar", opens_at: "2020-04-07T08:00:00+08:00",
    closes_at: "2020-04-08T16:00:00+08:00", payment_due_at: "2020-04-08T18:00:00+08:00", delivery_date: "2020-04-10",
    eligible_institution_ids: ["ins_1"], dropoff_ids: ["drp_1"], allocation_policy: "priority", orders_per_member: null,
    offers: [{ product_id: "prd_1", sku: "B 5", quota: 10, max_per_member: null, price: 55_000 }],
    payment_window_s: 7200, minimum_weight_g: 500_000, price_zone: "II",
    priority_groups: PLANNED.priority_groups, uncollected: PLANNED.uncollected,
  }); // prettier-ignore
});

test("a new plan opens tomorrow at eight, Jakarta time", () => {
  const plan = freshPlan(Date.parse("2020-04-06T18:00:00Z")); // already the 7th in Jakarta
  expect([plan.opens, plan.closes, plan.due, plan.delivery]).toEqual(["2020-04-08T08:00", "2020-04-09T16:00", "2020-04-09T18:00", "2020-04-11"]);
});

test("a plan needs a name, a drop-off and something to offer", () => {
  const plan = { ...freshPlan(0), name: "Gelombang", dropoffs: ["drp_1"], offers: { [offerKey("prd_1", "B5")]: { quota: "", most: "" } } };
  expect(isWhole(plan)).toBe(true);
  expect([isWhole({ ...plan, name: " " }), isWhole({ ...plan, dropoffs: [] }), isWhole({ ...plan, offers: {} })]).toEqual([false, false, false]);
});
