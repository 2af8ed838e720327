import { createHash } from "node:crypto";
import type { PoolClient } from "pg";

export const RETENTION_DAYS = 365;

// Each entry carries the hash of the one before it, so that a removed entry shows.
export async function record(client: PoolClient, who: string, what: string, subject: string): Promise<void> {
  const last = await client.query("select hash from audit_log order by id desc limit 1");
  const before = last.rows[0]?.hash ?? "";
  const hash = createHash("sha256").update([before, who, what, subject].join("\n")).digest("hex");
  await client.query("insert into audit_log (who, what, subject, hash) values ($1, $2, $3, $4)", [
    who,
    what,
    subject,
    hash,
  ]);
}
