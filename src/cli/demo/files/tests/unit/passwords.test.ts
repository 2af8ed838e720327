import { describe, expect, test } from "vitest";
import { hash, isAcceptable, matches } from "../../src/auth/passwords.js";

describe("passwords", () => {
  test("a short one is refused", () => {
    expect(isAcceptable("ab1")).toBe(false);
  });

  test("one without a digit is refused", () => {
    expect(isAcceptable("north harbour")).toBe(false);
  });

  test("a long one with a digit is accepted", () => {
    expect(isAcceptable("berth A4 north")).toBe(true);
  });

  test("a stored one matches itself only", async () => {
    const stored = await hash("berth A4 north");
    expect(await matches("berth A4 north", stored)).toBe(true);
    expect(await matches("berth A5 north", stored)).toBe(false);
  });
});
