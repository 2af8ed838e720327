import { randomBytes } from "node:crypto";
import { pool } from "../lib/db.js";
import { matches } from "./passwords.js";

const LIFETIME_MINUTES = 60;

export interface Login {
  email: string;
  password: string;
}

export async function openSession(body: unknown): Promise<{ token: string }> {
  const { email, password } = body as Login;
  const found = await pool.query("select id, password_hash from skippers where email = $1", [email]);
  const skipper = found.rows[0];
  if (!skipper || !(await matches(password, skipper.password_hash))) {
    throw new Error("wrong e-mail address or password");
  }
  const token = randomBytes(32).toString("base64url");
  await pool.query(
    "insert into sessions (token, skipper_id, expires_at) values ($1, $2, now() + $3 * interval '1 minute')",
    [token, skipper.id, LIFETIME_MINUTES],
  );
  return { token };
}

// TODO: sessions are not ended when a password changes.
export async function endSession(token: string): Promise<void> {
  await pool.query("delete from sessions where token = $1", [token]);
}
