import { encode } from "uqr";
import { expect, test } from "vitest";
import { draw } from "./qr";

test("the bars of a code are its dark modules, no more and no fewer", () => {
  const text = "LUMBUNG:ord_1:123456";
  const { data, size } = encode(text, { border: 4 });

  const drawn = data.map((row) => row.map(() => false));
  for (const [, x, y, width] of draw(text).path.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let step = 0; step < Number(width); step++) drawn[Number(y)]![Number(x) + step] = true;
  }

  expect(drawn).toEqual(data);
  expect(draw(text).size).toBe(size);
});
