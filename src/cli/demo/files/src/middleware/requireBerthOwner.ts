import type { FastifyReply, FastifyRequest } from "fastify";
import { pool } from "../lib/db.js";

export async function requireBerthOwner(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = request.headers.authorization?.replace(/^Bearer /, "");
  const { id } = request.params as { id: string };
  const found = await pool.query(
    `select 1 from bookings b join sessions s on s.skipper_id = b.skipper_id
     where b.id = $1 and s.token = $2 and s.expires_at > now()`,
    [id, token],
  );
  if (found.rowCount === 0) {
    await reply.code(404).send({ error: "no such booking" });
  }
}
