import { inTransaction } from "../lib/db.js";
import { record } from "./auditLog.js";

export interface Wish {
  berth: string;
  skipper: string;
  from: string;
  to: string;
}

export async function book(body: unknown): Promise<{ id: string }> {
  const wish = body as Wish;
  return inTransaction(async (client) => {
    const taken = await client.query(
      "select 1 from bookings where berth = $1 and during && daterange($2, $3) for update",
      [wish.berth, wish.from, wish.to],
    );
    if (taken.rowCount) throw new Error(`berth ${wish.berth} is taken`);
    const made = await client.query(
      "insert into bookings (berth, skipper_id, during) values ($1, $2, daterange($3, $4)) returning id",
      [wish.berth, wish.skipper, wish.from, wish.to],
    );
    await record(client, wish.skipper, "booked", made.rows[0].id);
    return { id: made.rows[0].id };
  });
}

export async function cancel(id: string): Promise<void> {
  await inTransaction(async (client) => {
    const gone = await client.query("delete from bookings where id = $1 returning skipper_id", [id]);
    if (gone.rowCount) await record(client, gone.rows[0].skipper_id, "cancelled", id);
  });
}
