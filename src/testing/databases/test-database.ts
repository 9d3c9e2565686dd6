import { randomUUID } from "node:crypto";
import postgres from "postgres";

/**
 * Creates a database on the server at `postgresUrl` and returns its URL, so that test files that run at the same time
 * never see each other's rows: empty, or a copy of the one that `template` names. It goes when the test server goes.
 */
export const createTestDatabase = async (postgresUrl: string, template = "template0"): Promise<string> => {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const connection = postgres(postgresUrl, { max: 1 });
  try {
    await connection.unsafe(`create database ${name} template ${template}`);
  } finally {
    await connection.end();
  }
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
};
