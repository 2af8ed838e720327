import pg from "pg";

// One pool for the process; the limit is the share of one replica.
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL ?? "postgres://quayside@localhost/quayside",
  max: 10,
  idleTimeoutMillis: 30_000,
});

export async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
