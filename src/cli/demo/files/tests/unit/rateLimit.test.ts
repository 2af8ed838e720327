import { describe, expect, test, vi } from "vitest";
import { limitLogins } from "../../src/middleware/rateLimit.js";

async function answersTo(ip: string, logins: number): Promise<number[]> {
  const codes: number[] = [];
  for (let n = 0; n < logins; n += 1) {
    const code = vi.fn(() => ({ header: () => ({ send: async () => undefined }) }));
    await limitLogins({ ip } as never, { code } as never);
    codes.push(code.mock.calls.length ? 429 : 200);
  }
  return codes;
}

describe("logins", () => {
  test("the first one passes", async () => {
    expect(await answersTo("10.0.0.1", 1)).toEqual([200]);
  });

  test("the eleventh within a minute is refused", async () => {
    expect((await answersTo("10.0.0.2", 11)).at(-1)).toBe(429);
  });

  test.skip("a minute later it passes again", async () => {
    vi.useFakeTimers();
    await answersTo("10.0.0.3", 11);
    vi.advanceTimersByTime(61_000);
    expect((await answersTo("10.0.0.3", 1)).at(-1)).toBe(200);
  });
});
