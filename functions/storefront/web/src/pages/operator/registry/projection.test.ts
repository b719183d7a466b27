import { expect, test } from "vitest";
import { pictureOf } from "./projection";

const JAKARTA = [
  { lat: -6.219622, lng: 106.829985 },
  { lat: -6.325644, lng: 106.8369 },
];

test("north is up, and everything is on the picture", () => {
  const picture = pictureOf(JAKARTA);
  const [north, south] = JAKARTA.map((place) => picture.at(place));
  expect(north!.y).toBeLessThan(south!.y);
  for (const { x, y } of [north!, south!]) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(1);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(picture.height);
  }
});

test("the scale is a round length, drawn as long as it is", () => {
  const { scale, at } = pictureOf(JAKARTA); // 11.8 km apart
  const [north, south] = JAKARTA.map(at);
  expect(scale.metres).toBe(2_000);
  const apart = (Math.hypot(north!.x - south!.x, north!.y - south!.y) / scale.width) * scale.metres;
  expect(apart).toBeGreaterThan(11_700);
  expect(apart).toBeLessThan(11_900);
});

test("one place alone stands in the middle", () => {
  const picture = pictureOf([JAKARTA[0]!]);
  expect(picture.at(JAKARTA[0]!)).toEqual({ x: 0.5, y: picture.height / 2 });
});
