import Fastify from "fastify";
import { pool } from "./lib/db.js";
import { book, cancel } from "./services/bookingService.js";

const app = Fastify({ logger: true });

app.get("/healthz", async () => {
  await pool.query("select 1");
  return { ok: true };
});

app.post("/bookings", async (request) => book(request.body));
app.delete("/bookings/:id", async (request) => cancel((request.params as { id: string }).id));

await app.listen({ port: 8080, host: "0.0.0.0" });
