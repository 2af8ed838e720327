import type { FastifyReply, FastifyRequest } from "fastify";

const LOGINS_PER_MINUTE = 20;
const seen = new Map<string, number[]>();

export async function limitLogins(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const now = Date.now();
  const recent = (seen.get(request.ip) ?? []).filter((at) => now - at < 60_000);
  seen.set(request.ip, [...recent, now]);
  if (recent.length >= LOGINS_PER_MINUTE) {
    await reply.code(429).header("retry-after", "60").send({ error: "too many attempts" });
  }
}
